using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Columns;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>
/// Keeps of an object the values at some paths: an object from path to value. A path that can select several values gives
/// an array, any other the value, or null where there is none.
/// </summary>
internal sealed class Projection
{
    private static readonly SearchValues<char> Several = SearchValues.Create("*?:,");

    private readonly ImmutableArray<JsonPath> _paths;

    private readonly int _maxBytes;

    private Projection(ImmutableArray<JsonPath> paths, int maxBytes) => (_paths, _maxBytes) = (paths, maxBytes);

    /// <summary>Null, or the first field that is no path.</summary>
    public static Problem? Check(ImmutableArray<string> fields, int maxFields)
    {
        if (fields.Length > maxFields) return new Problem("fields", $"has {fields.Length} paths; at most {maxFields} are taken");
        for (var i = 0; i < fields.Length; i++)
            if (!JsonPath.TryParse(fields[i], out _, out var error)) return new Problem($"fields[{i}]", $"is not a JSONPath: {error}");
        return null;
    }

    public static Projection Of(ImmutableArray<string> fields, int maxBytes) => new([.. fields.Select(JsonPath.Parse)], maxBytes);

    /// <summary>
    /// The projected objects, or the whole ones when no paths were given; they outlive their document. Null when they are
    /// more than the limit in bytes together: a path can select one value thousands of times, so it stops there.
    /// </summary>
    public ImmutableArray<JsonElement>? TryApply(IEnumerable<JsonElement> resources)
    {
        var projected = ImmutableArray.CreateBuilder<JsonElement>();
        long left = _maxBytes;
        foreach (var resource in resources)
        {
            if (TryApply(resource, left) is not { } item) return null;
            // And the comma after it.
            left -= JsonMarshal.GetRawUtf8Value(item).Length + 1;
            projected.Add(item);
        }
        return left < 0 ? null : projected.DrainToImmutable();
    }

    private JsonElement? TryApply(JsonElement resource, long maxBytes)
    {
        if (_paths.IsEmpty) return JsonMarshal.GetRawUtf8Value(resource).Length <= maxBytes ? resource.Clone() : null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var path in _paths)
            {
                json.WritePropertyName(path.Text);
                if (!TryWrite(json, path, path.Select(resource), maxBytes)) return null;
            }
            json.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static bool TryWrite(Utf8JsonWriter json, JsonPath path, IReadOnlyList<JsonElement> values, long maxBytes)
    {
        if (!SelectsSeveral(path))
        {
            if (values.Count == 0) json.WriteNullValue();
            else values[0].WriteTo(json);
            return Written(json) <= maxBytes;
        }
        json.WriteStartArray();
        foreach (var value in values)
        {
            value.WriteTo(json);
            if (Written(json) > maxBytes) return false;
        }
        json.WriteEndArray();
        return true;
    }

    /// <summary>Writes what a path selected, given as a JSON array; null for nothing.</summary>
    public static void WriteSelected(Utf8JsonWriter json, JsonPath path, string? selected)
    {
        var several = SelectsSeveral(path);
        if (selected is null)
        {
            if (!several) json.WriteNullValue();
            else json.WriteRawValue("[]"u8);
            return;
        }
        using var values = JsonDocument.Parse(selected, new JsonDocumentOptions { MaxDepth = ClusterLimits.Default.MaxJsonDepth + 1 });
        if (several) values.RootElement.WriteTo(json);
        else values.RootElement[0].WriteTo(json);
    }

    private static bool SelectsSeveral(JsonPath path) => path.Text.AsSpan().ContainsAny(Several) || path.Text.Contains("..", StringComparison.Ordinal);

    private static long Written(Utf8JsonWriter json) => json.BytesCommitted + json.BytesPending;
}
