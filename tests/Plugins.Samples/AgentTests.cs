using LazyOC.Cluster.Simulator;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Samples.Tests.AuditExporter;
using LazyOC.Plugins.Samples.Tests.Prometheus;

namespace LazyOC.Plugins.Samples.Tests;

/// <summary>The samples that work by themselves, run by <c>lazyoc agent</c> as on a server.</summary>
[Collection(ExporterTests.Port9745)]
public sealed class AgentTests : IDisposable
{
    private const string Exporter = "lazyoc.prometheus";
    private const string Audit = "lazyoc.audit-exporter";

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    [PrometheusFact]
    public async Task Agent_WithBothExporters_IsScrapedByPrometheusAndSendsTheAudit()
    {
        await using var cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock() });
        await using var collector = await Collector.StartAsync();
        await cluster.WriteKubeconfigAsync(_lazyoc.PathOf("kubeconfig"));
        await InstallAsync("prometheus", (Exporter, "exportAtStart", "true"));
        await InstallAsync("audit-exporter", (Audit, "url", collector.Url), (Audit, "target", "http"), (Audit, "intervalMs", "100"));

        using var agent = new RunningAgent(_lazyoc, "--kubeconfig", _lazyoc.PathOf("kubeconfig"), "--read-only");
        await agent.SayAsync($"{Exporter}: 1.0.0 is active");
        await agent.SayAsync($"{Audit}: 1.0.0 is active");
        await using var prometheus = await PrometheusServer.StartAsync(scrape: "127.0.0.1:9745");
        await prometheus.UntilAsync(async () => (await prometheus.QueryAsync("sum(lazyoc_pods)")).GetValueOrDefault("") == cluster.Store.List("v1", "Pod").Count);
        await prometheus.UntilAsync(() => Task.FromResult(collector.Taken.Any(line => line.GetProperty("plugin").GetString() == Exporter && line.GetProperty("call").GetString() == "http.listen")));

        Assert.Equal("", await prometheus.ScrapeErrorAsync());
        Assert.Equal(0, await agent.EndAsync());
        Assert.Contains("2 plugins, context simulated", agent.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of LazyOC", agent.Said, StringComparison.Ordinal);
    }

    private async Task InstallAsync(string sample, params (string Plugin, string Name, string Value)[] settings)
    {
        var package = Path.Combine(Path.GetDirectoryName(LazyOc.Program)!, "demo-plugins", $"{sample}.lzp");
        await _lazyoc.OkAsync("plugin", "install", package, "--yes", "--allow-unsigned");
        foreach (var (plugin, name, value) in settings) await _lazyoc.OkAsync("plugin", "settings", plugin, "set", name, value);
    }
}
