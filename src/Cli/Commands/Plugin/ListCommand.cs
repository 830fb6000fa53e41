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
            var store = InstalledPlugins.StoreOf(home);
            var generation = store.Current().OrThrow(ExitCode.Failed);
            var withdrawn = store.Withdrawn().OrThrow(ExitCode.Failed);
            var quarantined = InstalledPlugins.QuarantineOf(home).Read();
            ImmutableArray<PluginRow> rows = [.. generation.Plugins.Select(entry => PluginRow.Of(entry, quarantined.FirstOrDefault(q => q.Plugin == entry.Id)?.Reason) with { Withdrawn = withdrawn.FirstOrDefault(w => w.Digest == entry.Digest)?.Reason })];
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, PluginJson.Default.ImmutableArrayPluginRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("No plugin is installed.");
            else Output.Rows(["ID", "VERSION", "STATE", "SIGNED", "SOURCE"], rows.Select(row => (string[])[row.Id.ToString(), row.Version, StateOf(row), row.Unsigned ? "unsigned" : "yes", row.Source]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string StateOf(PluginRow row) => row switch
    {
        { Withdrawn: not null } => "withdrawn",
        { Enabled: false } => "disabled",
        { Quarantined: not null } => "quarantined",
        _ => "enabled",
    };
}
