using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>JSON Patch, RFC 6902, on objects that the user is about to write; bounded in operations, depth and size.</summary>
internal static class JsonPatch
{
    /// <summary>The patched document.</summary>
    /// <exception cref="FormatException">An operation is not one, names what is not there, or is a test that fails; or the result is too large. The message continues a sentence that begins with the patch.</exception>
    public static JsonElement Apply(JsonElement document, ImmutableArray<PatchOperation> patch, RuntimeLimits limits)
    {
        if (patch.IsDefaultOrEmpty) throw new FormatException("has no operations");
        if (patch.Length > limits.PatchOperations) throw new FormatException($"has {patch.Length} operations; at most {limits.PatchOperations} are taken");
        var root = NodeOf(document);
        long copied = 0;
        for (var i = 0; i < patch.Length; i++)
        {
            try
            {
                root = Apply(root, patch[i], limits, ref copied);
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"fails at operation {i} on `{patch[i].Path}`: {wrong.Message}", wrong);
            }
        }
        if (root is not JsonObject) throw new FormatException("leaves no object");
        var json = root.ToJsonString();
        return json.Length <= limits.PatchedBytes ? JsonElement.Parse(json) : throw new FormatException($"makes an object of {json.Length:N0} bytes; at most {limits.PatchedBytes:N0} are written");
    }

    /// <summary>
    /// A place that two patches both change; null when there is none. What lies inside of a place is part of it; an item put into
    /// an array or taken out of it changes the whole array, where others get another index; one appended meets nothing.
    /// </summary>
    public static string? Overlap(ImmutableArray<PatchOperation> first, ImmutableArray<PatchOperation> second) =>
        (from one in first.SelectMany(Writes)
         from other in second.SelectMany(Writes)
         where IsWithin(one, other) || IsWithin(other, one)
         select one.Length <= other.Length ? one : other).FirstOrDefault();

    private static IEnumerable<string> Writes(PatchOperation operation) =>
        operation.Op == PatchOp.Test ? []
        : operation.Op == PatchOp.Replace ? [operation.Path]
        : new[] { operation.Path, operation.Op == PatchOp.Move ? operation.From : null }.OfType<string>().Where(path => !path.EndsWith("/-", StringComparison.Ordinal)).Select(Shifted);

    // A member that is named like an index is taken for one: only the document could tell.
    private static string Shifted(string path) =>
        path.LastIndexOf('/') is >= 0 and var slash && path.Length > slash + 1 && !path.AsSpan(slash + 1).ContainsAnyExceptInRange('0', '9') ? path[..slash] : path;

    private static bool IsWithin(string path, string parent) =>
        path.StartsWith(parent, StringComparison.Ordinal) && (path.Length == parent.Length || path[parent.Length] == '/');

    private static JsonNode? Apply(JsonNode? root, PatchOperation operation, RuntimeLimits limits, ref long copied)
    {
        var path = Pointer(operation.Path);
        switch (operation.Op)
        {
            case PatchOp.Add:
                return Add(root, path, ValueOf(operation), limits);
            case PatchOp.Replace:
                Find(root, path);
                return path.Length == 0 ? ValueOf(operation) : Add(Remove(root, path), path, ValueOf(operation), limits);
            case PatchOp.Remove:
                return Remove(root, path);
            case PatchOp.Test:
                return JsonNode.DeepEquals(Find(root, path), ValueOf(operation)) ? root : throw new FormatException("the test fails");
            case PatchOp.Copy:
                return Add(root, path, Copy(root, operation, limits, ref copied), limits);
            case PatchOp.Move:
                var from = FromOf(operation);
                if (operation.Path.StartsWith(operation.From + "/", StringComparison.Ordinal)) throw new FormatException("it would move into itself");
                var moved = Copy(root, operation, limits, ref copied);
                return Add(Remove(root, from), path, moved, limits);
            default:
                throw new FormatException("it is no operation of a JSON Patch");
        }
    }

    // Copies of copies would double an object with every operation, so all of them together are bounded.
    private static JsonNode? Copy(JsonNode? root, PatchOperation operation, RuntimeLimits limits, ref long copied)
    {
        var source = Find(root, FromOf(operation));
        copied += source?.ToJsonString().Length ?? 0;
        return copied <= limits.PatchedBytes ? source?.DeepClone() : throw new FormatException($"it copies more than {limits.PatchedBytes:N0} bytes");
    }

    private static JsonNode? Add(JsonNode? root, string[] path, JsonNode? value, RuntimeLimits limits)
    {
        if (path.Length + DepthOf(value) > limits.PatchedDepth) throw new FormatException($"the result nests deeper than {limits.PatchedDepth}");
        if (path.Length == 0) return value;
        switch (Find(root, path[..^1]))
        {
            case JsonObject parent:
                parent[path[^1]] = value;
                return root;
            case JsonArray list when path[^1] == "-":
                list.Add(value);
                return root;
            case JsonArray list:
                list.Insert(Index(path[^1], list.Count), value);
                return root;
            default:
                throw Missing();
        }
    }

    private static JsonNode? Remove(JsonNode? root, string[] path)
    {
        if (path.Length == 0) return null;
        switch (Find(root, path[..^1]))
        {
            case JsonObject parent when parent.Remove(path[^1]):
                return root;
            case JsonArray list:
                list.RemoveAt(Index(path[^1], list.Count - 1));
                return root;
            default:
                throw Missing();
        }
    }

    private static JsonNode? Find(JsonNode? node, string[] path)
    {
        foreach (var part in path)
        {
            node = node switch
            {
                JsonObject parent when parent.TryGetPropertyValue(part, out var child) => child,
                JsonArray list => list[Index(part, list.Count - 1)],
                _ => throw Missing(),
            };
        }
        return node;
    }

    private static int Index(string text, int last) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= last && (text.Length == 1 || text[0] != '0')
            ? index
            : throw new FormatException($"`{text}` is no index of the array");

    private static string[] Pointer(string text)
    {
        if (text.Length == 0) return [];
        if (text[0] != '/') throw new FormatException("a path begins with `/`");
        return [.. text[1..].Split('/').Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))];
    }

    private static string[] FromOf(PatchOperation operation) => Pointer(operation.From ?? throw new FormatException("`from` is missing"));

    private static JsonNode? ValueOf(PatchOperation operation) =>
        operation.Value.ValueKind == JsonValueKind.Undefined ? throw new FormatException("`value` is missing") : NodeOf(operation.Value);

    private static JsonNode? NodeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Object => JsonObject.Create(element)!.DeepClone(),
        JsonValueKind.Array => JsonArray.Create(element)!.DeepClone(),
        _ => JsonValue.Create(element),
    };

    private static int DepthOf(JsonNode? node) => node switch
    {
        JsonObject parent => 1 + parent.Select(child => DepthOf(child.Value)).DefaultIfEmpty().Max(),
        JsonArray list => 1 + list.Select(DepthOf).DefaultIfEmpty().Max(),
        _ => 0,
    };

    private static FormatException Missing() => new("there is no such place");
}
