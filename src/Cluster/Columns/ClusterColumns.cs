using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>Nodes, namespaces and events.</summary>
internal static class ClusterColumns
{
    private const string RolePrefix = "node-role.kubernetes.io/";

    public static Dictionary<string, ColumnSpec[]> All { get; } = new(StringComparer.Ordinal)
    {
        ["nodes"] =
        [
            Column.Status("nodes", NodeStatus),
            Column.Text("nodes", "ROLES", Roles),
            Column.Age,
            Column.Text("nodes", "VERSION", o => o.At("status")?.Text("nodeInfo", "kubeletVersion")),
            Column.Text("nodes", "INTERNAL-IP", o => Address(o, "InternalIP"), wide: true),
            Column.Text("nodes", "EXTERNAL-IP", o => Address(o, "ExternalIP"), wide: true),
            Column.Text("nodes", "OS-IMAGE", o => o.At("status")?.Text("nodeInfo", "osImage"), wide: true),
            Column.Text("nodes", "KERNEL-VERSION", o => o.At("status")?.Text("nodeInfo", "kernelVersion"), wide: true),
            Column.Text("nodes", "CONTAINER-RUNTIME", o => o.At("status")?.Text("nodeInfo", "containerRuntimeVersion"), wide: true),
        ],
        ["namespaces"] = [Column.Status("namespaces", o => o.Text("status", "phase")), Column.Age],
        ["events"] = Events("involvedObject"),
        ["events.events.k8s.io"] = Events("regarding"),
    };

    private static ColumnSpec[] Events(string subject) =>
    [
        Column.Time("events", "LAST SEEN", LastSeen),
        Column.Text("events", "TYPE", o => o.Text("type")),
        Column.Text("events", "REASON", o => o.Text("reason")),
        Column.Text("events", "OBJECT", o => $"{o.Text(subject, "kind")?.ToLowerInvariant()}/{o.Text(subject, "name")}"),
        Column.Text("events", "MESSAGE", o => (o.Text("message") ?? o.Text("note"))?.Trim()),
        Column.Number("events", "COUNT", o => o.Number("series", "count") ?? o.Number("count") ?? o.Number("deprecatedCount") ?? 1),
    ];

    private static string? LastSeen(JsonElement e) =>
        e.Text("series", "lastObservedTime") ?? e.Text("lastTimestamp") ?? e.Text("deprecatedLastTimestamp") ?? e.Text("eventTime") ?? e.Text("metadata", "creationTimestamp");

    private static string NodeStatus(JsonElement node)
    {
        var ready = Column.Condition(node, "Ready")?.Text("status") switch
        {
            "True" => "Ready",
            null => "Unknown",
            _ => "NotReady",
        };
        return node.At("spec") is { } spec && spec.Flag("unschedulable") ? $"{ready},SchedulingDisabled" : ready;
    }

    private static string? Roles(JsonElement node)
    {
        var labels = node.At("metadata")?.Members("labels") ?? [];
        return Column.Join(labels.Select(l => l.Name switch
        {
            "kubernetes.io/role" => CellValue.Plain(l.Value),
            var name when name.StartsWith(RolePrefix, StringComparison.Ordinal) => name[RolePrefix.Length..],
            _ => null,
        }).Order(StringComparer.Ordinal));
    }

    private static string? Address(JsonElement node, string type) =>
        node.Items("status", "addresses").FirstOrDefault(a => a.Text("type") == type) is { ValueKind: JsonValueKind.Object } found ? found.Text("address") : null;
}
