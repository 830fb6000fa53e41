using System.Collections.Immutable;
using System.CommandLine;
using LazyOC.Cli.Installing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

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
            var store = InstalledPlugins.StoreOf(home);
            var rows = await RowsAsync(home, store, cancellationToken);
            if (parsed.GetValue(output) == OutputFormat.Json) Output.Json(rows, PluginJson.Default.ImmutableArrayOutdatedRow);
            else if (rows.IsEmpty) Console.Error.WriteLine("All plugins are the latest there are.");
            else Output.Rows(["ID", "INSTALLED", "UPDATE", "LATEST", "REMARK"], rows.Select(row => (string[])[row.Id.ToString(), row.Installed, row.Update ?? "-", row.Latest ?? "-", row.Remark ?? ""]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<ImmutableArray<OutdatedRow>> RowsAsync(Home home, PluginStore store, CancellationToken cancellationToken)
    {
        static void Note(string text) => Console.Error.WriteLine($"lazyoc: {Output.Printable(text)}");
        var registries = new Registries(home, TimeProvider.System, Note).Open();
        var current = store.Current().OrThrow(ExitCode.Failed);
        var plan = await new Planner(store, registries, TimeProvider.System, Note).PlanAsync(new InstallGoal { Cause = "update", Update = [.. current.Plugins.Select(entry => entry.Id)] }, cancellationToken);
        await new RegistryCheck(home, store, registries, TimeProvider.System).RunAsync(cancellationToken);
        var rows = ImmutableArray.CreateBuilder<OutdatedRow>();
        foreach (var entry in current.Plugins)
        {
            var index = registries.Of(entry.Id) is { } client && (await client.IndexAsync(entry.Id, cancellationToken)).TryGet(out var found, out _) ? found.Value : null;
            var update = plan.Install.FirstOrDefault(planned => planned.Id == entry.Id)?.Version;
            var latest = index?.Lines.LastOrDefault(line => line.Kill is null && line.Quarantined is null && line.Yanked is null && (!line.Version.IsPrerelease || entry.Version.IsPrerelease))?.Version;
            var remark = index?.Lines.FirstOrDefault(line => line.Digest == entry.Digest) is { } mine ? RemarkOn(mine) : null;
            if (update is null && remark is null && (latest is null || latest.CompareTo(entry.Version) <= 0)) continue;
            rows.Add(new OutdatedRow { Id = entry.Id, Installed = entry.Version.ToString(), Update = update?.ToString(), Latest = latest?.ToString(), Remark = remark });
        }
        return rows.ToImmutable();
    }

    /// <summary>What a registry says of an installed version, the worst first; null when nothing.</summary>
    public static string? RemarkOn(Marketplace.Protocol.IndexLine line) => line switch
    {
        { Kill: { } reason } => $"must not run: {reason}",
        { Quarantined: { } reason } => $"quarantined: {reason}",
        { Yanked: { } reason } => $"withdrawn: {reason}",
        { Deprecated: { } deprecated } => deprecated.ToString(),
        _ => null,
    };
}

/// <summary>An installed plugin that is not the latest, or of which its registry says something.</summary>
internal sealed record OutdatedRow
{
    public required PluginId Id { get; init; }
    public required string Installed { get; init; }

    /// <summary>The version that an update would bring; absent when none fits.</summary>
    public string? Update { get; init; }

    /// <summary>The latest version of all.</summary>
    public string? Latest { get; init; }
    public string? Remark { get; init; }
}
