namespace LazyOC.Plugins.Runtime.Events;

/// <summary>
/// The events waiting for one plugin, bounded. A waiting event with the same topic and key is replaced by the newer one;
/// when it is full the oldest event that has a key is dropped and counted. Thread safe; one taker.
/// </summary>
internal sealed class Mailbox(int capacity)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Mail> _waiting = new();
    private readonly Dictionary<(string Topic, string Key), LinkedListNode<Mail>> _byKey = [];
    private TaskCompletionSource _arrival = NewSignal();
    private TaskCompletionSource _room = NewSignal();
    private long _lostUntold;

    /// <summary>Events dropped so far.</summary>
    public long Lost { get; private set; }

    public void Post(HostEvent happened)
    {
        lock (_gate)
        {
            if (happened.CoalesceKey is { } key && _byKey.Remove((happened.Topic, key), out var older)) _waiting.Remove(older);
            else if (_waiting.Count >= capacity && !DropOldest())
            {
                CountLost(1);
                return;
            }
            var node = _waiting.AddLast(new Mail(happened, null));
            if (happened.CoalesceKey is { } newKey) _byKey[(happened.Topic, newKey)] = node;
            _arrival.TrySetResult();
        }
    }

    /// <summary>Posts when at least half the mailbox is free, so that nothing is dropped for it.</summary>
    public async Task PostWhenRoomAsync(HostEvent happened, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task room;
            lock (_gate)
            {
                if (_waiting.Count <= capacity / 2) break;
                if (_room.Task.IsCompleted) _room = NewSignal();
                room = _room.Task;
            }
            await room.WaitAsync(cancellationToken);
        }
        Post(happened);
    }

    /// <summary>Runs an action when everything posted before has been taken and dealt with; never dropped.</summary>
    public void PostMark(Action reached)
    {
        lock (_gate)
        {
            _waiting.AddLast(new Mail(null, reached));
            _arrival.TrySetResult();
        }
    }

    /// <summary>Counts events that were lost before they came here.</summary>
    public void AddLost(long count)
    {
        if (count == 0) return;
        lock (_gate)
        {
            CountLost(count);
            _arrival.TrySetResult();
        }
    }

    /// <summary>The next mail, and how many events were lost since the last time.</summary>
    public async Task<(Mail? Mail, long Lost)> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                var lost = _lostUntold;
                _lostUntold = 0;
                if (_waiting.First is { } first)
                {
                    Remove(first);
                    if (_waiting.Count <= capacity / 2) _room.TrySetResult();
                    return (first.Value, lost);
                }
                if (lost > 0) return (null, lost);
                if (_arrival.Task.IsCompleted) _arrival = NewSignal();
                arrival = _arrival.Task;
            }
            await arrival.WaitAsync(cancellationToken);
        }
    }

    private bool DropOldest()
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value.Event?.CoalesceKey is null) continue;
            Remove(node);
            CountLost(1);
            return true;
        }
        return false;
    }

    private void Remove(LinkedListNode<Mail> node)
    {
        _waiting.Remove(node);
        if (node.Value.Event is { CoalesceKey: { } key } happened) _byKey.Remove((happened.Topic, key));
    }

    private void CountLost(long count)
    {
        Lost += count;
        _lostUntold += count;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>An event, or a mark in the stream of events.</summary>
internal readonly record struct Mail(HostEvent? Event, Action? Reached);
