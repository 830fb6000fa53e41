using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>An in-toto Statement v1 about one package. Source: https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md.</summary>
internal sealed record StatementDocument
{
    private const string StatementType = "https://in-toto.io/Statement/v1";

    [JsonPropertyName("_type")] public required string Type { get; init; }

    public required ImmutableArray<SubjectDocument> Subject { get; init; }

    public required string PredicateType { get; init; }

    /// <summary>Read once <see cref="PredicateType"/> is known.</summary>
    public required JsonElement Predicate { get; init; }

    public static byte[] Write<T>(string name, Digest package, string predicateType, T predicate, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(
        new StatementDocument
        {
            Type = StatementType,
            Subject = [new SubjectDocument { Name = name, Digest = DigestDocument.Of(package) }],
            PredicateType = predicateType,
            Predicate = JsonSerializer.SerializeToElement(predicate, type),
        },
        SigningJson.Default.StatementDocument);

    /// <summary>The digest and the predicate of a statement of one kind.</summary>
    public static Outcome<(Digest Package, T Predicate)> Read<T>(VerifiedPayload payload, string predicateType, JsonTypeInfo<T> type)
    {
        if (!StrictJson.Read(payload.Bytes.Span, SigningJson.Default.StatementDocument).TryGet(out var statement, out var problems)) return problems;
        if (statement.Type != StatementType) return new Problem("_type", $"is not `{StatementType}`");
        if (statement.PredicateType != predicateType) return new Problem("predicateType", $"is not `{predicateType}`");
        if (statement.Subject.Length != 1) return new Problem("subject", $"has {statement.Subject.Length:N0} entries; exactly one is expected");
        if (!Digest.TryParse("sha256-" + statement.Subject[0].Digest.Sha256, out var package)) return new Problem("subject[0].digest.sha256", "is not 64 lower-case hexadecimal digits");
        return StrictJson.Read(Encoding.UTF8.GetBytes(statement.Predicate.GetRawText()), type).TryGet(out var predicate, out problems)
            ? (package, predicate)
            : problems.Select(problem => problem.Under("predicate")).ToImmutableArray();
    }
}

internal sealed record SubjectDocument
{
    public required string Name { get; init; }

    public required DigestDocument Digest { get; init; }
}

internal sealed record DigestDocument
{
    /// <summary>64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    public static DigestDocument Of(Digest digest) => new() { Sha256 = digest.ToString()["sha256-".Length..] };
}
