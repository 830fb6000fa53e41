using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Which objects own which, by UID. Not thread safe.</summary>
internal sealed class OwnerIndex
{
    private readonly Dictionary<string, ObjectKey> _objects = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _ownersOf = new(StringComparer.Ordinal);

    public void Set(StoredObject item, JsonObject tree)
    {
        _objects[item.Uid] = new ObjectKey(item.Resource, item.Namespace, item.Name);
        string[] owners = [.. tree.Objects("metadata", "ownerReferences").Select(r => r.Text("uid")).OfType<string>()];
        if (_ownersOf.TryGetValue(item.Uid, out string[]? known))
        {
            if (known.AsSpan().SequenceEqual(owners))
                return;
            Unlink(item.Uid, known);
        }

        if (owners.Length == 0)
            return;
        _ownersOf[item.Uid] = owners;
        foreach (string owner in owners)
        {
            if (!_dependents.TryGetValue(owner, out HashSet<string>? set))
                _dependents[owner] = set = new HashSet<string>(StringComparer.Ordinal);
            set.Add(item.Uid);
        }
    }

    /// <summary>Forgets an object and returns its owners' UIDs.</summary>
    public IReadOnlyList<string> Remove(StoredObject item)
    {
        _objects.Remove(item.Uid);
        if (!_ownersOf.TryGetValue(item.Uid, out string[]? owners))
            return [];
        Unlink(item.Uid, owners);
        return owners;
    }

    public ObjectKey? Find(string uid) => _objects.GetValueOrDefault(uid);

    public IEnumerable<ObjectKey> DependentsOf(string uid) =>
        _dependents.TryGetValue(uid, out HashSet<string>? set) ? set.Where(_objects.ContainsKey).Select(dependent => _objects[dependent]) : [];

    private void Unlink(string uid, string[] owners)
    {
        _ownersOf.Remove(uid);
        foreach (string owner in owners)
        {
            if (_dependents.TryGetValue(owner, out HashSet<string>? set) && set.Remove(uid) && set.Count == 0)
                _dependents.Remove(owner);
        }
    }
}
