using System.Collections.Immutable;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <content>Who is told of its lines.</content>
public sealed partial class AuditLog
{
    private ImmutableArray<Listener> _listeners = [];

    /// <summary>Tells each line once it is written, on the thread that writes: it must return at once and not throw.</summary>
    public IDisposable Listen(Action<AuditLine> written)
    {
        var listener = new Listener(this, written);
        lock (_gate) _listeners = _listeners.Add(listener);
        return listener;
    }

    private void Tell(AuditLine line)
    {
        _tails.Add(line);
        ImmutableArray<Listener> listeners;
        lock (_gate) listeners = _listeners;
        foreach (var listener in listeners) listener.Written(line);
    }

    private sealed class Listener(AuditLog log, Action<AuditLine> written) : IDisposable
    {
        public Action<AuditLine> Written => written;

        public void Dispose()
        {
            lock (log._gate) log._listeners = log._listeners.Remove(this);
        }
    }
}
