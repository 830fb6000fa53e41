using System.Collections.Immutable;
using System.Text.Json;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>kubernetes.list</c>: a page of objects, projected.</summary>
public sealed record KubernetesListRequest
{
    public string Group { get; init => field = value ?? ""; } = "";

    /// <summary>Plural resource name.</summary>
    public required string Resource { get; init; }

    /// <summary>Absent for all namespaces and cluster-scoped resources.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>JSONPaths to keep of each object; absent for whole objects.</summary>
    public ImmutableArray<string> Fields { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Objects a page, 1 to 500; 100 when absent.</summary>
    public int? Limit { get; init; }

    /// <summary>Token of the previous page's answer.</summary>
    public string? Continue { get; init; }
}

/// <summary>Answer of <c>kubernetes.list</c>.</summary>
public sealed record KubernetesListAnswer
{
    /// <summary>Whole objects, or objects from path to value when <c>fields</c> was given.</summary>
    public required ImmutableArray<JsonElement> Items { get; init; }

    /// <summary>Absent on the last page.</summary>
    public string? Continue { get; init; }
}

/// <summary><c>kubernetes.get</c>: one object.</summary>
public sealed record KubernetesGetRequest
{
    public string Group { get; init => field = value ?? ""; } = "";
    public required string Resource { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }

    /// <summary>JSONPaths to keep; absent for the whole object.</summary>
    public ImmutableArray<string> Fields { get; init => field = value.OrEmpty(); } = [];
}

/// <summary><c>kubernetes.scale</c>: sets <c>spec.replicas</c> through the scale subresource.</summary>
public sealed record KubernetesScaleRequest
{
    public string Group { get; init => field = value ?? "apps"; } = "apps";
    public required string Resource { get; init; }
    public required string Namespace { get; init; }
    public required string Name { get; init; }

    /// <summary>0 or more.</summary>
    public required int Replicas { get; init; }
}

/// <summary><c>kubernetes.delete</c>.</summary>
public sealed record KubernetesDeleteRequest
{
    public string Group { get; init => field = value ?? ""; } = "";
    public required string Resource { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }

    /// <summary>Refuses with <c>conflict</c> when the object is not the one meant.</summary>
    public string? Uid { get; init; }
}
