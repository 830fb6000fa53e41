using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Resolution;

/// <summary>Where solving learns which versions of a plugin there are. Asked from several threads at once.</summary>
public interface IPackageVersions
{
    /// <summary>All versions of a plugin, in any order; none when nobody knows the plugin. A refusal ends solving, when the answer matters.</summary>
    /// <remarks>Asked at most once a plugin and solving, and only for plugins that the solution may need. Solving ends after all that is under way, which is cancelled then.</remarks>
    ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken);
}

/// <summary>Versions that are known beforehand, such as those of a lock file.</summary>
public sealed class FixedVersions(IReadOnlyDictionary<PluginId, ImmutableArray<PackageVersion>> versions) : IPackageVersions
{
    public ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken) =>
        ValueTask.FromResult<Outcome<ImmutableArray<PackageVersion>>>(versions.TryGetValue(id, out var known) ? known : []);
}
