using System.CommandLine;
using LazyOC.Cli.Installing;

namespace LazyOC.Cli.Commands.Plugin;

/// <summary><c>plugin outdated</c>: what an update would bring, what is newer still, and what registries say of what is installed.</summary>
internal static class OutdatedCommand
{
    public static Command Create()
    {
        var output = Output.Option();
        var command = new Command(
            "outdated",
            """
            Shows the plugins of which there are later versions: the one that `lazyoc plugin update` would bring, and the latest of
            all; and what their registry says of what is installed (withdrawn, quarantined, looked after no more).

            Example:
              lazyoc plugin outdated --output json
            """) { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var rows = await Outdated.FindAsync(home, InstalledPlugins.StoreOf(home), static text => Console.Error.WriteLine($"lazyoc: {Output.Printable(text)}"), cancellationToken);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, PluginJson.Default.ImmutableArrayOutdatedRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("All plugins are the latest there are.");
            else Output.Rows(["ID", "INSTALLED", "UPDATE", "LATEST", "REMARK"], rows.Select(row => (string[])[row.Id.ToString(), row.Installed, row.Update ?? "-", row.Latest ?? "-", row.Remark ?? ""]));
            return ExitCode.Ok;
        });
        return command;
    }
}
