using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Tui.Panels;

namespace LazyOC.Tui.Details.Logs;

/// <summary>A pod as far as its logs go.</summary>
/// <param name="Row">The pod.</param>
/// <param name="Containers">Names, in the order of the pod; the ones that prepare it last.</param>
/// <param name="Default">The container that <c>kubectl logs</c> takes: the annotated one, otherwise the first.</param>
/// <param name="IsFinished">Whether no container will write any more.</param>
internal sealed record LogPod(ResourceRow Row, ImmutableArray<string> Containers, string? Default, bool IsFinished);

/// <summary>Finds the pods whose logs belong to an object.</summary>
internal static class LogPods
{
    private static readonly ColumnSpec Containers = ColumnSpec.FromPath("details.logs.containers", "", JsonPath.Parse(".spec.containers[*].name"));
    private static readonly ColumnSpec Preparing = ColumnSpec.FromPath("details.logs.init", "", JsonPath.Parse(".spec.initContainers[*].name"));
    private static readonly ColumnSpec Default = ColumnSpec.FromPath("details.logs.default", "", JsonPath.Parse(@".metadata.annotations.kubectl\.kubernetes\.io/default-container"));
    private static readonly ColumnSpec Phase = ColumnSpec.FromPath("details.logs.phase", "", JsonPath.Parse(".status.phase"));

    /// <summary>What is kept of each pod. The rows change with every other field of it, too.</summary>
    public static ImmutableArray<ColumnSpec> Columns { get; } = [Containers, Preparing, Default, Phase];

    public static ResourceKind Kind { get; } = new() { Group = "", Version = "v1", Plural = "pods", Kind = "Pod", Namespaced = true, Verbs = ["get", "list", "watch"] };

    /// <summary>Whether objects of a kind have logs: pods, and what makes pods.</summary>
    public static bool Have(ResourceKind kind) => (kind.Group, kind.Kind) is ("", "Pod") || MakesPods(kind);

    public static bool MakesPods(ResourceKind kind) => (kind.Group, kind.Kind) is
        ("apps", "Deployment" or "StatefulSet" or "DaemonSet" or "ReplicaSet") or ("batch", "Job") or ("", "ReplicationController") or ("apps.openshift.io", "DeploymentConfig");

    /// <summary>Selects a pod by its name.</summary>
    public static Selector Only(string name) => new(Fields: $"metadata.name={name}");

    /// <summary>Selects the pods of a workload by its own selector; null when it has none.</summary>
    public static Selector? Of(JsonElement workload)
    {
        var parts = new List<string>();
        var selector = workload.At("spec", "selector") ?? default;
        var isFlat = selector.At("matchLabels") is null && selector.At("matchExpressions") is null;
        foreach (var label in isFlat ? selector.Members() : selector.Members("matchLabels"))
        {
            if (label.Value.ValueKind == JsonValueKind.String)
                parts.Add($"{label.Name}={label.Value.GetString()}");
        }
        foreach (var expression in selector.Items("matchExpressions"))
        {
            var values = string.Join(',', expression.Items("values").Select(v => v.ToString()));
            parts.Add((expression.Text("operator"), expression.Text("key")) switch
            {
                ("In", var key) => $"{key} in ({values})",
                ("NotIn", var key) => $"{key} notin ({values})",
                ("DoesNotExist", var key) => $"!{key}",
                (_, var key) => key ?? "",
            });
        }
        if (parts.Count == 0 && workload.Text("kind") == "Job")
            parts.Add($"job-name={workload.Text("metadata", "name")}");
        return parts.Count == 0 ? null : new Selector(Labels: string.Join(',', parts));
    }

    public static IEnumerable<LogPod> In(ResourceSnapshot pods)
    {
        var (containers, preparing, @default, phase) = (pods.IndexOf(Containers.Id), pods.IndexOf(Preparing.Id), pods.IndexOf(Default.Id), pods.IndexOf(Phase.Id));
        if (containers < 0 || preparing < 0 || @default < 0 || phase < 0)
            return []; // the reflector is still listing with these columns
        return pods.Rows.Select(row =>
        {
            var names = Names(row[containers]);
            return new LogPod(row, [.. names, .. Names(row[preparing])], row[@default].Text ?? names.FirstOrDefault(), row[phase].Text is "Succeeded" or "Failed");
        });
    }

    private static ImmutableArray<string> Names(CellValue value) => value.Text is { } text ? [.. text.Split(',')] : [];
}
