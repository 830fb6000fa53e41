using System.Threading.Channels;

namespace LazyOC.Cluster.Simulator.Storage;

/// <summary>
/// One open watch: the events since its start version, then live ones through a bounded buffer. A watcher that lets
/// the buffer fill is ended (<see cref="Overflowed"/>), so it can never hold up a writer or another watcher.
/// </summary>
internal sealed class WatchSubscription(string ns, int capacity, IReadOnlyList<WatchEvent> backlog, Action<WatchSubscription> closed) : IDisposable
{
    private readonly Channel<WatchEvent> _events = Channel.CreateBounded<WatchEvent>(new BoundedChannelOptions(capacity) { SingleReader = true });

    public IReadOnlyList<WatchEvent> Backlog { get; } = backlog;

    public ChannelReader<WatchEvent> Live => _events.Reader;

    public bool Overflowed { get; private set; }

    public void Offer(WatchEvent change)
    {
        if (ns.Length > 0 && !string.Equals(ns, change.Object.Namespace, StringComparison.Ordinal))
            return;
        if (_events.Writer.TryWrite(change))
            return;
        Overflowed = true;
        _events.Writer.TryComplete();
    }

    public void Dispose()
    {
        _events.Writer.TryComplete();
        closed(this);
    }
}
