using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Printing;

internal static class WorkloadColumns
{
    private static readonly PrinterColumn Containers = PrinterColumn.Text("Containers", o => JoinContainers(o, "name"), 1);
    private static readonly PrinterColumn Images = PrinterColumn.Text("Images", o => JoinContainers(o, "image"), 1);
    private static readonly PrinterColumn Selector = PrinterColumn.Text("Selector", o => SelectorText(o.At("spec", "selector")), 1);

    public static readonly ImmutableArray<PrinterColumn> Deployment =
    [
        PrinterColumn.ObjectName,
        new("Ready", "string", 0, (o, _) => Of(o.Integer("status", "readyReplicas"), o.Integer("spec", "replicas"))),
        PrinterColumn.Number("Up-to-date", o => o.Integer("status", "updatedReplicas")),
        PrinterColumn.Number("Available", o => o.Integer("status", "availableReplicas")),
        PrinterColumn.Age,
        Containers,
        Images,
        Selector,
    ];

    public static readonly ImmutableArray<PrinterColumn> ReplicaSet =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Number("Desired", o => o.Integer("spec", "replicas")),
        PrinterColumn.Number("Current", o => o.Integer("status", "replicas")),
        PrinterColumn.Number("Ready", o => o.Integer("status", "readyReplicas")),
        PrinterColumn.Age,
        Containers,
        Images,
        Selector,
    ];

    public static readonly ImmutableArray<PrinterColumn> StatefulSet =
    [
        PrinterColumn.ObjectName,
        new("Ready", "string", 0, (o, _) => Of(o.Integer("status", "readyReplicas"), o.Integer("spec", "replicas"))),
        PrinterColumn.Age,
        Containers,
        Images,
    ];

    public static readonly ImmutableArray<PrinterColumn> DaemonSet =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Number("Desired", o => o.Integer("status", "desiredNumberScheduled")),
        PrinterColumn.Number("Current", o => o.Integer("status", "currentNumberScheduled")),
        PrinterColumn.Number("Ready", o => o.Integer("status", "numberReady")),
        PrinterColumn.Number("Up-to-date", o => o.Integer("status", "updatedNumberScheduled")),
        PrinterColumn.Number("Available", o => o.Integer("status", "numberAvailable")),
        PrinterColumn.Text("Node Selector", o => SelectorText(o.At("spec", "template", "spec", "nodeSelector"))),
        PrinterColumn.Age,
        Containers,
        Images,
        Selector,
    ];

    public static readonly ImmutableArray<PrinterColumn> Job =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Status", JobStatus),
        new("Completions", "string", 0, (o, _) => Of(o.Integer("status", "succeeded"), o.Integer("spec", "completions") ?? 1)),
        new("Duration", "string", 0, (o, now) => o.Time("status", "startTime") is { } start ? HumanDuration.Since(start, o.Time("status", "completionTime") ?? now) : ""),
        PrinterColumn.Age,
        Containers,
        Images,
        Selector,
    ];

    public static readonly ImmutableArray<PrinterColumn> CronJob =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Schedule", o => o.Text("spec", "schedule")),
        PrinterColumn.Text("Timezone", o => o.Text("spec", "timeZone")),
        PrinterColumn.Text("Suspend", o => o.Flag("spec", "suspend") ? "True" : "False"),
        PrinterColumn.Number("Active", o => o.Objects("status", "active").Count()),
        new("Last Schedule", "string", 0, (o, now) => o.Time("status", "lastScheduleTime") is { } last ? HumanDuration.Since(last, now) : "<none>"),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> Autoscaler =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Reference", o => $"{o.Text("spec", "scaleTargetRef", "kind")}/{o.Text("spec", "scaleTargetRef", "name")}"),
        PrinterColumn.Text("Targets", AutoscalerTargets),
        PrinterColumn.Text("MinPods", o => (o.Integer("spec", "minReplicas") ?? 1).ToString(CultureInfo.InvariantCulture)),
        PrinterColumn.Number("MaxPods", o => o.Integer("spec", "maxReplicas")),
        PrinterColumn.Number("Replicas", o => o.Integer("status", "currentReplicas")),
        PrinterColumn.Age,
    ];

    public static readonly ImmutableArray<PrinterColumn> DisruptionBudget =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Min Available", o => o.At("spec", "minAvailable")?.ToString() ?? "N/A"),
        PrinterColumn.Text("Max Unavailable", o => o.At("spec", "maxUnavailable")?.ToString() ?? "N/A"),
        PrinterColumn.Number("Allowed Disruptions", o => o.Integer("status", "disruptionsAllowed")),
        PrinterColumn.Age,
    ];

    /// <summary>A map of labels, or a <c>LabelSelector</c>, as <c>a=b,c in (d,e)</c>.</summary>
    public static string SelectorText(JsonNode? selector)
    {
        if (LabelSelector.FromObject(selector) is not { } parsed)
            return "";
        return string.Join(',', parsed.Requirements.Select(r => r switch
        {
            { Operator: LabelSelector.Operator.In, Values: [var only] } => $"{r.Key}={only}",
            { Operator: LabelSelector.Operator.In } => $"{r.Key} in ({string.Join(',', r.Values)})",
            { Operator: LabelSelector.Operator.NotIn } => $"{r.Key} notin ({string.Join(',', r.Values)})",
            { Operator: LabelSelector.Operator.Exists } => r.Key,
            _ => "!" + r.Key,
        }));
    }

    private static string Of(long? part, long? whole) => string.Create(CultureInfo.InvariantCulture, $"{part ?? 0}/{whole ?? 0}");

    private static string JoinContainers(JsonObject o, string field) =>
        string.Join(',', o.Objects("spec", "template", "spec", "containers").Select(c => c.Text(field)));

    private static string JobStatus(JsonObject job)
    {
        foreach (JsonObject condition in job.Objects("status", "conditions"))
        {
            if (condition.Text("status") is "True" && condition.Text("type") is { } type and ("Complete" or "Failed" or "Suspended"))
                return type;
        }

        return "Running";
    }

    private static string AutoscalerTargets(JsonObject autoscaler)
    {
        var targets = new List<string>();
        foreach (JsonObject metric in autoscaler.Objects("spec", "metrics"))
        {
            string name = metric.Text("resource", "name") ?? "";
            JsonObject? current = autoscaler.Objects("status", "currentMetrics").FirstOrDefault(m => string.Equals(m.Text("resource", "name"), name, StringComparison.Ordinal));
            string now = current.Integer("resource", "current", "averageUtilization") is { } used ? string.Create(CultureInfo.InvariantCulture, $"{used}%") : "<unknown>";
            targets.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {now}/{metric.Integer("resource", "target", "averageUtilization") ?? 0}%"));
        }

        return string.Join(", ", targets);
    }
}
