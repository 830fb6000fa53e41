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
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var plugin = parsed.GetRequiredValue(id);
            PluginCommand.Installed(store, plugin);
            var isLifted = enabled && InstalledPlugins.QuarantineOf(home).Remove(plugin);
            var (generation, running) = await StoreChange.MakeAsync(home, store, [plugin], () => store.SetEnabled(plugin, enabled), lifts: enabled, cancellationToken: cancellationToken);
            var entry = generation.Find(plugin)!;
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                Output.Json(PluginRow.Of(entry) with { Running = running }, PluginJson.Default.PluginRow);
                return ExitCode.Ok;
            }
            Console.WriteLine($"{entry.Id} {entry.Version} is {(enabled ? "enabled" : "disabled")}{(isLifted ? ", its quarantine lifted" : "")}");
            StoreChange.Print(plugin, running);
            return ExitCode.Ok;
        });
        return command;
    }
}
