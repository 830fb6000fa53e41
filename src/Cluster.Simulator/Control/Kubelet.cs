using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>How a scenario wants a pod to live.</summary>
internal enum PodBehavior
{
    Steady,
    CrashLoop,
    ImagePullFailure,
    Completes,
}

/// <summary>Scheduler and kubelet in one: moves pods that are not settled one state further with every step.</summary>
internal sealed class Kubelet(ControlPlane plane)
{
    private const int CrashAfterSeconds = 8;
    private const int CompleteAfterSeconds = 6;
    private const int MaxBackOffSeconds = 300;

    private readonly SortedSet<string> _unsettled = new(StringComparer.Ordinal);
    private int _nextNode;
    private int _nextAddress = 10;

    /// <summary>Decides how a pod lives; a scenario may replace it.</summary>
    public Func<JsonObject, PodBehavior> BehaviorOf { get; set; } = OrdinaryBehavior;

    public static PodBehavior OrdinaryBehavior(JsonObject pod) =>
        pod.Text("spec", "restartPolicy") is "Never" or "OnFailure" && pod.Objects("metadata", "ownerReferences").Any(o => o.Text("kind") is "Job")
            ? PodBehavior.Completes
            : PodBehavior.Steady;

    public void Observe(StoredObject pod, JsonObject tree)
    {
        bool settled = tree.Text("metadata", "deletionTimestamp") is null
            && (tree.Text("status", "phase") is "Succeeded" or "Failed" || (tree.Text("status", "phase") is "Running" && BehaviorOf(tree) is PodBehavior.Steady));
        if (settled)
            _unsettled.Remove(pod.Key);
        else
            _unsettled.Add(pod.Key);
    }

    public void Step()
    {
        foreach (string key in _unsettled.ToList())
        {
            int slash = key.IndexOf('/', StringComparison.Ordinal);
            if (plane.Store.Find(ResourceCatalog.Pods, key[..slash], key[(slash + 1)..]) is { } pod)
                Advance(pod);
            else
                _unsettled.Remove(key);
        }
    }

    private void Advance(StoredObject pod)
    {
        JsonObject tree = pod.Tree;
        if (tree.Text("metadata", "deletionTimestamp") is not null)
            Terminate(pod, tree);
        else if (tree.Text("spec", "nodeName") is null)
            Schedule(pod);
        else if (tree.At("status", "containerStatuses") is null)
            plane.Mutate(pod, next => MarkCreating(next, next.Text("spec", "nodeName")!));
        else
            Run(pod, tree, BehaviorOf(tree));
    }

    private void Terminate(StoredObject pod, JsonObject tree)
    {
        if (tree.Texts("metadata", "finalizers").Any())
            return;
        if (tree.Text("status", "phase") is "Running" && Conditions.IsTrue(tree, "Ready"))
        {
            EventLog.Record(plane, pod, "Normal", "Killing", $"Stopping container {tree.Objects("spec", "containers").First().Text("name")}", "kubelet");
            plane.Mutate(pod, next => SetReady(next, ready: false, plane.Timestamp));
            return;
        }

        plane.Remove(pod);
    }

    private void Schedule(StoredObject pod)
    {
        StoredObject[] nodes = [.. plane.List(ResourceCatalog.Nodes).Where(n => n.Labels.ContainsKey("node-role.kubernetes.io/worker") && !n.Tree.Flag("spec", "unschedulable"))];
        if (nodes.Length == 0)
        {
            plane.Mutate(pod, next => Conditions.Set(next.Ensure("status"), "PodScheduled", "False", plane.Timestamp, "Unschedulable", "0/0 nodes are available."));
            return;
        }

        string node = nodes[_nextNode++ % nodes.Length].Name;
        EventLog.Record(plane, pod, "Normal", "Scheduled", $"Successfully assigned {pod.Namespace}/{pod.Name} to {node}", "default-scheduler");
        plane.Mutate(pod, next => MarkCreating(next, node));
    }

