using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>What a solution has to hold.</summary>
public sealed record ResolutionRequest
{
    /// <summary>Plugins that have to be in the solution. A plugin may be there twice: both ranges hold. Where
    /// leaving one out would help, the first that does is named: those come first that the user is likelier to do without.</summary>
    public required ImmutableArray<RootRequirement> Roots { get; init; }

    /// <summary>Versions to keep where they fit, such as the installed ones; none is in the solution for being here.</summary>
    public ImmutableSortedDictionary<PluginId, SemanticVersion> Locked { get; init; } = ImmutableSortedDictionary<PluginId, SemanticVersion>.Empty;

    /// <summary>Plugins to update: their entries in <see cref="Locked"/> count for nothing.</summary>
    public ImmutableHashSet<PluginId> Unlock { get; init; } = [];

    /// <summary>The host API that all of it has to run on.</summary>
    public required SemanticVersion HostApi { get; init; }

    /// <summary>The version to keep; null when any will do.</summary>
    internal SemanticVersion? LockedVersion(PluginId id) => Unlock.Contains(id) ? null : Locked.GetValueOrDefault(id);
}

/// <summary>A plugin that has to be in the solution.</summary>
/// <param name="Id">The plugin.</param>
/// <param name="Range">Versions that will do.</param>
/// <param name="Why">Goes into the sentence <c>`acme.demo ^1.0.0` is wanted (…)</c>, such as <c>you asked for it</c>.</param>
public sealed record RootRequirement(PluginId Id, VersionRange Range, string Why);
