using System.Runtime.InteropServices;
using System.Text.Json;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Watch;

/// <summary>What one list, over all its pages, has gathered.</summary>
internal sealed class ListRun(RowDecoder decoder, ClusterLimits limits, ResourceStore store, bool keepJson)
{
    private readonly Dictionary<ResourceRow, byte[]> _changed = [];

    public RowDecoder Decoder => decoder;

    public List<ResourceRow> Rows { get; } = [];

    public int Pages { get; private set; }

    /// <summary>Where a watch continues. The first page's: what changed while later pages were read comes again.</summary>
    public string ResourceVersion { get; private set; } = "";

    public static InvalidAnswerException TooMany(ClusterLimits limits) =>
        new($"the collection has more than {limits.MaxObjects} objects", "narrow the view with a namespace or a selector");

    public void Add(JsonElement resource)
    {
        if (Rows.Count == limits.MaxObjects)
            throw TooMany(limits);
        var row = decoder.Decode(resource);
        Rows.Add(row);
        if (keepJson && store.Find(row.Namespace, row.Name)?.Revision != row.Revision)
            _changed[row] = JsonMarshal.GetRawUtf8Value(resource).ToArray();
    }

    public void EndPage(string? resourceVersion)
    {
        if (Pages++ == 0)
            ResourceVersion = resourceVersion ?? "";
        if (Pages >= limits.MaxListPages)
            throw new InvalidAnswerException($"the list has more than {limits.MaxListPages} pages", "narrow the view with a namespace or a selector");
    }

    public ReadOnlyMemory<byte>? JsonOf(ResourceRow row) => _changed.TryGetValue(row, out var json) ? json : default(ReadOnlyMemory<byte>?);
}
