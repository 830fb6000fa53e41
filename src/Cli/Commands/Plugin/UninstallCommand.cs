using System.CommandLine;

namespace LazyOC.Cli.Commands.Plugin;

internal static class UninstallCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var deleteSettings = new Option<bool>("--delete-settings") { Description = "Forget its settings and secrets, too" };
        var output = Output.Option();
        var command = new Command("uninstall", "Removes a plugin, also from every LazyOC that is open; its stored data stays") { id, deleteSettings, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var entry = PluginCommand.Installed(store, parsed.GetRequiredValue(id));
            var (_, running) = await StoreChange.MakeAsync(home, store, entry.Id, () => store.Uninstall(entry.Id), cancellationToken: cancellationToken);
            if (parsed.GetValue(deleteSettings)) InstalledPlugins.SettingsOf(home).Delete(entry.Id);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Output.Json(new UninstalledRow(entry.Id, entry.Version.ToString(), running), PluginJson.Default.UninstalledRow);
                return ExitCode.Ok;
            }
            Console.WriteLine($"{entry.Id} {entry.Version} is uninstalled");
            StoreChange.Print(entry.Id, running);
            return ExitCode.Ok;
        });
        return command;
    }
}
