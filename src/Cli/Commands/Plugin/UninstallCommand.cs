using System.CommandLine;

namespace LazyOC.Cli.Commands.Plugin;

internal static class UninstallCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var output = Output.Option();
        var command = new Command("uninstall", "Removes a plugin; its stored data stays") { id, output };
        command.SetAction(parsed =>
        {
            var store = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed));
            var entry = PluginCommand.Installed(store, parsed.GetRequiredValue(id));
            store.Uninstall(entry.Id).OrThrow(ExitCode.Failed);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(new UninstalledRow(entry.Id, entry.Version.ToString()), PluginJson.Default.UninstalledRow);
            else Console.WriteLine($"{entry.Id} {entry.Version} is uninstalled");
            return ExitCode.Ok;
        });
        return command;
    }
}
