using System.CommandLine;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin auto</c>: which updates of a plugin may be made without asking.</summary>
internal static class AutoCommand
{
    public static Command Create()
    {
        var id = PluginCommand.IdArgument();
        var updates = new Argument<AutomaticUpdates>("UPDATES") { Description = "off, patch (1.4.x), minor (1.x) or all" };
        var output = Output.Option();
        var command = new Command(
            "auto",
            """
            Says which updates of a plugin `lazyoc plugin update --auto` makes without asking. One that asks for more than was
            granted is never among them.

            Examples:
              lazyoc plugin auto acme.prometheus patch
              lazyoc plugin auto acme.prometheus off
            """) { id, updates, output };
        command.SetAction(parsed =>
        {
            var store = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed));
            var plugin = parsed.GetRequiredValue(id);
            PluginCommand.Installed(store, plugin);
            var entry = store.SetAuto(plugin, parsed.GetRequiredValue(updates)).OrThrow(ExitCode.Failed).Find(plugin)!;
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(PluginRow.Of(entry), PluginJson.Default.PluginRow);
            else Console.WriteLine($"{plugin}: automatic updates {entry.Auto.ToString().ToLowerInvariant()}");
            return ExitCode.Ok;
        });
        return command;
    }
}
