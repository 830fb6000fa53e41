using System.Collections.Immutable;
using System.Diagnostics;
using LazyOC.Tui.Screen;

namespace LazyOC.Cli.Commands.Bench;

/// <summary>
/// The live screen over the real client, on a terminal in memory: what a key costs while a large cluster changes, what rows
/// retain, what idling costs. The server is <see cref="PodFeed"/>, in this process, over HTTP on loopback; the bytes of a
/// frame are made, but no device takes them.
/// </summary>
internal static class TuiBench
{
    private const int Rows = 10_000;
    private const int ChangesPerSecond = 500;
    private const int Keys = 100;
    private const int Fewest = 2;
    private static readonly ImmutableArray<int> Sizes = [1_000, Rows, 50_000];
    private static readonly FrameSize Size = new(200, 60);
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(5);

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var busy = new List<KeyCost>();
        var quiet = new List<KeyCost>();
        var (tableTimes, tableBytes, idle) = (new List<double>(), new List<double>(), new List<double>());
        await using (var screen = await BenchScreen.StartAsync(Rows, Size, cancellationToken))
        {
            await screen.PressAsync(Keys, cancellationToken); // warms up both
            TableBench.Render(Rows, Size.Width);
            for (var run = 0; run < runs; run++)
            {
                screen.ChangesPerSecond = ChangesPerSecond;
                busy.AddRange(await screen.PressAsync(Keys, cancellationToken));
                screen.ChangesPerSecond = 0;
                quiet.AddRange(await screen.PressAsync(Keys, cancellationToken));
                var table = TableBench.Render(Rows, Size.Width);
                tableTimes.Add(table.Milliseconds);
                tableBytes.Add(table.AllocatedBytes);
                idle.Add(await IdleAsync(cancellationToken));
            }
        }
        var retained = await RetainedAsync(cancellationToken);
        return new BenchReport
        {
            Subject = "tui",
            Rows =
            [
                Row($"key to flush, p50: {Rows} pods, {ChangesPerSecond} changes/s", "ms", Percentile(busy, c => c.Milliseconds, 50)),
                Row($"key to flush, p99: {Rows} pods, {ChangesPerSecond} changes/s", "ms", Percentile(busy, c => c.Milliseconds, 99)),
                Row($"a frame of {Rows} rows: key to flush, no changes", "ms", Percentile(quiet, c => c.Milliseconds, 50), Median.Of(tableTimes)),
                Row($"a frame of {Rows} rows: allocated", "bytes", Percentile(quiet, c => c.AllocatedBytes, 50), Median.Of(tableBytes)),
                Row("written for a cursor move, 200 columns", "bytes", Percentile(quiet, c => c.WrittenBytes, 50)),
                Row("idle CPU, a core", "%", Median.Of(idle)),
                .. retained.Select(r => Row($"retained by a row: {r.Rows} rows", "bytes", r.Bytes / r.Rows)),
            ],
            Growth = [new BenchGrowth { Name = "retained by all rows", Unit = "bytes", Points = [.. retained.Select(r => new GrowthPoint(r.Rows, r.Bytes))] }],
        };
    }

    private static BenchRow Row(string name, string unit, double ours, double? table = null) => new()
    {
        Name = name,
        Unit = unit,
        Ours = Math.Round(ours, 4),
        Peers = table is { } peer ? ImmutableSortedDictionary<string, double>.Empty.Add("Spectre.Console table", Math.Round(peer, 4)) : ImmutableSortedDictionary<string, double>.Empty,
    };

    /// <summary>Percent of one core that the process takes while nothing happens but ages growing.</summary>
    private static async Task<double> IdleAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken); // what was under way ends
        var before = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(IdleTime, cancellationToken);
        return 100 * (Environment.CpuUsage.TotalTime - before) / Stopwatch.GetElapsedTime(started);
    }

    /// <summary>What a screen with a number of rows retains beyond one with hardly any.</summary>
    private static async Task<ImmutableArray<(int Rows, double Bytes)>> RetainedAsync(CancellationToken cancellationToken)
    {
        var least = await RetainedByAsync(Fewest, cancellationToken);
        var all = ImmutableArray.CreateBuilder<(int, double)>();
        foreach (var rows in Sizes)
            all.Add((rows, Math.Max(1, await RetainedByAsync(rows, cancellationToken) - least)));
        return all.DrainToImmutable();
    }

    private static async Task<double> RetainedByAsync(int rows, CancellationToken cancellationToken)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var screen = await BenchScreen.StartAsync(rows, Size, cancellationToken);
        await screen.PressAsync(1, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken); // buffers of the list go back
        return GC.GetTotalMemory(forceFullCollection: true) - before;
    }

    private static double Percentile(List<KeyCost> costs, Func<KeyCost, double> of, int percent)
    {
        var sorted = costs.Select(of).Order().ToArray();
        return sorted[Math.Min(sorted.Length - 1, sorted.Length * percent / 100)];
    }
}

/// <summary>What one key press cost.</summary>
/// <param name="Milliseconds">From the key to the end of the frame that shows what it did.</param>
/// <param name="WrittenBytes">Bytes of that frame.</param>
/// <param name="AllocatedBytes">Allocated by the loop since the frame before.</param>
internal readonly record struct KeyCost(double Milliseconds, double WrittenBytes, double AllocatedBytes);
