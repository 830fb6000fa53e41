using System.Collections.Immutable;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>How much is measured. The defaults are those of the command; a test takes less.</summary>
internal sealed record WasmBenchOptions
{
    /// <summary>Measured runs of each side.</summary>
    public required int Runs { get; init; }

    /// <summary>Runs before those: V8 moves to optimised code in them, and our precompiled code to that of the second tier.</summary>
    public int Warmups { get; init; } = 3;

    public ImmutableArray<Kernel> Kernels { get; init; } = Kernel.All;

    /// <summary>Sizes of the modules that are made for the start, in bytes.</summary>
    public ImmutableArray<int> ModuleBytes { get; init; } = [100_000, 2_000_000];

    /// <summary>Sizes of modules, and of a single function, over which growth is fitted.</summary>
    public ImmutableArray<int> GrowthBytes { get; init; } = [20_000, 200_000, 2_000_000];

    public ImmutableArray<int> FunctionBytes { get; init; } = [2_000, 20_000, 200_000];

    public ImmutableArray<Script> Scripts { get; init; } = Script.All;

    /// <summary>Virtual machines whose memory is measured together.</summary>
    public int VirtualMachines { get; init; } = 20;

    /// <summary>Calls of one run.</summary>
    public int Calls { get; init; } = 5_000_000;
}
