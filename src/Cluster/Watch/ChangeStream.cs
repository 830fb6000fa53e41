using System.Threading.Channels;

namespace LazyOC.Cluster.Watch;

/// <summary>
/// A subscriber's bounded queue of changes. When it is full the oldest is dropped and counted. One reader at a time;
/// dispose to unsubscribe.
/// </summary>
public sealed class ChangeStream : IDisposable
{
    private readonly Channel<ResourceChange> _changes;
    private readonly Action<ChangeStream> _unsubscribe;
    private long _lost;

    internal ChangeStream(int capacity, bool includeJson, Action<ChangeStream> unsubscribe)
    {
        IncludeJson = includeJson;
        _unsubscribe = unsubscribe;
        _changes = Channel.CreateBounded<ResourceChange>(
            new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true },
            _ => Interlocked.Increment(ref _lost));
    }

    internal bool IncludeJson { get; }

    /// <summary>How many changes were dropped since the last call.</summary>
    public long TakeLost() => Interlocked.Exchange(ref _lost, 0);

    /// <summary>Changes as they come; ends when the stream or its watch is disposed.</summary>
    public IAsyncEnumerable<ResourceChange> ReadAllAsync(CancellationToken cancellationToken = default) => _changes.Reader.ReadAllAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _unsubscribe(this);
        _changes.Writer.TryComplete();
    }

    internal void Publish(ResourceChange change) => _changes.Writer.TryWrite(IncludeJson || change.Json is null ? change : change with { Json = null });
}
