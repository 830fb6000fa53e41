using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Samples.Tests.Grafana;

/// <summary>The packed Grafana sample against a stand-in of Grafana: dashboards, variables, annotations, rollouts, and servers that answer anything.</summary>
public sealed class GrafanaTests
{
    private const string Id = "lazyoc.grafana";
    private const string Page = $"{Id}.dashboards";
    private static readonly ObjectReference Cart = Sample.Reference("Deployment", "cart", "apps");

    [Fact]
    public async Task Page_SearchesPagesAndOpens_WithATokenThatThePluginNeverSees()
    {
        await using var grafana = await GrafanaServer.StartAsync();
        grafana.With(GrafanaDashboards.Shop).With(GrafanaDashboards.Pod, "Platform");
        for (var i = 0; i < 40; i++) grafana.With(GrafanaDashboards.WithPanel($"team-{i:00}", "").Replace("Dashboard team", "Team", StringComparison.Ordinal), "Platform");
        await using var sample = await StartAsync(grafana);
        using var page = sample.Extensions.OpenPage(Page, 120, 60);

        var first = await sample.DrawnAsync(page);
        Assert.Equal(["Pod detail | Platform | kubernetes-pod", "Shop overview | Bookstore | shop kubernetes-deployment", "Team-00 | Platform | "], first.Of<ViewNode.Table>().Single().Texts()[..3]);
        Assert.Equal(30, first.Of<ViewNode.Table>().Single().Rows.Length);
        Assert.Equal(["*", "bookstore", "platform"], first.Of<ViewNode.Form>().Single().Fields.Single(field => field.Name == "folder").Options.Select(option => option.Value));
        Assert.Equal(12, (await sample.PressAsync(page, "next")).Of<ViewNode.Table>().Single().Rows.Length);
        Assert.Equal(["Shop overview | Bookstore | shop kubernetes-deployment"], (await sample.SubmitAsync(page, "search", new { query = "OVER", tag = "shop", folder = "bookstore" })).Of<ViewNode.Table>().Single().Texts());
        Assert.Contains("GET /api/search?type=dash-db&query=OVER&limit=30&page=1&tag=shop&folderUIDs=bookstore", grafana.Requests);
        Assert.Contains("Pod detail", (await sample.SubmitAsync(page, "search", new { query = "", tag = "*", folder = "*" })).Of<ViewNode.Table>().Single().Texts()[0], StringComparison.Ordinal);

        Assert.Equal([$"Bearer {GrafanaServer.Token}"], grafana.Authorizations.Keys);
        Assert.DoesNotContain(sample.Fixture.LogLines, line => line.Contains(GrafanaServer.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Dashboard_DrawsEachPanelWithItsQueries_AndAPanelFailsForItself()
    {
        await using var grafana = await GrafanaServer.StartAsync();
        grafana.With(GrafanaDashboards.Shop);
        await using var sample = await StartAsync(grafana);
        using var page = sample.Extensions.OpenPage(Page, 160, 60);
        await AnnotateAsync(grafana, TimeSpan.FromMinutes(20), "deploy", "config change");

        var drawn = await OpenAsync(sample, page, "shop");

        var panels = Panels(drawn);
        Assert.Equal(["Broken", "Disk used", "Durations", "Errors", "Latency", "Memory", "Of cart", "Of search", "Old", "Orders by country", "Pods", "Requests", "Requests by app", "State", "Where"], panels.Keys.Order(StringComparer.Ordinal));
        var requests = panels["Requests by app"].Of<ViewNode.Chart>().Single();
        Assert.Equal((ChartKind.Line, "ops/s", 3), (requests.Kind, requests.Unit, requests.Series.Length));
        Assert.Equal(new ChartThreshold { Value = 90, Style = TextStyle.Error }, Assert.Single(requests.Thresholds));
        // The first series is the mark of the annotation, from the bottom to the top.
        Assert.Equal([requests.Min, requests.Max], requests.Series[0].Values.Where(value => value is not null));
        Assert.Equal(100, requests.Series[2].Values.Last(value => value is not null)!.Value, 0.5);
        Assert.Contains(Words(panels["Requests by app"]), text => text.Contains("cart", StringComparison.Ordinal));
        Assert.Matches("✓ 1[45][0-9] req/s$", Sentences(panels["Requests"]));
        Assert.Equal((ChartKind.Gauge, "%", 83d), (panels["Disk used"].Of<ViewNode.Chart>().Single().Kind, panels["Disk used"].Of<ViewNode.Chart>().Single().Unit, panels["Disk used"].Of<ViewNode.Chart>().Single().Series[0].Values[0]));
        Assert.Equal(["cart 0.25", "search 0.75"], panels["Memory"].Of<ViewNode.Chart>().Single().Series.Select(series => $"{series.Label} {series.Values[0]}"));
        Assert.Equal(["cart-1  ✓ Up", "cart-2  ✗ Down"], Words(panels["State"])[1..]);
        Assert.Contains(panels["Latency"].Of<ViewNode.Chart>().Single().Series[2].Values, value => value is null);
        Assert.Equal(["more", "≤ 1 s", "≤ 500 ms", "≤ 100 ms"], panels["Durations"].Of<ViewNode.Chart>().Single().Series.Select(series => series.Label));
        Assert.All(panels["Durations"].Of<ViewNode.Chart>().Single().Series, series => Assert.Equal(10, series.Values.Last(value => value is not null)));
        Assert.Equal(["cart-7f9c | bookstore | 0", "search-55d | bookstore | 2"], panels["Pods"].Of<ViewNode.Table>().Single().Texts());
        Assert.Equal(["Germany", "France", "Japan"], panels["Orders by country"].Of<ViewNode.Chart>().Single().Series.Select(series => series.Label));
        Assert.Matches("timeout after 3s(.|\n)*payment refused", Sentences(panels["Errors"]));
        Assert.Contains("unclosed left parenthesis", Assert.Single(drawn.Of<ViewNode.Error>()).Message, StringComparison.Ordinal);
        Assert.Contains("geomap", panels["Where"].Of<ViewNode.Empty>().Single().Message, StringComparison.Ordinal);
        Assert.Contains(drawn.Of<ViewNode.Markdown>(), text => text.Content == "Runbook of **bookstore**: restart `cart` first.");
        Assert.Contains(Words(drawn), text => text.EndsWith("config change  deploy", StringComparison.Ordinal));

        // An hour in steps of a minute; variables, in the way of each datasource; the datasource by a variable, and the default one.
        var queries = grafana.Queries.DistinctBy(ExpressionOf).ToDictionary(ExpressionOf);
        Assert.Contains("sum(rate(requests{job=\"shop\"}[75s]))", queries.Keys);
        Assert.Contains("sum by (app) (rate(requests{namespace=\"bookstore\", app=~\"(cart|search)\"}[5m]))", queries.Keys);
        Assert.Contains("latency_seconds{code=~\"5\\.\\.\"}", queries.Keys);
        Assert.Contains("select country, count(*) from orders where app in ('cart','search')", queries.Keys);
        Assert.DoesNotContain("hidden", queries.Keys);
        Assert.All(queries.Values, query => Assert.Equal(60_000, (int)query["intervalMs"]!));
        Assert.Equal("prom", (string)queries["memory_bytes"]["datasource"]!["uid"]!);

        Assert.Contains("Volumes", Panels(await sample.PressAsync(page, "row-17")).Keys);
        sample.User.Reply = _ => JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["range"] = "now-24h", ["refresh"] = "off", ["var-namespace"] = "shop", ["var-app"] = "All", ["var-window"] = "15m", ["var-code"] = "4.." });
        var chosen = await sample.PressAsync(page, "choose");
        Assert.Contains(Words(chosen), text => text.StartsWith("last 24 hours, ", StringComparison.Ordinal) && text.EndsWith("refreshed by hand · Namespace shop · App All · Window 15m · Status 4..", StringComparison.Ordinal));
        Assert.Contains(grafana.Queries, query => (string?)query["expr"] == "sum by (app) (rate(requests{namespace=\"shop\", app=~\"(cart|catalog|search)\"}[15m]))");
        Assert.True(Panels(chosen).Keys.Where(title => title.StartsWith("Of ", StringComparison.Ordinal)).SequenceEqual(["Of cart", "Of catalog", "Of search"]));
        await sample.PressAsync(page, "link");
        Assert.Contains(sample.User.Shown, shown => shown == $"copied {grafana.Url}/d/shop/shop-overview?from=now-24h&to=now&var-ds=prom&var-namespace=shop&var-app=%24__all&var-window=15m&var-code=4..&var-job=shop");
        // It waits for its turn instead of asking more often than it may.
        Assert.DoesNotContain(await sample.Fixture.AuditedAsync(Id), entry => entry.Decision is AuditDecision.Fault or AuditDecision.Refused);
    }

    [Fact]
    public async Task Tabs_ShowTheDashboardsOfTheirKindForTheObject_AndKeepThemOverASwap()
    {
        await using var grafana = await GrafanaServer.StartAsync();
        grafana.With(GrafanaDashboards.Shop).With(GrafanaDashboards.Pod);
        await using var sample = await StartAsync(grafana);
        var pod = Sample.Reference("Pod", sample.PodOf("cart"));
        using var tab = sample.Extensions.OpenTab($"{Id}.pod", pod, 100, 40);
        using var page = sample.Extensions.OpenPage(Page, 100, 40);

        Assert.Contains($"CPU of {pod.Name}", Panels(await sample.DrawnAsync(tab)).Keys);
        Assert.Contains(grafana.Queries, query => (string?)query["expr"] == $"cpu{{namespace=\"bookstore\", pod=\"{pod.Name}\"}}");
        Assert.Contains("Shop overview", Words(await sample.LookAsync(sample.Extensions.OpenTab($"{Id}.deployment", Cart, 100, 40)))[0], StringComparison.Ordinal);
        sample.User.Reply = _ => JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["range"] = "now-3h", ["refresh"] = "off", ["var-namespace"] = "bookstore", ["var-pod"] = pod.Name });
        await sample.PressAsync(tab, "choose");
        await OpenAsync(sample, page, "pod-detail");

