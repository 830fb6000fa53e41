using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>What happened to an object.</summary>
public sealed record ResourceEvent
{
    /// <summary><c>added</c>, <c>modified</c> or <c>deleted</c>; objects that are there already are told as added.</summary>
    public required string Change { get; init; }

    public required ResourceSummary Object { get; init; }
}

/// <summary>What an event tells of an object; a plugin that may not <c>get</c> it is told its identity only.</summary>
public sealed record ResourceSummary
{
    public required string Group { get; init; }
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }
    public required string Uid { get; init; }

    /// <summary><c>.status.phase</c>.</summary>
    public string? Phase { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? Created { get; init; }
}

/// <summary>A plugin went from one state to another.</summary>
public sealed record PluginEvent
{
    public required string Plugin { get; init; }
    public required string Version { get; init; }
    public required string From { get; init; }
    public required string To { get; init; }
    public string? Reason { get; init; }
}

/// <summary>A plugin was refused, which says something about it.</summary>
public sealed record PluginViolation
{
    public required string Plugin { get; init; }
    public required string Version { get; init; }

    public required Violation Violation { get; init; }

    /// <summary>The host call, or how else it was done.</summary>
    public required string Call { get; init; }

    /// <summary>In the host's words.</summary>
    public required string Reason { get; init; }

    public required ViolationConsequence Consequence { get; init; }

    /// <summary>Violations of this plugin that the event stands for: those since the event before.</summary>
    public required long Count { get; init; }
}

/// <summary>What a plugin did.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Violation>))]
public enum Violation
{
    /// <summary>A call without permission or without the user's gesture.</summary>
    [JsonStringEnumMemberName("permission-refused")] PermissionRefused,

    /// <summary>More calls than its quota.</summary>
    [JsonStringEnumMemberName("quota-refused")] QuotaRefused,

    /// <summary>A token that it was never given.</summary>
    [JsonStringEnumMemberName("forged-gesture")] ForgedGesture,

    /// <summary>A path or an address that nobody writes who does not want to get out.</summary>
    [JsonStringEnumMemberName("escape-attempt")] EscapeAttempt,

    /// <summary>What was sent in the place of a host call has not its form: it is no JSON, or names no call.</summary>
    [JsonStringEnumMemberName("broken-envelope")] BrokenEnvelope,
}

/// <summary>What follows from it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ViolationConsequence>))]
public enum ViolationConsequence
{
    /// <summary>Nothing yet.</summary>
    [JsonStringEnumMemberName("none")] None,

    /// <summary>Its messages are spaced for a while.</summary>
    [JsonStringEnumMemberName("throttled")] Throttled,

    /// <summary>It is stopped until the user lifts it.</summary>
    [JsonStringEnumMemberName("suspended")] Suspended,

    /// <summary>It is stopped until the user lifts it, over restarts.</summary>
    [JsonStringEnumMemberName("quarantined")] Quarantined,
}

/// <summary>The cluster answers.</summary>
public sealed record ClusterConnected
{
    /// <summary>Name of the kubeconfig context.</summary>
    public required string Context { get; init; }
}

/// <summary>The cluster does not answer; LazyOC goes on asking.</summary>
public sealed record ClusterDisconnected
{
    /// <summary>Name of the kubeconfig context.</summary>
    public required string Context { get; init; }

    /// <summary>The kind of the failure: <c>unreachable</c>, <c>certificate</c>, <c>credential</c>, <c>cluster-timeout</c>, <c>server-failure</c>, and so on.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether asking again may help without anybody changing anything.</summary>
    public required bool Retry { get; init; }
}

/// <summary>A session with a cluster was opened or closed.</summary>
public sealed record ClusterContext
{
    /// <summary><c>opened</c> or <c>closed</c>.</summary>
    public required string State { get; init; }

    /// <summary>Name of the kubeconfig context.</summary>
    public required string Context { get; init; }

    /// <summary>The namespace of the context, or the one that was asked for.</summary>
    public required string Namespace { get; init; }

    /// <summary>Changes of the cluster are refused.</summary>
    public required bool ReadOnly { get; init; }
}

/// <summary>What the screen shows.</summary>
public sealed record UiScreen
{
    /// <summary><c>list</c>; <c>details</c>, when those have the keyboard; <c>page</c> of a plugin; <c>dashboard</c>; or <c>plugins</c>.</summary>
    public required string Screen { get; init; }

    /// <summary>API group of the kind that is listed.</summary>
    public string? Group { get; init; }

    /// <summary>The kind that is listed; absent when none is.</summary>
    public string? Kind { get; init; }

    /// <summary>Id of a plugin's page, or of its view in the place of a list.</summary>
    public string? Page { get; init; }
}

/// <summary>What is selected.</summary>
public sealed record UiSelection
{
    /// <summary>Its identity, and nothing more; absent when nothing is selected.</summary>
    public ObjectReference? Object { get; init; }
}

/// <summary>Which objects are shown.</summary>
public sealed record UiNamespace
{
    /// <summary>Those of this namespace; absent for all of them.</summary>
    public string? Namespace { get; init; }
}

/// <summary>The colours of the screen.</summary>
public sealed record UiTheme
{
    public required string Name { get; init; }

    /// <summary>Dark text on a light ground.</summary>
    public required bool IsLight { get; init; }
}

/// <summary>A line of the audit was written.</summary>
public sealed record AuditTold
{
    public required AuditReadEntry Entry { get; init; }

    /// <summary>Lines before it that are not told, because there were too many within a second; absent for none.</summary>
    public long? Skipped { get; init; }
}

/// <summary>The plugin was too slow for some events.</summary>
public sealed record EventsLost
{
    /// <summary>How many were dropped.</summary>
    public required long Count { get; init; }
}

/// <summary>The objects of a topic are told anew: what is not among them is gone.</summary>
public sealed record EventsReset
{
    /// <summary>What follows of it begins anew.</summary>
    public required string Topic { get; init; }
}
