using System.Text.Json;
using System.Text.Json.Nodes;
using LazyOC.Cluster;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>The object of a change as hooks are handed it.</summary>
/// <param name="Now">As it would be; as it is when it is deleted. Null when it is not known.</param>
/// <param name="Before">As it is before an update or a scaling; null when it is not known, or there is none.</param>
internal sealed record ChangedObjects(JsonElement? Now, JsonElement? Before)
{
    private static readonly string[][] Identity = [["apiVersion"], ["kind"], ["metadata", "name"], ["metadata", "generateName"], ["metadata", "namespace"], ["metadata", "uid"], ["metadata", "resourceVersion"]];

    public static ChangedObjects Unknown { get; } = new(null, null);

    /// <summary>Reads what is missing of a change's objects as the session's user; what cannot be read is not known.</summary>
    /// <param name="scope">The session.</param>
    /// <param name="change">The change.</param>
    /// <param name="wanted">Whether anybody may be handed it.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<ChangedObjects> ReadAsync(SessionScope scope, UserChange change, bool wanted, CancellationToken cancellationToken)
    {
        if (!wanted || change.Verb == "create") return new ChangedObjects(wanted ? change.Object : null, null);
        try
        {
            using var document = await scope.Cluster.Client.Resources.GetAsync(change.Kind, change.Reference.Namespace, change.Reference.Name, cancellationToken: cancellationToken);
            var there = document.RootElement.Clone();
            return change switch
            {
                { Verb: "delete" } => new ChangedObjects(there, null),
                { Replicas: { } replicas } => new ChangedObjects(Scaled(there, replicas), there),
                _ => new ChangedObjects(change.Object ?? there, there),
            };
        }
        catch (ClusterException)
        {
            return new ChangedObjects(change.Object, null);
        }
    }

    /// <summary>The replicas that an object asks for; null when it does not say.</summary>
    public static int? ReplicasOf(JsonElement root) =>
        root.Number("spec", "replicas") is { } replicas and >= int.MinValue and <= int.MaxValue ? (int)replicas : null;

    /// <summary>Why a patched object is not the change that the user makes any more, continuing a sentence about the patch; null when it is.</summary>
    public static string? WhyNotTheSame(JsonElement document, JsonElement patched, UserChange change)
    {
        foreach (var path in Identity)
        {
            if (!JsonElement.DeepEquals(At(document, path), At(patched, path))) return $"changes `{string.Join('.', path)}`, and so what is written";
        }
        if (change.Replicas is null) return null;
        return ReplicasOf(patched) is { } replicas and >= 0 && JsonElement.DeepEquals(Scaled(document, replicas), patched) ? null : "changes more of a scaling than `spec.replicas`";
    }

    private static JsonElement At(JsonElement element, string[] path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return JsonElement.Parse("null");
        }
        return element;
    }

    private static JsonElement Scaled(JsonElement there, int replicas)
    {
        var root = JsonObject.Create(there)!.DeepClone();
        if (root["spec"] is not JsonObject spec) return there;
        spec["replicas"] = replicas;
        return JsonElement.Parse(root.ToJsonString());
    }
}
