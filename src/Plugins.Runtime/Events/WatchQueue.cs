using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>A change on its way to one plugin.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">To which object.</param>
/// <param name="Fields">The values at the watch's paths; null when there are none to tell.</param>
/// <param name="Bytes">About what it takes in a message.</param>
internal sealed record WaitingChange(WatchEventType Type, ObjectReference Object, JsonElement? Fields, int Bytes);

/// <summary>What one message tells of a watch.</summary>
/// <param name="Reset">Everything told before is void.</param>
/// <param name="Changes">In order.</param>
/// <param name="Synced">All objects that were there at the beginning have been told.</param>
/// <param name="Lost">Changes dropped since the last one.</param>
internal sealed record WatchBatch(bool Reset, ImmutableArray<WaitingChange> Changes, bool Synced, long Lost);

/// <summary>
/// The changes of one watch that wait for the plugin, bounded in number and bytes. Of one object only the latest waits, in the
/// place of the first; when it is full the oldest is dropped and counted. Thread safe.
/// </summary>
internal sealed class WatchQueue(int maxChanges, int maxBytes, Action arrived)
{
    private readonly Lock _gate = new();

    // Null is the mark behind the objects that were there at the beginning; it is never dropped.
    private readonly LinkedList<WaitingChange?> _waiting = new();
    private readonly Dictionary<string, LinkedListNode<WaitingChange?>> _byKey = new(StringComparer.Ordinal);
    private Signal _room = new();
    private long _bytes;
    private long _lost;
    private bool _reset;

    private bool HasRoom => _byKey.Count <= maxChanges / 2 && _bytes <= maxBytes / 2;

    public void Post(WaitingChange change)
    {
        lock (_gate)
        {
            var key = KeyOf(change.Object);
            if (_byKey.TryGetValue(key, out var node))
            {
                var older = node.Value!;
                _bytes += change.Bytes - older.Bytes;
                // Who was not told that it appeared is not told that it changed.
                node.Value = older.Type == WatchEventType.Added && change.Type == WatchEventType.Modified ? change with { Type = WatchEventType.Added } : change;
            }
            else
            {
                _byKey[key] = _waiting.AddLast(change);
                _bytes += change.Bytes;
            }
            while (_byKey.Count > maxChanges || (_bytes > maxBytes && _byKey.Count > 1)) DropOldest();
        }
        arrived();
    }

    /// <summary>What follows begins anew.</summary>
    public void PostReset()
    {
        lock (_gate) _reset = true;
        arrived();
    }

    /// <summary>All objects that were there at the beginning have been posted.</summary>
    public void PostSynced()
    {
        lock (_gate) _waiting.AddLast((WaitingChange?)null);
        arrived();
    }

    /// <summary>Counts changes that were lost before they came here.</summary>
    public void AddLost(long count)
    {
        if (count == 0) return;
        lock (_gate) _lost += count;
        arrived();
    }

    /// <summary>Waits until at least half of it is free, so that nothing is dropped for what is posted then.</summary>
    public async Task WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Signal room;
            lock (_gate)
            {
                if (HasRoom) return;
                if (_room.IsSet) _room = new Signal();
                room = _room;
            }
            await room.WaitAsync(cancellationToken);
        }
    }

    /// <summary>What waits, as much as a message takes; null when nothing does.</summary>
    public WatchBatch? Take(int messageBytes)
    {
        lock (_gate)
        {
            if (_waiting.First is null && _lost == 0 && !_reset) return null;
            var changes = ImmutableArray.CreateBuilder<WaitingChange>();
            var synced = false;
            for (long left = messageBytes; _waiting.First is { } first && (first.Value is not { } next || changes.Count == 0 || next.Bytes <= left);)
            {
                _waiting.Remove(first);
                if (first.Value is not { } change)
                {
                    synced = true;
                    continue;
                }
                Forget(change);
                left -= change.Bytes;
                changes.Add(change);
            }
            var batch = new WatchBatch(_reset, changes.DrainToImmutable(), synced, _lost);
            (_reset, _lost) = (false, 0);
            if (HasRoom) _room.Set();
            return batch;
        }
    }

    private void DropOldest()
    {
        for (var node = _waiting.First; node is not null; node = node.Next)
        {
            if (node.Value is not { } change) continue;
            _waiting.Remove(node);
            Forget(change);
            _lost++;
            return;
        }
    }

    // What an aggregated API server serves need not have a uid.
    private static string KeyOf(ObjectReference obj) => obj.Uid is { Length: > 0 } uid ? uid : $"{obj.Namespace}/{obj.Name}";

    private void Forget(WaitingChange change)
    {
        _byKey.Remove(KeyOf(change.Object));
        _bytes -= change.Bytes;
    }
}
