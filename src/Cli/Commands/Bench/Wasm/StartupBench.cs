using System.Collections.Immutable;
using System.Globalization;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>
/// Decoding, validation, translation and the first call of modules of several sizes: in a warm process, and the first time
/// in a new one. Every module is new to the engine that takes it.
/// </summary>
internal sealed class StartupBench : IDisposable
{
    private const string Eager = "V8, all functions";
    private const string SmallFunction = "a small function";
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly WasmBenchOptions _options;
    private readonly WasmPeers _peers;
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("lazyoc-bench-");
    private int _salt;

    private StartupBench(WasmBenchOptions options, WasmPeers peers) => (_options, _peers) = (options, peers);

    public static async Task<BenchReport> RunAsync(WasmBenchOptions options, CancellationToken cancellationToken)
    {
        using var bench = new StartupBench(options, await WasmPeers.FindAsync(needsNative: false, cancellationToken));
        return await bench.RunAsync(cancellationToken);
    }

    public void Dispose()
    {
        Progress.Clear();
        _work.Delete(recursive: true);
    }

    private async Task<BenchReport> RunAsync(CancellationToken cancellationToken)
    {
        var generated = new GeneratedModule(_peers.PathOf("kernels"));
        var modules = new List<Subject>();
        foreach (var bytes in _options.ModuleBytes)
        {
            var module = generated.OfFunctions(bytes);
            modules.Add(new Subject(Megabytes(bytes) + ", generated", SmallFunction, module, GeneratedModule.SmallExport, 0));
            modules.Add(new Subject(Megabytes(bytes) + ", generated", "16 functions", module, GeneratedModule.Export, 0));
        }

        if (QuickJsFile.Find() is { } quickJs)
        {
            var bytes = await File.ReadAllBytesAsync(quickJs, cancellationToken);
            modules.Add(new Subject(Megabytes(bytes.Length) + ", quickjs.wasm", SmallFunction, bytes, "JS_GetRuntimeOpaque", 1024));
            modules.Add(new Subject(Megabytes(bytes.Length) + ", quickjs.wasm", "its malloc", bytes, "wasm_malloc", 16));
        }
        else
        {
            _peers.Miss("quickjs.wasm", QuickJsFile.Hint);
        }

        var rows = new List<BenchRow>();
        foreach (var module in modules) rows.Add(await WarmAsync(module, cancellationToken));
        foreach (var module in modules) rows.Add(await ColdAsync(module, cancellationToken));
        return new BenchReport
        {
            Subject = "wasm --startup",
            Peers = _peers.Versions,
            Rows = [.. rows],
            Growth =
            [
                await GrowthAsync("module of many functions, against its bytes", _options.GrowthBytes, generated.OfFunctions, cancellationToken),
                await GrowthAsync("one function, against its bytes", _options.FunctionBytes, generated.OfOneFunction, cancellationToken),
            ],
            Missing = _peers.Missing,
        };
    }

    private async Task<BenchRow> WarmAsync(Subject module, CancellationToken cancellationToken)
    {
        var file = await WriteAsync(module, cancellationToken);
        await using var v8 = _peers.HasV8 ? _peers.StartV8(WasmPeers.V8, "startup.mjs", module.Arguments(file)) : null;
        await using var eager = _peers.HasV8 ? PeerProcess.Start(Eager, "node", ["--no-wasm-lazy-compilation", _peers.PathOf("startup.mjs"), .. module.Arguments(file)]) : null;
        Side[] sides = [OursOf(module), .. SideOf(WasmPeers.V8, v8), .. SideOf(Eager, eager)];
        var medians = await SideBySide.MeasureAsync(module.Name, sides, 0, _options, cancellationToken);
        return Row(module, "warm", medians);
    }

    private async Task<BenchRow> ColdAsync(Subject module, CancellationToken cancellationToken)
    {
        var file = await WriteAsync(module, cancellationToken);
        List<Side> sides = [new(Side.Ours, async (_, token) => (await OwnProgram.OnceAsync(["load", .. module.Arguments(file)], token)).Lap)];
        if (_peers.HasV8)
            sides.Add(new(WasmPeers.V8, async (_, token) => (await OwnProgram.LapAsync("node", [_peers.PathOf("startup.mjs"), .. module.Arguments(file), "once"], token)).Lap));
        var medians = await SideBySide.MeasureAsync($"{module.Name}, cold", sides, 0, _options with { Warmups = 1 }, cancellationToken);
        return Row(module, "cold", medians);
    }

    private static BenchRow Row(Subject module, string process, ImmutableDictionary<string, double> medians) =>
        SideBySide.Row($"{module.Name}, {module.Called}: {process}", "ms", NanosecondsPerMillisecond, medians) with
        {
            Mean = $"{BenchRow.GeometricMean}, {process}{(module.Called == SmallFunction ? "" : ", larger functions")}",
        };

    private async Task<BenchGrowth> GrowthAsync(string name, ImmutableArray<int> sizes, Func<int, byte[]> generate, CancellationToken cancellationToken)
    {
        var points = new List<GrowthPoint>();
        foreach (var size in sizes)
        {
            var module = new Subject(name, SmallFunction, generate(size), GeneratedModule.Export, 0);
            var medians = await SideBySide.MeasureAsync(name, [OursOf(module)], size, _options, cancellationToken);
            points.Add(new GrowthPoint(module.Bytes.Length, Math.Round(medians[Side.Ours] / NanosecondsPerMillisecond, 3)));
        }

        return new BenchGrowth { Name = name, Unit = "ms", Points = [.. points] };
    }

    private Side OursOf(Subject module) => Side.OfEngine(Side.Ours, _ =>
    {
        // What earlier rounds left is collected now, not while the next is measured.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return ModuleStart.Run(module.Bytes, ++_salt, module.Export, module.Argument);
    });

    private IEnumerable<Side> SideOf(string name, PeerProcess? process)
    {
        if (process is not null)
            yield return new Side(name, (_, cancellationToken) => process.AskAsync((++_salt).ToString(CultureInfo.InvariantCulture), cancellationToken));
    }

    private async Task<string> WriteAsync(Subject module, CancellationToken cancellationToken)
    {
        var file = Path.Combine(_work.FullName, "module.wasm");
        await File.WriteAllBytesAsync(file, module.Bytes, cancellationToken);
        return file;
    }

    private static string Megabytes(int bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0##} MB");

    /// <summary>A module, with its salt, and the call that ends its start.</summary>
    private sealed class Subject(string name, string called, byte[] module, string export, int argument)
    {
        public string Name { get; } = name;

        /// <summary>What the call reaches.</summary>
        public string Called { get; } = called;

        public byte[] Bytes { get; } = GeneratedModule.Salted(module);

        public string Export { get; } = export;

        public int Argument { get; } = argument;

        public string[] Arguments(string file) => [file, Export, Argument.ToString(CultureInfo.InvariantCulture)];
    }
}
