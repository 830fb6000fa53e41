using LazyOC.Cli.Commands.Bench;
using LazyOC.Cli.Commands.Bench.Wasm;

namespace LazyOC.Cli.Tests.Bench;

/// <summary>Every mode of <c>bench wasm</c> with hardly any work: the peers are real, the figures mean nothing.</summary>
public sealed class WasmBenchTests
{
    private static readonly WasmBenchOptions Tiny = new()
    {
        Runs = 1,
        Warmups = 1,
        Kernels = [.. Kernel.All.Select(kernel => kernel with { Sizes = [4, 8, 16] })],
        ModuleBytes = [20_000, 40_000],
        GrowthBytes = [10_000, 20_000, 40_000],
        FunctionBytes = [1_000, 2_000, 4_000],
        Scripts = [.. Script.All.Select(script => script with { Size = Math.Min(script.Size, 1_000) }).Select(script => script.Function == "fib" ? script with { Size = 10 } : script)],
        VirtualMachines = 2,
        Calls = 1_000,
    };

    [PeerFact("node", "wasm2c", "gcc")]
    public async Task Kernels_OfAllSides_AgreeAndHaveFigures()
    {
        var report = await KernelBench.RunAsync(Tiny, CancellationToken.None);

        Assert.Equal(["V8", "native"], report.Peers.Keys.Order(StringComparer.Ordinal));
        var measured = Kernel.All.Where(kernel => report.Rows.Any(row => row.Name == kernel.Name)).ToArray();
        foreach (var kernel in measured)
        {
            var row = Row(report, kernel.Name);
            AssertFigures(row, kernel.UsesSimd ? ["V8"] : ["V8", "native"]);
            AssertFigures(Row(report, $"{kernel.Name}, metered"), ["LazyOC, unmetered"]);
        }

        // What the engine does not take is named, never left out.
        Assert.All(Kernel.All.Except(measured), kernel => Assert.Contains(report.Missing, missing => missing.StartsWith(kernel.Name, StringComparison.Ordinal)));
        Assert.All(Kernel.All.Where(kernel => !kernel.UsesSimd), kernel => Assert.Contains(kernel, measured));
        Assert.All(report.Growth, growth => Assert.Equal(3, growth.Points.Length));
        Assert.Equal(measured.Length, report.Growth.Length);
        Assert.True(report.Summary.ContainsKey("geometric mean ÷ V8"));
        Assert.True(report.Summary.ContainsKey("geometric mean ÷ native"));
        Assert.True(report.Summary.ContainsKey("geometric mean, metered ÷ LazyOC, unmetered"));
    }

    [PeerFact("node")]
    public async Task Startup_OfAllModules_HasFiguresWarmAndCold()
    {
        var report = await StartupBench.RunAsync(Tiny, CancellationToken.None);

        Assert.Empty(report.Missing);
        Assert.Equal(12, report.Rows.Length);
        Assert.All(report.Rows.Where(row => row.Name.EndsWith("warm", StringComparison.Ordinal)), row => AssertFigures(row, ["V8", "V8, all functions"]));
        Assert.All(report.Rows.Where(row => row.Name.EndsWith("cold", StringComparison.Ordinal)), row => AssertFigures(row, ["V8"]));
        Assert.Equal(2, report.Growth.Length);
    }

    [PeerFact("node")]
    public async Task JavaScript_OfBothSides_AgreesAndHasFigures()
    {
        var report = await JavaScriptBench.RunAsync(Tiny, CancellationToken.None);

        Assert.Empty(report.Missing);
        Assert.Equal(Script.All.Length + 3, report.Rows.Length);
        // Two instances may take no page that was not there; everything else takes time.
        Assert.All(report.Rows.Where(row => row.Unit == "ms"), row => AssertFigures(row, ["V8"]));
        Assert.All(Script.All, script => Assert.Contains(report.Rows, row => row.Name == script.Name));
    }

