using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Plugins.Runtime;

/// <summary>Source-generated JSON of what the host keeps.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(QuarantineList))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, JsonElement>))]
internal sealed partial class RuntimeJson : JsonSerializerContext;
