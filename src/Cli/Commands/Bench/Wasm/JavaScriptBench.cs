using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>JavaScript on QuickJS: compiled by this build ahead of time, beside the same module on V8.</summary>
internal sealed class JavaScriptBench
{
    public const string FirstScript = "6 * 7";

    private const double NanosecondsPerMillisecond = 1e6;

    private readonly WasmBenchOptions _options;
    private readonly WasmPeers _peers;
    private readonly string? _quickJs;

    private JavaScriptBench(WasmBenchOptions options, WasmPeers peers)
    {
        (_options, _peers) = (options, peers);
        _quickJs = peers.HasV8 ? QuickJsFile.Find() : null;
        if (peers.HasV8 && _quickJs is null) peers.Miss(WasmPeers.V8, QuickJsFile.Hint);
        if (!QuickJs.UsesNativeImage) peers.Miss("precompiled QuickJS", "it is compiled just in time here, and slower for it");
    }

    public static async Task<BenchReport> RunAsync(WasmBenchOptions options, CancellationToken cancellationToken)
    {
        try
        {
            return await new JavaScriptBench(options, await WasmPeers.FindAsync(needsNative: false, cancellationToken)).RunAsync(cancellationToken);
        }
        finally
        {
            Progress.Clear();
        }
    }

    private async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var program = _peers.PathOf("workloads.js");
        var text = await File.ReadAllTextAsync(program, cancellationToken);
        using var ours = LazyOC.Wasm.GuestThread.Run(() => new QuickJs());
        LazyOC.Wasm.GuestThread.Run(() => ours.Evaluate(text));
        await using var v8 = _quickJs is null ? null : _peers.StartV8(WasmPeers.V8, "javascript.mjs", _quickJs, "run", program);

        // All of them before any is measured: both compile what is hot in the background, while they run.
        foreach (var script in _options.Scripts)
            await MeasureAsync(script);
        var rows = new List<BenchRow>();
        foreach (var script in _options.Scripts)
            rows.Add(SideBySide.Row(script.Name, "ms", NanosecondsPerMillisecond, await MeasureAsync(script)) with { Mean = BenchRow.GeometricMean });
        var growth = new List<BenchGrowth>();
        foreach (var script in _options.Scripts.Where(script => script.Function is "parse" or "sort"))
            growth.Add(await GrowthAsync(script));
        rows.Add(SideBySide.Row("second instance and its first script", "ms", NanosecondsPerMillisecond, await InstanceAsync()));
        rows.Add(await FirstScriptAsync(cancellationToken));
        rows.Add(await MemoryAsync(cancellationToken));
        return new BenchReport { Subject = "wasm --js", Peers = _peers.Versions, Rows = [.. rows], Growth = [.. growth], Missing = _peers.Missing };

        Side OursOf(Script script) => Side.OfEngine(Side.Ours, size => ours.Run(string.Create(CultureInfo.InvariantCulture, $"{script.Function}({size})")));

        IEnumerable<Side> V8Of(string question)
        {
            if (v8 is not null)
                yield return new Side(WasmPeers.V8, (size, token) => v8.AskAsync(string.Create(CultureInfo.InvariantCulture, $"{question} {size}"), token));
        }

        Task<ImmutableDictionary<string, double>> MeasureAsync(Script script) =>
            SideBySide.MeasureAsync(script.Name, [OursOf(script), .. V8Of(script.Function)], script.Size, _options, cancellationToken);

        Task<ImmutableDictionary<string, double>> InstanceAsync() => SideBySide.MeasureAsync(
            "second instance", [Side.OfEngine(Side.Ours, _ => Once.FirstScript()), .. V8Of("instance")], 0, _options, cancellationToken);

        async Task<BenchGrowth> GrowthAsync(Script script)
        {
            var points = new List<GrowthPoint>();
            foreach (var size in (int[])[script.Size / 100, script.Size / 10, script.Size])
            {
                var medians = await SideBySide.MeasureAsync(script.Name, [OursOf(script)], size, _options, cancellationToken);
                points.Add(new GrowthPoint(size, Math.Round(medians[Side.Ours] / NanosecondsPerMillisecond, 4)));
            }

            return new BenchGrowth { Name = $"{script.Function}, against its size", Unit = "ms", Points = [.. points] };
        }
    }

    /// <summary>Whole processes, from their start to their end.</summary>
    private async Task<BenchRow> FirstScriptAsync(CancellationToken cancellationToken)
    {
        const string name = "new process: start, first script, end";
        List<Side> sides = [new(Side.Ours, async (_, token) => Whole(await OwnProgram.OnceAsync(["script"], token)))];
        if (_quickJs is not null)
            sides.Add(new(WasmPeers.V8, async (_, token) => Whole(await OwnProgram.LapAsync("node", [_peers.PathOf("javascript.mjs"), _quickJs, "first"], token))));
        return SideBySide.Row(name, "ms", NanosecondsPerMillisecond, await SideBySide.MeasureAsync(name, sides, 0, _options with { Warmups = 1 }, cancellationToken));

        static Lap Whole((Lap Lap, TimeSpan Elapsed) process) => process.Lap with { Nanoseconds = process.Elapsed.TotalNanoseconds };
    }

    /// <summary>What idle instances add to the resident memory of a new process.</summary>
    private async Task<BenchRow> MemoryAsync(CancellationToken cancellationToken)
    {
        const string name = "memory of an idle instance";
        var count = _options.VirtualMachines.ToString(CultureInfo.InvariantCulture);
        List<Side> sides = [new(Side.Ours, async (_, token) => (await OwnProgram.OnceAsync(["memory", count], token)).Lap)];
        if (_quickJs is not null)
            sides.Add(new(WasmPeers.V8, async (_, token) => (await OwnProgram.LapAsync("node", [_peers.PathOf("javascript.mjs"), _quickJs, "memory", count], token)).Lap));
        return SideBySide.Row(name, "KiB", 1024.0 * _options.VirtualMachines, await SideBySide.MeasureAsync(name, sides, 0, _options with { Warmups = 0 }, cancellationToken));
    }
}
