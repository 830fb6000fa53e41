using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>Configuration, storage and rights.</summary>
internal static class ConfigColumns
{
    public static Dictionary<string, ColumnSpec[]> All { get; } = new(StringComparer.Ordinal)
    {
        ["configmaps"] =
        [
            Column.Number("configmaps", "DATA", o => o.Members("data").Count() + o.Members("binaryData").Count()),
            Column.Age,
        ],
        ["secrets"] =
        [
            Column.Text("secrets", "TYPE", o => o.Text("type")),
            Column.Number("secrets", "DATA", o => o.Members("data").Count()),
            Column.Age,
        ],
        ["serviceaccounts"] =
        [
            Column.Number("serviceaccounts", "SECRETS", o => o.Items("secrets").Count()),
            Column.Age,
        ],
        ["persistentvolumeclaims"] =
        [
            Column.Status("persistentvolumeclaims", o => Phase(o)),
            Column.Text("persistentvolumeclaims", "VOLUME", o => o.Text("spec", "volumeName")),
            Column.Quantity("persistentvolumeclaims", "CAPACITY", o => o.At("status")?.Text("capacity", "storage")),
            Column.Text("persistentvolumeclaims", "ACCESS MODES", o => AccessModes(o.At("status"))),
            Column.Text("persistentvolumeclaims", "STORAGECLASS", o => o.Text("spec", "storageClassName")),
            Column.Age,
        ],
        ["persistentvolumes"] =
        [
            Column.Quantity("persistentvolumes", "CAPACITY", o => o.At("spec")?.Text("capacity", "storage")),
            Column.Text("persistentvolumes", "ACCESS MODES", o => AccessModes(o.At("spec"))),
            Column.Text("persistentvolumes", "RECLAIM POLICY", o => o.Text("spec", "persistentVolumeReclaimPolicy")),
            Column.Status("persistentvolumes", o => Phase(o)),
            Column.Text("persistentvolumes", "CLAIM", o => o.At("spec", "claimRef") is { } claim ? $"{claim.Text("namespace")}/{claim.Text("name")}" : null),
            Column.Text("persistentvolumes", "STORAGECLASS", o => o.Text("spec", "storageClassName")),
            Column.Text("persistentvolumes", "REASON", o => o.Text("status", "reason")),
            Column.Age,
        ],
        ["storageclasses.storage.k8s.io"] =
        [
            Column.Text("storageclasses", "PROVISIONER", o => o.Text("provisioner")),
            Column.Text("storageclasses", "RECLAIMPOLICY", o => o.Text("reclaimPolicy") ?? "Delete"),
            Column.Text("storageclasses", "VOLUMEBINDINGMODE", o => o.Text("volumeBindingMode")),
            Column.Text("storageclasses", "ALLOWVOLUMEEXPANSION", o => o.Flag("allowVolumeExpansion") ? "true" : "false"),
            Column.Age,
        ],
        ["rolebindings.rbac.authorization.k8s.io"] = [Column.Text("rolebindings", "ROLE", RoleRef), Column.Age],
        ["clusterrolebindings.rbac.authorization.k8s.io"] = [Column.Text("clusterrolebindings", "ROLE", RoleRef), Column.Age],
        ["leases.coordination.k8s.io"] = [Column.Text("leases", "HOLDER", o => o.Text("spec", "holderIdentity")), Column.Age],
    };

    private static string? RoleRef(JsonElement binding) => $"{binding.Text("roleRef", "kind")}/{binding.Text("roleRef", "name")}";

    private static string? Phase(JsonElement resource) =>
        resource.Text("metadata", "deletionTimestamp") is null ? resource.Text("status", "phase") : "Terminating";

    private static string? AccessModes(JsonElement? owner) => Column.Join((owner?.Texts("accessModes") ?? []).Select(mode => mode switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => mode,
    }));
}
