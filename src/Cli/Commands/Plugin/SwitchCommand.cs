using System.CommandLine;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin enable</c> and <c>plugin disable</c>.</summary>
internal static class SwitchCommand
{
    public static Command Create(string name, string description, bool enabled)
    {
        var id = PluginCommand.IdArgument();
        var output = Output.Option();
        var command = new Command(name, description) { id, output };
        command.SetAction(parsed =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var plugin = parsed.GetRequiredValue(id);
            PluginCommand.Installed(store, plugin);
            var entry = store.SetEnabled(plugin, enabled).OrThrow(ExitCode.Failed).Find(plugin)!;
            var isLifted = enabled && InstalledPlugins.QuarantineOf(home).Remove(plugin);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(PluginRow.Of(entry), PluginJson.Default.PluginRow);
            else Console.WriteLine($"{entry.Id} {entry.Version} is {(enabled ? "enabled" : "disabled")}{(isLifted ? ", its quarantine lifted" : "")}");
            return ExitCode.Ok;
        });
        return command;
    }
}
