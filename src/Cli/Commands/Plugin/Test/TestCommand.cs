using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Cli.Commands.Plugin.Dev;

namespace LazyOC.Cli.Commands.Plugin.Test;

/// <summary><c>plugin test</c>: runs a plugin's own tests.</summary>
internal static class TestCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The plugin's directory, with plugin.json; this one when absent", DefaultValueFactory = _ => new DirectoryInfo(".") };
        var filter = new Option<string?>("--filter") { Description = "Only tests with this text in their name", HelpName = "TEXT" };
        var update = new Option<bool>("--update", "-u") { Description = "Write the golden files anew instead of comparing with them" };
        var watch = new Option<bool>("--watch", "-w") { Description = "Run them again whenever a file is saved" };
        var junit = new Option<FileInfo?>("--junit") { Description = "Write what came of them as JUnit XML, too", HelpName = "FILE" };
        var noBuild = new Option<bool>("--no-build") { Description = "Do not run the build script of package.json" };
        var output = Output.Option();
        var command = new Command(
            "test",
            """
            Builds a plugin and runs its tests, `tests/*.test.ts`: each in a sandbox, against the plugin in its own sandbox over a
            simulated cluster. Says which contributions no test has used. Ends with 1 when a test fails.

            Examples:
              lazyoc plugin test
              lazyoc plugin test plugins/pod-health --filter score --watch
            """) { directory, filter, update, watch, junit, noBuild, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(directory);
            if (!source.Exists) throw new UserError(ExitCode.NotFound, $"there is no directory {source.FullName}");
            var run = new TestRun(source.FullName, parsed.GetValue(filter), parsed.GetValue(update), !parsed.GetValue(noBuild), parsed.GetValue(junit)?.FullName, parsed.GetValue(output));
            return parsed.GetValue(watch) ? await WatchAsync(run, cancellationToken) : await run.OnceAsync(cancellationToken);
        });
        return command;
    }

    private static async Task<int> WatchAsync(TestRun run, CancellationToken cancellationToken)
    {
        // What a run writes is no reason for another.
        if (run.JUnit is not null) throw new UserError(ExitCode.Usage, "`--watch` and `--junit` do not go together", "build servers take `--junit` without `--watch`");
        ImmutableHashSet<string> ignored = PluginBuild.IsDescribedIn(run.Directory) ? ["node_modules", TestSource.GoldenFolder, "dist"] : ["node_modules", TestSource.GoldenFolder];
        using var watcher = new SourceWatcher(run.Directory, ignored, Console.Error.WriteLine);
        await watcher.ChangedAsync(TimeSpan.Zero, cancellationToken);
        var last = ExitCode.Ok;
        try
        {
            while (true)
            {
                last = await run.OrExplainAsync(cancellationToken);
                Console.Error.WriteLine("waiting for a change; ctrl-c ends it");
                while (!await watcher.ChangedAsync(Interval, cancellationToken))
                {
                    // Looked at again.
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return last;
        }
    }
}
