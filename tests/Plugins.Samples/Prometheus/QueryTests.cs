using System.Globalization;
using System.Text;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Samples.Tests.Prometheus;

/// <summary>Columns, charts and the page of the Prometheus sample: against the cluster's own, a real one, and servers that refuse.</summary>
public sealed class QueryTests
{
    private const string Id = "lazyoc.prometheus";
    private const string Cpu = "lazyoc.prometheus.cpu";
    private const string Memory = "lazyoc.prometheus.memory";
    private const string Tab = "lazyoc.prometheus.pod";
    private const int Pods = 1_100;

    [Fact]
    public async Task Columns_OfTheClustersPrometheus_CostOneQueryForAllRows()
    {
        await using var sample = await Sample.StartAsync("prometheus");
        var rows = new[] { "storefront", "catalog", "cart", "checkout" }.Select(app => (Sample.Reference("Pod", sample.PodOf(app)), new string?[] { "name" })).Append((Sample.Reference("Pod", "nobody"), ["name"])).ToArray();

        var cpu = await sample.CellsAsync(Cpu, rows);
        var again = await sample.CellsAsync(Cpu, rows);
        var memory = await sample.CellsAsync(Memory, rows);

        Assert.All(cpu[..4], cell => Assert.Matches("^[0-9]+m$", cell.Text));
        Assert.Equal("-", cpu[4].Text);
        Assert.Equal(cpu.Select(cell => cell.Text), again.Select(cell => cell.Text));
        Assert.All(memory[..4], cell => Assert.Equal(8, cell.Text.Split(' ').Length));
        Assert.Equal(2, (await sample.Fixture.AuditedAsync(Id)).Count(entry => entry.Call == "kubernetes.serviceProxy" && entry.Decision == Sandbox.Audit.AuditDecision.Done));
    }

    [Fact]
    public async Task Tab_OfADeployment_DrawsALineForEachOfItsPods()
    {
        await using var sample = await Sample.StartAsync("prometheus");

        var drawn = await sample.LookAsync(sample.Extensions.OpenTab("lazyoc.prometheus.deployment", Sample.Reference("Deployment", "storefront", "apps"), 100, 40));

        var charts = drawn.Of<ViewNode.Chart>().ToArray();
        Assert.Equal(["Processor", "Memory"], charts.Select(chart => chart.Title));
        Assert.All(charts, chart => Assert.Equal(3, chart.Series.Length));
        Assert.All(charts, chart => Assert.All(chart.Series, series => Assert.StartsWith("storefront-", series.Label, StringComparison.Ordinal)));
    }

    [PrometheusFact]
    public async Task Queries_OfARealPrometheus_GiveItsHistory()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        await using var prometheus = await PrometheusServer.StartAsync(history: History(DateTimeOffset.UtcNow));
        sample.Set(Id, "url", prometheus.Url.ToString());
        await sample.StartAsync();
        var pod = Sample.Reference("Pod", "shop-7");

        // 7 % of a core and 70 MiB, by what was written.
        Assert.Equal("70m", (await sample.CellsAsync(Cpu, (pod, ["name"])))[0].Text);
        Assert.Equal(string.Join(' ', Enumerable.Repeat(70 * 1024, 8)), (await sample.CellsAsync(Memory, (pod, ["name"])))[0].Text);

        using var tab = sample.Extensions.OpenTab(Tab, pod, 100, 40);
        var hour = (await sample.DrawnAsync(tab)).Of<ViewNode.Chart>().ToArray();
        Assert.All(hour, chart => Assert.Equal("shop-7", Assert.Single(chart.Series).Label));
        Assert.All(hour[0].Series[0].Values.Where(value => value is not null), value => Assert.Equal(70, value));
        Assert.All(hour[1].Series[0].Values.Where(value => value is not null), value => Assert.Equal(70, value));
        Assert.True(hour[1].Series[0].Values.Count(value => value is not null) > 100);
        var day = (await sample.PressAsync(tab, "range-24h")).Of<ViewNode.Chart>().ToArray();
        Assert.InRange(day[1].Series[0].Values.Count(value => value is not null), 5, 12);

