using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Cli.Installing;

/// <summary>What is to become of the installed plugins, as the user put it.</summary>
internal sealed record InstallGoal
{
    /// <summary>The command, for the history: <c>install acme.prometheus</c>.</summary>
    public required string Cause { get; init; }

    /// <summary>Plugins to have, each in these versions; null is any.</summary>
    public ImmutableSortedDictionary<PluginId, VersionRange?> Wanted { get; init; } = ImmutableSortedDictionary<PluginId, VersionRange?>.Empty;

    /// <summary>Packages to have, from files.</summary>
    public ImmutableSortedDictionary<PluginId, PackageOrigin.InFile> Files { get; init; } = ImmutableSortedDictionary<PluginId, PackageOrigin.InFile>.Empty;

    /// <summary>Installed plugins that may become newer.</summary>
    public ImmutableHashSet<PluginId> Update { get; init; } = [];

    /// <summary>Plugins to be without.</summary>
    public ImmutableHashSet<PluginId> Remove { get; init; } = [];
}
