using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>A DSSE envelope as JSON.</summary>
internal sealed record EnvelopeDocument
{
    public required string Payload { get; init; }

    public required string PayloadType { get; init; }

    public required ImmutableArray<SignatureDocument> Signatures { get; init; }
}

internal sealed record SignatureDocument
{
    public string? Keyid { get; init; }

    public required string Sig { get; init; }

    public PublicKey? PublicKey { get; init; }
}

/// <summary>What is signed, and envelopes: one line of JSON each.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(EnvelopeDocument))]
[JsonSerializable(typeof(StatementDocument))]
[JsonSerializable(typeof(PackagePredicate))]
[JsonSerializable(typeof(AdmissionPredicate))]
[JsonSerializable(typeof(RotationDocument))]
internal sealed partial class SigningJson : JsonSerializerContext;

/// <summary>The files of a home that have to do with trust; people look into them.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(PinDocument))]
internal sealed partial class TrustFilesJson : JsonSerializerContext;
