using System.Collections.Immutable;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>A module of <c>bench/wasm/kernels</c>: <c>run(n)</c> does work that grows with n and returns a checksum.</summary>
/// <param name="Name">For people.</param>
/// <param name="File">Of the module, without its ending.</param>
/// <param name="Sizes">Three n, whose work is about 1, 10 and 100 times the same; V8 takes some 100 ms for the last.</param>
/// <param name="Work">The work of an n, up to a constant.</param>
internal sealed record Kernel(string Name, string File, ImmutableArray<int> Sizes, Func<int, double> Work)
{
    private const double GoldenRatio = 1.618033988749895;

    public static ImmutableArray<Kernel> All { get; } =
    [
        new("fib", "fib", [26, 31, 36], n => Math.Pow(GoldenRatio, n)),
        new("matmul", "matmul", [86, 186, 400], n => Math.Pow(n, 3)),
        new("SHA-256", "sha256", [100, 1_000, 10_000], n => n),
        new("sieve", "sieve", [80_000, 800_000, 8_000_000], n => n),
        new("n-body", "nbody", [7_000, 70_000, 700_000], n => n),
        new("mandelbrot", "mandelbrot", [80, 252, 800], n => Math.Pow(n, 2)),
        new("mandelbrot, SIMD", "mandelbrot-simd", [120, 380, 1_200], n => Math.Pow(n, 2)) { UsesSimd = true },
        new("interpreter", "interpreter", [250, 2_100, 18_000], n => n * Math.Log(n)),
        new("memory copy", "copy", [70, 700, 7_000], n => n),
    ];

    /// <summary>wasm2c of Debian 12 does not know vectors.</summary>
    public bool UsesSimd { get; init; }

    public int MainSize => Sizes[^1];
}
