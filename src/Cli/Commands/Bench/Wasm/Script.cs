using System.Collections.Immutable;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>A function of <c>bench/wasm/workloads.js</c>: takes a size, returns a checksum.</summary>
internal sealed record Script(string Name, string Function, int Size)
{
    public static ImmutableArray<Script> All { get; } =
    [
        new("JSON.parse of 1 MB of pods", "parse", 1_000_000),
        new("JSON.stringify of 1 MB of pods", "stringify", 1_000_000),
        new("regular expression over 20,000 lines", "regex", 20_000),
        new("sort of 15,000 objects", "sort", 15_000),
        new("strings, split and join", "strings", 30_000),
        new("objects, classes, maps", "objects", 8_000),
        new("loop", "loop", 600_000),
        new("fib(25)", "fib", 25),
    ];
}
