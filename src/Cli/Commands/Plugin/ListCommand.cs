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
            var home = PluginCommand.HomeOf(parsed);
            var generation = InstalledPlugins.StoreOf(home).Current().OrThrow(ExitCode.Failed);
            var quarantined = InstalledPlugins.QuarantineOf(home).Read();
            ImmutableArray<PluginRow> rows = [.. generation.Plugins.Select(entry => PluginRow.Of(entry, quarantined.FirstOrDefault(q => q.Plugin == entry.Id)?.Reason))];
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, PluginJson.Default.ImmutableArrayPluginRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("No plugin is installed.");
            else Output.Rows(["ID", "VERSION", "STATE", "SIGNED", "SOURCE"], rows.Select(row => (string[])[row.Id.ToString(), row.Version, !row.Enabled ? "disabled" : row.Quarantined is null ? "enabled" : "quarantined", row.Unsigned ? "unsigned" : "yes", row.Source]));
            return ExitCode.Ok;
        });
        return command;
    }
}
