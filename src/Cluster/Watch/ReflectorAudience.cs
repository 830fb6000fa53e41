using System.Collections.Immutable;
using LazyOC.Cluster.Columns;

namespace LazyOC.Cluster.Watch;

/// <summary>Who looks at a reflector, what they want kept, and how they are told. Thread-safe.</summary>
internal sealed class ReflectorAudience(TimeProvider time)
{
    private readonly Lock _gate = new();
    private ImmutableArray<ResourceWatch> _watches = [];
    private ImmutableArray<ChangeStream> _streams = [];
    private ConnectionState _state = new(ConnectionPhase.Connecting, time.GetUtcNow());
    private ImmutableArray<ColumnSpec> _listed = [];
    private bool _isListed;
    private CancellationTokenSource? _turn;
    private TaskCompletionSource _signal = NewSignal();

    public ResourceStore Store { get; } = new();

    public ConnectionState State => Volatile.Read(ref _state);

    public bool WantsJson => _streams.Any(s => s.IncludeJson);

    /// <summary>Adds a watch; interrupts the reflector when it wants columns that are not kept.</summary>
    public void Join(ResourceWatch watch)
    {
        lock (_gate)
        {
            _watches = _watches.Add(watch);
            if (_isListed && Covers(_listed, watch))
                watch.CompleteSync();
            else
                _ = _turn?.CancelAsync();
        }
    }

    /// <summary>Removes a watch; answers whether it was the last.</summary>
    public bool Leave(ResourceWatch watch)
    {
        lock (_gate)
        {
            _watches = _watches.Remove(watch);
            return _watches.Length == 0;
        }
    }

    public ChangeStream Subscribe(int capacity, bool includeJson)
    {
        var stream = new ChangeStream(capacity, includeJson, Unsubscribe);
        lock (_gate)
            _streams = _streams.Add(stream);
        return stream;
    }

    /// <summary>
    /// Begins a turn that <see cref="Join"/> may interrupt, and answers the columns to keep: those that are kept as long as
    /// they are enough, else all that are wanted now.
    /// </summary>
    public ImmutableArray<ColumnSpec> BeginTurn(CancellationTokenSource turn)
    {
        lock (_gate)
        {
            _turn = turn;
            return _isListed && _watches.All(w => Covers(_listed, w)) ? _listed : [.. _watches.SelectMany(w => w.Columns).Distinct()];
        }
    }

    public void EndTurn()
    {
        lock (_gate)
            _turn = null;
    }

    public void CompleteList(ImmutableArray<ColumnSpec> columns)
    {
        lock (_gate)
        {
            _listed = columns;
            _isListed = true;
            foreach (var watch in _watches.Where(w => Covers(columns, w)))
                watch.CompleteSync();
        }

        Notify();
    }

    public void Become(ConnectionState state)
    {
        lock (_gate)
        {
            // The moment it began and its first cause stay while it lasts.
            if (_state.Phase == state.Phase && _state.Cause?.GetType() == state.Cause?.GetType())
                return;
            _state = _state.Phase == state.Phase ? state with { Since = _state.Since } : state;
        }

        Notify();
    }

    public void Publish(ResourceChange change)
    {
        foreach (var stream in _streams)
            stream.Publish(change);
        Notify();
    }

    public Task WaitForChangeAsync(long version, ConnectionState state, CancellationToken cancellationToken)
    {
        lock (_gate)
            return Store.Version != version || _state != state ? Task.CompletedTask : _signal.Task.WaitAsync(cancellationToken);
    }

    private void Notify()
    {
        TaskCompletionSource signal;
        lock (_gate)
        {
            signal = _signal;
            _signal = NewSignal();
        }

        signal.SetResult();
        foreach (var watch in _watches)
            watch.RaiseChanged();
    }

    private void Unsubscribe(ChangeStream stream)
    {
        lock (_gate)
            _streams = _streams.Remove(stream);
    }

    private static bool Covers(ImmutableArray<ColumnSpec> columns, ResourceWatch watch) => watch.Columns.All(columns.Contains);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
