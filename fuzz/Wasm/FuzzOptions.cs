using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Fuzz.Wasm.Differential;

namespace LazyOC.Fuzz.Wasm;

/// <summary>What the command line asks for.</summary>
internal sealed record FuzzOptions
{
    public const int FullModules = 50_000;
    public const int FullMutants = 500_000;
    public const double FullMinutes = 10;

    public const string Usage = $$"""
        Proves the WebAssembly engine: against V8, against damaged modules, and over time.

        usage: fuzz/run [differential|mutation|soak|all] [options]

          differential      modules of binaryen's fuzzer do here what they do in V8 (50,000)
          mutation          damaged modules are refused, or run and trap, as in V8 (500,000)
          soak              8 instances on 2 threads: nothing grows (10 minutes)
          all               one after the other; the default

          --seed N          the first seed; 1 when not given
          --count N         how many modules or mutants
          --minutes M       how long the soak takes
          --replay SEED     one module, with both outcomes and the module kept
          --features A,B    what generated modules may use, in the words of wasm-opt
          --jobs N          how many modules are generated at once

        A log is kept in artifacts/fuzz, and that of a full run in fuzz/logs.

        examples:
          fuzz/run                                    everything, in full
          fuzz/run differential --count 1000          the first thousand
          fuzz/run differential --replay 2340         one that differed
          fuzz/run mutation --seed 100001 --count 20000
          fuzz/run soak --minutes 3
        """;

    public required string Kind { get; init; }

    public int FirstSeed { get; init; } = 1;

    public int? Count { get; init; }

    public double Minutes { get; init; } = FullMinutes;

    public int? Replay { get; init; }

    public ImmutableArray<string> Features { get; init; } = DifferentialCampaign.DefaultFeatures;

    public int Jobs { get; init; } = Environment.ProcessorCount;

    public bool Does(string kind) => Kind is "all" || string.Equals(Kind, kind, StringComparison.Ordinal);

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It asks for something unknown.</exception>
    public static FuzzOptions Parse(IReadOnlyList<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        var options = new FuzzOptions { Kind = rest.TryPeek(out var first) && first is "differential" or "mutation" or "soak" or "all" ? rest.Dequeue() : "all" };
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--seed" => options with { FirstSeed = Number(name, rest) },
                "--count" => options with { Count = Number(name, rest) },
                "--replay" => options with { Replay = Number(name, rest) },
                "--jobs" => options with { Jobs = Number(name, rest) },
                "--minutes" => options with { Minutes = double.TryParse(Value(name, rest), CultureInfo.InvariantCulture, out var minutes) ? minutes : throw new FormatException($"`{name}` needs a number") },
                "--features" => options with { Features = [.. Value(name, rest).Split(',')] },
                _ => throw new FormatException($"`{name}` is unknown"),
            };
        }
        return options;
    }

    private static string Value(string name, Queue<string> rest) =>
        rest.TryDequeue(out var value) ? value : throw new FormatException($"`{name}` needs a value");

    private static int Number(string name, Queue<string> rest) =>
        int.TryParse(Value(name, rest), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"`{name}` needs a number");
}
