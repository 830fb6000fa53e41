using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol;

/// <summary>A package to be offered, and the envelopes beside it.</summary>
public sealed record StaticPackage(PluginPackage Package, ImmutableArray<DsseEnvelope> Envelopes);

/// <summary>What <see cref="StaticRegistry.ExportAsync"/> puts into a folder.</summary>
public sealed record StaticExport
{
    /// <summary>What people call the registry.</summary>
    public required string Name { get; init; }

    /// <summary>Packages to add; those that the folder offers already stay.</summary>
    public required ImmutableArray<StaticPackage> Packages { get; init; }

    /// <summary>Rotations of authors' keys; those of keys that no publisher here has are left out.</summary>
    public ImmutableArray<SignedRotation> Rotations { get; init; } = [];

    /// <summary>Revocations of authors' keys; those of keys that no publisher here has are left out.</summary>
    public ImmutableArray<KeyRevocation> Revocations { get; init; } = [];

    /// <summary>How many of the registry's keys clients ask for; all that sign are named.</summary>
    public int Threshold { get; init; } = 1;

    /// <summary>The time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How long clients believe what is signed now; exporting again begins anew.</summary>
    public TimeSpan Validity { get; init; } = TimeSpan.FromDays(30);
}

/// <summary>What <see cref="StaticRegistry.ExportAsync"/> made.</summary>
/// <param name="Added">Packages that were not there before, in order of plugin and version.</param>
/// <param name="Plugins">How many plugins are offered now, and the sequence number of each one's index.</param>
/// <param name="Publishers">How many publishers there are now.</param>
public sealed record StaticReport(ImmutableArray<PackageIdentity> Added, ImmutableSortedDictionary<PluginId, long> Plugins, int Publishers);
