using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Printing;

internal static class ClusterColumns
{
    public static readonly ImmutableArray<PrinterColumn> CreatedAt =
    [
        PrinterColumn.ObjectName,
        new("Created At", "date", 0, (o, _) => o.Text("metadata", "creationTimestamp")),
    ];

    public static readonly ImmutableArray<PrinterColumn> CustomResourceDefinition = CreatedAt;

    public static readonly ImmutableArray<PrinterColumn> Namespace =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Status", o => o.Text("status", "phase")),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Node =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Status", NodeStatus),
        PrinterColumn.Text("Roles", NodeRoles),
        PrinterColumn.Age,
        PrinterColumn.Text("Version", o => o.Text("status", "nodeInfo", "kubeletVersion")),
        PrinterColumn.Text("Internal-IP", o => NodeAddress(o, "InternalIP"), 1),
        PrinterColumn.Text("External-IP", o => NodeAddress(o, "ExternalIP"), 1),
        PrinterColumn.Text("OS-Image", o => o.Text("status", "nodeInfo", "osImage"), 1),
        PrinterColumn.Text("Kernel-Version", o => o.Text("status", "nodeInfo", "kernelVersion"), 1),
        PrinterColumn.Text("Container-Runtime", o => o.Text("status", "nodeInfo", "containerRuntimeVersion"), 1),
    ];

    public static readonly ImmutableArray<PrinterColumn> Event =
    [
        new("Last Seen", "string", 0, (o, now) => HumanDuration.Since(o.Time("lastTimestamp") ?? o.Time("eventTime"), now)),
        PrinterColumn.Text("Type", o => o.Text("type")),
        PrinterColumn.Text("Reason", o => o.Text("reason")),
        PrinterColumn.Text("Object", o => $"{o.Text("involvedObject", "kind")?.ToLowerInvariant()}/{o.Text("involvedObject", "name")}"),
        PrinterColumn.Text("Subobject", o => o.Text("involvedObject", "fieldPath"), 1),
        PrinterColumn.Text("Source", o => o.Text("source", "component"), 1),
        PrinterColumn.Text("Message", o => o.Text("message")),
        new("First Seen", "string", 1, (o, now) => HumanDuration.Since(o.Time("firstTimestamp"), now)),
        PrinterColumn.Number("Count", o => o.Integer("count") ?? 1, 1),
        new("Name", "string", 1, (o, _) => o.Text("metadata", "name")) { Format = "name" },
    ];

    public static readonly ImmutableArray<PrinterColumn> ConfigMap =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Number("Data", o => Count(o.At("data")) + Count(o.At("binaryData"))),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Secret =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Type", o => o.Text("type")),
        PrinterColumn.Number("Data", o => Count(o.At("data"))),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> ServiceAccount =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Number("Secrets", o => o.Objects("secrets").Count()),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Claim =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Status", o => o.Text("status", "phase")),
        PrinterColumn.Text("Volume", o => o.Text("spec", "volumeName")),
        PrinterColumn.Text("Capacity", o => o.Text("status", "capacity", "storage")),
        PrinterColumn.Text("Access Modes", o => AccessModes(o)),
        PrinterColumn.Text("StorageClass", o => o.Text("spec", "storageClassName")),
        PrinterColumn.Text("VolumeAttributesClass", _ => "<unset>"),
        PrinterColumn.Age,
        PrinterColumn.Text("VolumeMode", o => o.Text("spec", "volumeMode"), 1),
    ];

    public static readonly ImmutableArray<PrinterColumn> Volume =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Capacity", o => o.Text("spec", "capacity", "storage")),
        PrinterColumn.Text("Access Modes", o => AccessModes(o)),
        PrinterColumn.Text("Reclaim Policy", o => o.Text("spec", "persistentVolumeReclaimPolicy")),
        PrinterColumn.Text("Status", o => o.Text("status", "phase")),
        PrinterColumn.Text("Claim", o => o.At("spec", "claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : null),
        PrinterColumn.Text("StorageClass", o => o.Text("spec", "storageClassName")),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> StorageClass =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Provisioner", o => o.Text("provisioner")),
        PrinterColumn.Text("ReclaimPolicy", o => o.Text("reclaimPolicy")),
        PrinterColumn.Text("VolumeBindingMode", o => o.Text("volumeBindingMode")),
        new("AllowVolumeExpansion", "boolean", 0, (o, _) => o.Flag("allowVolumeExpansion")),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> PriorityClass =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Number("Value", o => o.Integer("value")),
        new("Global-Default", "boolean", 0, (o, _) => o.Flag("globalDefault")),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Lease =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Holder", o => o.Text("spec", "holderIdentity")),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> RoleBinding =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Role", o => $"{o.Text("roleRef", "kind")}/{o.Text("roleRef", "name")}"),
        PrinterColumn.Age,
        PrinterColumn.Text("Users", o => Subjects(o, "User"), 1),
        PrinterColumn.Text("Groups", o => Subjects(o, "Group"), 1),
        PrinterColumn.Text("ServiceAccounts", o => Subjects(o, "ServiceAccount"), 1),
    ];

    public static readonly ImmutableArray<PrinterColumn> PodMetrics =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("CPU", o => string.Join(',', o.Objects("containers").Select(c => c.Text("usage", "cpu")))),
        PrinterColumn.Text("Memory", o => string.Join(',', o.Objects("containers").Select(c => c.Text("usage", "memory")))),
        PrinterColumn.Text("Window", o => o.Text("window")),
    ];

    public static readonly ImmutableArray<PrinterColumn> NodeMetrics =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("CPU", o => o.Text("usage", "cpu")),
        PrinterColumn.Text("Memory", o => o.Text("usage", "memory")),
        PrinterColumn.Text("Window", o => o.Text("window")),
    ];

    private static long Count(JsonNode? map) => map is JsonObject fields ? fields.Count : 0;

    private static string NodeStatus(JsonObject node)
    {
        bool ready = node.Objects("status", "conditions").Any(c => c.Text("type") is "Ready" && c.Text("status") is "True");
        return (ready ? "Ready" : "NotReady") + (node.Flag("spec", "unschedulable") ? ",SchedulingDisabled" : "");
    }

    private static string NodeRoles(JsonObject node)
    {
        const string Prefix = "node-role.kubernetes.io/";
        return string.Join(',', node.StringMap("metadata", "labels").Keys.Where(k => k.StartsWith(Prefix, StringComparison.Ordinal)).Select(k => k[Prefix.Length..]).Order(StringComparer.Ordinal));
    }

    private static string? NodeAddress(JsonObject node, string type) =>
        node.Objects("status", "addresses").FirstOrDefault(a => string.Equals(a.Text("type"), type, StringComparison.Ordinal)).Text("address");

    private static string AccessModes(JsonObject o) =>
        string.Join(',', o.Texts("spec", "accessModes").Select(mode => mode switch
        {
            "ReadWriteOnce" => "RWO",
            "ReadOnlyMany" => "ROX",
            "ReadWriteMany" => "RWX",
            "ReadWriteOncePod" => "RWOP",
            _ => mode,
        }));

    private static string Subjects(JsonObject binding, string kind) =>
        string.Join(", ", binding.Objects("subjects").Where(s => string.Equals(s.Text("kind"), kind, StringComparison.Ordinal)).Select(s => s.Text("namespace") is { } ns ? $"{ns}/{s.Text("name")}" : s.Text("name")));
}
