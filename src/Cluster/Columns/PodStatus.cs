using System.Globalization;
using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>READY, STATUS and RESTARTS of a pod, by the rules of kubectl's pod printer (kubernetes pkg/printers/internalversion).</summary>
internal sealed class PodStatus
{
    private DateTimeOffset _lastRestart;

    private PodStatus(JsonElement pod) => Read(pod);

    public long Ready { get; private set; }

    public long Containers { get; private set; }

    public string Reason { get; private set; } = "";

    public long Restarts { get; private set; }

    /// <summary>When a container last ended before it was restarted, RFC 3339; null when none was.</summary>
    public string? LastRestart => Restarts > 0 && _lastRestart != default ? _lastRestart.ToString("O", CultureInfo.InvariantCulture) : null;

    public static PodStatus Of(JsonElement pod) => new(pod);

    private void Read(JsonElement pod)
    {
        var phase = pod.Text("status", "phase") ?? "";
        var podReason = pod.Text("status", "reason");
        Reason = podReason is { Length: > 0 } ? podReason : phase;
        if (Column.Condition(pod, "PodScheduled")?.Text("reason") == "SchedulingGated")
            Reason = "SchedulingGated";

        var initContainers = pod.Items("spec", "initContainers").ToList();
        var sidecars = initContainers.Where(c => c.Text("restartPolicy") == "Always").Select(c => c.Text("name") ?? "").ToHashSet(StringComparer.Ordinal);
        Containers = pod.Items("spec", "containers").Count() + sidecars.Count;

        var initializing = ReadInitContainers(pod, initContainers.Count, sidecars);
        if (!initializing || Column.Condition(pod, "Initialized")?.Text("status") == "True")
            ReadContainers(pod, sidecars);

        if (pod.Text("metadata", "deletionTimestamp") is not null)
        {
            if (podReason == "NodeLost")
                Reason = "Unknown";
            else if (phase is not ("Succeeded" or "Failed"))
                Reason = "Terminating";
        }
    }

    /// <summary>Whether an init container has not finished yet; sets the reason to the first of them.</summary>
    private bool ReadInitContainers(JsonElement pod, int total, HashSet<string> sidecars)
    {
        var index = 0;
        foreach (var container in pod.Items("status", "initContainerStatuses"))
        {
            CountRestarts(container);
            var sidecar = sidecars.Contains(container.Text("name") ?? "");
            var terminated = container.At("state", "terminated");
            if (terminated is { } ended && (ended.Number("exitCode") ?? 0) == 0)
            {
                index++;
                continue;
            }

            if (sidecar && container.Flag("started"))
            {
                Ready += container.Flag("ready") ? 1 : 0;
                index++;
                continue;
            }

            Reason = "Init:" + (terminated, container.At("state")?.Text("waiting", "reason")) switch
            {
                ({ } failed, _) => Ended(failed),
                (_, { Length: > 0 } waiting) when waiting != "PodInitializing" => waiting,
                _ => string.Create(CultureInfo.InvariantCulture, $"{index}/{total}"),
            };
            return true;
        }

        return false;
    }

    private void ReadContainers(JsonElement pod, HashSet<string> sidecars)
    {
        // Once the containers run, init containers' restarts no longer count, but those of sidecars do.
        Restarts = 0;
        _lastRestart = default;
        foreach (var sidecar in pod.Items("status", "initContainerStatuses").Where(c => sidecars.Contains(c.Text("name") ?? "")))
            CountRestarts(sidecar);

        var running = false;
        foreach (var container in pod.Items("status", "containerStatuses").Reverse())
        {
            CountRestarts(container);
            if (container.At("state")?.Text("waiting", "reason") is { Length: > 0 } waiting)
            {
                Reason = waiting;
            }
            else if (container.At("state", "terminated") is { } terminated)
            {
                Reason = Ended(terminated);
            }
            else if (container.Flag("ready") && container.At("state", "running") is not null)
            {
                running = true;
                Ready++;
            }
        }

        if (Reason == "Completed" && running)
            Reason = Column.Condition(pod, "Ready")?.Text("status") == "True" ? "Running" : "NotReady";
    }

    private void CountRestarts(JsonElement container)
    {
        Restarts += container.Number("restartCount") ?? 0;
        if (container.At("lastState")?.Text("terminated", "finishedAt") is { } finished
            && DateTimeOffset.TryParse(finished, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time > _lastRestart)
            _lastRestart = time;
    }

    private static string Ended(JsonElement terminated)
    {
        if (terminated.Text("reason") is { Length: > 0 } reason)
            return reason;
        return terminated.Number("signal") is { } signal and not 0
            ? string.Create(CultureInfo.InvariantCulture, $"Signal:{signal}")
            : string.Create(CultureInfo.InvariantCulture, $"ExitCode:{terminated.Number("exitCode") ?? 0}");
    }
}
