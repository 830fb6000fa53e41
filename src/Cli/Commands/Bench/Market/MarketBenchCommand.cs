using System.CommandLine;

namespace LazyOC.Cli.Commands.Bench.Market;

/// <summary><c>lazyoc bench market</c>.</summary>
internal static class MarketBenchCommand
{
    private const int DefaultPlugins = 100_000;

    /// <param name="runs">The option of the same name of all benchmarks.</param>
    /// <param name="print">Prints a report as the user wants it.</param>
    public static Command Create(Option<int> runs, Action<ParseResult, BenchReport> print)
    {
        var plugins = new Option<int>("--plugins") { Description = "Plugins at the largest size; a tenth and a hundredth of them are measured before", HelpName = "N", DefaultValueFactory = _ => DefaultPlugins };
        plugins.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < MarketBench.MinPlugins) result.AddError($"`--plugins` is at least {MarketBench.MinPlugins}");
        });
        var database = new Option<string?>("--database") { Description = "Address of an empty database for the records; else SQLite, in a folder that goes away", HelpName = "URL" };
        var data = new Option<DirectoryInfo?>("--data") { Description = "Folder that keeps what is made up, to measure it again without making it; else one that goes away", HelpName = "DIR" };
        var command = new Command(
            "market",
            """
            A marketplace that is full: searches, reads of the index, downloads, publishes and memory, beside the npm registry verdaccio

            Examples:
              lazyoc bench market --json
              lazyoc bench market --plugins 2000 --runs 1
            """) { plugins, database, data };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var options = new MarketBenchOptions { Runs = Math.Max(1, parsed.GetValue(runs)), Plugins = parsed.GetValue(plugins), Database = parsed.GetValue(database), Data = parsed.GetValue(data)?.FullName };
            print(parsed, await MarketBench.RunAsync(options, cancellationToken));
            return ExitCode.Ok;
        });
        return command;
    }
}

/// <summary>How much is measured.</summary>
internal sealed record MarketBenchOptions
{
    public required int Runs { get; init; }

    public required int Plugins { get; init; }

    /// <summary>Where the records are; null for SQLite.</summary>
    public string? Database { get; init; }

    /// <summary>Where what is made up is kept; null for a folder that goes away.</summary>
    public string? Data { get; init; }

    /// <summary>Searches of each kind in a run.</summary>
    public int Searches { get; init; } = 200;

    /// <summary>How long reads and downloads are counted in a run.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Versions that are published in a run.</summary>
    public int Publishes { get; init; } = 20;
}
