using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>The author's statement about a package.</summary>
/// <param name="Package">Which package.</param>
/// <param name="Build">How it was made, as its author says.</param>
public sealed record PackageAttestation(PackageIdentity Package, BuildFacts Build)
{
    /// <summary>Payload type of in-toto statements in envelopes.</summary>
    public const string PayloadType = "application/vnd.in-toto+json";

    public const string PredicateType = "https://lazyoc.dev/attestations/package/v1";

    public DsseEnvelope Sign(params ReadOnlySpan<SigningKey> keys) => DsseEnvelope.Sign(
        PayloadType,
        StatementDocument.Write(
            Package.FileName,
            Package.Digest,
            PredicateType,
            new PackagePredicate { Id = Package.Id, Version = Package.Version, PermissionsDigest = Package.Permissions, Build = Build },
            SigningJson.Default.PackagePredicate),
        keys);

    /// <summary>Reads a statement whose signature holds; another kind of statement is refused.</summary>
    public static Outcome<PackageAttestation> Read(VerifiedPayload payload)
    {
        if (!StatementDocument.Read(payload, PredicateType, SigningJson.Default.PackagePredicate).TryGet(out var statement, out var problems)) return problems;
        var (digest, predicate) = statement;
        return new PackageAttestation(new PackageIdentity(predicate.Id, predicate.Version, digest, predicate.PermissionsDigest), predicate.Build);
    }
}

/// <summary>How a package was made, as its author says.</summary>
public sealed record BuildFacts
{
    /// <summary>The program that packed it, such as <c>lazyoc/0.1.0</c>.</summary>
    public required string Builder { get; init; }

    /// <summary>When it was signed.</summary>
    public required DateTimeOffset Signed { get; init; }

    /// <summary>Where its source is.</summary>
    public string? Repository { get; init; }

    /// <summary>The commit of the source.</summary>
    public string? Commit { get; init; }
}

internal sealed record PackagePredicate
{
    public required PluginId Id { get; init; }

    public required SemanticVersion Version { get; init; }

    public required Digest PermissionsDigest { get; init; }

    public required BuildFacts Build { get; init; }
}
