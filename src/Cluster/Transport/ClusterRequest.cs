using LazyOC.Cluster.Discovery;

namespace LazyOC.Cluster.Transport;

/// <summary>One request, with what it means, so that a refusal can be explained in the user's words.</summary>
internal sealed record ClusterRequest
{
    public HttpMethod Method { get; init; } = HttpMethod.Get;

    /// <summary>Path under the server's address, already escaped.</summary>
    public required string Path { get; init; }

    public IReadOnlyList<(string Name, string Value)> Query { get; init; } = [];

    public string Accept { get; init; } = "application/json";

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>Headers beside those that every request has.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether the API server passes it on: a 401 then says nothing about the credential towards the API server.</summary>
    public bool IsForAnother { get; init; }

    /// <summary>RBAC verb, such as <c>list</c>.</summary>
    public string Verb { get; init; } = "get";

    /// <summary>RBAC resource, such as <c>deployments.apps/scale</c>.</summary>
    public string Resource { get; init; } = "";

    public string? Namespace { get; init; }

    public string? Name { get; init; }

    /// <summary>Whether the answer is text rather than JSON.</summary>
    public bool WantsText { get; init; }

    public static ClusterRequest For(string verb, ResourceKind kind, string? @namespace, string? name = null, string? subresource = null) => new()
    {
        Path = kind.PathFor(@namespace, name, subresource),
        Verb = verb,
        Resource = subresource is null ? kind.QualifiedName : $"{kind.QualifiedName}/{subresource}",
        Namespace = kind.Namespaced ? @namespace : null,
        Name = name,
    };

    public Uri UriAt(Uri server)
    {
        var query = string.Join('&', Query.Select(q => $"{Uri.EscapeDataString(q.Name)}={Uri.EscapeDataString(q.Value)}"));
        return new Uri($"{server.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Path}{(query.Length > 0 ? "?" : "")}{query}");
    }

    /// <summary>What it does, as in <c>list pods in namespace `shop`</c>.</summary>
    public string Describe()
    {
        if (Resource.Length == 0)
            return $"read `/{Path}`";
        var what = Name is null ? $"{Verb} `{Resource}`" : $"{Verb} `{Resource}` `{Name}`";
        return Namespace is null ? what : $"{what} in namespace `{Namespace}`";
    }
}
