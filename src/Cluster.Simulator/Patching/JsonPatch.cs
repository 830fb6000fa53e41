using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Patching;

/// <summary>JSON Patch, RFC 6902.</summary>
internal static class JsonPatch
{
    /// <exception cref="ApiException">An operation is malformed, or a test fails.</exception>
    public static JsonObject Apply(JsonObject document, JsonArray patch, SimulatorLimits limits)
    {
        if (patch.Count > limits.PatchOperations)
            throw ApiException.TooLarge($"the patch has {patch.Count} operations, limit is {limits.PatchOperations}");
        JsonNode? root = document.Clone();
        int copiedBytes = 0;
        foreach (JsonNode? operation in patch)
            root = Apply(root, operation as JsonObject ?? throw Malformed("each operation must be an object"), limits, ref copiedBytes);
        return root as JsonObject ?? throw Malformed("the patch must leave an object");
    }

    private static JsonNode? Apply(JsonNode? root, JsonObject operation, SimulatorLimits limits, ref int copiedBytes)
    {
        string op = operation.Text("op") ?? throw Malformed("an operation lacks `op`");
        string[] path = Pointer(operation.Text("path") ?? throw Malformed("an operation lacks `path`"));
        switch (op)
        {
            case "add":
                return Add(root, path, Value(operation), limits);
            case "replace":
                Find(root, path);
                return Add(path.Length == 0 ? root : Remove(root, path), path, Value(operation), limits);
            case "remove":
                return Remove(root, path);
            case "test":
                if (!JsonNode.DeepEquals(Find(root, path), Value(operation)))
                    throw new ApiException(422, "Invalid", $"the server rejected our request due to an error in our request: testing value {operation.Text("path")} failed");
                return root;
            case "copy":
                return Add(root, path, Copy(root, operation, limits, ref copiedBytes), limits);
            case "move":
                JsonNode? moved = Copy(root, operation, limits, ref copiedBytes);
                return Add(Remove(root, From(operation)), path, moved, limits);
            default:
                throw Malformed($"unknown operation `{op}`, allowed are add, replace, remove, test, copy, move");
        }
    }

    /// <summary>A copy of what <c>from</c> names. Copies of copies would double an object with every operation, so all of them together are bounded.</summary>
    private static JsonNode? Copy(JsonNode? root, JsonObject operation, SimulatorLimits limits, ref int copiedBytes)
    {
        JsonNode? source = Find(root, From(operation));
        copiedBytes += source?.ToUtf8().Length ?? 0;
        return copiedBytes <= limits.ObjectBytes ? source?.DeepClone() : throw ApiException.TooLarge($"the patch copies {copiedBytes} bytes, limit is {limits.ObjectBytes}");
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value, SimulatorLimits limits)
    {
        if (path.Length + value.Depth() > limits.BodyDepth)
            throw Malformed($"the result is nested deeper than {limits.BodyDepth}");
        if (path.Length == 0)
            return value;
        switch (Find(root, path[..^1]))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                break;
            case JsonArray list when path[^1] is "-":
                list.Add(value);
                break;
            case JsonArray list:
                list.Insert(Index(path[^1], list.Count), value);
                break;
            default:
                throw Missing(path);
        }

        return root;
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0)
            return null;
        switch (Find(root, path[..^1]))
        {
            case JsonObject parent when parent.Remove(path[^1]):
                return root;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count - 1));
                return root;
            default:
                throw Missing(path);
        }
    }

    private static JsonNode? Find(JsonNode? node, string[] path)
    {
        foreach (string part in path)
        {
            node = node switch
            {
                JsonObject parent when parent.TryGetPropertyValue(part, out JsonNode? child) => child,
                JsonArray list => list[Index(part, list.Count - 1)],
                _ => throw Missing(path),
            };
        }

        return node;
    }

    private static int Index(string text, int last) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index <= last ? index : throw Malformed($"`{text}` is no index within the array");

    private static string[] Pointer(string text)
    {
        if (text.Length == 0)
            return [];
        if (text[0] != '/')
            throw Malformed($"path `{text}` must start with `/`");
        return [.. text[1..].Split('/').Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static string[] From(JsonObject operation) => Pointer(operation.Text("from") ?? throw Malformed("the operation lacks `from`"));

    private static JsonNode? Value(JsonObject operation) => operation.ContainsKey("value") ? operation["value"]?.DeepClone() : throw Malformed("the operation lacks `value`");

    private static ApiException Missing(string[] path) => new(422, "Invalid", $"the server rejected our request due to an error in our request: path /{string.Join('/', path)} does not exist");

    private static ApiException Malformed(string why) => ApiException.BadRequest($"JSON patch: {why}");
}
