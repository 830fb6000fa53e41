using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;

namespace LazyOC.Cluster.Simulator.Storage;

/// <summary>One version of one object: immutable, serialised once, shared by every list and watch.</summary>
internal sealed record StoredObject(
    ResourceDefinition Resource,
    string Namespace,
    string Name,
    string Uid,
    long Version,
    IReadOnlyDictionary<string, string> Labels,
    ReadOnlyMemory<byte> Json)
{
    public string Key => KeyOf(Namespace, Name);

    public static string KeyOf(string ns, string name) => ns.Length == 0 ? name : $"{ns}/{name}";

    /// <summary>A tree of its own, free to be changed.</summary>
    public JsonObject Parse() => JsonTree.Parse(Json.Span);
}

internal enum WatchEventType
{
    Added,
    Modified,
    Deleted,
}

/// <summary>One change; <paramref name="Previous"/> lets a selector turn a modification into an addition or a deletion.</summary>
internal sealed record WatchEvent(WatchEventType Type, StoredObject Object, StoredObject? Previous);
