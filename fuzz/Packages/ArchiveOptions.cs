using System.Globalization;

namespace LazyOC.Fuzz.Packages;

/// <summary>What the command line asks for.</summary>
internal sealed record ArchiveOptions
{
    public const int FullMutants = 100_000;

    public const string Usage = """
        Proves that a package from anywhere is read or refused, and that nothing of it is written outside of the store.

        usage: fuzz/run archive [options]

          --mutants N       how many damaged packages (100,000)
          --from SEED       the first seed; 0 when not given
          --replay SEED     one, which is kept in artifacts/fuzz

        examples:
          fuzz/run archive --mutants 1000
          fuzz/run archive --replay 4711
        """;

    public int From { get; init; }

    public int Mutants { get; init; } = FullMutants;

    public int? Replay { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It asks for something unknown.</exception>
    public static ArchiveOptions Parse(IReadOnlyList<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        if (rest.TryPeek(out var first) && first is "archive" or "all") rest.Dequeue();
        var options = new ArchiveOptions();
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--from" => options with { From = Number(name, rest) },
                "--mutants" => options with { Mutants = Number(name, rest) },
                "--replay" => options with { Replay = Number(name, rest) },
                _ => throw new FormatException($"`{name}` is unknown"),
            };
        }
        return options;
    }

    private static int Number(string name, Queue<string> rest) =>
        rest.TryDequeue(out var value) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"`{name}` needs a number");
}
