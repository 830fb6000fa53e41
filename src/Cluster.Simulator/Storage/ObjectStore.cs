using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;

namespace LazyOC.Cluster.Simulator.Storage;

/// <summary>
/// Versioned objects by resource, with the recent history that watches replay. One counter versions the whole
/// cluster, as etcd's revision does. Thread safe; every operation is short and holds one lock.
/// </summary>
internal sealed class ObjectStore(SimulatorLimits limits)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceDefinition, Collection> _collections = [];
    private readonly Queue<(long Version, ResourceDefinition Resource)> _snapshotOrder = new();
    private readonly Dictionary<(long, ResourceDefinition), ImmutableSortedDictionary<string, StoredObject>> _snapshots = [];
    private long _version = 1;
    private int _objects;
    private int _watches;
    private bool _open;

    public long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>Whether the limit of objects is reached.</summary>
    public bool IsFull
    {
        get
        {
            lock (_gate)
                return _objects >= limits.Objects;
        }
    }

    /// <summary>All objects of a resource in key order, and the version at which that was so.</summary>
    public (ImmutableSortedDictionary<string, StoredObject> Objects, long Version) Snapshot(ResourceDefinition resource)
    {
        lock (_gate)
            return (Of(resource).Objects, _version);
    }

    /// <summary>As <see cref="Snapshot(ResourceDefinition)"/>, kept so that <see cref="TryGetSnapshot"/> finds it for later pages.</summary>
    public void Retain(ResourceDefinition resource, long version, ImmutableSortedDictionary<string, StoredObject> objects)
    {
        lock (_gate)
        {
            if (!_snapshots.TryAdd((version, resource), objects))
                return;
            _snapshotOrder.Enqueue((version, resource));
            if (_snapshotOrder.Count > limits.ListSnapshots)
                _snapshots.Remove(_snapshotOrder.Dequeue());
        }
    }

    public bool TryGetSnapshot(ResourceDefinition resource, long version, out ImmutableSortedDictionary<string, StoredObject> objects)
    {
        lock (_gate)
            return _snapshots.TryGetValue((version, resource), out objects!);
    }

    public StoredObject? Find(ResourceDefinition resource, string ns, string name)
    {
        lock (_gate)
            return Of(resource).Objects.GetValueOrDefault(StoredObject.KeyOf(ns, name));
    }

    /// <summary>Stores the next version of an object, stamping its <c>metadata.resourceVersion</c>.</summary>
    /// <exception cref="ApiException">The object or the cluster would exceed a limit.</exception>
    public StoredObject Put(ResourceDefinition resource, JsonObject tree)
    {
        JsonObject metadata = tree.Ensure("metadata");
        string ns = metadata.Text("namespace") ?? "";
        string name = metadata.Text("name") ?? "";
        lock (_gate)
        {
            Collection collection = Of(resource);
            StoredObject? previous = collection.Objects.GetValueOrDefault(StoredObject.KeyOf(ns, name));
            if (previous is null && _objects >= limits.Objects)
                throw ApiException.Forbidden(resource, name, $"the cluster holds its limit of {limits.Objects} objects");
            metadata["resourceVersion"] = (_version + 1).ToString(CultureInfo.InvariantCulture);
            var stored = new StoredObject(resource, tree, _version + 1);
            if (_open && stored.Json.Length > limits.ObjectBytes)
                throw ApiException.TooLarge($"{resource.Kind} \"{name}\" is {stored.Json.Length} bytes, limit is {limits.ObjectBytes}");
            _version++;
            collection.Objects = collection.Objects.SetItem(stored.Key, stored);
            _objects += previous is null ? 1 : 0;
            Publish(collection, new WatchEvent(previous is null ? WatchEventType.Added : WatchEventType.Modified, stored, previous));
            return stored;
        }
    }

    /// <summary>Removes an object; its last state, stamped with the version of its removal, goes to the watchers.</summary>
    public void Remove(StoredObject last)
    {
        lock (_gate)
        {
            Collection collection = Of(last.Resource);
            if (!collection.Objects.ContainsKey(last.Key))
                return;
            _version++;
            collection.Objects = collection.Objects.Remove(last.Key);
            _objects--;
            JsonObject tree = last.Tree.Clone();
            tree.Ensure("metadata")["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture);
            Publish(collection, new WatchEvent(WatchEventType.Deleted, new StoredObject(last.Resource, tree, _version), last));
        }
    }

    /// <summary>Opens a watch of the changes after a version.</summary>
    /// <exception cref="ApiException">The version is compacted, or too many watches are open.</exception>
    public WatchSubscription Watch(ResourceDefinition resource, string ns, long afterVersion)
    {
        lock (_gate)
        {
            if (_watches >= limits.Watches)
                throw ApiException.TooManyRequests($"the server's limit of {limits.Watches} watches is reached", retryAfterSeconds: 5);
            Collection collection = Of(resource);
            if (afterVersion < collection.CompactedVersion)
                throw ApiException.Expired($"too old resource version: {afterVersion} ({collection.CompactedVersion})");
            WatchEvent[] backlog = [.. collection.History.Where(change => change.Object.Version > afterVersion && (ns.Length == 0 || string.Equals(ns, change.Object.Namespace, StringComparison.Ordinal)))];
            var watch = new WatchSubscription(ns, limits.WatchBufferEvents, backlog, Close);
            collection.Watches.Add(watch);
            _watches++;
            return watch;

            void Close(WatchSubscription closing)
            {
                lock (_gate)
                    _watches -= collection.Watches.Remove(closing) ? 1 : 0;
            }
        }
    }

    /// <summary>The version up to which a drained watch has seen everything; null while events still wait in its buffer.</summary>
    public long? VersionIfDrained(WatchSubscription watch)
    {
        lock (_gate)
            return watch.Live.Count == 0 ? _version : null;
    }

    /// <summary>
    /// Ends the filling of the store. Until then nobody can watch or list it, so versions stay trees and no history is
    /// kept; what is there now is serialised once.
    /// </summary>
    public void Open()
    {
        lock (_gate)
        {
            foreach (Collection collection in _collections.Values)
            {
                collection.CompactedVersion = _version;
                foreach (StoredObject item in collection.Objects.Values)
                    _ = item.Json;
            }

            _open = true;
        }
    }

    /// <summary>Forgets all history and snapshots: watches and continue tokens from before now get 410.</summary>
    public void Compact()
    {
        lock (_gate)
        {
            foreach (Collection collection in _collections.Values)
            {
                collection.History.Clear();
                collection.CompactedVersion = _version;
            }

            _snapshots.Clear();
            _snapshotOrder.Clear();
        }
    }

    private Collection Of(ResourceDefinition resource)
    {
        if (!_collections.TryGetValue(resource, out Collection? collection))
            _collections[resource] = collection = new Collection();
        return collection;
    }

    private void Publish(Collection collection, WatchEvent change)
    {
        if (!_open)
            return;
        _ = change.Object.Json;
        collection.History.Enqueue(change);
        if (collection.History.Count > limits.HistoryEvents)
            collection.CompactedVersion = collection.History.Dequeue().Object.Version;
        foreach (WatchSubscription watch in collection.Watches)
            watch.Offer(change);
    }

    private sealed class Collection
    {
        public ImmutableSortedDictionary<string, StoredObject> Objects { get; set; } = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

        public Queue<WatchEvent> History { get; } = new();

        public List<WatchSubscription> Watches { get; } = [];

        public long CompactedVersion { get; set; }
    }
}
