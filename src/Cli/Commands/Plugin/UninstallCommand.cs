using System.CommandLine;
using LazyOC.Cli.Installing;

namespace LazyOC.Cli.Commands.Plugin;

internal static class UninstallCommand
{
    public static Command Create()
    {
        var ids = PluginCommand.IdsArgument();
        var deleteSettings = new Option<bool>("--delete-settings") { Description = "Forget their settings and secrets, too" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show what would go, and change nothing" };
        var output = Output.Option();
        var command = new Command(
            "uninstall",
            """
            Removes plugins, and those that were there only for them, also from every LazyOC that is open; what they have stored stays.

            Example:
              lazyoc plugin uninstall acme.prometheus
            """) { ids, deleteSettings, dryRun, output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var named = parsed.GetRequiredValue(ids);
            foreach (var id in named) PluginCommand.Installed(store, id);
            var options = new InstallOptions { Offline = true, DryRun = parsed.GetValue(dryRun), Output = parsed.GetValue(output) };
            var code = await new Installer(home, store, options).RunAsync(new InstallGoal { Cause = $"uninstall {string.Join(' ', named)}", Remove = [.. named] }, "nothing is uninstalled", cancellationToken);
            if (parsed.GetValue(deleteSettings) && !options.DryRun)
                foreach (var id in named) InstalledPlugins.SettingsOf(home).Delete(id);
            return code;
        });
        return command;
    }
}
