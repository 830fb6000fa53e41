using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol;

/// <summary>Source-generated JSON of a registry's documents: one line each, unknown members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(RegistryConfig))]
[JsonSerializable(typeof(IndexHeader))]
[JsonSerializable(typeof(IndexLine))]
[JsonSerializable(typeof(PublisherDocument))]
[JsonSerializable(typeof(RegistryPolicy))]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(VerdictDocument))]
internal sealed partial class RegistryJson : JsonSerializerContext;
