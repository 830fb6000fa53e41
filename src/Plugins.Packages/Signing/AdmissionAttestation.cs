using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>The registry's statement that a package is live there; made when it goes live, not before.</summary>
/// <param name="Id">Which plugin.</param>
/// <param name="Version">Which version.</param>
/// <param name="Digest">Of the <c>.lzp</c> file.</param>
/// <param name="Verdict">Digest of what the checks found; null when the registry makes none.</param>
/// <param name="Live">Since when it is to be had.</param>
public sealed record AdmissionAttestation(PluginId Id, SemanticVersion Version, Digest Digest, Digest? Verdict, DateTimeOffset Live)
{
    public const string PredicateType = "https://lazyoc.dev/attestations/admission/v1";

    public DsseEnvelope Sign(params ReadOnlySpan<SigningKey> keys) => DsseEnvelope.Sign(
        PackageAttestation.PayloadType,
        StatementDocument.Write($"{Id}-{Version}.lzp", Digest, PredicateType, new AdmissionPredicate { Id = Id, Version = Version, VerdictDigest = Verdict, Live = Live }, SigningJson.Default.AdmissionPredicate),
        keys);

    /// <summary>Reads a statement whose signatures hold; another kind of statement is refused.</summary>
    public static Outcome<AdmissionAttestation> Read(VerifiedPayload payload)
    {
        if (!StatementDocument.Read(payload, PredicateType, SigningJson.Default.AdmissionPredicate).TryGet(out var statement, out var problems)) return problems;
        var (digest, predicate) = statement;
        return new AdmissionAttestation(predicate.Id, predicate.Version, digest, predicate.VerdictDigest, predicate.Live);
    }

    /// <summary>Whether it is about a package.</summary>
    public bool IsAbout(PackageIdentity package) => Digest == package.Digest && Id == package.Id && Version == package.Version;
}

internal sealed record AdmissionPredicate
{
    public required PluginId Id { get; init; }

    public required SemanticVersion Version { get; init; }

    public Digest? VerdictDigest { get; init; }

    public required DateTimeOffset Live { get; init; }
}
