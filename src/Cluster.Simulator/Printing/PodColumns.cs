using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Printing;

internal static class PodColumns
{
    public static readonly ImmutableArray<PrinterColumn> All =
    [
        PrinterColumn.ObjectName,
        new("Ready", "string", 0, (pod, _) => Ready(pod)),
        new("Status", "string", 0, (pod, _) => Status(pod)),
        new("Restarts", "string", 0, Restarts),
        PrinterColumn.Age,
        PrinterColumn.Text("IP", pod => pod.Text("status", "podIP"), 1),
        PrinterColumn.Text("Node", pod => pod.Text("spec", "nodeName"), 1),
        PrinterColumn.Text("Nominated Node", pod => pod.Text("status", "nominatedNodeName"), 1),
        PrinterColumn.Text("Readiness Gates", _ => null, 1),
    ];

    /// <summary>The one-word state: the most telling of phase, container reasons and deletion.</summary>
    public static string Status(JsonObject pod)
    {
        string status = pod.Text("status", "reason") ?? pod.Text("status", "phase") ?? "Unknown";
        bool anyRunning = false;
        foreach (JsonObject container in pod.Objects("status", "containerStatuses").Reverse())
        {
            string? waiting = container.Text("state", "waiting", "reason");
            string? ended = container.Text("state", "terminated", "reason");
            if (waiting is { Length: > 0 })
                status = waiting;
            else if (ended is { Length: > 0 })
                status = ended;
            else if (container.At("state", "terminated") is not null)
                status = string.Create(CultureInfo.InvariantCulture, $"ExitCode:{container.Integer("state", "terminated", "exitCode") ?? 0}");
            else if (container.Flag("ready") && container.At("state", "running") is not null)
                anyRunning = true;
        }

        if (status is "Completed" && anyRunning)
            status = "Running";
        return pod.Text("metadata", "deletionTimestamp") is null ? status : "Terminating";
    }

    private static string Ready(JsonObject pod)
    {
        int ready = pod.Objects("status", "containerStatuses").Count(c => c.Flag("ready"));
        int all = pod.Objects("spec", "containers").Count();
        return string.Create(CultureInfo.InvariantCulture, $"{ready}/{all}");
    }

    private static JsonNode Restarts(JsonObject pod, DateTimeOffset now)
    {
        long restarts = 0;
        DateTimeOffset? last = null;
        foreach (JsonObject container in pod.Objects("status", "containerStatuses"))
        {
            restarts += container.Integer("restartCount") ?? 0;
            if (container.Time("lastState", "terminated", "finishedAt") is { } ended && (last is null || ended > last))
                last = ended;
        }

        return restarts > 0 && last is not null
            ? string.Create(CultureInfo.InvariantCulture, $"{restarts} ({HumanDuration.Since(last, now)} ago)")
            : restarts.ToString(CultureInfo.InvariantCulture);
    }
}
