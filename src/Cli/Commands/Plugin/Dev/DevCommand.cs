using System.Collections.Immutable;
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
            var sockets = SocketsOf(PluginCommand.HomeOf(parsed));
            if (!Console.IsOutputRedirected && !await IsAnyOpenAsync(sockets, cancellationToken)) return await RunInOwnDemoAsync(source.FullName, cancellationToken);
            await RunAsync(source.FullName, sockets, Tell, cancellationToken);
            return ExitCode.Ok;
        });
        return command;
    }

    private static ControlDirectory SocketsOf(Home home) => ControlDirectory.Of(home, Environment.GetEnvironmentVariable, new ControlLimits());

    private static async Task<bool> IsAnyOpenAsync(ControlDirectory sockets, CancellationToken cancellationToken)
    {
        var clients = await ControlClient.ConnectAllAsync(sockets, new ControlLimits(), cancellationToken);
        foreach (var client in clients) await client.DisposeAsync();
        return !clients.IsEmpty;
    }

    /// <summary>Opens the demo in this process and runs the plugin there until it is closed.</summary>
    private static async Task<int> RunInOwnDemoAsync(string source, CancellationToken cancellationToken)
    {
        using var closes = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // The screen has the terminal: what there is to tell is in the plugin's own views.
        var developing = Task.Run(() => RunAsync(source, SocketsOf(Home.Locate(Environment.GetEnvironmentVariable, demo: true)), _ => { }, closes.Token), CancellationToken.None);
        try
        {
            return await FullScreen.RunAsync(new Connection { Scenario = Connection.DefaultScenario }, null, cancellationToken);
        }
        finally
        {
            await closes.CancelAsync();
            await developing;
        }
    }

    private static async Task RunAsync(string source, ControlDirectory sockets, Action<string> tell, CancellationToken cancellationToken)
    {
        // Without a build the packed files are the source, wherever they are.
        ImmutableHashSet<string> ignored = PluginBuild.IsDescribedIn(source) ? ["node_modules", "dist"] : ["node_modules"];
        await using var session = new DevSession(source, sockets, tell);
        using var watcher = new SourceWatcher(source, ignored, tell);
        try
        {
            await watcher.ChangedAsync(TimeSpan.Zero, cancellationToken);
            await session.BuildAsync(cancellationToken);
            if (session.Running == 0) tell("no LazyOC is open in this home; the plugin runs in the next one that is");
            while (true)
            {
                if (await watcher.ChangedAsync(Interval, cancellationToken)) await session.BuildAsync(cancellationToken);
                else await session.FollowAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // ctrl-c, or the end of the screen, is how one leaves.
        }
    }

    private static void Tell(string text)
    {
        foreach (var line in text.Split('\n')) Console.WriteLine(Output.Printable(line));
    }
}
