using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
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

    private Projection(ImmutableArray<JsonPath> paths) => _paths = paths;

    /// <summary>Null, or the first field that is no path.</summary>
    public static Problem? Check(ImmutableArray<string> fields, int maxFields)
    {
        if (fields.Length > maxFields) return new Problem("fields", $"has {fields.Length} paths; at most {maxFields} are taken");
        for (var i = 0; i < fields.Length; i++)
            if (!JsonPath.TryParse(fields[i], out _, out var error)) return new Problem($"fields[{i}]", $"is not a JSONPath: {error}");
        return null;
    }

    public static Projection Of(ImmutableArray<string> fields) => new([.. fields.Select(JsonPath.Parse)]);

    /// <summary>The projected object, or the whole one when no paths were given; outlives the document.</summary>
    public JsonElement Apply(JsonElement resource)
    {
        if (_paths.IsEmpty) return resource.Clone();
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var path in _paths)
            {
                json.WritePropertyName(path.Text);
                Write(json, path, path.Select(resource));
            }
            json.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter json, JsonPath path, IReadOnlyList<JsonElement> values)
    {
        var several = path.Text.AsSpan().ContainsAny(Several) || path.Text.Contains("..", StringComparison.Ordinal);
        if (!several)
        {
            if (values.Count == 0) json.WriteNullValue();
            else values[0].WriteTo(json);
            return;
        }
        json.WriteStartArray();
        foreach (var value in values) value.WriteTo(json);
        json.WriteEndArray();
    }
}
