using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Installing;

/// <summary>What a plan would change, for people and for programs.</summary>
internal sealed record PlanReport
{
    public required ImmutableArray<PlannedRow> Install { get; init; }
    public required ImmutableArray<RemovedRow> Remove { get; init; }

    /// <summary>Plugins that stay as they are, for another reason than before, in words.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>Of a plan, and of what the versions before asked for.</summary>
    public static PlanReport Of(InstallPlan plan, PluginStore store) => new()
    {
        Install = [.. plan.Install.Select(planned => PlannedRow.Of(planned, store))],
        Remove = [.. plan.Remove.Select(entry => new RemovedRow(entry.Id, entry.Version.ToString(), plan.Goal.Remove.Contains(entry.Id)))],
        Reasons = [.. ReasonLines(plan)],
    };

    /// <summary>Plugins that stay for another reason than before.</summary>
    public static IEnumerable<string> ReasonLines(InstallPlan plan) => plan.Reasons.Select(reason => reason.Why == InstallReason.Requested
        ? $"{reason.Id} is there because you ask for it{(reason.Requested is { } range ? $", as {range}" : "")}"
        : $"{reason.Id} is there only for the plugins that need it");

    public IEnumerable<string> Lines()
    {
        foreach (var row in Install)
            foreach (var line in row.Lines()) yield return line;
        foreach (var row in Remove) yield return $"- {row.Id} {row.Version}{(row.Asked ? "" : ", which nothing needs any more")}";
        foreach (var reason in Reasons) yield return $"= {reason}";
    }
}

/// <summary>A plugin that would be put in.</summary>
internal sealed record PlannedRow
{
    public required PluginId Id { get; init; }
    public required string Version { get; init; }

    /// <summary>The version in its place now; absent when there is none.</summary>
    public string? Before { get; init; }
    public required string Source { get; init; }
    public required long Bytes { get; init; }

    /// <summary>Whose dependency it is; empty when the user asked for it.</summary>
    public required ImmutableArray<PluginId> NeededBy { get; init; }

    /// <summary>What it may do that the version before may not, in words, the most dangerous first.</summary>
    public required ImmutableArray<string> Gains { get; init; }

    /// <summary>What the version before may do that it may not.</summary>
    public required ImmutableArray<string> Loses { get; init; }

    /// <summary>Plugins that it needs, and the version before does not need in that range.</summary>
    public required ImmutableArray<string> Needs { get; init; }

    /// <summary>Plugins that the version before needs, and it does not.</summary>
    public required ImmutableArray<string> NeedsNoMore { get; init; }

    /// <summary>What its registry warns of; absent when of nothing.</summary>
    public string? Warning { get; init; }

    public static PlannedRow Of(PlannedInstall planned, PluginStore store)
    {
        var before = planned.Before;
        var granted = before?.Granted ?? PermissionSet.None;
        var needed = before is not null && store.ManifestOf(before).TryGet(out var manifest, out _) ? manifest.Dependencies : ImmutableSortedDictionary<PluginId, VersionRange>.Empty;
        return new PlannedRow
        {
            Id = planned.Id,
            Version = planned.Version.ToString(),
            Before = before?.Version.ToString(),
            Source = planned.Source,
            Bytes = planned.Bytes,
            NeededBy = planned.Why == InstallReason.Requested ? [] : planned.NeededBy,
            Gains = InWords(planned.Permissions.Widening(granted)),
            Loses = InWords(granted.Widening(planned.Permissions)),
            Needs = [.. planned.Dependencies.Where(pair => !(needed.TryGetValue(pair.Key, out var range) && range.Equals(pair.Value))).Select(pair => $"{pair.Key} {pair.Value}")],
            NeedsNoMore = [.. needed.Where(pair => !planned.Dependencies.ContainsKey(pair.Key)).Select(pair => $"{pair.Key} {pair.Value}")],
            Warning = WarningOf(planned),
        };
    }

    /// <summary>What its registry warns of; null when of nothing.</summary>
    public static string? WarningOf(PlannedInstall planned) => planned.Origin is PackageOrigin.InRegistry { Line.Deprecated: { } deprecated }
        ? $"is {deprecated}"
        : null;

    public IEnumerable<string> Lines()
    {
        var why = NeededBy.IsEmpty ? "" : $", for {string.Join(", ", NeededBy)}";
        yield return $"{(Before is null ? "+" : "~")} {Id} {(Before is null ? "" : $"{Before} → ")}{Version}  {ByteSize.Format(Bytes)} from {Source}{why}";
        foreach (var gain in Gains) yield return $"    + {gain}";
        foreach (var loss in Loses) yield return $"    - {loss}";
        foreach (var need in Needs) yield return $"    + needs {need}";
        foreach (var need in NeedsNoMore) yield return $"    - needs {need}";
        if (Warning is not null) yield return $"    ! {Warning}";
    }

    private static ImmutableArray<string> InWords(PermissionSet permissions) => [.. permissions.InWords().OrderByDescending(sentence => sentence.Reach).Select(sentence => sentence.ToString())];
}

/// <summary>A plugin that would go.</summary>
/// <param name="Id">Which.</param>
/// <param name="Version">Its version.</param>
/// <param name="Asked">Whether the user asked for that; otherwise nothing needs it any more.</param>
internal sealed record RemovedRow(PluginId Id, string Version, bool Asked);
