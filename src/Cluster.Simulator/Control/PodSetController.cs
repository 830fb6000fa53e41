using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Keeps the pods of ReplicaSets, StatefulSets, DaemonSets, DeploymentConfigs and Jobs at their number, and counts them in the status.</summary>
internal sealed class PodSetController(ControlPlane plane)
{
    public void ReconcileReplicaSet(StoredObject set)
    {
        JsonObject tree = set.Tree;
        if (IsDeleting(tree))
            return;
        List<Pod> pods = PodsOf(set);
        long desired = tree.Integer("spec", "replicas") ?? 1;
        Resize(set, tree, pods, desired);
        WriteStatus(set, PodsOf(set), "replicas", "readyReplicas", "availableReplicas");
    }

    public void ReconcileDeploymentConfig(StoredObject config)
    {
        JsonObject tree = config.Tree;
        if (IsDeleting(tree))
            return;
        List<Pod> pods = PodsOf(config);
        Resize(config, tree, pods, tree.Integer("spec", "replicas") ?? 1);
        WriteStatus(config, PodsOf(config), "replicas", "readyReplicas", "availableReplicas", "updatedReplicas");
    }

    public void ReconcileStatefulSet(StoredObject set)
    {
        JsonObject tree = set.Tree;
        if (IsDeleting(tree))
            return;
        long desired = tree.Integer("spec", "replicas") ?? 1;
        Dictionary<string, Pod> pods = PodsOf(set).ToDictionary(p => p.Object.Name, StringComparer.Ordinal);
        foreach (Pod pod in pods.Values)
        {
            if (Ordinal(pod.Object.Name) >= desired && !pod.IsDeleting)
                plane.Delete(pod.Object, new DeletionOptions());
        }

        // Ordered start: a pod is created only once all before it are ready.
        for (int ordinal = 0; ordinal < desired; ordinal++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{set.Name}-{ordinal}");
            if (!pods.TryGetValue(name, out Pod? pod))
            {
                JsonObject created = PodTemplate.Instantiate(set, tree);
                created.Ensure("metadata")["name"] = name;
                created.Ensure("metadata").Ensure("labels")["apps.kubernetes.io/pod-index"] = ordinal.ToString(CultureInfo.InvariantCulture);
                created.Ensure("metadata").Ensure("labels")["statefulset.kubernetes.io/pod-name"] = name;
                CreatePod(set, created);
                break;
            }

            if (!pod.IsReady)
                break;
        }

        WriteStatus(set, PodsOf(set), "replicas", "readyReplicas", "availableReplicas", "currentReplicas", "updatedReplicas");
    }

    public void ReconcileDaemonSet(StoredObject set)
    {
        JsonObject tree = set.Tree;
        if (IsDeleting(tree))
            return;
        Dictionary<string, string> selector = tree.StringMap("spec", "template", "spec", "nodeSelector");
        StoredObject[] nodes = [.. plane.List(ResourceCatalog.Nodes).Where(n => selector.All(s => n.Labels.TryGetValue(s.Key, out string? value) && string.Equals(value, s.Value, StringComparison.Ordinal)))];
        List<Pod> pods = PodsOf(set);
        foreach (StoredObject node in nodes)
        {
            if (pods.Exists(p => string.Equals(p.Tree.Text("spec", "nodeName"), node.Name, StringComparison.Ordinal)))
                continue;
            JsonObject created = PodTemplate.Instantiate(set, tree);
            created.Ensure("spec")["nodeName"] = node.Name;
            CreatePod(set, created);
        }

        pods = PodsOf(set);
        plane.Mutate(set, next =>
        {
            JsonObject status = next.Ensure("status");
            int live = pods.Count(p => !p.IsDeleting);
            int ready = pods.Count(p => p.IsReady);
            status["desiredNumberScheduled"] = nodes.Length;
            status["currentNumberScheduled"] = live;
            status["updatedNumberScheduled"] = live;
            status["numberReady"] = ready;
            status["numberAvailable"] = ready;
            status["numberMisscheduled"] = 0;
            status["numberUnavailable"] = nodes.Length - ready;
            status["observedGeneration"] = next.Integer("metadata", "generation") ?? 1;
        });
    }

    public void ReconcileJob(StoredObject job)
    {
        JsonObject tree = job.Tree;
        if (IsDeleting(tree) || tree.Objects("status", "conditions").Any(c => c.Text("type") is "Complete" or "Failed" && c.Text("status") is "True"))
            return;
        List<Pod> pods = PodsOf(job);
        long completions = tree.Integer("spec", "completions") ?? 1;
        int succeeded = pods.Count(p => p.Tree.Text("status", "phase") is "Succeeded");
        int failed = pods.Count(p => p.Tree.Text("status", "phase") is "Failed");
        int active = pods.Count - succeeded - failed;
        bool gaveUp = failed > (tree.Integer("spec", "backoffLimit") ?? 6);
        long wanted = gaveUp ? 0 : Math.Min(tree.Integer("spec", "parallelism") ?? 1, completions - succeeded);
        for (; active < wanted; active++)
            CreatePod(job, PodTemplate.Instantiate(job, tree));
        plane.Mutate(job, next =>
        {
            JsonObject status = next.Ensure("status");
            status["startTime"] ??= plane.Timestamp;
            status["active"] = active;
            status["ready"] = pods.Count(p => p.IsReady);
            status["succeeded"] = succeeded;
            status["failed"] = failed;
            if (succeeded >= completions)
                status["completionTime"] ??= plane.Timestamp;
            if (succeeded >= completions || gaveUp)
                Conditions.Set(status, gaveUp ? "Failed" : "Complete", "True", plane.Timestamp, gaveUp ? "BackoffLimitExceeded" : "CompletionsReached", gaveUp ? "Job has reached the specified backoff limit" : "Reached expected number of succeeded pods");
        });
    }

