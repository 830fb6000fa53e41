using System.Globalization;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>Pods and what makes them.</summary>
internal static class WorkloadColumns
{
    public static Dictionary<string, ColumnSpec[]> All { get; } = new(StringComparer.Ordinal)
    {
        ["pods"] =
        [
            Column.Ready("pods", o => (PodStatus.Of(o).Ready, PodStatus.Of(o).Containers)),
            Column.Status("pods", o => PodStatus.Of(o).Reason),
            Column.Of("pods", "RESTARTS", ColumnType.Restarts, o => PodStatus.Of(o) is var status ? new CellValue(status.LastRestart, status.Restarts) : default),
            Column.Age,
            Column.Text("pods", "IP", o => o.Text("status", "podIP"), wide: true),
            Column.Text("pods", "NODE", o => o.Text("spec", "nodeName"), wide: true),
        ],
        ["deployments.apps"] =
        [
            Column.Ready("deployments", o => (o.Number("status", "readyReplicas") ?? 0, o.Number("spec", "replicas") ?? 0)),
            Column.Count("deployments", "UP-TO-DATE", "status", "updatedReplicas"),
            Column.Count("deployments", "AVAILABLE", "status", "availableReplicas"),
            Column.Age,
            .. Column.ContainersAndImages("deployments", "spec", "template", "spec"),
            Column.Text("deployments", "SELECTOR", o => Column.Labels(o.At("spec", "selector"), "matchLabels"), wide: true),
        ],
        ["replicasets.apps"] = Replicas("replicasets"),
        ["replicationcontrollers"] = Replicas("replicationcontrollers"),
        ["statefulsets.apps"] =
        [
            Column.Ready("statefulsets", o => (o.Number("status", "readyReplicas") ?? 0, o.Number("spec", "replicas") ?? 0)),
            Column.Age,
            .. Column.ContainersAndImages("statefulsets", "spec", "template", "spec"),
        ],
        ["daemonsets.apps"] =
        [
            Column.Count("daemonsets", "DESIRED", "status", "desiredNumberScheduled"),
            Column.Count("daemonsets", "CURRENT", "status", "currentNumberScheduled"),
            Column.Count("daemonsets", "READY", "status", "numberReady"),
            Column.Count("daemonsets", "UP-TO-DATE", "status", "updatedNumberScheduled"),
            Column.Count("daemonsets", "AVAILABLE", "status", "numberAvailable"),
            Column.Text("daemonsets", "NODE SELECTOR", o => Column.Labels(o.At("spec", "template", "spec"), "nodeSelector")),
            Column.Age,
            .. Column.ContainersAndImages("daemonsets", "spec", "template", "spec"),
        ],
        ["jobs.batch"] =
        [
            Column.Status("jobs", JobStatus),
            Column.Text("jobs", "COMPLETIONS", JobCompletions),
            Column.Of("jobs", "DURATION", ColumnType.Age, o => Duration(o.Text("status", "startTime"), o.Text("status", "completionTime"))),
            Column.Age,
            .. Column.ContainersAndImages("jobs", "spec", "template", "spec"),
        ],
        ["cronjobs.batch"] =
        [
            Column.Text("cronjobs", "SCHEDULE", o => o.Text("spec", "schedule")),
            Column.Text("cronjobs", "TIMEZONE", o => o.Text("spec", "timeZone")),
            Column.Text("cronjobs", "SUSPEND", o => o.At("spec") is { } spec && spec.Flag("suspend") ? "True" : "False"),
            Column.Number("cronjobs", "ACTIVE", o => o.Items("status", "active").Count()),
            Column.Time("cronjobs", "LAST SCHEDULE", o => o.Text("status", "lastScheduleTime")),
            Column.Age,
        ],
        ["horizontalpodautoscalers.autoscaling"] =
        [
            Column.Text("horizontalpodautoscalers", "REFERENCE", o => $"{o.At("spec")?.Text("scaleTargetRef", "kind")}/{o.At("spec")?.Text("scaleTargetRef", "name")}"),
            Column.Text("horizontalpodautoscalers", "TARGETS", AutoscalerTargets.Of),
            Column.Number("horizontalpodautoscalers", "MINPODS", o => o.Number("spec", "minReplicas")),
            Column.Number("horizontalpodautoscalers", "MAXPODS", o => o.Number("spec", "maxReplicas")),
            Column.Count("horizontalpodautoscalers", "REPLICAS", "status", "currentReplicas"),
            Column.Age,
        ],
        ["poddisruptionbudgets.policy"] =
        [
            Column.Text("poddisruptionbudgets", "MIN AVAILABLE", o => o.At("spec", "minAvailable") is { } v ? CellValue.Plain(v) : "N/A"),
            Column.Text("poddisruptionbudgets", "MAX UNAVAILABLE", o => o.At("spec", "maxUnavailable") is { } v ? CellValue.Plain(v) : "N/A"),
            Column.Count("poddisruptionbudgets", "ALLOWED DISRUPTIONS", "status", "disruptionsAllowed"),
            Column.Age,
        ],
    };

    /// <summary>A duration that has ended as fixed text, one that goes on as the time since its start.</summary>
    public static CellValue Duration(string? started, string? ended)
    {
        var start = CellValue.OfTime(started);
        var end = CellValue.OfTime(ended);
        return start.IsNone || end.IsNone ? start : start with { Text = HumanDuration.Format(TimeSpan.FromMilliseconds(end.Number - start.Number)) };
    }

    private static ColumnSpec[] Replicas(string owner) =>
    [
        Column.Count(owner, "DESIRED", "spec", "replicas"),
        Column.Count(owner, "CURRENT", "status", "replicas"),
        Column.Count(owner, "READY", "status", "readyReplicas"),
        Column.Age,
        .. Column.ContainersAndImages(owner, "spec", "template", "spec"),
    ];

    private static string JobStatus(JsonElement job)
    {
        bool Is(string type) => Column.Condition(job, type)?.Text("status") == "True";
        return true switch
        {
            _ when Is("Complete") => "Complete",
            _ when Is("Failed") => "Failed",
            _ when job.Text("metadata", "deletionTimestamp") is not null => "Terminating",
            _ when Is("Suspended") => "Suspended",
            _ when Is("FailureTarget") => "FailureTarget",
            _ when Is("SuccessCriteriaMet") => "SuccessCriteriaMet",
            _ => "Running",
        };
    }

    private static string JobCompletions(JsonElement job)
    {
        var succeeded = job.Number("status", "succeeded") ?? 0;
        if (job.Number("spec", "completions") is { } completions)
            return string.Create(CultureInfo.InvariantCulture, $"{succeeded}/{completions}");
        var parallelism = job.Number("spec", "parallelism") ?? 0;
        return parallelism > 1
            ? string.Create(CultureInfo.InvariantCulture, $"{succeeded}/1 of {parallelism}")
            : string.Create(CultureInfo.InvariantCulture, $"{succeeded}/1");
    }
}
