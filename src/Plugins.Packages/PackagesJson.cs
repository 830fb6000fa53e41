using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Packages;

/// <summary>Source-generated JSON of this room's documents: <c>files.json</c> and <c>plugins.lock</c>.</summary>
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
internal sealed partial class PackagesJson : JsonSerializerContext;
