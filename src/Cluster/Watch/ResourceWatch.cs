using System.Collections.Immutable;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;

namespace LazyOC.Cluster.Watch;

/// <summary>
/// A share in a reflector: live rows of one (kind, namespace, selector) until disposed. Thread-safe. The last share
/// to be disposed stops the reflector.
/// </summary>
public sealed class ResourceWatch : IDisposable
{
    private readonly WatchTarget _target;
    private readonly ReflectorAudience _audience;
    private readonly ClusterLimits _limits;
    private readonly Action<ResourceWatch> _leave;
    private readonly TaskCompletionSource _synced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private ImmutableArray<ChangeStream> _streams = [];
    private bool _disposed;

    internal ResourceWatch(WatchTarget target, ImmutableArray<ColumnSpec> columns, ReflectorAudience audience, ClusterLimits limits, Action<ResourceWatch> leave)
    {
        _target = target;
        _audience = audience;
        _limits = limits;
        _leave = leave;
        Columns = columns;
    }

    /// <summary>What is watched.</summary>
    public ResourceKind Kind => _target.Kind;

    /// <summary>Where; null for all namespaces.</summary>
    public string? Namespace => _target.Namespace;

    /// <summary>Narrowed to what.</summary>
    public Selector Selector => _target.Selector;

    /// <summary>The columns this share asked for; <see cref="ResourceSnapshot.Columns"/> may have others too.</summary>
    public ImmutableArray<ColumnSpec> Columns { get; }

    /// <summary>All rows now; empty before the first list. Cheap when nothing changed.</summary>
    public ResourceSnapshot Current => _audience.Store.Current;

    /// <summary>Grows with every change of <see cref="Current"/>, without building it.</summary>
    public long Version => _audience.Store.Version;

    /// <summary>Whether it is live, and since when not. Rows stay while it reconnects.</summary>
    public ConnectionState State => _audience.State;

    /// <summary>
    /// Completes when the first list that has this share's columns is complete; cancelled by disposal. Does not fault:
    /// a list that fails is tried again, and <see cref="State"/> says why.
    /// </summary>
    public Task Synced => _synced.Task;

    /// <summary>Completes when the version or the state differs from what is given; for loops without polling.</summary>
    /// <param name="version">The version last seen.</param>
    /// <param name="state">The state last seen.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WaitForChangeAsync(long version, ConnectionState state, CancellationToken cancellationToken = default) =>
        _audience.WaitForChangeAsync(version, state, cancellationToken);

    /// <summary>Raised after rows or state changed, on the reflector's own thread: return at once and do not throw.</summary>
    public event EventHandler? Changed;

    /// <summary>
    /// Every change from now on. What the first list brings is not a change: subscribe, then read <see cref="Current"/>.
    /// </summary>
    /// <param name="capacity">Changes buffered; null takes <see cref="ClusterLimits.ChangeCapacity"/>.</param>
    /// <param name="includeJson">Carry whole objects.</param>
    public ChangeStream Subscribe(int? capacity = null, bool includeJson = false)
    {
        var stream = _audience.Subscribe(capacity ?? _limits.ChangeCapacity, includeJson);
        lock (_gate)
        {
            if (!_disposed)
            {
                _streams = _streams.Add(stream);
                return stream;
            }
        }

        stream.Dispose();
        throw new ObjectDisposedException(nameof(ResourceWatch));
    }

    /// <summary>Ends this share and its change streams.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _leave(this);
        foreach (var stream in _streams)
            stream.Dispose();
        _synced.TrySetCanceled();
    }

    internal void CompleteSync() => _synced.TrySetResult();

    internal void RaiseChanged() => Changed?.Invoke(this, EventArgs.Empty);
}
