using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Samples.Tests.Prometheus;

/// <summary>The exporter of the Prometheus sample, read by a strict reader and scraped by a real Prometheus.</summary>
[Collection(Port9745)]
public sealed class ExporterTests : IDisposable
{
    /// <summary>The tests that need the exporter's port, one after another.</summary>
    public const string Port9745 = "port 9745";

    private const string Id = "lazyoc.prometheus";
    private const int Port = 9745;

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{Port}/") };

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Exporter_UnlessItIsStarted_DoesNotListen()
    {
        await using var sample = await Sample.StartAsync("prometheus");
        await sample.Extensions.WhenSettledAsync();

        using var socket = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => socket.ConnectAsync(IPAddress.Loopback, Port));
        Assert.DoesNotContain(await sample.Fixture.AuditedAsync(Id), entry => entry.Call is "http.listen" or "kubernetes.watch");
    }

    [Fact]
    public async Task Exporter_Started_CountsWhatTheClusterHolds()
    {
        await using var sample = await StartedAsync();
        AddEvent(sample, "odd", "Back\\slash \"quoted\"\nline", 3);

        var samples = await UntilAsync(found => Value(found, "lazyoc_events_total", ("reason", "Back\\slash \"quoted\"\nline")) == 3 && PodsOf(found) == Pods(sample).Count);

        Assert.Equal(Pods(sample).CountBy(pod => $"{pod["metadata"]!["namespace"]} {pod["status"]!["phase"]}").OrderBy(count => count.Key, StringComparer.Ordinal),
            samples.Where(one => one.Name == "lazyoc_pods").Select(one => KeyValuePair.Create($"{one.Labels["namespace"]} {one.Labels["phase"]}", (int)one.Value)).OrderBy(count => count.Key, StringComparer.Ordinal));
        foreach (var (kind, apiVersion) in new[] { ("Deployment", "apps/v1"), ("StatefulSet", "apps/v1"), ("DaemonSet", "apps/v1"), ("Service", "v1"), ("Namespace", "v1"), ("Node", "v1") })
            Assert.Equal(sample.Fixture.Cluster.Store.List(apiVersion, kind).Count, samples.Where(one => one.Name == "lazyoc_objects" && one.Labels["kind"] == kind).Sum(one => one.Value));
        var restarts = Pods(sample).SelectMany(pod => pod["status"]!["containerStatuses"]?.AsArray() ?? []).Sum(status => (int)status!["restartCount"]!);
        Assert.True(restarts > 0);
        Assert.Equal(restarts, samples.Where(one => one.Name == "lazyoc_container_restarts_total").Sum(one => one.Value));
        Assert.Equal(3, samples.Count(one => one.Name == "lazyoc_node_condition" && one.Labels["condition"] == "Ready" && one.Value == 1));
        Assert.True(Value(samples, "lazyoc_plugin_audit_total", ("plugin", Id)) > 0);
        Assert.Equal(samples.Count(one => !one.Name.StartsWith("lazyoc_exporter_", StringComparison.Ordinal) && one.Name is not ("lazyoc_plugin_audit_total" or "lazyoc_audit_lost_total")), Value(samples, "lazyoc_exporter_series"));
        Assert.Equal(0, Value(samples, "lazyoc_audit_lost_total"));
    }

    [Fact]
    public async Task Exporter_AnEventThatRepeats_CountsOnlyWhatIsNew()
    {
        await using var sample = await StartedAsync();
        AddEvent(sample, "again", "Again", 3);
        await UntilAsync(found => Value(found, "lazyoc_events_total", ("reason", "Again")) == 3);

        AddEvent(sample, "again", "Again", 5);
        await UntilAsync(found => Value(found, "lazyoc_events_total", ("reason", "Again")) == 5);
        sample.Fixture.Cluster.Store.Delete("v1", "Event", "bookstore", "again");
        AddEvent(sample, "another", "Again", 1);

        await UntilAsync(found => Value(found, "lazyoc_events_total", ("reason", "Again")) == 6);
    }

    [Fact]
    public async Task Exporter_AboveItsLimit_LeavesWholeSeriesOutAndCountsThem()
    {
        await using var sample = await StartedAsync(created => created.Set(Id, "maxSeries", 100));

        var samples = await UntilAsync(found => found.Any(one => one.Name == "lazyoc_exporter_dropped_series"));

        Assert.Equal(100, Value(samples, "lazyoc_exporter_series"));
        Assert.True(samples.Where(one => one.Name == "lazyoc_exporter_dropped_series").Sum(one => one.Value) > 0);
    }

    [Fact]
    public async Task Exporter_OtherPathsAndMethods_AreRefused()
    {
        await using var sample = await StartedAsync();

        Assert.Equal(HttpStatusCode.NotFound, (await _client.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await _client.PostAsync(new Uri("/metrics", UriKind.Relative), null)).StatusCode);
        using var answer = await _client.GetAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task Exporter_SetToStartByItself_ListensFromTheStart()
    {
        await using var sample = await Sample.CreateAsync("prometheus");
        sample.Set(Id, "exportAtStart", true);
        await sample.StartAsync();
        await sample.Extensions.WhenSettledAsync();

        await UntilAsync(found => PodsOf(found) == Pods(sample).Count);
        Assert.StartsWith("⇅ :9745", sample.Status("lazyoc.prometheus.status"), StringComparison.Ordinal);
    }

    [PrometheusFact]
    public async Task Exporter_ScrapedByPrometheus_GivesItWhatTheClusterHolds()
    {
        await using var sample = await StartedAsync();
        const string Odd = "Back\\slash \"quoted\"\nline";
        AddEvent(sample, "odd", Odd, 3);
        await using var prometheus = await PrometheusServer.StartAsync(scrape: $"127.0.0.1:{Port}");

        await prometheus.UntilAsync(async () => await prometheus.ScrapeErrorAsync() is "");
        await prometheus.UntilAsync(async () => (await prometheus.QueryAsync("sum(lazyoc_pods)")).GetValueOrDefault("") == Pods(sample).Count);

        Assert.Equal(3, (await prometheus.QueryAsync("sum by (reason) (lazyoc_events_total{namespace=\"bookstore\",type=\"Warning\"})"))[Odd]);
        Assert.Equal(1, (await prometheus.QueryAsync("lazyoc_node_condition{condition=\"Ready\"}"))["Ready,worker-1"]);
        Assert.Equal("", await prometheus.ScrapeErrorAsync());

        // And the way back: the plugin asks the Prometheus that scrapes it.
        sample.Set(Id, "url", prometheus.Url.ToString());
        using var page = sample.Extensions.OpenPage("lazyoc.prometheus.explore", 100, 30);
        await sample.DrawnAsync(page);
        var drawn = await sample.SubmitAsync(page, "ask", new { query = "sum(lazyoc_pods)", range = "now" });
        Assert.Equal([$"{{}} | {Pods(sample).Count}"], Assert.Single(drawn.Of<ViewNode.Table>()).Texts());
    }

    private static async Task<Sample> StartedAsync(Action<Sample>? prepare = null)
    {
        var sample = await Sample.CreateAsync("prometheus");
        prepare?.Invoke(sample);
        await sample.StartAsync();
        await sample.RunAsync("lazyoc.prometheus.export");
        Assert.Contains(sample.User.Shown, shown => shown.Contains($"http://127.0.0.1:{Port}/metrics", StringComparison.Ordinal));
        return sample;
    }

    private async Task<List<Exposition.Sample>> UntilAsync(Func<List<Exposition.Sample>, bool> holds)
    {
        const int Attempts = 150;
        var samples = new List<Exposition.Sample>();
        for (var i = 0; i < Attempts; i++)
        {
            samples = Exposition.Parse(await _client.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
            if (holds(samples)) return samples;
            await Task.Delay(50);
        }
        Assert.Fail($"not reached: {string.Join('\n', samples.Where(one => !one.Name.StartsWith("lazyoc_container_", StringComparison.Ordinal)).Select(one => $"{one.Name} {string.Join(' ', one.Labels)} {one.Value}"))}");
        return samples;
    }

    private static void AddEvent(Sample sample, string name, string reason, int count) => sample.Fixture.Cluster.Store.Apply(new JsonObject
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Event",
        ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "bookstore" },
        ["involvedObject"] = new JsonObject { ["kind"] = "Pod", ["namespace"] = "bookstore", ["name"] = "cart" },
        ["type"] = "Warning",
        ["reason"] = reason,
        ["count"] = count,
    }.ToJsonString());

    private static IReadOnlyList<JsonObject> Pods(Sample sample) => sample.Fixture.Cluster.Store.List("v1", "Pod");

    private static double PodsOf(List<Exposition.Sample> samples) => samples.Where(one => one.Name == "lazyoc_pods").Sum(one => one.Value);

    private static double Value(List<Exposition.Sample> samples, string name, params (string Label, string Value)[] labels) =>
        samples.Where(one => one.Name == name && labels.All(label => one.Labels.GetValueOrDefault(label.Label) == label.Value)).Sum(one => one.Value);
}
