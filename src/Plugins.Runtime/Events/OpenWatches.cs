using System.Globalization;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Capabilities;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>Something that a plugin is told of until it wants no more of it.</summary>
internal abstract class OpenWatch(string id, CancellationToken ended) : IDisposable
{
    private readonly CancellationTokenSource _ends = CancellationTokenSource.CreateLinkedTokenSource(ended);

    public string Id { get; } = id;

    /// <summary>Cancelled when it ends; a token outlasts its source.</summary>
    public CancellationToken Stops => _ends.Token;

    /// <summary>Gathers what is to be told until <paramref name="stops"/>.</summary>
    /// <param name="resets">Whoever had state of it is told to forget it.</param>
    /// <param name="stops">Ends it.</param>
    public abstract Task RunAsync(bool resets, CancellationToken stops);

    /// <summary>The next message; null when none is due.</summary>
    public abstract WatchPayload? Take();

    public void End()
    {
        _ends.Cancel();
        _ends.Dispose();
    }

    public void Dispose() => _ends.Dispose();
}

/// <summary>What a plugin can watch: the watch of an id for an instance, given what to call when it has something to tell.</summary>
internal delegate OpenWatch NewWatch(string id, PluginInstance instance, ActorContext context, Action arrived);

/// <summary>
/// The watches of one instance; they end with it. Those of an instance that has not taken over yet are only noted. Thread safe.
/// </summary>
internal sealed class OpenWatches(PluginInstance instance, ActorContext context, bool staged, CancellationToken ended) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<OpenWatch> _open = [];
    private readonly List<Task> _pumps = [];
    private Signal _arrival = new();
    private bool _staged = staged;
    private long _lastId;
    private int _turn;

    /// <summary>Adds a watch; its id, or why not.</summary>
    public (string? Id, CallError? Error) Add(NewWatch begin)
    {
        lock (_gate)
        {
            if (ended.IsCancellationRequested) return (null, ClusterAccess.Ended);
            if (_open.Count >= context.Limits.Watches) return (null, new CallError(ErrorCode.QuotaExceeded, $"{context.Limits.Watches} watches are open already: end one with `kubernetes.unwatch`"));
            var id = string.Create(CultureInfo.InvariantCulture, $"w{++_lastId}");
            var watch = begin(id, instance, context, Arrived);
            _open.Add(watch);
            if (!_staged) Begin(watch, resets: false);
            return (id, null);
        }
    }

    /// <summary>Whether nothing is watched.</summary>
    public bool IsEmpty
    {
        get { lock (_gate) return _open.Count == 0; }
    }

    /// <summary>Ends a watch; false when there is none of this id.</summary>
    public bool Remove(string id)
    {
        OpenWatch? watch;
        lock (_gate)
        {
            watch = _open.Find(w => w.Id == id);
            if (watch is null) return false;
            _open.Remove(watch);
        }
        watch.End();
        return true;
    }

    /// <summary>Begins what was noted: whoever had state from the instance before is told to forget it.</summary>
    public void TakeOver()
    {
        lock (_gate)
        {
            _staged = false;
            if (ended.IsCancellationRequested) return;
            foreach (var watch in _open) Begin(watch, resets: true);
        }
    }

    /// <summary>Waits until a message may be due.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _arrival.WaitAsync(cancellationToken);
    }

    /// <summary>The next message, each watch in its turn; null when none is due.</summary>
    public WatchPayload? Take()
    {
        OpenWatch[] open;
        lock (_gate)
        {
            // Set anew before looking: what comes meanwhile is seen now or raises it again.
            _arrival = new Signal();
            open = [.. _open];
        }
        for (var i = 0; i < open.Length; i++)
        {
            var watch = open[(_turn + i) % open.Length];
            if (watch.Take() is not { } payload) continue;
            _turn = (_turn + i + 1) % open.Length;
            if (payload.Ended is true) Remove(watch.Id);
            // There may be more, of this watch or of others.
            Arrived();
            return payload;
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] pumps;
        lock (_gate) pumps = [.. _pumps];
        await Task.WhenAll(pumps);
        lock (_gate)
        {
            foreach (var watch in _open) watch.Dispose();
            _open.Clear();
        }
    }

    private void Arrived()
    {
        Signal arrival;
        lock (_gate) arrival = _arrival;
        arrival.Set();
    }

    private void Begin(OpenWatch watch, bool resets)
    {
        _pumps.RemoveAll(pump => pump.IsCompletedSuccessfully);
        var stops = watch.Stops;
        _pumps.Add(Task.Run(() => watch.RunAsync(resets, stops), CancellationToken.None));
    }
}
