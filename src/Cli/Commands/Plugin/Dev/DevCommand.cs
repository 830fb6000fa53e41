using System.CommandLine;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin.Dev;

/// <summary><c>plugin dev</c>: runs a plugin from its source, in the LazyOCs that are open, and anew whenever the source is saved.</summary>
internal static class DevCommand
{
    public static Command Create()
    {
        var directory = new Argument<DirectoryInfo>("DIR") { Description = "The plugin's directory, with plugin.json" };
        var record = new Option<string?>("--record")
        {
            Description = "Record which permissions the plugin uses, and at the end show the smallest that would do, beside those of plugin.json; with FILE, write the manifest with them there",
            HelpName = "FILE",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command(
            "dev",
            """
            Builds a plugin and runs it in every LazyOC that is open, whatever it is granted when installed, or in a demo of its own;
            builds and swaps it again, its state kept, whenever its source is saved. What is wrong with it, its types too, is shown in the
            plugin's own views until it is mended. When this command ends, the installed version comes back.

            Examples:
              lazyoc plugin dev plugins/pod-health --demo
              lazyoc plugin dev . --record                 what the plugin did and did not use of its permissions
            """) { directory, record };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var source = parsed.GetRequiredValue(directory);
            if (!source.Exists) throw new UserError(ExitCode.NotFound, $"there is no directory {source.FullName}", "give the directory of a plugin; `lazyoc plugin new` makes one");
            if (!File.Exists(Path.Combine(source.FullName, PluginPackage.ManifestPath)))
                throw new UserError(ExitCode.NotFound, $"{source.FullName} has no plugin.json", "give the directory of a plugin; `lazyoc plugin new` makes one");
            var recording = parsed.GetResult(record) is null ? null : Recording.For(source.FullName, parsed.GetValue(record));
            var sockets = SocketsOf(PluginCommand.HomeOf(parsed));
            if (!Console.IsOutputRedirected && !await IsAnyOpenAsync(sockets, cancellationToken)) return await RunInOwnDemoAsync(source.FullName, recording, cancellationToken);
            await DevLoop.RunAsync(source.FullName, sockets, Tell, recording, null, cancellationToken);
            recording?.Print(source.FullName);
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

    /// <summary>Builds, on the terminal until that succeeds; then opens the demo in this process and runs the plugin there until it is closed.</summary>
    private static async Task<int> RunInOwnDemoAsync(string source, Recording? recording, CancellationToken cancellationToken)
    {
        using var closes = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hasScreen = false;
        var built = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Then the screen has the terminal: what there is to tell is in the plugin's own views and on the page of plugins.
        var developing = Task.Run(
            () => DevLoop.RunAsync(source, SocketsOf(Home.Locate(Environment.GetEnvironmentVariable, demo: true)), text => TellUnless(Volatile.Read(ref hasScreen), text), recording, built.SetResult, closes.Token), CancellationToken.None);
        try
        {
            if (await Task.WhenAny(built.Task, developing) == developing) return ExitCode.Ok;
            Volatile.Write(ref hasScreen, true);
            return await FullScreen.RunAsync(new Connection { Scenario = Connection.DefaultScenario }, null, cancellationToken, async () =>
            {
                await closes.CancelAsync();
                await developing;
            });
        }
        finally
        {
            await closes.CancelAsync();
            await developing;
            recording?.Print(source);
        }
    }

    private static void TellUnless(bool silent, string text)
    {
        if (!silent) Tell(text);
    }

    private static void Tell(string text)
    {
        foreach (var line in text.Split('\n')) Console.WriteLine(Output.Printable(line));
    }
}
