using System.CommandLine;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin lock</c>: the installed set as a file that others can install.</summary>
internal static class LockCommand
{
    public static Command Create()
    {
        var command = new Command(
            "lock",
            """
            Prints the lock file of the installed plugins: versions, digests, where they come from, who signed them and what they
            were granted. Committed to a repository, it gives a team the same plugins.

            Examples:
              lazyoc plugin lock > plugins.lock
              lazyoc plugin install --locked plugins.lock
            """);
        command.SetAction(parsed =>
        {
            var store = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed));
            Console.Out.Write(PluginStore.ToLockFile(store.Current().OrThrow(ExitCode.Failed)));
            return ExitCode.Ok;
        });
        return command;
    }
}
