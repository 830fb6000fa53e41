using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using LazyOC.Cli.Control;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Cli.Commands.Plugin;

internal static class ListCommand
{
    public static Command Create()
    {
        var output = Output.Option();
        var command = new Command(
            "list",
            """
            Shows the installed plugins, and what starts with LazyOC rather than when it is needed: with a LazyOC that is open,
            how long that took there.
            """) { output };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var home = PluginCommand.HomeOf(parsed);
            var store = InstalledPlugins.StoreOf(home);
            var generation = store.Current().OrThrow(ExitCode.Failed);
            var withdrawn = store.Withdrawn().OrThrow(ExitCode.Failed);
            var quarantined = InstalledPlugins.QuarantineOf(home).Read();
            var running = (await RunningInstances.AskAsync(home, new ControlRequest { Verb = ControlVerb.Status }, cancellationToken)).SelectMany(answer => answer.Plugins).ToLookup(plugin => plugin.Id);
            ImmutableArray<PluginRow> rows = [.. generation.Plugins.Select(entry => Started(PluginRow.Of(entry, quarantined.FirstOrDefault(q => q.Plugin == entry.Id)?.Reason), store, entry, running[entry.Id]) with
            {
                Withdrawn = withdrawn.FirstOrDefault(w => w.Digest == entry.Digest)?.Reason,
            })];
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, PluginJson.Default.ImmutableArrayPluginRow);
            else if (rows.IsEmpty) await Console.Error.WriteLineAsync("No plugin is installed.");
            else Output.Rows(["ID", "VERSION", "STATE", "STARTS", "SIGNED", "SOURCE"], rows.Select(row => (string[])[row.Id.ToString(), row.Version, StateOf(row), StartOf(row), row.Unsigned ? "unsigned" : "yes", row.Source]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static PluginRow Started(PluginRow row, PluginStore store, InstalledEntry entry, IEnumerable<PluginStatus> running)
    {
        if (!store.Open(entry).TryGet(out var plugin, out var problems)) return row with { Damaged = Problem.Join(problems) };
        return row with
        {
            AtStart = plugin.Manifest.Activation.Any(text => ActivationEvent.TryParse(text, out var parsed) && parsed.Kind == ActivationKind.Startup),
            StartMs = running.Max(status => status.Version == row.Version ? status.Start?.Took.TotalMilliseconds : null),
        };
    }

    private static string StartOf(PluginRow row) => row switch
    {
        { AtStart: false } => "when needed",
        { StartMs: { } ms } => string.Create(CultureInfo.InvariantCulture, $"always, {ms:0} ms"),
        _ => "always",
    };

    private static string StateOf(PluginRow row) => row switch
    {
        { Withdrawn: not null } => "withdrawn",
        { Damaged: not null } => "damaged",
        { Enabled: false } => "disabled",
        { Quarantined: not null } => "quarantined",
        _ => "enabled",
    };
}
