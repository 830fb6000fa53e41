using System.CommandLine;
using LazyOC.Cli.Control;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary><c>plugin dev</c>: runs a plugin from its source, in the LazyOCs that are open, and anew whenever the source is saved.</summary>
internal static class DevCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The plugin's directory, with plugin.json" };
        var command = new Command(
            "dev",
            """
            Builds a plugin and runs it in every LazyOC that is open, whatever it is granted when installed; builds and swaps it
            again, its state kept, whenever its source is saved. What is wrong with it is shown in the plugin's own views. When this
            command ends, the installed version comes back.

            Example:
              lazyoc plugin dev plugins/pod-health --demo
            """) { directory };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(directory);
            if (!source.Exists) throw new UserError(ExitCode.NotFound, $"there is no directory {source.FullName}");
            var sockets = ControlDirectory.Of(PluginCommand.HomeOf(parsed), Environment.GetEnvironmentVariable, new ControlLimits());
            await using var session = new DevSession(source.FullName, sockets, Tell);
            try
            {
                await RunAsync(session, source.FullName, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // ctrl-c is how one leaves.
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static void Tell(string text)
    {
        foreach (var line in text.Split('\n')) Console.WriteLine(Output.Printable(line));
    }

    private static async Task RunAsync(DevSession session, string source, CancellationToken cancellationToken)
    {
        // Without a build the packed files are the source, wherever they are.
        var built = PluginBuild.IsDescribedIn(source);
        using var watcher = new SourceWatcher(source, built ? ["node_modules", "dist"] : ["node_modules"], warning => Console.Error.WriteLine($"lazyoc: {warning}"));
        await watcher.ChangedAsync(TimeSpan.Zero, cancellationToken);
        await session.BuildAsync(cancellationToken);
        if (session.Running == 0) Console.WriteLine("no LazyOC is open in this home; the plugin runs in the next one that is");
        while (true)
        {
            if (await watcher.ChangedAsync(Interval, cancellationToken)) await session.BuildAsync(cancellationToken);
            else await session.FollowAsync(cancellationToken);
        }
    }
}
