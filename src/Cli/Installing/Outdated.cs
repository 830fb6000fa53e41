using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Installing;

/// <summary>What an update would bring, what is newer still, and what registries say of what is installed.</summary>
internal static class Outdated
{
    /// <summary>Asks the registries: a conditional request for each installed plugin, which caches in between can answer.</summary>
    /// <param name="home">Whose plugins.</param>
    /// <param name="store">Where they are.</param>
    /// <param name="note">Told what the user may want to know.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Plugins that are not the latest, or of which their registry says something.</returns>
    /// <exception cref="UserError">The configuration or the store is damaged, or no versions go together; what must not run any more has been ended then.</exception>
    public static async Task<ImmutableArray<OutdatedRow>> FindAsync(Home home, PluginStore store, Action<string> note, CancellationToken cancellationToken)
    {
        var registries = new Registries(home, TimeProvider.System, note).Open();
        var current = store.Current().OrThrow(ExitCode.Failed);
        // First: what must not run any more ends, whether or not there is a way to later versions.
        await new RegistryCheck(home, store, registries, TimeProvider.System).RunAsync(cancellationToken);
        var plan = await new Planner(store, registries, TimeProvider.System, note).PlanAsync(new InstallGoal { Cause = "update", Update = [.. current.Plugins.Select(entry => entry.Id)] }, cancellationToken);
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
    public static string? RemarkOn(IndexLine line) => line switch
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