        var package = Sample.Packed("grafana");
        var version = SemanticVersion.Parse("1.0.1");
        var change = Assert.Single(await sample.Fixture.Host.ApplyAsync([package with { Manifest = package.Manifest with { Version = version }, Entry = package.Entry with { Version = version, Digest = Contracts.Digest.Of("another"u8) } }]));

        Assert.IsType<PluginChange.Swapped>(change);
        Assert.Contains(Words(await sample.DrawnAsync(tab)), text => text.StartsWith("last 3 hours", StringComparison.Ordinal));
        Assert.Contains(Words(await sample.DrawnAsync(page)), text => text.StartsWith("Pod detail", StringComparison.Ordinal));
        Assert.DoesNotContain(await sample.Fixture.AuditedAsync(Id), entry => entry.Decision is AuditDecision.Fault or AuditDecision.Refused);
    }

    [Fact]
    public async Task Rollouts_AreAnnotatedOnce_AndOnlyWhenTheSettingSaysSo()
    {
        await using var grafana = await GrafanaServer.StartAsync();
        await using var sample = await StartAsync(grafana);
        Roll(sample, "cart", "1.5.0");

        sample.Set(Id, "annotateRollouts", true);
        await sample.Fixture.UntilAsync(() => sample.Status($"{Id}.status") == "rollouts → Grafana");
        grafana.Role = "Viewer";
        Roll(sample, "cart", "1.6.0");
        await sample.Fixture.UntilAsync(() => sample.Status($"{Id}.status").StartsWith("rollouts → Grafana: 1 waiting, Grafana forbids it (403", StringComparison.Ordinal));
        grafana.Role = "Editor";
        Roll(sample, "search", "2.0.0");
        await sample.Fixture.UntilAsync(() => sample.Status($"{Id}.status") == "rollouts → Grafana");

        var posted = grafana.Annotations;
        Assert.Equal(2, posted.Length);
        Assert.StartsWith("Rollout of bookstore/cart, revision ", (string)posted[0]["text"]!, StringComparison.Ordinal);
        Assert.EndsWith(":1.6.0", (string)posted[0]["text"]!, StringComparison.Ordinal);
        Assert.Equal(["lazyoc", "namespace:bookstore", "deployment:search"], posted[1]["tags"]!.AsArray().Select(tag => (string)tag!).Take(3));

        // A colleague's has posted the same already.
        var revision = Revision(sample, "cart") + 1;
        await PostAsync(grafana, new { time = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), text = "the same", tags = new[] { "lazyoc", "namespace:bookstore", "deployment:cart", $"revision:{revision}" } });
        Roll(sample, "cart", "1.7.0");
        Roll(sample, "search", "2.1.0");
        await PollAsync(() => grafana.Annotations.Length == 4);
        Assert.Equal(["the same", "Rollout of bookstore/search"], grafana.Annotations[2..].Select(one => ((string)one["text"]!).Split(',')[0]));
    }

    [Fact]
    public async Task Annotate_IsConfirmedAndPosted_OrSaysWhyNot()
    {
        await using var grafana = await GrafanaServer.StartAsync();
        grafana.With(GrafanaDashboards.Shop);
        await using var sample = await StartAsync(grafana);
        async Task ActAsync(bool confirms, string dashboard)
        {
            sample.User.Reply = _ => JsonSerializer.SerializeToElement(confirms);
            Assert.IsType<InvocationResult.Done>(await sample.Extensions.RunActionAsync($"{Id}.annotate", [Cart], JsonSerializer.SerializeToElement(new { text = "Maintenance", minutes = 5, dashboard })));
        }

        await ActAsync(false, "shop");
        Assert.Empty(grafana.Annotations);
        await ActAsync(true, "shop");
        var posted = Assert.Single(grafana.Annotations);
        Assert.Equal(("Maintenance", "shop"), ((string)posted["text"]!, (string)posted["dashboardUID"]!));
        await ActAsync(true, "none-such");
        Assert.Contains("Grafana: The annotation was not made: Grafana does not have it (404: Dashboard not found) (Error)", sample.User.Shown);
        grafana.Role = "Viewer";
        await ActAsync(true, "shop");
        Assert.Contains(sample.User.Shown, shown => shown.StartsWith("Grafana: The annotation was not made: Grafana forbids it (403: You'll need additional permissions", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Grafana_WithoutToken_WithAWrongOne_AndWithoutRights_IsToldWithWhatToDo()
    {
        await using var grafana = await GrafanaServer.StartAsync();
        grafana.With(GrafanaDashboards.Shop);
        async Task<ViewNode.Error> LookAsync(string setting, string? token, string role = "Viewer", bool opens = false)
        {
            grafana.Role = role;
            await using var sample = await Sample.CreateAsync("grafana");
            sample.Set(Id, setting, grafana.Url);
            if (token is not null) sample.Set(Id, "token", token);
            await sample.StartAsync();
            using var page = sample.Extensions.OpenPage(Page, 100, 40);
            return (opens ? await OpenAsync(sample, page, "shop") : await sample.DrawnAsync(page)).Of<ViewNode.Error>().Single();
        }

        var missing = await LookAsync("url", null);
        Assert.Equal(("Grafana takes nobody without a valid token (401: Unauthorized)", "set its address as `tokenUrl`, and the token of a service account as `token`"), (missing.Message, missing.Hint));
        Assert.Equal("Grafana takes nobody without a valid token (401: Invalid API key)", (await LookAsync("tokenUrl", "glsa_wrong")).Message);
        Assert.Contains("secret setting `token` is not set", (await LookAsync("tokenUrl", null)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Grafana forbids it (403: You'll need additional permissions", (await LookAsync("tokenUrl", GrafanaServer.Token, "None", opens: true)).Message, StringComparison.Ordinal);
        await using var anonymous = await Sample.CreateAsync("grafana");
        grafana.IsAnonymous = true;
        anonymous.Set(Id, "url", grafana.Url);
        await anonymous.StartAsync();
        Assert.Single((await anonymous.LookAsync(anonymous.Extensions.OpenPage(Page, 100, 40))).Of<ViewNode.Table>().Single().Rows);
    }

    /// <summary>Whatever comes for one panel stands in that panel, as a sentence; the other is drawn.</summary>
    [Fact]
    public async Task Answers_OfAnyKind_EndInTheirPanelWithASentence()
    {
        await using var elsewhere = await LoopbackHttp.StartAsync((_, _) => (200, "application/json", "{}"));
        await using var grafana = await GrafanaServer.StartAsync();
        var panels = """
            { "id": 1, "type": "timeseries", "title": "Hostile", "gridPos": { "x": 0, "y": 0, "w": 12, "h": 8 }, "datasource": { "type": "prometheus", "uid": "hostile" }, "targets": [{ "refId": "A", "expr": "x" }] },
            { "id": 2, "type": "timeseries", "title": "Good", "gridPos": { "x": 12, "y": 0, "w": 12, "h": 8 }, "datasource": { "type": "prometheus", "uid": "prom" }, "targets": [{ "refId": "A", "expr": "x" }] }
            """;
        grafana.With(GrafanaDashboards.WithPanel("hostile", panels));
        await using var sample = await StartAsync(grafana);
        using var page = sample.Extensions.OpenPage(Page, 120, 40);
        (int, string, string)? answer = (200, "application/json", "{}");
        string? location = null;
        var asked = 0;
        grafana.InsteadOfQuery = (request, query) =>
        {
            if (!query.Contains("hostile", StringComparison.Ordinal)) return null;
            Interlocked.Increment(ref asked);
            if (location is not null) request.HttpContext.Response.Headers.Location = location;
            return answer;
        };
        await OpenAsync(sample, page, "hostile");
        async Task SaysAsync(string sentence, int status, string type, string body)
        {
            answer = (status, type, body);
            var before = asked;
            await sample.PressAsync(page, "refresh");
            await sample.Fixture.UntilAsync(() => Sentences(Panels(((ViewState.Ready)page.State).Content)["Hostile"]).Contains(sentence, StringComparison.Ordinal));
            Assert.True(asked > before);
            Assert.True(Panels(((ViewState.Ready)page.State).Content)["Good"].Of<ViewNode.Chart>().Single().Series[^1].Values.Length > 2);
        }
        static string Frame(string times, string values, string more = "") =>
            """{"results":{"A":{"frames":[{"schema":{"fields":[{"name":"Time","type":"time"},{"name":"Value","type":"number"}]},"data":{"values":[[TIMES],[VALUES]]MORE}}]}}}"""
                .Replace("TIMES", times, StringComparison.Ordinal).Replace("VALUES", values, StringComparison.Ordinal).Replace("MORE", more, StringComparison.Ordinal);
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        await SaysAsync("not with JSON as Grafana does", 200, "text/html", "<!DOCTYPE html><title>Log in</title>");
        await SaysAsync("answers with status 502", 502, "text/html", "<h1>Bad gateway</h1>");
        await SaysAsync("larger than 1 MiB", 200, "application/json", new string(' ', 10 << 20));
        await SaysAsync("does not answer", 0, "", "");
        foreach (var shape in new[] { "[]", "3", "null", "{}", """{"results":[]}""", """{"results":{"A":{"frames":[1,null,{"schema":{"fields":"x"},"data":[]}]}}}""", """{"results":{"A":{"frames":[{"schema":{"fields":[{"type":"time"},{"type":"number"}]},"data":{"values":[{},"x"]}}]}}}""" })
            await SaysAsync("no data in this time", 200, "application/json", shape);
        await SaysAsync("bad \u001b[31mthing", 400, "application/json", """{"results":{"A":{"error":"bad \u001b[31mthing"}}}""");
        await SaysAsync("● Value\u00a01", 200, "application/json", Frame($"{now - 60_000},{now - 30_000},{now}", "1,0,3", ",\"entities\":[null,{\"NaN\":[1],\"Inf\":[2]}]"));
        // As many points as an answer holds.
        var points = Enumerable.Range(0, 60_000).Select(i => now - 3_600_000 + (i * 60));
        await SaysAsync("120,000 values; at most 8,000 of a panel are looked at, one of 15 here", 200, "application/json", Frame(string.Join(',', points), string.Join(',', Enumerable.Repeat("1", 60_000))));
        location = elsewhere.Url;
        await SaysAsync("may not be asked: this plugin has no permission to", 307, "text/plain", "");
        Assert.DoesNotContain(await sample.Fixture.AuditedAsync(Id), entry => entry.Decision == AuditDecision.Fault);
    }

    private static string ExpressionOf(JsonObject query) => (string?)query["expr"] ?? (string)query["rawSql"]!;

    private static async Task<Sample> StartAsync(GrafanaServer grafana)
    {
        var sample = await Sample.CreateAsync("grafana");
        sample.Set(Id, "tokenUrl", grafana.Url);
        sample.Set(Id, "token", GrafanaServer.Token);
        return await sample.StartAsync();
    }

    private static async Task<ViewNode> OpenAsync(Sample sample, ViewSession page, string uid)
    {
        await sample.DrawnAsync(page);
        return await sample.InputAsync(page, new ViewInput { Node = "dashboards", Event = ViewEvent.Activate, Row = uid });
    }

    /// <summary>The panels by their titles, which are their first texts.</summary>
    private static Dictionary<string, ViewNode> Panels(ViewNode view) => view.Of<ViewNode.Stack>()
        .Where(stack => stack.Children is [ViewNode.Text { Spans: [{ Style: TextStyle.Strong, Text: not "Annotations" }] }, _, ..])
        .ToDictionary(stack => ((ViewNode.Text)stack.Children[0]).Spans[0].Text, ViewNode (stack) => stack);

    /// <summary>What a panel says, be it an error, nothing or text.</summary>
    private static string Sentences(ViewNode panel) => string.Join('\n', [.. panel.Of<ViewNode.Error>().Select(error => error.Message), .. panel.Of<ViewNode.Empty>().Select(empty => empty.Message), .. Words(panel)]);

    private static string[] Words(ViewNode view) => [.. view.Of<ViewNode.Text>().Select(text => string.Concat(text.Spans.Select(span => span.Text)))];

    private static Task AnnotateAsync(GrafanaServer grafana, TimeSpan ago, string tag, string text) => PostAsync(grafana, new { time = (DateTimeOffset.UtcNow - ago).ToUnixTimeMilliseconds(), tags = new[] { tag }, text });

    private static async Task PostAsync(GrafanaServer grafana, object annotation)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", GrafanaServer.Token);
        using var response = await client.PostAsync(new Uri($"{grafana.Url}/api/annotations"), new StringContent(JsonSerializer.Serialize(annotation)));
        response.EnsureSuccessStatusCode();
    }

    private static long Revision(Sample sample, string deployment) => long.Parse((string)sample.Fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", deployment)!["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"]!, System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Changes the image of a deployment and gives it its next revision, as the deployment controller does.</summary>
    private static void Roll(Sample sample, string deployment, string tag)
    {
        var changed = sample.Fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", deployment)!.DeepClone().AsObject();
        changed["metadata"]!["annotations"]!["deployment.kubernetes.io/revision"] = (Revision(sample, deployment) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        changed["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = $"quay.io/bookstore/{deployment}:{tag}";
        sample.Fixture.Cluster.Store.Apply(changed.ToJsonString());
    }

    private static async Task PollAsync(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(15);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < deadline, "it did not come to that");
            await Task.Delay(20);
        }
    }
}