    [PeerFact("node")]
    public async Task Calls_OfBothSides_AgreeAndHaveFigures()
    {
        var report = await CallBench.RunAsync(Tiny, CancellationToken.None);

        Assert.Empty(report.Missing);
        Assert.Equal(4, report.Rows.Length);
        Assert.All(report.Rows, row => AssertFigures(row, row.Name.Contains("calling instance", StringComparison.Ordinal) ? [] : ["V8"]));
    }

    [Fact]
    public async Task SideBySide_ResultsThatDiffer_AreAnError()
    {
        Side[] sides = [Side.OfEngine(Side.Ours, _ => new Lap(1, "41")), Side.OfEngine("V8", _ => new Lap(1, "42"))];

        var error = await Assert.ThrowsAsync<UserError>(() => SideBySide.MeasureAsync("sum", sides, 7, Tiny, CancellationToken.None));

        Assert.Equal("sum of size 7: `LazyOC` came to 41, `V8` to 42", error.Message);
    }

    [PeerFact("node")]
    public async Task PeerProcess_ProblemOrEnd_IsAnErrorThatSaysSo()
    {
        await using var failing = PeerProcess.Start("V8", "node", "-e", "process.stdin.on('data', () => console.log('! out of luck'))");
        await using var ending = PeerProcess.Start("V8", "node", "-e", "console.error('no more'); process.exit(1)");

        var problem = await Assert.ThrowsAsync<UserError>(() => failing.AskAsync("fib", CancellationToken.None));
        var end = await Assert.ThrowsAsync<UserError>(() => ending.AskAsync("fib", CancellationToken.None));

        Assert.Equal("V8 answered `fib` with: ! out of luck", problem.Message);
        Assert.Equal("V8 answered `fib` with: no more", end.Message);
    }

    [Fact]
    public void GeneratedModules_OfASize_AreValidAndAlwaysTheSame()
    {
        var kernels = Path.Combine(BenchFolder.Require("wasm"), "kernels");

        var module = new GeneratedModule(kernels).OfFunctions(50_000);
        var function = new GeneratedModule(kernels).OfOneFunction(5_000);

        Assert.InRange(module.Length, 50_000, 60_000);
        Assert.InRange(function.Length, 5_000, 7_000);
        Assert.Equal(module, new GeneratedModule(kernels).OfFunctions(50_000));
        Assert.Equal("0", ModuleStart.Run(GeneratedModule.Salted(function), 1, GeneratedModule.Export, 0).Result);
        Assert.Equal(ModuleStart.Run(GeneratedModule.Salted(module), 1, GeneratedModule.Export, 0).Result, ModuleStart.Run(GeneratedModule.Salted(module), 2, GeneratedModule.Export, 0).Result);
    }

    [Fact]
    public void Summary_OfRowsThatBelongTogether_HasTheGeometricMean()
    {
        var report = new BenchReport
        {
            Subject = "test",
            Rows =
            [
                new BenchRow { Name = "a", Unit = "ms", Ours = 2, Peers = Peer(1), Mean = BenchRow.GeometricMean },
                new BenchRow { Name = "b", Unit = "ms", Ours = 8, Peers = Peer(1), Mean = BenchRow.GeometricMean },
                new BenchRow { Name = "c", Unit = "KiB", Ours = 100, Peers = Peer(1) },
            ],
            Growth = [new BenchGrowth { Name = "square", Unit = "ms", Points = [new(1, 3), new(10, 300), new(100, 30_000)] }],
        };

        Assert.Equal(4, report.Summary["geometric mean ÷ peer"]);
        Assert.Equal(100, report.Summary["c ÷ peer"]);
        Assert.Equal(2, report.Growth[0].Exponent);

        static System.Collections.Immutable.ImmutableSortedDictionary<string, double> Peer(double value) =>
            System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty.Add("peer", value);
    }

    private static BenchRow Row(BenchReport report, string name) => Assert.Single(report.Rows, row => row.Name == name);

    private static void AssertFigures(BenchRow row, string[] peers)
    {
        Assert.True(row.Ours > 0, row.Name);
        Assert.Equal(peers.Order(StringComparer.Ordinal), row.Peers.Keys.Order(StringComparer.Ordinal));
        Assert.All(row.Peers.Values, value => Assert.True(value > 0, row.Name));
    }
}
