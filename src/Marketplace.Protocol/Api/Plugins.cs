using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>A plugin as one line of a list.</summary>
public sealed record PluginSummary
{
    public required PluginId Id { get; init; }

    public required string DisplayName { get; init; }

    public required string Description { get; init; }

    /// <summary>The version that a new user gets.</summary>
    public required string Version { get; init; }

    /// <summary>When that went live.</summary>
    public required DateTimeOffset Updated { get; init; }

    public required string License { get; init; }

    public required ImmutableArray<string> Categories { get; init; }

    public required Rating Rating { get; init; }

    /// <summary>Downloads, each address or token once a day and version.</summary>
    public required long Installs { get; init; }

    public required bool IsDeprecated { get; init; }
}

/// <summary>What reviewers say of a plugin, in numbers.</summary>
/// <param name="Average">1 to 5; 0 when nobody has said anything.</param>
/// <param name="Bayesian">The average with a few reviews of three stars mixed in, by which plugins are ranked.</param>
/// <param name="Count">How many reviews.</param>
/// <param name="Stars">How many have given one star, two, … five.</param>
public sealed record Rating(double Average, double Bayesian, long Count, ImmutableArray<long> Stars);

/// <summary>Everything about a plugin.</summary>
public sealed record PluginInfo
{
    public required PluginSummary Summary { get; init; }

    public required string Publisher { get; init; }

    public string? Repository { get; init; }

    public required ImmutableArray<string> Keywords { get; init; }

    /// <summary>Markdown of its author's, not to be trusted; null when it has none.</summary>
    public string? Readme { get; init; }

    /// <summary>Markdown of its author's, not to be trusted; null when it has none.</summary>
    public string? Changelog { get; init; }

    public Deprecation? Deprecated { get; init; }

    /// <summary>All that are or were live, the highest first.</summary>
    public required ImmutableArray<PluginVersion> Versions { get; init; }

    /// <summary>Plugins that need it, by id; at most a hundred.</summary>
    public required ImmutableArray<PluginId> Dependents { get; init; }

    /// <summary>Downloads a day, the oldest first; days without are left out.</summary>
    public required ImmutableArray<DailyDownloads> Downloads { get; init; }
}

/// <summary>Downloads of one day.</summary>
/// <param name="Day">In UTC.</param>
/// <param name="Installs">Each address or token once.</param>
/// <param name="Downloads">All of them.</param>
public sealed record DailyDownloads(DateOnly Day, long Installs, long Downloads);

/// <summary>A version of a plugin.</summary>
public sealed record PluginVersion
{
    public required string Version { get; init; }

    public required Digest Digest { get; init; }

    public required long Size { get; init; }

    public required DateTimeOffset Published { get; init; }

    /// <summary>Range of the host API it runs on.</summary>
    public required VersionRange HostApi { get; init; }

    public required ImmutableSortedDictionary<PluginId, VersionRange> Dependencies { get; init; }

    public required ImmutableSortedDictionary<PluginId, VersionRange> OptionalDependencies { get; init; }

    public required PermissionSet Permissions { get; init; }

    /// <summary>The same, a sentence each, the most dangerous first.</summary>
    public required ImmutableArray<PermissionWords> PermissionsInWords { get; init; }

    /// <summary>Why it was withdrawn; null when it was not.</summary>
    public string? Yanked { get; init; }

    /// <summary>Why it is held back; null when it is not.</summary>
    public string? Quarantined { get; init; }

    /// <summary>Why it must not run any more; null when it may.</summary>
    public string? Kill { get; init; }

    /// <summary>Of what the checks found, as its admission names it.</summary>
    public Digest? VerdictDigest { get; init; }

    public required ImmutableArray<ScanReport> Scans { get; init; }

    public required long Installs { get; init; }
}

/// <summary>A permission as people read it.</summary>
/// <param name="Path">Its place in the manifest.</param>
/// <param name="Reach">How far it reaches: <c>events</c>, <c>reads</c>, <c>local</c>, <c>network</c>, <c>writes</c>, <c>secrets</c> or <c>fullTrust</c>.</param>
/// <param name="Text">A sentence without full stop, beginning with a verb.</param>
/// <param name="Reason">Why its author asks for it; null when he does not say.</param>
public sealed record PermissionWords(string Path, string Reach, string Text, string? Reason = null);
