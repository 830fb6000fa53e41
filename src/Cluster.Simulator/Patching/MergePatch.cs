using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Patching;

/// <summary>JSON Merge Patch, RFC 7386.</summary>
internal static class MergePatch
{
    public static JsonObject Apply(JsonObject document, JsonObject patch)
    {
        var result = (JsonObject)document.DeepClone();
        foreach ((string key, JsonNode? value) in patch)
        {
            if (value is null)
                result.Remove(key);
            else if (value is JsonObject fields)
                result[key] = Apply(result[key] as JsonObject ?? [], fields);
            else
                result[key] = value.DeepClone();
        }

        return result;
    }
}
