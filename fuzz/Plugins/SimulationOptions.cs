using System.Globalization;

namespace LazyOC.Fuzz.Plugins;

/// <summary>What the command line asks for.</summary>
internal sealed record SimulationOptions
{
    public const int FullSchedules = 100_000;

    public const string Usage = """
        Proves how plugins take over from each other: real hosts, simulated guests, on one thread, in many orders.

        usage: fuzz/run [swap|store] [options]

          swap              no event is lost or doubled when versions take over or fail to (100,000)
          store             one or two hosts on one home, killed at any step: the store is one whole epoch with all
                            that was stored (100,000)

          --schedules N     how many
          --from SEED       the first seed; 0 when not given
          --replay SEED     one schedule, with every message in its order

        examples:
          fuzz/run swap --schedules 1000
          fuzz/run store --replay 4711
        """;

    /// <summary><c>swap</c>, <c>store</c> or <c>all</c>.</summary>
    public required string Kind { get; init; }

    public int From { get; init; }

    public int Schedules { get; init; } = FullSchedules;

    public int? Replay { get; init; }

    /// <summary>Reads the command line.</summary>
    /// <exception cref="FormatException">It asks for something unknown.</exception>
    public static SimulationOptions Parse(IReadOnlyList<string> arguments)
    {
        var rest = new Queue<string>(arguments);
        var options = new SimulationOptions { Kind = rest.TryPeek(out var first) && first is "swap" or "store" or "all" ? rest.Dequeue() : "all" };
        while (rest.TryDequeue(out var name))
        {
            options = name switch
            {
                "--from" => options with { From = Number(name, rest) },
                "--schedules" => options with { Schedules = Number(name, rest) },
                "--replay" when options.Kind is not "all" => options with { Replay = Number(name, rest) },
                "--replay" => throw new FormatException("`--replay` needs `swap` or `store` before it"),
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
