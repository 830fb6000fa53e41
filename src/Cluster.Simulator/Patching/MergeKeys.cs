using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Patching;

/// <summary>By which field the elements of the well-known lists are told apart, as the built-in types' <c>patchMergeKey</c> says.</summary>
internal static class MergeKeys
{
    private static readonly Dictionary<string, string> ByField = new(StringComparer.Ordinal)
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["ephemeralContainers"] = "name",
        ["env"] = "name",
        ["volumes"] = "name",
        ["volumeMounts"] = "mountPath",
        ["volumeDevices"] = "devicePath",
        ["imagePullSecrets"] = "name",
        ["secrets"] = "name",
        ["hostAliases"] = "ip",
        ["topologySpreadConstraints"] = "topologyKey",
        ["conditions"] = "type",
        ["addresses"] = "type",
        ["ownerReferences"] = "uid",
        ["managedFields"] = "",
    };

    /// <summary>Lists of strings that are merged as sets.</summary>
    public static bool IsSet(string field) => field is "finalizers";

    /// <summary>The merge key of a list field, or null when the list is replaced as a whole.</summary>
    public static string? Of(string field, params ReadOnlySpan<JsonArray?> lists)
    {
        if (field is "ports")
        {
            foreach (JsonArray? list in lists)
            {
                if (list?.OfType<JsonObject>().FirstOrDefault() is { } port)
                    return port.ContainsKey("containerPort") ? "containerPort" : "port";
            }

            return null;
        }

        return ByField.GetValueOrDefault(field) is { Length: > 0 } key ? key : null;
    }
}
