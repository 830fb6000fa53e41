using System.Collections.Immutable;
using System.CommandLine;

namespace LazyOC.Cli.Commands.Plugin;

internal static class ListCommand
{
    public static Command Create()
    {
        var output = Output.Option();
        var command = new Command("list", "Shows the installed plugins") { output };
        command.SetAction(parsed =>
        {
            var generation = InstalledPlugins.StoreOf(PluginCommand.HomeOf(parsed)).Current().OrThrow(ExitCode.Failed);
            ImmutableArray<PluginRow> rows = [.. generation.Plugins.Select(PluginRow.Of)];
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, PluginJson.Default.ImmutableArrayPluginRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("No plugin is installed.");
            else Output.Rows(["ID", "VERSION", "STATE", "SIGNED", "SOURCE"], rows.Select(row => (string[])[row.Id.ToString(), row.Version, row.Enabled ? "enabled" : "disabled", row.Unsigned ? "unsigned" : "yes", row.Source]));
            return ExitCode.Ok;
        });
        return command;
    }
}
