using System.Text.Json.Serialization;
using LazyOC.Plugins.Runtime.Events;

namespace LazyOC.Plugins.Runtime;

/// <summary>Source-generated JSON of what the host's own events carry.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResourceEvent))]
[JsonSerializable(typeof(PluginEvent))]
[JsonSerializable(typeof(EventsLost))]
internal sealed partial class RuntimeJson : JsonSerializerContext;
