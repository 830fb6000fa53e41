using System.CommandLine;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin logs</c>: what a plugin logged, in this run and those before.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what is logged from now on, until ctrl-c" };
        var lines = new Option<int>("--lines") { Description = "How many of the latest lines", DefaultValueFactory = _ => 200 };
        var command = new Command("logs", "Shows what a plugin logged, newest last") { id, follow, lines };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var plugin = parsed.GetRequiredValue(id);
            var file = PluginLogs.FileOf(home.Log, plugin);
            if (!File.Exists(file) && InstalledPlugins.StoreOf(home).Current().OrThrow(ExitCode.Failed).Find(plugin) is null)
                throw new UserError(ExitCode.NotFound, $"{plugin} is not installed and has logged nothing", "`lazyoc plugin list` shows what is installed; the demo has plugins of its own, see `--demo`") { Help = HelpPage.NotInstalled };
            // Where to go on is taken first: a line that comes meanwhile is printed twice rather than never.
            var position = Length(file);
            foreach (var line in Lines(PluginLogs.EarlierFileOf(home.Log, plugin)).Concat(Lines(file)).TakeLast(parsed.GetValue(lines))) Console.WriteLine(line);
            try
            {
                if (parsed.GetValue(follow)) await FollowAsync(file, position, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                // ctrl-c is how one leaves.
            }
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task FollowAsync(string file, long position, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Begun anew when it had grown too long.
            if (Length(file) < position) position = 0;
            if (Length(file) > position)
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                stream.Position = position;
                using var reader = new StreamReader(stream);
                Console.Write(await reader.ReadToEndAsync(cancellationToken));
                position = stream.Position;
            }
            await Task.Delay(Interval, cancellationToken);
        }
    }

    private static IEnumerable<string> Lines(string file) => File.Exists(file) ? File.ReadLines(file) : [];

    private static long Length(string file) => new FileInfo(file) is { Exists: true } info ? info.Length : 0;
}
