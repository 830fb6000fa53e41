using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Patching;

/// <summary>
/// Strategic merge patch: objects merge, well-known lists merge by key, with the directives <c>$patch</c>,
/// <c>$retainKeys</c>, <c>$deleteFromPrimitiveList/…</c> and <c>$setElementOrder/…</c>.
/// </summary>
internal static class StrategicMerge
{
    private const string Directive = "$patch";
    private const string RetainKeys = "$retainKeys";
    private const string DeletePrefix = "$deleteFromPrimitiveList/";
    private const string OrderPrefix = "$setElementOrder/";

    public static JsonObject Apply(JsonObject document, JsonObject patch)
    {
        if (patch.Text(Directive) is "replace")
            return Without(patch);
        if (patch.Text(Directive) is "delete")
            return [];
        JsonObject result = document.Clone();
        if (patch[RetainKeys] is JsonArray retained)
        {
            HashSet<string> keep = new(retained.Select(k => k.Text()).OfType<string>(), StringComparer.Ordinal);
            foreach (string key in result.Select(f => f.Key).Where(k => !keep.Contains(k)).ToList())
                result.Remove(key);
        }

        foreach ((string key, JsonNode? value) in patch)
        {
            if (key.StartsWith('$'))
                continue;
            if (value is null)
                result.Remove(key);
            else if (value is JsonObject fields)
                result[key] = Apply(result[key] as JsonObject ?? [], fields);
            else if (value is JsonArray list)
                result[key] = MergeList(key, result[key] as JsonArray, list, patch[OrderPrefix + key] as JsonArray);
            else
                result[key] = value.DeepClone();
        }

        foreach ((string key, JsonNode? value) in patch.Where(f => f.Key.StartsWith(DeletePrefix, StringComparison.Ordinal)))
        {
            string field = key[DeletePrefix.Length..];
            if (result[field] is JsonArray existing && value is JsonArray gone)
                result[field] = new JsonArray([.. existing.Where(e => !gone.Any(g => JsonNode.DeepEquals(e, g))).Select(e => e?.DeepClone())]);
        }

        return result;
    }

    private static JsonArray MergeList(string field, JsonArray? existing, JsonArray patch, JsonArray? order)
    {
        if (MergeKeys.IsSet(field))
            return new JsonArray([.. (existing ?? []).Concat(patch).Select(e => e.Text()).OfType<string>().Distinct(StringComparer.Ordinal).Select(e => (JsonNode)e)]);
        string? mergeKey = MergeKeys.Of(field, patch, existing);
        bool replace = patch.OfType<JsonObject>().Any(e => e.Text(Directive) is "replace");
        if (mergeKey is null || replace)
            return new JsonArray([.. patch.Where(e => e is not JsonObject item || item.Text(Directive) is null).Select(e => e?.DeepClone())]);
        List<JsonObject> merged = [.. (existing ?? []).OfType<JsonObject>().Select(e => e.Clone())];
        foreach (JsonObject element in patch.OfType<JsonObject>())
        {
            int at = merged.FindIndex(m => JsonNode.DeepEquals(m[mergeKey], element[mergeKey]));
            if (element.Text(Directive) is "delete")
            {
                if (at >= 0)
                    merged.RemoveAt(at);
            }
            else if (at >= 0)
            {
                merged[at] = Apply(merged[at], element);
            }
            else
            {
                merged.Add(Without(element));
            }
        }

        if (order is not null)
        {
            // Elements the patch does not mention keep their place relative to each other, after the ordered ones.
            List<JsonNode?> keys = [.. order.OfType<JsonObject>().Select(o => o[mergeKey])];
            merged = [.. merged.OrderBy(m => keys.FindIndex(k => JsonNode.DeepEquals(k, m[mergeKey])) is >= 0 and var index ? index : int.MaxValue)];
        }

        return new JsonArray([.. merged.Select(m => (JsonNode)m)]);
    }

    private static JsonObject Without(JsonObject patch)
    {
        JsonObject result = [];
        foreach ((string key, JsonNode? value) in patch)
        {
            if (!key.StartsWith('$'))
                result[key] = value?.DeepClone();
        }

        return result;
    }
}