        using var page = sample.Extensions.OpenPage("lazyoc.prometheus.explore", 100, 40);
        await sample.DrawnAsync(page);
        Assert.Equal(["{} | 1100"], (await AskAsync(sample, page, "count(container_memory_working_set_bytes)")).Of<ViewNode.Table>().Single().Texts());
        var bad = (await AskAsync(sample, page, "sum(")).Of<ViewNode.Error>().Single();
        Assert.Contains("parse error", bad.Message, StringComparison.Ordinal);
        Assert.Equal("correct the query", bad.Hint);
        var many = (await AskAsync(sample, page, "container_memory_working_set_bytes")).Of<ViewNode.Error>().Single();
        Assert.StartsWith($"the query gives {Pods} series", many.Message, StringComparison.Ordinal);
        Assert.Contains("sum by", many.Hint, StringComparison.Ordinal);
        Assert.Contains("No series", (await AskAsync(sample, page, "nothing_of_this_name")).Of<ViewNode.Empty>().Single().Message, StringComparison.Ordinal);
        var lines = (await AskAsync(sample, page, "topk(9, container_memory_working_set_bytes)", "range-1h")).Of<ViewNode.Chart>().Single();
        Assert.Equal(("topk(9, container_memory_working_set_bytes) (6 of 10 series)", 6), (lines.Title, lines.Series.Length));
    }

    [Fact]
    public async Task Columns_WithoutAPrometheus_SayWhyAndKeepThePluginWell()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        sample.Set(Id, "service", "monitoring/nothing:web");
        await sample.StartAsync();

        Assert.Equal("n/a", (await sample.CellsAsync(Cpu, (Sample.Reference("Pod", "cart"), ["name"])))[0].Text);

        Assert.StartsWith("Prometheus: there is no Prometheus at monitoring/nothing:web", sample.Status("lazyoc.prometheus.status"), StringComparison.Ordinal);
        var error = (await sample.LookAsync(sample.Extensions.OpenTab(Tab, Sample.Reference("Pod", "cart"), 100, 40))).Of<ViewNode.Error>().Single();
        Assert.Equal("there is no Prometheus at monitoring/nothing:web", error.Message);
        Assert.Contains("`service` or `url`", error.Hint, StringComparison.Ordinal);
        Assert.Equal(Runtime.Lifecycle.PluginState.Active, sample.Fixture.Status(Id).State);
        Assert.DoesNotContain(await sample.Fixture.AuditedAsync(Id), entry => entry.Decision == Sandbox.Audit.AuditDecision.Fault);
    }

    [Fact]
    public async Task Columns_InAReadOnlyContext_SayWhy()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        await sample.StartAsync(readOnly: true);

        var error = (await sample.LookAsync(sample.Extensions.OpenTab(Tab, Sample.Reference("Pod", "cart"), 100, 40))).Of<ViewNode.Error>().Single();

        Assert.Contains("may not be asked", error.Message, StringComparison.Ordinal);
        Assert.Contains("read-only", error.Hint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, "text/plain", "no", "refuses the query (401)", "as `openshiftUrl`")]
    [InlineData(200, "text/html", "<html>Grafana</html>", "not as a Prometheus does", "address in the settings")]
    [InlineData(503, "application/json", """{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}""", "query timed out", "shorter range")]
    [InlineData(422, "application/json", """{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory in query execution"}""", "too many samples", "own log")]
    public async Task Tab_OfAServerThatRefuses_SaysSoAndWhatToDo(int status, string type, string body, string message, string hint)
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        await using var server = await LoopbackHttp.StartAsync((_, _) => (status, type, body));
        sample.Set(Id, "url", server.Url);
        await sample.StartAsync();

        var error = (await sample.LookAsync(sample.Extensions.OpenTab(Tab, Sample.Reference("Pod", "cart"), 100, 40))).Of<ViewNode.Error>().Single();

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(hint, error.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tab_OfAnAnswerThatIsTooLarge_SaysSo()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        await using var server = await LoopbackHttp.StartAsync((_, _) => (200, "application/json", new string(' ', 2 << 20)));
        sample.Set(Id, "url", server.Url);
        await sample.StartAsync();

        var error = (await sample.LookAsync(sample.Extensions.OpenTab(Tab, Sample.Reference("Pod", "cart"), 100, 40))).Of<ViewNode.Error>().Single();

        Assert.Equal("the answer has too many series to be taken", error.Message);
    }

    [Fact]
    public async Task Token_OfItsSetting_IsSentByTheHostAndNeverSeen()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        string? sent = null;
        await using var server = await LoopbackHttp.StartAsync((request, _) =>
        {
            sent = request.Headers.Authorization;
            return (200, "application/json", """{"status":"success","data":{"resultType":"vector","result":[{"metric":{"namespace":"bookstore","pod":"cart"},"value":[0,"1.25"]}]}}""");
        });
        sample.Set(Id, "tokenUrl", server.Url);
        sample.Set(Id, "token", "not-for-plugins");
        await sample.StartAsync();

        Assert.Equal("1.3", (await sample.CellsAsync(Cpu, (Sample.Reference("Pod", "cart"), ["name"])))[0].Text);

        Assert.Equal("Bearer not-for-plugins", sent);
    }

    [Fact]
    public async Task Names_ThatMeanSomethingInARegularExpression_AreTakenLiterally()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        string? query = null;
        await using var server = await LoopbackHttp.StartAsync((request, _) =>
        {
            query = request.Query["query"];
            return (200, "application/json", """{"status":"success","data":{"resultType":"vector","result":[]}}""");
        });
        sample.Set(Id, "url", server.Url);
        await sample.StartAsync();

        await sample.CellsAsync(Cpu, (Sample.Reference("Pod", "cart", ns: "a.b"), ["name"]), (Sample.Reference("Pod", "cart", ns: "c\"d"), ["name"]));

        Assert.Contains("""namespace=~"a\\.b|c\"d" """.TrimEnd(), query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Service_Query_IsThereForOtherPlugins()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        var answer = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        sample.Fixture.With("acme.caller", """{ "services": { "call": ["lazyoc.prometheus/query"] } }""", async turn =>
        {
            if (turn.Message.Type == MessageType.Command) answer.SetResult((await turn.CallAsync("services.call", """{"service":"lazyoc.prometheus/query","input":{"query":"sum(kube_pod_info{namespace=\"bookstore\"})"}}""")).GetRawText());
            return "{}";
        }, "onCommand:ID.command");
        await sample.StartAsync();

        await sample.RunAsync("acme.caller.command");

        Assert.Contains("\"series\":[{\"labels\":{},\"value\":", await answer.Task, StringComparison.Ordinal);
    }

    private static Task<ViewNode> AskAsync(Sample sample, Runtime.Extensions.ViewSession page, string query, string range = "now") => sample.SubmitAsync(page, "ask", new { query, range });

    /// <summary>Two hours of many pods: pod <c>shop-N</c> uses N percent of a core and ten times N MiB.</summary>
    private static string History(DateTimeOffset now)
    {
        const int Minutes = 120;
        var text = new StringBuilder();
        void Family(string name, string type, Func<int, int, double> value)
        {
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {name} {type}\n");
            for (var pod = 1; pod <= Pods; pod++)
            {
                // Only one has all of its history; of the others the last samples are enough.
                for (var minute = pod == 7 ? Minutes : 2; minute >= 0; minute--)
                    text.Append(CultureInfo.InvariantCulture, $"{name}{(type == "counter" ? "_total" : "")}{{namespace=\"bookstore\",pod=\"shop-{pod}\",container=\"app\"}} {value(pod, Minutes - minute)} {now.AddMinutes(-minute).ToUnixTimeSeconds()}\n");
            }
        }
        Family("container_cpu_usage_seconds", "counter", (pod, minute) => pod * 0.6 * minute);
        Family("container_memory_working_set_bytes", "gauge", (pod, _) => pod * 10.0 * (1 << 20));
        return text.Append("# EOF\n").ToString();
    }
}
