using System.Collections.Immutable;
using LazyOC.Marketplace.Publishers;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Which of the envelopes beside a package are its publisher's.</summary>
internal static class AuthorSignatures
{
    /// <summary>Those in which a key of the publisher's that is in use says just this package; others are not kept.</summary>
    public static ImmutableArray<DsseEnvelope> Of(PluginPackage package, ImmutableArray<DsseEnvelope> envelopes, IEnumerable<PublisherKey> keys)
    {
        var trusted = new KeySet([.. keys.Where(key => key.IsInUse).Select(key => key.Info.Key)], 1);
        var identity = PackageIdentity.Of(package);
        return [.. envelopes.Where(envelope =>
            envelope.Verify(PackageAttestation.PayloadType, trusted).TryGet(out var payload, out _)
            && PackageAttestation.Read(payload).TryGet(out var statement, out _)
            && statement.Package == identity)
            // The registry adds one, and clients read so many.
            .Take(SigningLimits.Default.MaxEnvelopes - 1)];
    }
}
