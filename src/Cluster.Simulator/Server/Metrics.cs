using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>metrics.k8s.io, computed from the running pods: use swings around half of each container's requests.</summary>
internal static class Metrics
{
    private const int DefaultMilliCores = 20;
    private const int DefaultMebibytes = 64;

    public static IEnumerable<StoredObject> OfPods(ControlPlane plane)
    {
        foreach (StoredObject pod in plane.List(ResourceCatalog.Pods))
        {
            JsonObject tree = pod.Parse();
            if (tree.Text("status", "phase") is not "Running")
                continue;
            var containers = new JsonArray();
            foreach (JsonObject container in tree.Objects("spec", "containers"))
            {
                (long cpu, long memory) = Use(plane, pod, container);
                containers.Add(new JsonObject { ["name"] = container.Text("name"), ["usage"] = Usage(cpu, memory) });
            }

            yield return Make(plane, ResourceCatalog.PodMetrics, pod, new JsonObject { ["containers"] = containers });
        }
    }

    public static IEnumerable<StoredObject> OfNodes(ControlPlane plane)
    {
        var use = new Dictionary<string, (long Cpu, long Memory)>(StringComparer.Ordinal);
        foreach (StoredObject pod in plane.List(ResourceCatalog.Pods))
        {
            JsonObject tree = pod.Parse();
            if (tree.Text("status", "phase") is not "Running" || tree.Text("spec", "nodeName") is not { } node)
                continue;
            foreach (JsonObject container in tree.Objects("spec", "containers"))
            {
                (long cpu, long memory) = Use(plane, pod, container);
                (long nodeCpu, long nodeMemory) = use.GetValueOrDefault(node, (350, 2048));
                use[node] = (nodeCpu + cpu, nodeMemory + memory);
            }
        }

        foreach (StoredObject node in plane.List(ResourceCatalog.Nodes))
        {
            (long cpu, long memory) = use.GetValueOrDefault(node.Name, (350, 2048));
            yield return Make(plane, ResourceCatalog.NodeMetrics, node, new JsonObject { ["usage"] = Usage(cpu, memory) });
        }
    }

    private static (long MilliCores, long Mebibytes) Use(ControlPlane plane, StoredObject pod, JsonObject container) => Use(pod, container, plane.Now);

    /// <summary>Millicores and mebibytes a container uses at a time: a wave of its own.</summary>
    public static (long MilliCores, long Mebibytes) Use(StoredObject pod, JsonObject container, DateTimeOffset time)
    {
        long cpu = Quantity.MilliCores(container.Text("resources", "requests", "cpu")) ?? DefaultMilliCores;
        long memory = Quantity.Mebibytes(container.Text("resources", "requests", "memory")) ?? DefaultMebibytes;
        uint phase = 0;
        foreach (char c in pod.Uid)
            phase = (phase * 31) + c;
        double wave = Math.Sin((time.ToUnixTimeSeconds() / 97.0) + (phase % 628 / 100.0));
        return (Math.Max(1, (long)(cpu * (0.55 + (0.3 * wave)))), Math.Max(1, (long)(memory * (0.7 + (0.1 * wave)))));
    }

    private static JsonObject Usage(long milliCores, long mebibytes) => new()
    {
        ["cpu"] = string.Create(CultureInfo.InvariantCulture, $"{milliCores}m"),
        ["memory"] = string.Create(CultureInfo.InvariantCulture, $"{mebibytes}Mi"),
    };

    private static StoredObject Make(ControlPlane plane, ResourceDefinition resource, StoredObject of, JsonObject body)
    {
        var labels = new JsonObject();
        foreach ((string key, string value) in of.Labels)
            labels[key] = value;
        var metadata = new JsonObject { ["name"] = of.Name, ["creationTimestamp"] = plane.Timestamp, ["labels"] = labels };
        if (of.Namespace.Length > 0)
            metadata["namespace"] = of.Namespace;
        body["kind"] = resource.Kind;
        body["apiVersion"] = resource.ApiVersion;
        body["metadata"] = metadata;
        body["timestamp"] = plane.Timestamp;
        body["window"] = "15s";
        return new StoredObject(resource, of.Namespace, of.Name, "", of.Version, of.Labels, body.ToUtf8());
    }
}

/// <summary>The two resource quantities the simulator computes with.</summary>
internal static class Quantity
{
    public static long? MilliCores(string? text)
    {
        if (text is null)
            return null;
        bool milli = text.EndsWith('m');
        return double.TryParse(milli ? text.AsSpan(0, text.Length - 1) : text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? (long)(milli ? number : number * 1000) : null;
    }

    public static long? Mebibytes(string? text)
    {
        if (text is null)
            return null;
        (int suffix, double factor) = text switch
        {
            _ when text.EndsWith("Ki", StringComparison.Ordinal) => (2, 1.0 / 1024),
            _ when text.EndsWith("Mi", StringComparison.Ordinal) => (2, 1.0),
            _ when text.EndsWith("Gi", StringComparison.Ordinal) => (2, 1024.0),
            _ => (0, 1.0 / (1024 * 1024)),
        };
        return double.TryParse(text.AsSpan(0, text.Length - suffix), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? (long)(number * factor) : null;
    }
}
