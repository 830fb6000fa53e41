using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Rolls Deployments out: one ReplicaSet per pod template, moved over within surge and unavailability bounds.</summary>
internal sealed class WorkloadController(ControlPlane plane)
{
    private const string RevisionAnnotation = "deployment.kubernetes.io/revision";
    private const string HashLabel = "pod-template-hash";

    public void ReconcileDeployment(StoredObject deployment)
    {
        JsonObject tree = deployment.Tree;
        if (tree.Text("metadata", "deletionTimestamp") is not null)
            return;
        StoredObject current = FindOrCreateReplicaSet(deployment, tree, out long revision);
        if (!tree.Flag("spec", "paused"))
            Roll(deployment, tree, current);
        WriteStatus(deployment, current, revision);
    }

    private StoredObject FindOrCreateReplicaSet(StoredObject deployment, JsonObject tree, out long revision)
    {
        var template = (JsonObject)tree.At("spec", "template")!;
        string hash = NameSource.HashName(template.ToUtf8());
        string name = $"{deployment.Name}-{hash}";
        List<StoredObject> sets = ReplicaSets(deployment);
        long latest = sets.Select(Revision).DefaultIfEmpty(0).Max();
        StoredObject? found = sets.Find(s => string.Equals(s.Name, name, StringComparison.Ordinal));
        if (found is not null && Revision(found) == latest)
        {
            revision = latest;
            return found;
        }

        revision = latest + 1;
        string text = revision.ToString(CultureInfo.InvariantCulture);
        if (found is not null)
            return plane.Mutate(found, next => next.Ensure("metadata", "annotations")[RevisionAnnotation] = text);
        JsonObject labelled = template.Clone();
        labelled.Ensure("metadata", "labels")[HashLabel] = hash;
        JsonObject selector = (tree.At("spec", "selector") as JsonObject)?.Clone() ?? [];
        selector.Ensure("matchLabels")[HashLabel] = hash;
        return plane.Create(ResourceCatalog.ReplicaSets, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = name,
                ["namespace"] = deployment.Namespace,
                ["labels"] = labelled.At("metadata", "labels")!.DeepClone(),
                ["annotations"] = new JsonObject { [RevisionAnnotation] = text },
                ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(deployment)),
            },
            ["spec"] = new JsonObject { ["replicas"] = 0, ["selector"] = selector, ["template"] = labelled },
        });
    }

    private void Roll(StoredObject deployment, JsonObject tree, StoredObject current)
    {
        long desired = tree.Integer("spec", "replicas") ?? 1;
        long surge = Bound(tree.At("spec", "strategy", "rollingUpdate", "maxSurge"), desired, roundUp: true);
        long unavailable = Bound(tree.At("spec", "strategy", "rollingUpdate", "maxUnavailable"), desired, roundUp: false);
        surge = Math.Clamp(surge, 0, desired);
        if (surge == 0 && unavailable == 0)
            unavailable = 1;
        List<StoredObject> old = ReplicaSets(deployment).FindAll(s => !string.Equals(s.Uid, current.Uid, StringComparison.Ordinal));
        long oldReplicas = old.Sum(s => Replicas(s.Tree));
        JsonObject currentTree = current.Tree;
        long now = Replicas(currentTree);
        bool recreate = tree.Text("spec", "strategy", "type") is "Recreate";
        long target = oldReplicas == 0 ? desired : recreate ? 0 : Math.Min(desired, Math.Max(now, desired + surge - oldReplicas));
        if (target != now)
            Scale(deployment, current, now, target);

        // Old pods may go as far as the ready ones, new and old, keep the deployment within its unavailability bound.
        long ready = (currentTree.Integer("status", "readyReplicas") ?? 0) + old.Sum(s => s.Tree.Integer("status", "readyReplicas") ?? 0);
        long mayGo = recreate ? oldReplicas : ready - (desired - unavailable);
        foreach (StoredObject set in old.OrderBy(Revision))
        {
            JsonObject setTree = set.Tree;
            long replicas = Replicas(setTree);
            long notReady = replicas - (setTree.Integer("status", "readyReplicas") ?? 0);
            long remove = Math.Min(replicas, Math.Max(0, mayGo) + (recreate ? 0 : notReady));
            if (remove <= 0)
                continue;
            mayGo -= remove - Math.Min(remove, notReady);
            Scale(deployment, set, replicas, replicas - remove);
        }
    }

    private void WriteStatus(StoredObject deployment, StoredObject current, long revision)
    {
        List<StoredObject> sets = ReplicaSets(deployment);
        long Sum(string field) => sets.Sum(s => s.Tree.Integer("status", field) ?? 0);
        long all = Sum("replicas");
        long ready = Sum("readyReplicas");
        JsonObject newest = plane.Get(current.Resource, current.Namespace, current.Name).Tree;
        long updated = newest.Integer("status", "replicas") ?? 0;
        long updatedReady = newest.Integer("status", "readyReplicas") ?? 0;
        plane.Mutate(deployment, next =>
        {
            next.Ensure("metadata", "annotations")[RevisionAnnotation] = revision.ToString(CultureInfo.InvariantCulture);
            long desired = next.Integer("spec", "replicas") ?? 1;
            long unavailable = Bound(next.At("spec", "strategy", "rollingUpdate", "maxUnavailable"), desired, roundUp: false);
            JsonObject status = next.Ensure("status");
            status["observedGeneration"] = next.Integer("metadata", "generation") ?? 1;
            status["replicas"] = all;
            status["updatedReplicas"] = updated;
            status["readyReplicas"] = ready;
            status["availableReplicas"] = ready;
            status["unavailableReplicas"] = Math.Max(0, Math.Max(all, desired) - ready);
            bool available = ready >= desired - unavailable;
            Conditions.Set(status, "Available", available ? "True" : "False", plane.Timestamp, available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", available ? "Deployment has minimum availability." : "Deployment does not have minimum availability.");
            bool done = updatedReady == desired && all == desired;
            Conditions.Set(status, "Progressing", "True", plane.Timestamp, done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated", done ? $"ReplicaSet \"{current.Name}\" has successfully progressed." : $"ReplicaSet \"{current.Name}\" is progressing.");
        });
    }

    private void Scale(StoredObject deployment, StoredObject set, long from, long to)
    {
        plane.Mutate(set, next => next.Ensure("spec")["replicas"] = to);
        EventLog.Record(plane, deployment, "Normal", "ScalingReplicaSet", string.Create(CultureInfo.InvariantCulture, $"Scaled {(to > from ? "up" : "down")} replica set {set.Name} from {from} to {to}"), "deployment-controller");
    }

    private List<StoredObject> ReplicaSets(StoredObject deployment) => [.. plane.Dependents(deployment.Uid).Where(d => d.Resource == ResourceCatalog.ReplicaSets)];

    private static long Revision(StoredObject set) =>
        long.TryParse(set.Tree.Text("metadata", "annotations", RevisionAnnotation), CultureInfo.InvariantCulture, out long revision) ? revision : 0;

    private static long Replicas(JsonObject tree) => tree.Integer("spec", "replicas") ?? 0;

    private static long Bound(JsonNode? value, long desired, bool roundUp)
    {
        if (value.Text() is not { } text)
            return value.Integer() ?? 0;
        if (!text.EndsWith('%') || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int percent))
            return 0;
        return (desired * percent + (roundUp ? 99 : 0)) / 100;
    }
}
