using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;

namespace LazyOC.Cluster.Simulator.Storage;

/// <summary>One version of one object: immutable, serialised once, shared by every list and watch.</summary>
internal sealed class StoredObject
{
    private readonly WeakReference<JsonObject?> _tree = new(null);
    private ReadOnlyMemory<byte>? _json;
    private JsonObject? _unwritten;

    public StoredObject(ResourceDefinition resource, string ns, string name, string uid, long version, IReadOnlyDictionary<string, string> labels, ReadOnlyMemory<byte> json)
        : this(resource, ns, name, uid, version, labels) => _json = json;

    /// <summary>A version that stays a tree until <see cref="Json"/> is asked for. The tree is not to be changed any more.</summary>
    public StoredObject(ResourceDefinition resource, JsonObject tree, long version)
        : this(resource, tree.Text("metadata", "namespace") ?? "", tree.Text("metadata", "name") ?? "", tree.Text("metadata", "uid") ?? "", version, tree.StringMap("metadata", "labels")) => _unwritten = tree;

    private StoredObject(ResourceDefinition resource, string ns, string name, string uid, long version, IReadOnlyDictionary<string, string> labels)
    {
        Resource = resource;
        Namespace = ns;
        Name = name;
        Uid = uid;
        Version = version;
        Labels = labels;
        Key = KeyOf(ns, name);
    }

    public ResourceDefinition Resource { get; }

    public string Namespace { get; }

    public string Name { get; }

    public string Uid { get; }

    public long Version { get; }

    public IReadOnlyDictionary<string, string> Labels { get; }

    public string Key { get; }

    /// <summary>The serialised object. The store asks for it before the object can be seen outside the cluster's lock.</summary>
    public ReadOnlyMemory<byte> Json
    {
        get
        {
            if (_json is { } written)
                return written;
            _json = _unwritten!.ToUtf8();
            _tree.SetTarget(_unwritten);
            _unwritten = null;
            return _json.Value;
        }
    }

    /// <summary>The object to read and never to change; only within the cluster's lock, because reading a JSON tree is not thread safe.</summary>
    public JsonObject Tree
    {
        get
        {
            if (_unwritten is not null)
                return _unwritten;
            if (!_tree.TryGetTarget(out JsonObject? tree))
                _tree.SetTarget(tree = Parse());
            return tree;
        }
    }

    public static string KeyOf(string ns, string name) => ns.Length == 0 ? name : $"{ns}/{name}";

    /// <summary>A tree of its own, free to be changed.</summary>
    public JsonObject Parse() => JsonTree.Parse(Json.Span);
}

/// <summary>Which object of which kind, whatever its version.</summary>
internal sealed record ObjectKey(ResourceDefinition Resource, string Namespace, string Name);

internal enum WatchEventType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change; <paramref name="Previous"/> lets a selector turn a modification into an addition or a deletion.</summary>
internal sealed record WatchEvent(WatchEventType Type, StoredObject Object, StoredObject? Previous);
