using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Packages;

/// <summary>Source-generated JSON of this room's documents: <c>files.json</c>, <c>plugins.lock</c> and <c>sbom.cdx.json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.Strict,
    WriteIndented = true,
    NewLine = "\n")]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(LockDocument))]
[JsonSerializable(typeof(WithdrawnDocument))]
[JsonSerializable(typeof(SbomDocument))]
internal sealed partial class PackagesJson : JsonSerializerContext;
