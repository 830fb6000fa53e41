using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Resources;

/// <summary>
/// Reads and writes single objects and pages of any kind. Thread-safe. Every call throws a
/// <see cref="ClusterException"/> when the cluster refuses or cannot be reached; documents belong to the caller.
/// </summary>
public sealed class ResourceClient
{
    /// <summary>One page of a collection.</summary>
    /// <param name="kind">What to list.</param>
    /// <param name="namespace">Namespace; null for all.</param>
    /// <param name="options">Selector and paging.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ResourcePage> ListAsync(ResourceKind kind, string? @namespace, ListOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>One object, or one of its subresources.</summary>
    public Task<JsonDocument> GetAsync(ResourceKind kind, string? @namespace, string name, string? subresource = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Creates an object from JSON.</summary>
    public Task<JsonDocument> CreateAsync(ResourceKind kind, string? @namespace, ReadOnlyMemory<byte> body, WriteOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Replaces an object; its <c>resourceVersion</c>, when present, must be the current one.</summary>
    public Task<JsonDocument> ReplaceAsync(ResourceKind kind, string? @namespace, string name, ReadOnlyMemory<byte> body, WriteOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Patches an object, or one of its subresources.</summary>
    public Task<JsonDocument> PatchAsync(ResourceKind kind, string? @namespace, string name, PatchType type, ReadOnlyMemory<byte> body, WriteOptions? options = null, string? subresource = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Deletes an object; answers the object being deleted or a <c>Status</c>.</summary>
    public Task<JsonDocument> DeleteAsync(ResourceKind kind, string? @namespace, string name, DeleteOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Sets the replicas through the <c>scale</c> subresource and answers the replicas now asked for.</summary>
    public Task<int> ScaleAsync(ResourceKind kind, string? @namespace, string name, int replicas, WriteOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Restarts a workload's pods the way <c>kubectl rollout restart</c> does: by an annotation on its template.</summary>
    public Task<JsonDocument> RestartAsync(ResourceKind kind, string? @namespace, string name, WriteOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>A pod's log, line by line, without line ends.</summary>
    public IAsyncEnumerable<string> LogsAsync(string @namespace, string pod, LogOptions? options = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The events about one object, oldest first.</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="namespace">Its namespace; null for a cluster-wide kind.</param>
    /// <param name="name">Its name.</param>
    /// <param name="uid">Its uid; null takes events about earlier objects of that name too.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task<ResourcePage> EventsForAsync(ResourceKind kind, string? @namespace, string name, string? uid = null, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>The bytes any path of the server answers a GET with, such as <c>openapi/v3</c> or <c>version</c>.</summary>
    public Task<byte[]> GetRawAsync(string path, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
