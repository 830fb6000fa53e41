using System.Collections.Immutable;
using System.Text.Json;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>kubernetes.discover</c>: what the cluster serves.</summary>
public sealed record KubernetesDiscoverRequest
{
    /// <summary>One API group, empty for core; absent for all.</summary>
    public string? Group { get; init; }
}

/// <summary>Answer of <c>kubernetes.discover</c>.</summary>
public sealed record KubernetesDiscoverAnswer
{
    /// <summary>Each resource at its preferred version.</summary>
    public required ImmutableArray<KubernetesResource> Resources { get; init; }
}

/// <summary>A resource that the cluster serves.</summary>
public sealed record KubernetesResource
{
    public required string Group { get; init; }
    public required string Version { get; init; }
    public required string Kind { get; init; }

    /// <summary>The name in <c>resource</c> of the other calls.</summary>
    public required string Plural { get; init; }

    public required bool Namespaced { get; init; }

    /// <summary>What the server offers, not what the user or the plugin may do: see <c>kubernetes.canI</c>.</summary>
    public required ImmutableArray<string> Verbs { get; init; }
}

/// <summary><c>kubernetes.schema</c>: how objects of a kind look.</summary>
public sealed record KubernetesSchemaRequest
{
    public string Group { get; init => field = value ?? ""; } = "";
    public required string Kind { get; init; }

    /// <summary>The preferred version when absent.</summary>
    public string? Version { get; init; }
}

/// <summary>Answer of <c>kubernetes.schema</c>.</summary>
public sealed record KubernetesSchemaAnswer
{
    /// <summary>The kind's OpenAPI v3 schema. A <c>$ref</c> of <c>#/components/schemas/NAME</c> is <see cref="Definitions"/>' <c>NAME</c>.</summary>
    public required JsonElement Schema { get; init; }

    /// <summary>Every schema that is referred to, directly or not, by name.</summary>
    public required ImmutableDictionary<string, JsonElement> Definitions { get; init; }
}

/// <summary><c>kubernetes.canI</c>: whether the plugin, as its user, may do something.</summary>
public sealed record KubernetesCanIRequest
{
    /// <summary>RBAC verb, such as <c>delete</c>.</summary>
    public required string Verb { get; init; }

    public string Group { get; init => field = value ?? ""; } = "";
    public required string Resource { get; init; }

    /// <summary>Such as <c>log</c>, <c>exec</c> or <c>scale</c>.</summary>
    public string? Subresource { get; init; }

    /// <summary>Absent for all namespaces and cluster-scoped resources.</summary>
    public string? Namespace { get; init; }

    /// <summary>One object; absent for any.</summary>
    public string? Name { get; init; }
}

/// <summary>Answer of <c>kubernetes.canI</c>.</summary>
public sealed record KubernetesCanIAnswer
{
    /// <summary>The plugin's permissions and the user's RBAC both give it; a write may need a gesture all the same.</summary>
    public required bool Allowed { get; init; }

    /// <summary>Why not, or by what; may be absent.</summary>
    public string? Reason { get; init; }
}

/// <summary><c>kubernetes.logs</c>: lines that a container has written.</summary>
public sealed record KubernetesLogsRequest
{
    public required string Namespace { get; init; }
    public required string Pod { get; init; }

    /// <summary>May be absent when the pod has one container only.</summary>
    public string? Container { get; init; }

    /// <summary>Lines before the end to begin at, 1 to 10,000; 1,000 when absent.</summary>
    public int? TailLines { get; init; }

    /// <summary>Only lines younger than this; 1 or more.</summary>
    public int? SinceSeconds { get; init; }

    /// <summary>The log of the container's previous run.</summary>
    public bool Previous { get; init; }

    /// <summary>
    /// Tells the lines, and those that are written later, as <c>watch</c> messages until <c>kubernetes.unwatch</c>; it is one of
    /// the plugin's watches. Excludes <see cref="Previous"/>.
    /// </summary>
    public bool Follow { get; init; }
}

/// <summary>Answer of <c>kubernetes.logs</c>.</summary>
public sealed record KubernetesLogsAnswer
{
    /// <summary>In the order they were written; they may hold control characters. Empty when the log is followed.</summary>
    public required ImmutableArray<string> Lines { get; init; }

    /// <summary>Names the followed log in <c>watch</c> messages and in <c>kubernetes.unwatch</c>, as that of <c>kubernetes.watch</c> does.</summary>
    public string? Watch { get; init; }

    /// <summary>Later lines are missing, because an answer holds no more: ask for fewer.</summary>
    public bool Truncated { get; init; }
}
