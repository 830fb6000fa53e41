using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>Plugins in a whole host, as a running LazyOC has them: many active at once, and one that is woken.</summary>
internal static class HostedPlugins
{
    private const int Wakes = 10;
    private const int KiB = 1 << 10;
    private const string Score = "lazyoc.pod-health.score";

    public static async Task<ImmutableArray<BenchRow>> MeasureAsync(int runs, int plugins, CancellationToken cancellationToken)
    {
        var (starts, bytes, wakes) = (new List<double>(), new List<double>(), new List<double>());
        for (var run = 0; run < runs; run++)
        {
            await ActivateAsync(plugins, starts, bytes, cancellationToken);
            await WakeAsync(wakes, cancellationToken);
        }
        return
        [
            new BenchRow { Name = $"{plugins} plugins: all started", Unit = "ms", Ours = Median.Of(starts) },
            new BenchRow { Name = $"{plugins} plugins: memory of each", Unit = "KiB", Ours = Median.Of(bytes) },
            new BenchRow { Name = "a plugin at rest: asked to answered", Unit = "ms", Ours = Median.Of(wakes) },
        ];
    }

    /// <summary>Every plugin has code of its own, so that none starts from another's image.</summary>
    private static async Task ActivateAsync(int count, List<double> starts, List<double> bytes, CancellationToken cancellationToken)
    {
        var code = Encoding.UTF8.GetString(BenchSubject.Compute(1).Code.Span);
        ImmutableArray<InstalledPlugin> plugins = [.. Enumerable.Range(0, count).Select(i => BenchHost.Plugin(string.Create(CultureInfo.InvariantCulture, $"acme.bench-{i}"), 0, "", $"{code}\n// {i}\n"))];
        var before = PrivateMemory.Settled();
        var began = Stopwatch.GetTimestamp();
        await using var bench = await BenchHost.StartAsync(plugins, new RuntimeLimits(), cancellationToken: cancellationToken);
        await UntilAsync(() => bench.Host.Plugins.All(plugin => plugin.State == PluginState.Active), cancellationToken);
        starts.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        bytes.Add((PrivateMemory.Settled() - before) / (double)count / KiB);
    }

    private static async Task WakeAsync(List<double> wakes, CancellationToken cancellationToken)
    {
        var package = BenchSubject.PackageOf("pod-health");
        var manifest = package.Manifest with { Activation = [] };
        var limits = new RuntimeLimits { HibernateAfter = TimeSpan.FromMilliseconds(20) };
        await using var bench = await BenchHost.StartAsync([BenchHost.Plugin(manifest, package.Find(manifest.Main)!.Value)], limits, cancellationToken: cancellationToken);
        // The first time it is started, not woken.
        for (var wake = 0; wake <= Wakes; wake++)
        {
            var began = Stopwatch.GetTimestamp();
            if (await bench.Host.Extensions.ComputeAsync(Score, [BenchSubject.Row(1)], cancellationToken) is not ComputeResult.Computed)
                throw new InvalidOperationException("the plugin computed nothing");
            if (wake > 0) wakes.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await UntilAsync(() => bench.Host.Plugins.Single().State == PluginState.Hibernated, cancellationToken);
        }
    }

    private static async Task UntilAsync(Func<bool> condition, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        while (!condition()) await Task.Delay(1, patience.Token);
    }
}
