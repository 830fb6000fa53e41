using LazyOC.Cluster;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Runtime;

/// <summary>The cluster as one user through one context. Plugin instances belong to exactly one session.</summary>
/// <remarks>The client belongs to the caller: the plugin host never disposes it.</remarks>
public sealed record ClusterSession
{
    public required ClusterClient Client { get; init; }

    /// <summary>Name of the kubeconfig context.</summary>
    public required string Context { get; init; }

    public required string User { get; init; }

    /// <summary>The namespace the user works in; watches fall back to it when the user may not watch all namespaces.</summary>
    public required string Namespace { get; init; }

    /// <summary>Writes are refused, unattended ones included.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>What contributions' <c>when</c> is decided on in this session.</summary>
    /// <param name="catalog">What the cluster serves; nothing when it is not known yet.</param>
    /// <param name="kind">The kind that is listed or detailed, if any.</param>
    /// <param name="workingNamespace">The namespace the user looks at; null for all of them.</param>
    public WhenContext When(ResourceCatalog? catalog, GroupKind? kind, string? workingNamespace) => new()
    {
        HasApi = catalog is null ? NoApi : catalog.HasApi,
        Kind = kind,
        Context = Context,
        Namespace = workingNamespace,
        IsOpenShift = catalog?.IsOpenShift ?? false,
        IsReadOnly = ReadOnly,
    };

    private static bool NoApi(string groupVersion) => false;
}