    private static bool IsDeleting(JsonObject tree) => tree.Text("metadata", "deletionTimestamp") is not null;

    private static int Ordinal(string name) =>
        int.TryParse(name.AsSpan(name.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal) ? ordinal : int.MaxValue;

    private void Resize(StoredObject set, JsonObject tree, List<Pod> pods, long desired)
    {
        List<Pod> live = pods.FindAll(p => !p.IsDeleting && p.Tree.Text("status", "phase") is not ("Succeeded" or "Failed"));
        for (long missing = desired - live.Count; missing > 0; missing--)
            CreatePod(set, PodTemplate.Instantiate(set, tree));

        // Pods that are not ready go first, then the youngest.
        IEnumerable<Pod> surplus = live.OrderBy(p => p.IsReady).ThenByDescending(p => p.Tree.Text("metadata", "creationTimestamp"), StringComparer.Ordinal).ThenByDescending(p => p.Object.Version);
        foreach (Pod pod in surplus.Take((int)Math.Max(0, live.Count - desired)))
        {
            plane.Delete(pod.Object, new DeletionOptions());
            EventLog.Record(plane, set, "Normal", "SuccessfulDelete", $"Deleted pod: {pod.Object.Name}", ControllerName(set.Resource));
        }
    }

    private void CreatePod(StoredObject owner, JsonObject pod)
    {
        StoredObject created = plane.Create(ResourceCatalog.Pods, pod);
        EventLog.Record(plane, owner, "Normal", "SuccessfulCreate", $"Created pod: {created.Name}", ControllerName(owner.Resource));
    }

    private static string ControllerName(ResourceDefinition resource) => resource.Kind.ToLowerInvariant() + "-controller";

    private List<Pod> PodsOf(StoredObject owner) =>
        [.. plane.Dependents(owner.Uid).Where(d => d.Resource == ResourceCatalog.Pods).Select(d => new Pod(d, d.Tree))];

    private void WriteStatus(StoredObject set, List<Pod> pods, string all, string ready, string available, params ReadOnlySpan<string> alsoAll)
    {
        int live = pods.Count(p => !p.IsDeleting);
        int readyCount = pods.Count(p => p.IsReady);
        string[] counts = [all, .. alsoAll];
        plane.Mutate(set, next =>
        {
            JsonObject status = next.Ensure("status");
            foreach (string field in counts)
                status[field] = live;
            status[ready] = readyCount;
            status[available] = readyCount;
            status["observedGeneration"] = next.Integer("metadata", "generation") ?? 1;
        });
    }

    private sealed record Pod(StoredObject Object, JsonObject Tree)
    {
        public bool IsDeleting => PodSetController.IsDeleting(Tree);

        public bool IsReady => !IsDeleting && Conditions.IsTrue(Tree, "Ready");
    }
}

/// <summary>Pods made from a workload's template.</summary>
internal static class PodTemplate
{
    public static JsonObject Instantiate(StoredObject owner, JsonObject ownerTree)
    {
        JsonNode? template = ownerTree.At("spec", "template");
        JsonObject metadata = (template.At("metadata") as JsonObject)?.Clone() ?? [];
        metadata.Remove("creationTimestamp");
        metadata.Remove("name");
        metadata["generateName"] = owner.Name + "-";
        metadata["namespace"] = owner.Namespace;
        metadata["ownerReferences"] = new JsonArray(OwnerReference(owner));
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template.At("spec")?.DeepClone() ?? new JsonObject() };
    }

    public static JsonObject OwnerReference(StoredObject owner) => new()
    {
        ["apiVersion"] = owner.Resource.ApiVersion,
        ["kind"] = owner.Resource.Kind,
        ["name"] = owner.Name,
        ["uid"] = owner.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };
}

/// <summary>The <c>status.conditions</c> of an object.</summary>
internal static class Conditions
{
    public static bool IsTrue(JsonNode tree, string type) =>
        tree.Objects("status", "conditions").Any(c => string.Equals(c.Text("type"), type, StringComparison.Ordinal) && c.Text("status") is "True");

    /// <summary>Sets a condition; its transition time moves only when its status changes.</summary>
    public static void Set(JsonObject status, string type, string value, string now, string? reason = null, string? message = null)
    {
        if (status["conditions"] is not JsonArray conditions)
            status["conditions"] = conditions = [];
        JsonObject? condition = conditions.OfType<JsonObject>().FirstOrDefault(c => string.Equals(c.Text("type"), type, StringComparison.Ordinal));
        if (condition is null)
            conditions.Add(condition = new JsonObject { ["type"] = type });
        if (!string.Equals(condition.Text("status"), value, StringComparison.Ordinal))
            condition["lastTransitionTime"] = now;
        condition["status"] = value;
        if (reason is not null)
            condition["reason"] = reason;
        if (message is not null)
            condition["message"] = message;
    }
}
