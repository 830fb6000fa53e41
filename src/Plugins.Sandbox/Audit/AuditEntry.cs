using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>What the line says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AuditDecision>))]
public enum AuditDecision
{
    /// <summary>A call was refused.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>A write or a sensitive read is about to happen.</summary>
    [JsonStringEnumMemberName("intent")] Intent,

    /// <summary>It happened.</summary>
    [JsonStringEnumMemberName("done")] Done,

    /// <summary>It was permitted and did not succeed.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Permitted calls of one name within one minute.</summary>
    [JsonStringEnumMemberName("counted")] Counted,

    /// <summary>The plugin went from one state to another.</summary>
    [JsonStringEnumMemberName("transition")] Transition,

    /// <summary>A message failed by the plugin's doing, or its instance is gone.</summary>
    [JsonStringEnumMemberName("fault")] Fault,

    /// <summary>The host itself failed.</summary>
    [JsonStringEnumMemberName("bug")] Bug,
}

/// <summary>What happened, before it has its place in the chain.</summary>
public sealed record AuditEvent
{
    /// <summary>Stands where a plugin's id does in what the host says of the audit itself.</summary>
    public static PluginId Host { get; } = PluginId.Parse("lazyoc.host");

    public required PluginId Plugin { get; init; }
    public required string Version { get; init; }

    /// <summary>SHA-256 of the plugin's package.</summary>
    public required string Digest { get; init; }

    /// <summary>Name of the host call, or of the transition.</summary>
    public required string Call { get; init; }

    /// <summary>On what; never a body or a secret.</summary>
    public string Target { get; init; } = "";

    public required AuditDecision Decision { get; init; }

    /// <summary>Error code and message, or the cause of a transition.</summary>
    public string? Reason { get; init; }

    /// <summary>From the call's arrival to its answer.</summary>
    public double? LatencyMs { get; init; }

    /// <summary>How many alike this line stands for; absent for one.</summary>
    public long? Count { get; init; }
}

/// <summary>One line of the audit.</summary>
public sealed record AuditEntry
{
    /// <summary>The chain it belongs to: one per process.</summary>
    [JsonIgnore] public string Chain { get; init; } = "";

    public required DateTimeOffset Time { get; init; }

    /// <summary>Counts up from 1 within the chain.</summary>
    [JsonPropertyName("seq")] public required long Sequence { get; init; }

    public required PluginId Plugin { get; init; }
    public required string Version { get; init; }
    public required string Digest { get; init; }
    public required string Call { get; init; }
    public string Target { get; init; } = "";
    public required AuditDecision Decision { get; init; }
    public string? Reason { get; init; }
    public double? LatencyMs { get; init; }
    public long? Count { get; init; }

    /// <summary>SHA-256 of the line before, in hexadecimal; of the chain's name for the first.</summary>
    [JsonPropertyName("prev")] public required string Previous { get; init; }

    /// <summary>SHA-256 of this line up to here.</summary>
    public required string Hash { get; init; }
}

/// <summary>Source-generated JSON of the audit.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(AuditEntry))]
public sealed partial class AuditJson : JsonSerializerContext;
