using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Resolution;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>Where a version is to be had.</summary>
public abstract record PackageOrigin
{
    private PackageOrigin() { }

    /// <summary>In a registry.</summary>
    public sealed record InRegistry(RegistryClient Client, IndexLine Line) : PackageOrigin;

    /// <summary>In a file of the user's.</summary>
    public sealed record InFile(string Path, PluginPackage Package) : PackageOrigin;
}

/// <summary>
/// The versions that a user can have: those of the registries, those in files that were named, and those that are installed,
/// which stay whatever a registry says of them since.
/// </summary>
/// <remarks>Thread safe. A registry that cannot be asked about a plugin that is installed is told of, and stops nothing.</remarks>
public sealed class AvailableVersions(
    RegistrySet? registries,
    IReadOnlyDictionary<PluginId, PluginManifest> installed,
    IReadOnlyDictionary<PluginId, PackageOrigin.InFile> files,
    TimeProvider time,
    bool ignoresCooldown,
    Action<string> note) : IPackageVersions
{
    private readonly ConcurrentDictionary<(PluginId Id, SemanticVersion Version), PackageOrigin> _origins = new();

    /// <summary>Where a version is to be had that <see cref="VersionsOfAsync"/> gave; null for one that is only installed.</summary>
    public PackageOrigin? OriginOf(PluginId id, SemanticVersion version) => _origins.GetValueOrDefault((id, version));

    public async ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken)
    {
        if (files.TryGetValue(id, out var file))
        {
            _origins[(id, file.Package.Manifest.Version)] = file;
            return ImmutableArray.Create(Of(file.Package.Manifest));
        }
        var known = ImmutableArray.CreateBuilder<PackageVersion>();
        var mine = installed.GetValueOrDefault(id);
        if (mine is not null) known.Add(Of(mine));
        if (registries?.Of(id) is not { } client)
        {
            if (mine is null && registries is not null) return NoRegistry(id, registries);
            return known.ToImmutable();
        }
        if (!(await client.IndexAsync(id, cancellationToken)).TryGet(out var found, out var problems))
        {
            if (mine is null) return problems;
            foreach (var problem in problems) note($"{id} stays as it is: {problem}");
            return known.ToImmutable();
        }
        foreach (var line in found.Value?.Lines ?? [])
        {
            _origins[(id, line.Version)] = new PackageOrigin.InRegistry(client, line);
            if (line.Version != mine?.Version) known.Add(Of(line));
        }
        return known.ToImmutable();
    }

    private static Problem NoRegistry(PluginId id, RegistrySet registries) => registries.List.Of(id) is { } notAsked
        ? new Problem(id.ToString(), $"comes from the registry {notAsked.Name}, which is not asked here", "leave `--registry` out, or add the registries with other `--publishers`")
        : registries.List.Registries.IsEmpty
        ? new Problem(id.ToString(), "cannot be looked up: no registry is known", "`lazyoc registry add URL` adds one; a file is installed as `lazyoc plugin install FILE.lzp`")
        : new Problem(id.ToString(), $"cannot be looked up: no registry holds the publisher `{id.Publisher}`", "`lazyoc registry list` shows which publishers come from where");

    private static PackageVersion Of(PluginManifest manifest) => new()
    {
        Version = manifest.Version,
        Host = manifest.Engines.Lazyoc,
        Dependencies = manifest.Dependencies,
        OptionalDependencies = manifest.OptionalDependencies,
    };

    private PackageVersion Of(IndexLine line) => new()
    {
        Version = line.Version,
        Host = line.Engines.Lazyoc,
        Dependencies = line.Dependencies,
        OptionalDependencies = line.OptionalDependencies,
        Filtered = FilterOf(line),
    };

    /// <summary>Why a version is not to be chosen now; null when it may be.</summary>
    private Filter? FilterOf(IndexLine line)
    {
        if (line.Kill is { } kill) return new Filter.Killed(kill);
        if (line.Quarantined is { } quarantine) return new Filter.Quarantined(quarantine);
        if (line.Yanked is { } yanked) return new Filter.Yanked(yanked);
        if (ignoresCooldown || line.SecurityFix is not null) return null;
        var until = line.Published + TimeSpan.FromHours(line.CooldownHours);
        return until > time.GetUtcNow() ? new Filter.CoolingDown(until) : null;
    }
}
