using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>kubernetes.create</c>: a new object.</summary>
public sealed record KubernetesCreateRequest
{
    public string Group { get; init => field = value ?? ""; } = "";
    public required string Resource { get; init; }

    /// <summary>Absent for cluster-scoped resources.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The whole object; its <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> must say the same as the arguments.</summary>
    public required JsonElement Object { get; init; }

    /// <summary>JSONPaths to keep of the answer's object; absent for the whole object.</summary>
    public ImmutableArray<string> Fields { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Checks everything and stores nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary><c>kubernetes.apply</c>: server-side apply, as the field manager <c>lazyoc.plugin.ID</c>.</summary>
public sealed record KubernetesApplyRequest
{
    public string Group { get; init => field = value ?? ""; } = "";
    public required string Resource { get; init; }

    /// <summary>Absent for cluster-scoped resources.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>The fields that this plugin wants to own; <c>apiVersion</c>, <c>kind</c> and <c>metadata</c> must say the same as the arguments.</summary>
    public required JsonElement Object { get; init; }

    /// <summary>JSONPaths to keep of the answer's object; absent for the whole object.</summary>
    public ImmutableArray<string> Fields { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Takes fields over from other managers; without it they are a <c>conflict</c> that names their owners.</summary>
    public bool Force { get; init; }

    /// <summary>Checks everything and stores nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Format of <see cref="KubernetesPatchRequest.Patch"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<KubernetesPatchType>))]
public enum KubernetesPatchType
{
    /// <summary>JSON merge patch, RFC 7396.</summary>
    [JsonStringEnumMemberName("merge")] Merge,

    /// <summary>JSON patch, RFC 6902: an array of operations.</summary>
    [JsonStringEnumMemberName("json")] Json,

    /// <summary>Strategic merge patch; built-in kinds only.</summary>
    [JsonStringEnumMemberName("strategic")] Strategic,
}

/// <summary><c>kubernetes.patch</c>: changes an object that is there.</summary>
public sealed record KubernetesPatchRequest
{
    public string Group { get; init => field = value ?? ""; } = "";
    public required string Resource { get; init; }

    /// <summary>Absent for cluster-scoped resources.</summary>
    public string? Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Such as <c>status</c> or <c>scale</c>; absent for the object itself.</summary>
    public string? Subresource { get; init; }

    public required KubernetesPatchType Type { get; init; }

    /// <summary>The patch; it must not change what the object is: its kind, name and namespace.</summary>
    public required JsonElement Patch { get; init; }

    /// <summary>JSONPaths to keep of the answer's object; absent for the whole object.</summary>
    public ImmutableArray<string> Fields { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Checks everything and stores nothing.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Answer of <c>kubernetes.create</c>, <c>apply</c> and <c>patch</c>.</summary>
public sealed record KubernetesWriteAnswer
{
    /// <summary>What was written.</summary>
    public required ObjectReference Reference { get; init; }

    /// <summary>The object as it is now, or its values by path; absent when the plugin may not <c>get</c> it.</summary>
    public JsonElement? Object { get; init; }
}
