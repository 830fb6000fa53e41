using System.Collections.Immutable;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>How much has to vouch for a package.</summary>
public enum TrustMode
{
    /// <summary>The registry, or a key that the publisher's packages were signed with before.</summary>
    Default,

    /// <summary>The registry and the author.</summary>
    Strict,

    /// <summary>Nobody, for one's own plugins: an unsigned package is accepted, and marked as long as it is installed. What is signed badly is refused as always.</summary>
    Dev,
}

/// <summary>The keys of a publisher, as its registry has signed them.</summary>
/// <param name="Publisher">Its name.</param>
/// <param name="Keys">The keys its authors sign with now.</param>
/// <param name="Rotations">Which keys have taken the place of which.</param>
/// <param name="Revocations">Keys that are not to be trusted any more.</param>
public sealed record PublisherKeys(string Publisher, ImmutableArray<PublicKey> Keys, ImmutableArray<KeyRotation> Rotations, ImmutableArray<KeyRevocation> Revocations);

/// <summary>A package, and everything there is to judge it by.</summary>
public sealed record TrustRequest
{
    public required PackageIdentity Package { get; init; }

    /// <summary>The envelopes beside it, whoever has put them there.</summary>
    public ImmutableArray<DsseEnvelope> Envelopes { get; init; } = [];

    /// <summary>The keys of the registry that it comes from; null when it comes from none.</summary>
    public KeySet? Registry { get; init; }

    /// <summary>The publisher's keys according to that registry; null when there is none.</summary>
    public PublisherKeys? Publisher { get; init; }

    /// <summary>What is remembered.</summary>
    public required Pins Pins { get; init; }

    /// <summary>Keys whose fingerprint the user has typed, or whose signed rotation the user has agreed to.</summary>
    public ImmutableArray<KeyId> Accepted { get; init; } = [];
}
