using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;

namespace LazyOC.Cluster.Watch;

/// <summary>
/// A share in a reflector: live rows of one (kind, namespace, selector) until disposed. Thread-safe. The last share
/// to be disposed stops the reflector.
/// </summary>
public sealed class ResourceWatch : IDisposable
{
    /// <summary>What is watched.</summary>
    public ResourceKind Kind => throw new NotImplementedException();

    /// <summary>Where; null for all namespaces.</summary>
    public string? Namespace => throw new NotImplementedException();

    /// <summary>Narrowed to what.</summary>
    public Selector Selector => throw new NotImplementedException();

    /// <summary>All rows now; empty before the first list. Cheap when nothing changed.</summary>
    public ResourceSnapshot Current => throw new NotImplementedException();

    /// <summary>Grows with every change of <see cref="Current"/>, without building it.</summary>
    public long Version => throw new NotImplementedException();

    /// <summary>Whether it is live, and since when not. Rows stay while it reconnects.</summary>
    public ConnectionState State => throw new NotImplementedException();

    /// <summary>Completes when the first list that has this share's columns is complete; cancelled by disposal.</summary>
    public Task Synced => throw new NotImplementedException();

    /// <summary>Completes when the version or the state differs from what is given; for loops without polling.</summary>
    /// <param name="version">The version last seen.</param>
    /// <param name="state">The state last seen.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForChangeAsync(long version, ConnectionState state, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Raised after rows or state changed, on the reflector's own thread: return at once.</summary>
    public event EventHandler? Changed { add { } remove { } }

    /// <summary>
    /// Every change from now on. Rows that are already there are not repeated: subscribe, then read <see cref="Current"/>.
    /// </summary>
    /// <param name="capacity">Changes buffered; null takes <see cref="ClusterLimits.ChangeCapacity"/>.</param>
    /// <param name="includeJson">Carry whole objects.</param>
    public ChangeStream Subscribe(int? capacity = null, bool includeJson = false) => throw new NotImplementedException();

    /// <summary>Ends this share.</summary>
    public void Dispose() => throw new NotImplementedException();
}
