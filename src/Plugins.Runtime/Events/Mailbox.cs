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
    private Signal _arrival = new();
    private Signal _room = new();
    private long _lostUntold;

    /// <summary>Events dropped so far.</summary>
    public long Lost { get; private set; }

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty
    {
        get { lock (_gate) return _waiting.First is null && _lostUntold == 0; }
    }

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
            _arrival.Set();
        }
    }

    /// <summary>Waits until at least half the mailbox is free, so that nothing is dropped for what is posted then.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Signal room;
            lock (_gate)
            {
                if (_waiting.Count <= capacity / 2) return;
                if (_room.IsSet) _room = new Signal();
                room = _room;
            }
            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Runs an action when everything posted before has been taken and dealt with; never dropped.</summary>
    public void PostMark(Action reached)
    {
        lock (_gate)
        {
            _waiting.AddLast(new Mail(null, reached));
            _arrival.Set();
        }
    }

    /// <summary>Counts events that were lost before they came here.</summary>
    public void AddLost(long count)
    {
        if (count == 0) return;
        lock (_gate)
        {
            CountLost(count);
            _arrival.Set();
        }
    }

    /// <summary>Waits until there is something to take.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Signal arrival;
            lock (_gate)
            {
                if (_waiting.First is not null || _lostUntold > 0) return;
                if (_arrival.IsSet) _arrival = new Signal();
                arrival = _arrival;
            }
            await arrival.WaitAsync(cancellationToken);
        }
    }

    /// <summary>How many events were lost since the last time.</summary>
    public long TakeLost()
    {
        lock (_gate)
        {
            var lost = _lostUntold;
            _lostUntold = 0;
            return lost;
        }
    }

    /// <summary>The next mail; null when there is none.</summary>
    public Mail? Take()
    {
        lock (_gate)
        {
            if (_waiting.First is not { } first) return null;
            Remove(first);
            if (_waiting.Count <= capacity / 2) _room.Set();
            return first.Value;
        }
    }

    /// <summary>Drops, uncounted, what nobody waits for any more: marks, and events other than these.</summary>
    public void Keep(Func<HostEvent, bool> wanted)
    {
        lock (_gate)
        {
            for (var node = _waiting.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Event is not { } happened || !wanted(happened)) Remove(node);
                node = next;
            }
            if (_waiting.Count <= capacity / 2) _room.Set();
        }
    }

    /// <summary>Drops, uncounted, events that are not wanted any more; marks stay.</summary>
    public void Drop(Func<HostEvent, bool> unwanted)
    {
        lock (_gate)
        {
            for (var node = _waiting.First; node is not null;)
            {
                var next = node.Next;
                if (node.Value.Event is { } happened && unwanted(happened)) Remove(node);
                node = next;
            }
            if (_waiting.Count <= capacity / 2) _room.Set();
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
}

/// <summary>An event, or a mark in the stream of events.</summary>
internal readonly record struct Mail(HostEvent? Event, Action? Reached);
