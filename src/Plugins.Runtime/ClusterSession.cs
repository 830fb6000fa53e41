using LazyOC.Cluster;

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
}