    private void MarkCreating(JsonObject pod, string node)
    {
        string now = plane.Timestamp;
        pod.Ensure("spec")["nodeName"] = node;
        JsonObject status = pod.Ensure("status");
        status["phase"] = "Pending";
        status["hostIP"] = plane.Store.Find(ResourceCatalog.Nodes, "", node)?.Tree.Objects("status", "addresses").FirstOrDefault().Text("address");
        status["startTime"] = now;
        status["qosClass"] = QosClass(pod);
        Conditions.Set(status, "PodScheduled", "True", now);
        Conditions.Set(status, "Initialized", "True", now);
        SetReady(pod, ready: false, now);
        status["containerStatuses"] = new JsonArray([.. pod.Objects("spec", "containers").Select(c => new JsonObject
        {
            ["name"] = c.Text("name"),
            ["image"] = c.Text("image"),
            ["imageID"] = "",
            ["ready"] = false,
            ["started"] = false,
            ["restartCount"] = 0,
            ["lastState"] = new JsonObject(),
            ["state"] = new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "ContainerCreating" } },
        })]);
    }

    private void Run(StoredObject pod, JsonObject tree, PodBehavior behavior)
    {
        JsonObject first = tree.Objects("status", "containerStatuses").First();
        if (tree.Text("status", "phase") is "Pending" && behavior is PodBehavior.ImagePullFailure)
            FailPull(pod, first);
        else if (tree.Text("status", "phase") is "Pending")
            Start(pod, tree);
        else if (behavior is PodBehavior.Completes && Elapsed(first, CompleteAfterSeconds, "state", "running", "startedAt"))
            Complete(pod);
        else if (behavior is PodBehavior.CrashLoop && Elapsed(first, CrashAfterSeconds, "state", "running", "startedAt"))
            Crash(pod, first);
        else if (behavior is PodBehavior.CrashLoop && first.At("state", "waiting") is not null && Elapsed(first, BackOffSeconds(first), "lastState", "terminated", "finishedAt"))
            Restart(pod);
    }

    private void Start(StoredObject pod, JsonObject tree)
    {
        foreach (JsonObject container in tree.Objects("spec", "containers"))
        {
            string path = $"spec.containers{{{container.Text("name")}}}";
            EventLog.Record(plane, pod, "Normal", "Pulled", $"Container image \"{container.Text("image")}\" already present on machine", "kubelet", path);
            EventLog.Record(plane, pod, "Normal", "Started", $"Started container {container.Text("name")}", "kubelet", path);
        }

        string ip = string.Create(CultureInfo.InvariantCulture, $"10.{128 + (_nextAddress / 65024)}.{_nextAddress / 254 % 256}.{1 + (_nextAddress % 254)}");
        _nextAddress++;
        plane.Mutate(pod, next =>
        {
            JsonObject status = next.Ensure("status");
            status["phase"] = "Running";
            status["podIP"] = ip;
            status["podIPs"] = new JsonArray(new JsonObject { ["ip"] = ip });
            MarkRunning(next);
        });
    }

    private void MarkRunning(JsonObject pod)
    {
        foreach (JsonObject status in pod.Objects("status", "containerStatuses"))
        {
            status["ready"] = true;
            status["started"] = true;
            status["imageID"] = "sha256:" + ImageDigest(status.Text("image") ?? "");
            status["containerID"] = "cri-o://" + ImageDigest(pod.Text("metadata", "uid") + status.Text("name"));
            status["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = plane.Timestamp } };
        }

        SetReady(pod, ready: true, plane.Timestamp);
    }

    private void FailPull(StoredObject pod, JsonObject first)
    {
        string image = first.Text("image") ?? "";
        EventLog.Record(plane, pod, "Warning", "Failed", $"Failed to pull image \"{image}\": manifest unknown", "kubelet");
        bool backingOff = first.Text("state", "waiting", "reason") is "ErrImagePull";
        plane.Mutate(pod, next => SetState(next, new JsonObject
        {
            ["waiting"] = new JsonObject
            {
                ["reason"] = backingOff ? "ImagePullBackOff" : "ErrImagePull",
                ["message"] = backingOff ? $"Back-off pulling image \"{image}\"" : "manifest unknown",
            },
        }));
    }

    private void Complete(StoredObject pod) => plane.Mutate(pod, next =>
    {
        next.Ensure("status")["phase"] = "Succeeded";
        SetState(next, Terminated(next, "Completed", exitCode: 0));
        SetReady(next, ready: false, plane.Timestamp, "PodCompleted");
    });

    private void Crash(StoredObject pod, JsonObject first)
    {
        string name = first.Text("name") ?? "";
        EventLog.Record(plane, pod, "Warning", "BackOff", $"Back-off restarting failed container {name} in pod {pod.Name}", "kubelet", $"spec.containers{{{name}}}");
        plane.Mutate(pod, next =>
        {
            JsonObject ended = Terminated(next, "Error", exitCode: 1);
            foreach (JsonObject status in next.Objects("status", "containerStatuses"))
                status["lastState"] = ended.DeepClone();
            SetState(next, new JsonObject { ["waiting"] = new JsonObject { ["reason"] = "CrashLoopBackOff", ["message"] = $"back-off restarting failed container={name} pod={pod.Name}" } });
            SetReady(next, ready: false, plane.Timestamp, "ContainersNotReady");
        });
    }

    private void Restart(StoredObject pod) => plane.Mutate(pod, next =>
    {
        foreach (JsonObject status in next.Objects("status", "containerStatuses"))
            status["restartCount"] = (status.Integer("restartCount") ?? 0) + 1;
        MarkRunning(next);
    });

    private JsonObject Terminated(JsonObject pod, string reason, int exitCode) => new()
    {
        ["terminated"] = new JsonObject
        {
            ["exitCode"] = exitCode,
            ["reason"] = reason,
            ["startedAt"] = pod.Objects("status", "containerStatuses").First().Text("state", "running", "startedAt"),
            ["finishedAt"] = plane.Timestamp,
        },
    };

    private bool Elapsed(JsonObject status, int seconds, params ReadOnlySpan<string> path) =>
        status.Time(path) is { } since && plane.Now - since >= TimeSpan.FromSeconds(seconds);

    private static int BackOffSeconds(JsonObject status) =>
        (int)Math.Min(MaxBackOffSeconds, 10 * Math.Pow(2, Math.Min(10, status.Integer("restartCount") ?? 0)));

    private static void SetState(JsonObject pod, JsonObject state)
    {
        foreach (JsonObject status in pod.Objects("status", "containerStatuses"))
        {
            status["state"] = state.DeepClone();
            status["ready"] = false;
            status["started"] = false;
        }
    }

    private static void SetReady(JsonObject pod, bool ready, string now, string? reason = null)
    {
        foreach (string type in new[] { "Ready", "ContainersReady" })
            Conditions.Set(pod.Ensure("status"), type, ready ? "True" : "False", now, reason);
    }

    private static string QosClass(JsonObject pod)
    {
        JsonObject[] containers = [.. pod.Objects("spec", "containers")];
        if (containers.All(c => c.At("resources", "limits") is { } limits && JsonNode.DeepEquals(limits, c.At("resources", "requests") ?? limits)))
            return "Guaranteed";
        return containers.Any(c => c.At("resources", "requests") is not null || c.At("resources", "limits") is not null) ? "Burstable" : "BestEffort";
    }

    private static string ImageDigest(string content) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(content)));
}
