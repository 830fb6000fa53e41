using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>Which signatures of a package hold. Revoked keys have signed nothing.</summary>
internal sealed record SignatureEvidence
{
    /// <summary>Keys of which a statement about this very package holds, those that the registry or the pins know first; the others only claim to be the author's.</summary>
    public required ImmutableArray<PublicKey> Authors { get; init; }

    /// <summary>The registry's keys that say that the package is live; empty when they are too few.</summary>
    public required ImmutableArray<PublicKey> Registry { get; init; }

    /// <summary>Why a signature does not count, for a refusal; null when there is nothing to say.</summary>
    public required Problem? Explanation { get; init; }

    public static SignatureEvidence Gather(TrustRequest request, PublisherPins pinned)
    {
        var publisher = request.Publisher;
        var revoked = pinned.Revoked;
        IEnumerable<PublicKey> candidates =
        [
            .. pinned.Keys,
            .. publisher?.Keys ?? [],
            .. publisher?.Rotations.SelectMany(rotation => new[] { rotation.Old, rotation.New }) ?? [],
            .. request.Envelopes.SelectMany(envelope => envelope.Signatures).Select(signature => signature.PublicKey).OfType<PublicKey>(),
        ];
        var (authors, explanation) = AuthorsOf(request, [.. candidates.Distinct().Where(key => !revoked.Contains(key.Id))]);
        if (request.Envelopes.SelectMany(envelope => envelope.Signatures).Select(HintOf).OfType<KeyId>().FirstOrDefault(revoked.Contains) is { } id && id != default)
        {
            var reason = publisher?.Revocations.FirstOrDefault(revocation => revocation.Key == id)?.Reason;
            explanation = new Problem(request.Package.FileName, $"is signed with the key {id.Fingerprint}, which its publisher has revoked{(reason is null ? "" : $": {reason}")}", "wait for a version that is signed with another key");
        }
        return new SignatureEvidence { Authors = authors, Registry = RegistryOf(request), Explanation = explanation };
    }

    private static (ImmutableArray<PublicKey> Authors, Problem? Explanation) AuthorsOf(TrustRequest request, ImmutableArray<PublicKey> candidates)
    {
        var authors = ImmutableArray.CreateBuilder<PublicKey>();
        Problem? explanation = null;
        foreach (var key in candidates)
        {
            foreach (var envelope in request.Envelopes)
            {
                if (!envelope.Verify(PackageAttestation.PayloadType, KeySet.Of(key)).TryGet(out var payload, out _) || !PackageAttestation.Read(payload).TryGet(out var statement, out _)) continue;
                if (statement.Package != request.Package) explanation ??= Mismatch(statement.Package, request.Package);
                else if (!authors.Contains(key)) authors.Add(key);
            }
        }
        return (authors.ToImmutable(), explanation);
    }

    private static ImmutableArray<PublicKey> RegistryOf(TrustRequest request)
    {
        if (request.Registry is not { } roots) return [];
        foreach (var envelope in request.Envelopes)
        {
            if (envelope.Verify(PackageAttestation.PayloadType, roots).TryGet(out var payload, out _)
                && AdmissionAttestation.Read(payload).TryGet(out var admission, out _)
                && admission.IsAbout(request.Package)) return payload.Signers;
        }
        return [];
    }

    private static Problem Mismatch(PackageIdentity signed, PackageIdentity package)
    {
        var what = signed.Digest != package.Digest ? $"the package {signed.Digest}, and this one is {package.Digest}"
            : signed.Permissions != package.Permissions ? "other permissions than the manifest asks for"
            : $"{signed.Id} {signed.Version}, and the manifest says {package.Id} {package.Version}";
        return new Problem(package.FileName, $"is not what was signed: the signature is for {what}", "fetch the package and its signatures again");
    }

    private static KeyId? HintOf(DsseSignature signature) =>
        signature.PublicKey?.Id ?? (KeyId.TryParse(signature.KeyId, out var id) ? id : null);
}
