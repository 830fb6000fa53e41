using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Events;

namespace LazyOC.Cli.Commands.Bench.Guests;

/// <summary>
/// A plugin with state is replaced by its next version again and again while 1,000 events a second go to it. The peer is what
/// replaces code where there is no hot swap: a process of the same code, ended and started anew, its state lost.
/// </summary>
internal static class SwapBench
{
    private const int EventsPerSecond = 1_000;
    private const int SwapsPerRun = 10;
    private const int StateBytes = 64 << 10;
    private const string Id = "acme.bench";
    private const string Topic = "plugin.tick";
    private const string Peer = "Node process, restarted";

    private static readonly TimeSpan BetweenSwaps = TimeSpan.FromMilliseconds(200);

    private static readonly PluginEvent Data = new() { Plugin = "acme.bench", Version = "1.0.0", From = "enabled", To = "active" };

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var (pauses, swaps, quiet, restarts) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var (lost, doubled) = (0L, 0L);
        string? missing = null;
        for (var run = 0; run < runs; run++)
        {
            var count = await SwapAsync(pauses, swaps, quiet, cancellationToken);
            lost += count.Lost;
            doubled += count.Doubled;
            missing ??= await RestartAsync(restarts, cancellationToken);
        }

        return new BenchReport
        {
            Subject = "swap",
            Rows =
            [
                new BenchRow
                {
                    Name = "longest time without an event handled, in a swap",
                    Unit = "ms",
                    Ours = Median.Of(pauses),
                    Peers = missing is null ? ImmutableSortedDictionary<string, double>.Empty.Add(Peer, Median.Of(restarts)) : ImmutableSortedDictionary<string, double>.Empty,
                },
                new BenchRow { Name = "the same, worst swap", Unit = "ms", Ours = pauses.Max() },
                new BenchRow { Name = "the same, between swaps", Unit = "ms", Ours = Median.Of(quiet) },
                new BenchRow { Name = "the swap, from the package to `started`", Unit = "ms", Ours = Median.Of(swaps) },
                new BenchRow { Name = "events lost", Unit = "events", Ours = lost },
                new BenchRow { Name = "events doubled", Unit = "events", Ours = doubled },
            ],
            Missing = missing is null ? [] : [missing],
        };
    }

    private static async Task<EventCount> SwapAsync(List<double> pauses, List<double> swaps, List<double> quiet, CancellationToken cancellationToken)
    {
        var count = new EventCount(Topic);
        await using var bench = await BenchHost.StartAsync([Version(0)], new RuntimeLimits(), (_, message, reply) => count.Take(message, reply), cancellationToken);
        await bench.Host.Extensions.WhenSettledAsync(cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var publishing = Task.Run(() => PublishAsync(bench.Host.Bus, enough.Token), CancellationToken.None);
        var windows = new List<(long From, long To)>();
        for (var swap = 1; swap <= SwapsPerRun; swap++)
        {
            await Task.Delay(BetweenSwaps, cancellationToken);
            var began = Stopwatch.GetTimestamp();
            var change = (await bench.Host.ApplyAsync([Version(swap)], cancellationToken)).Single();
            if (change is not PluginChange.Swapped) throw new InvalidOperationException($"the swap ended in {change}");
            swaps.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            windows.Add((began, Stopwatch.GetTimestamp()));
        }
        await Task.Delay(BetweenSwaps, cancellationToken);
        await enough.CancelAsync();
        await count.ReachAsync(await publishing).WaitAsync(TimeSpan.FromMinutes(1), cancellationToken);

        var handled = count.HandledAt;
        foreach (var (from, to) in windows)
        {
            pauses.Add(LongestGap(handled, from, to));
            // As long a time that ends where the swap begins.
            quiet.Add(LongestGap(handled, from - (to - from), from));
        }
        return count;
    }

    /// <summary>Publishes at an even rate until there are enough; how many that were.</summary>
    private static async Task<long> PublishAsync(EventBus bus, CancellationToken enough)
    {
        var started = Stopwatch.GetTimestamp();
        var published = 0L;
        while (!enough.IsCancellationRequested)
        {
            for (var due = Stopwatch.GetElapsedTime(started).TotalSeconds * EventsPerSecond; published < due; published++) bus.Publish(Topic, Data, ContractJson.Default.PluginEvent);
            await Task.Delay(1, CancellationToken.None);
        }
        return published;
    }

    /// <summary>The longest time between two events handled of which one is in a window, in milliseconds.</summary>
    private static double LongestGap(long[] handled, long from, long to)
    {
        var longest = 0L;
        for (var i = 1; i < handled.Length; i++)
            if (handled[i] >= from && handled[i - 1] <= to) longest = Math.Max(longest, handled[i] - handled[i - 1]);
        return longest * 1000.0 / Stopwatch.Frequency;
    }

    /// <summary>Ends the process and starts it anew until it has handled an event, several times; null, or why it cannot be measured.</summary>
    private static async Task<string?> RestartAsync(List<double> restarts, CancellationToken cancellationToken)
    {
        if (BenchFolder.Find("peers") is not { } folder) return $"{Peer}: bench/peers is not above the program";
        var work = Directory.CreateTempSubdirectory("lazyoc-bench-");
        try
        {
            var bundle = Path.Combine(work.FullName, "plugin.js");
            await File.WriteAllTextAsync(bundle, Code(0), cancellationToken);
            var message = """{"v":1,"id":"1","type":"event","session":"bench","deadlineMs":5000,"payload":{"topic":"plugin.tick"}}""";
            var peer = await NodePeer.StartAsync(folder, bundle, message, cancellationToken);
            try
            {
                for (var i = 0; i < SwapsPerRun; i++)
                {
                    var began = Stopwatch.GetTimestamp();
                    await peer.DisposeAsync();
                    peer = await NodePeer.StartAsync(folder, bundle, message, cancellationToken);
                    restarts.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                }
            }
            finally
            {
                await peer.DisposeAsync();
            }
            return null;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return $"{Peer}: {error.Message}";
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static InstalledPlugin Version(int version) =>
        BenchHost.Plugin(Id, version, $$""" "permissions": { "events": { "subscribe": ["{{Topic}}"] } }, """, Code(version));

    private static string Code(int version) => string.Create(CultureInfo.InvariantCulture, $$"""
        const version = {{version}};
        let state = { seen: 0, filler: "x".repeat({{StateBytes}}) };
        lazyoc.on("activate", () => lazyoc.call("events.subscribe", { topics: ["{{Topic}}"] }));
        lazyoc.on("event", () => { state.seen++; });
        lazyoc.on("dehydrate", () => ({ state }));
        lazyoc.on("hydrate", (kept) => { state = kept.state; });
        """);
}
