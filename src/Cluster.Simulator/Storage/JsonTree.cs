using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Storage;

/// <summary>Reading and building of Kubernetes objects as JSON trees; a missing or differently typed field reads as absent.</summary>
internal static class JsonTree
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
            node = node is JsonObject parent && parent.TryGetPropertyValue(name, out JsonNode? child) ? child : null;
        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() is JsonValueKind.String ? value.GetValue<string>() : null;

    public static long? Integer(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        if (node.At(path) is not JsonValue value || value.GetValueKind() is not JsonValueKind.Number)
            return null;
        if (value.TryGetValue(out long number))
            return number;
        if (value.TryGetValue(out int small))
            return small;
        return value.TryGetValue(out double real) && Math.Abs(real) < long.MaxValue ? (long)real : null;
    }

    public static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() is JsonValueKind.True;

    /// <summary>The objects of an array field; elements of another type are left out.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.OfType<JsonObject>() ?? [];

    /// <summary>The strings of an array field.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        (node.At(path) as JsonArray)?.Select(item => item.Text()).OfType<string>() ?? [];

    /// <summary>The object at a path, created (and replacing a value of another type) where it is absent.</summary>
    public static JsonObject Ensure(this JsonObject node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (node[name] is not JsonObject child)
                node[name] = child = [];
            node = child;
        }

        return node;
    }

    public static Dictionary<string, string> StringMap(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (node.At(path) is JsonObject fields)
        {
            foreach ((string key, JsonNode? value) in fields)
                map[key] = value.Text() ?? "";
        }

        return map;
    }

    /// <summary>Levels of objects and arrays; 0 for a scalar. Recursive: for trees whose depth is bounded already.</summary>
    public static int Depth(this JsonNode? node) => node switch
    {
        JsonObject fields => 1 + fields.Max(f => (int?)f.Value.Depth()).GetValueOrDefault(),
        JsonArray list => 1 + list.Max(e => (int?)e.Depth()).GetValueOrDefault(),
        _ => 0,
    };

    public static JsonObject Clone(this JsonObject node) => (JsonObject)node.DeepClone();

    public static byte[] ToUtf8(this JsonNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Parses JSON that this assembly itself holds or made.</summary>
    public static JsonObject Parse(ReadOnlySpan<byte> json) => (JsonObject)JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 512 })!;

    /// <summary>Parses JSON that this assembly itself holds or made.</summary>
    public static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    /// <summary>RFC 3339 with seconds, as <c>metav1.Time</c> is written.</summary>
    public static string Timestamp(DateTimeOffset time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? Time(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.Text(path) is { } text && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;
}
