using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>Who vouches for a package.</summary>
/// <param name="Author">The author's key; null when nobody knows it to be the author's.</param>
/// <param name="Registry">The registry's keys; empty when it does not vouch.</param>
public sealed record Signer(PublicKey? Author, ImmutableArray<PublicKey> Registry)
{
    /// <summary>Of an unsigned package, which only <see cref="TrustMode.Dev"/> accepts.</summary>
    public static Signer Nobody { get; } = new(null, []);

    /// <summary>The id of the key to name in the lock file, the author's before the registry's; null when nobody vouches.</summary>
    public KeyId? Key => Author?.Id ?? (Registry.IsEmpty ? null : Registry[0].Id);
}

/// <summary>What comes of asking whether a package can be trusted.</summary>
public abstract record TrustDecision
{
    private TrustDecision() { }

    /// <summary>It can be installed.</summary>
    /// <param name="Signer">Who vouches for it.</param>
    /// <param name="NewPins">What to remember once it is installed; see <see cref="Pins.With"/>.</param>
    public sealed record Trusted(Signer Signer, Pins NewPins) : TrustDecision;

    /// <summary>
    /// It is the first package of its publisher and no registry vouches for it. The user has to type the fingerprint of one
    /// of the keys, from where the publisher gives it; it must not be shown, or it would only be copied.
    /// </summary>
    /// <param name="Keys">Keys that have signed it; <see cref="KeyId.IsTypedAs"/> tells which one was typed, for <see cref="TrustRequest.Accepted"/>.</param>
    public sealed record NeedsFingerprint(ImmutableArray<PublicKey> Keys) : TrustDecision;

    /// <summary>It is signed, but not with the key that the publisher's packages were signed with before. The user is to be told loudly.</summary>
    /// <param name="Old">The keys from before.</param>
    /// <param name="New">Keys that have signed it.</param>
    /// <param name="RotationIsSigned">
    /// Whether an old key has said that the first of the new keys takes its place. Then a yes is enough, otherwise the user
    /// has to type the fingerprint; either way the key goes into <see cref="TrustRequest.Accepted"/>.
    /// </param>
    public sealed record KeyChanged(ImmutableArray<PublicKey> Old, ImmutableArray<PublicKey> New, bool RotationIsSigned) : TrustDecision;

    /// <summary>It must not be installed.</summary>
    public sealed record Refused(Problem Problem) : TrustDecision;
}
