using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Plugins.Runtime;

/// <summary>Source-generated JSON of what the host's own events carry, and of what it keeps.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ResourceEvent))]
[JsonSerializable(typeof(PluginEvent))]
[JsonSerializable(typeof(EventsLost))]
[JsonSerializable(typeof(EventsReset))]
[JsonSerializable(typeof(QuarantineList))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, JsonElement>))]
internal sealed partial class RuntimeJson : JsonSerializerContext;
