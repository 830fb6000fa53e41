using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>A DSSE envelope as JSON.</summary>
internal sealed record EnvelopeDocument
{
    [JsonConverter(typeof(Base64Text))] public required string Payload { get; init; }

    public required string PayloadType { get; init; }

    public required ImmutableArray<SignatureDocument> Signatures { get; init; }
}

internal sealed record SignatureDocument
{
    public string? Keyid { get; init; }

    [JsonConverter(typeof(Base64Text))] public required string Sig { get; init; }

    public PublicKey? PublicKey { get; init; }
}

/// <summary>Text of base64, whose <c>+</c> stands as it is: the same number of bytes always takes the same room.</summary>
internal sealed class Base64Text : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("expected base64");

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteStringValue(JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
}

/// <summary>What is signed, and envelopes: one line of JSON each.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
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
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(KeyDocument))]
[JsonSerializable(typeof(PinDocument))]
internal sealed partial class TrustFilesJson : JsonSerializerContext;
