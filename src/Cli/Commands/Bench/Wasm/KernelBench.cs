using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LazyOC.Wasm;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>Compute kernels: this engine as it is used, the same with fuel, V8 and native code of the same module.</summary>
internal static class KernelBench
{
    private const string Metered = "LazyOC, metered";
    private const double NanosecondsPerMillisecond = 1e6;

    public static async Task<BenchReport> RunAsync(WasmBenchOptions options, CancellationToken cancellationToken)
    {
        var work = Directory.CreateTempSubdirectory("lazyoc-bench-");
        try
        {
            var peers = await WasmPeers.FindAsync(needsNative: true, cancellationToken);
            var (rows, metered, growth) = (new List<BenchRow>(), new List<BenchRow>(), new List<BenchGrowth>());
            foreach (var kernel in options.Kernels)
            {
                if (EngineKernel.Refusal(peers.ModuleOf(kernel)) is { } refusal)
                {
                    peers.Miss(kernel.Name, $"{Side.Ours} refuses the module: {refusal}");
                    continue;
                }

                await MeasureAsync(kernel);
            }

            return new BenchReport { Subject = "wasm", Peers = peers.Versions, Rows = [.. rows, .. metered], Growth = [.. growth], Missing = peers.Missing };

            async Task MeasureAsync(Kernel kernel)
            {
                using var ours = new EngineKernel(peers.ModuleOf(kernel), isMetered: false);
                using var oursMetered = new EngineKernel(peers.ModuleOf(kernel), isMetered: true);
                await using var v8 = peers.HasV8 ? peers.StartV8(WasmPeers.V8, "kernel.mjs", peers.ModuleOf(kernel)) : null;
                await using var native = await StartNativeAsync(kernel, peers, work.FullName, cancellationToken);
                Side[] sides =
                [
                    Side.OfEngine(Side.Ours, ours.Run),
                    Side.OfEngine(Metered, oursMetered.Run),
                    .. SideOf(WasmPeers.V8, v8),
                    .. SideOf(WasmPeers.Native, native),
                ];
                var medians = await SideBySide.MeasureAsync(kernel.Name, sides, kernel.MainSize, options, cancellationToken);
                rows.Add(SideBySide.Row(kernel.Name, "ms", NanosecondsPerMillisecond, medians.Remove(Metered)) with { Mean = BenchRow.GeometricMean });
                metered.Add(SideBySide.Row($"{kernel.Name}, metered", "ms", NanosecondsPerMillisecond, Without(medians), Metered) with { Mean = $"{BenchRow.GeometricMean}, metered" });
                growth.Add(await GrowthAsync(kernel, sides[0], medians[Side.Ours]));
            }

            async Task<BenchGrowth> GrowthAsync(Kernel kernel, Side ours, double mainNanoseconds)
            {
                var points = new List<GrowthPoint>();
                foreach (var size in kernel.Sizes[..^1])
                    points.Add(Point(size, (await SideBySide.MeasureAsync(kernel.Name, [ours], size, options, cancellationToken))[Side.Ours]));
                points.Add(Point(kernel.MainSize, mainNanoseconds));
                return new BenchGrowth { Name = $"{kernel.Name}, against its work", Unit = "ms", Points = [.. points] };

                GrowthPoint Point(int size, double nanoseconds) =>
                    new(Math.Round(kernel.Work(size) / kernel.Work(kernel.Sizes[0]), 2), Math.Round(nanoseconds / NanosecondsPerMillisecond, 4));
            }
        }
        finally
        {
            Progress.Clear();
            work.Delete(recursive: true);
        }
    }

    private static ImmutableDictionary<string, double> Without(ImmutableDictionary<string, double> medians) =>
        medians.Where(median => median.Key is Side.Ours or Metered)
            .ToImmutableDictionary(median => median.Key == Side.Ours ? "LazyOC, unmetered" : median.Key, median => median.Value, StringComparer.Ordinal);

    private static IEnumerable<Side> SideOf(string name, PeerProcess? process)
    {
        if (process is not null)
            yield return new Side(name, (size, cancellationToken) => process.AskAsync(size.ToString(CultureInfo.InvariantCulture), cancellationToken));
    }

    private static async Task<PeerProcess?> StartNativeAsync(Kernel kernel, WasmPeers peers, string work, CancellationToken cancellationToken)
    {
        if (!peers.HasNative) return null;
        if (kernel.UsesSimd)
        {
            peers.Miss($"{WasmPeers.Native}: {kernel.Name}", "not measured, because wasm2c of Debian 12 has no vectors");
            return null;
        }

        Progress.Show($"{kernel.Name}: compiling it with wasm2c and gcc");
        try
        {
            return PeerProcess.Start(WasmPeers.Native, await NativeKernel.BuildAsync(peers.ModuleOf(kernel), peers.PathOf("kernel.c"), work, cancellationToken));
        }
        catch (UserError error)
        {
            peers.Miss($"{WasmPeers.Native}: {kernel.Name}", error.Message);
            return null;
        }
    }
}

/// <summary>A kernel in this engine: interrupt checks and stack guard on, as always.</summary>
internal sealed class EngineKernel : IDisposable
{
    private readonly WasmInstance _instance;
    private readonly Func<int, long> _run;

    public EngineKernel(string module, bool isMetered)
    {
        _instance = WasmModule.Load(File.ReadAllBytes(module))
            .Instantiate(new WasmLinker(), new InstanceOptions { Fuel = isMetered ? long.MaxValue : null });
        _run = _instance.GetFunction<Func<int, long>>("run");
    }

    /// <summary>Why the engine does not take the module; null when it does.</summary>
    public static string? Refusal(string module)
    {
        try
        {
            WasmModule.Load(File.ReadAllBytes(module));
            return null;
        }
        catch (WasmFormatException refused)
        {
            return refused.Message;
        }
    }

    public Lap Run(int size)
    {
        var started = Stopwatch.GetTimestamp();
        var checksum = _run(size);
        return new Lap(Stopwatch.GetElapsedTime(started).TotalNanoseconds, checksum.ToString(CultureInfo.InvariantCulture));
    }

    public void Dispose() => _instance.Dispose();
}
