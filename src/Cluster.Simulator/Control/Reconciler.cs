using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>
/// The controllers' shared work queue. A change to an object enqueues the object and its controlling owner; each key is
/// reconciled once per change, in order, until the queue is empty.
/// </summary>
internal sealed class Reconciler
{
    private readonly ControlPlane _plane;
    private readonly Queue<ObjectKey> _queue = new();
    private readonly HashSet<ObjectKey> _queued = [];
    private readonly List<ServiceSelector> _serviceSelectors = [];
    private readonly Dictionary<ResourceDefinition, Action<StoredObject>> _controllers;

    private sealed record ServiceSelector(ObjectKey Service, LabelSelector Selector);

    public Reconciler(ControlPlane plane)
    {
        _plane = plane;
        var namespaces = new NamespaceController(plane);
        var workloads = new WorkloadController(plane);
        var pods = new PodSetController(plane);
        var services = new ServiceController(plane);
        _controllers = new Dictionary<ResourceDefinition, Action<StoredObject>>
        {
            [ResourceCatalog.Namespaces] = namespaces.Reconcile,
            [ResourceCatalog.Projects] = namespaces.ReconcileProject,
            [ResourceCatalog.Deployments] = workloads.ReconcileDeployment,
            [ResourceCatalog.ReplicaSets] = pods.ReconcileReplicaSet,
            [ResourceCatalog.StatefulSets] = pods.ReconcileStatefulSet,
            [ResourceCatalog.DaemonSets] = pods.ReconcileDaemonSet,
            [ResourceCatalog.DeploymentConfigs] = pods.ReconcileDeploymentConfig,
            [ResourceCatalog.Jobs] = pods.ReconcileJob,
            [ResourceCatalog.Services] = services.Reconcile,
            [ResourceCatalog.CustomResourceDefinitions] = new CustomResources(plane).Reconcile,
        };
    }

    public void Enqueue(StoredObject changed, bool removed)
    {
        ResourceDefinition resource = changed.Resource;
        if (_controllers.ContainsKey(resource) && !removed)
            Add(new ObjectKey(resource, changed.Namespace, changed.Name));
        if (removed && resource == ResourceCatalog.CustomResourceDefinitions)
            CustomResources.Withdraw(_plane, changed);
        if (removed && resource == ResourceCatalog.Projects)
            Add(new ObjectKey(ResourceCatalog.Namespaces, "", changed.Name));
        if (changed.Namespace.Length > 0 && removed)
            Add(new ObjectKey(ResourceCatalog.Namespaces, "", changed.Namespace));
        if (resource == ResourceCatalog.Pods || resource == ResourceCatalog.ReplicaSets || resource == ResourceCatalog.Jobs)
            EnqueueOwner(changed);
        if (resource == ResourceCatalog.Services)
            SetSelector(changed, removed);
        if (resource == ResourceCatalog.Pods)
            EnqueueServices(changed);
    }

    /// <summary>Reconciles until nothing is left to do.</summary>
    public void Settle()
    {
        for (int count = 0; _queue.TryDequeue(out ObjectKey? key); count++)
        {
            if (count >= _plane.Limits.ReconcilesPerWrite)
                throw new InvalidOperationException($"controllers did not settle after {count} reconciliations; last was {key.Resource} {key.Namespace}/{key.Name}");
            _queued.Remove(key);
            if (_plane.Store.Find(key.Resource, key.Namespace, key.Name) is { } current)
                Reconcile(key, current);
        }
    }

    private void Reconcile(ObjectKey key, StoredObject current)
    {
        try
        {
            _controllers[key.Resource](current);
        }
        catch (ApiException refused) when (refused.Code == 403)
        {
            // The cluster or the namespace takes no more objects: as over a quota, the controller rests until its object changes.
        }
    }

    private void EnqueueOwner(StoredObject changed)
    {
        foreach (System.Text.Json.Nodes.JsonObject owner in changed.Tree.Objects("metadata", "ownerReferences"))
        {
            if (owner.Flag("controller") && _plane.Catalog.FindKind(owner.Text("apiVersion") ?? "", owner.Text("kind") ?? "") is { } resource && _controllers.ContainsKey(resource))
                Add(new ObjectKey(resource, changed.Namespace, owner.Text("name") ?? ""));
        }
    }

    private void SetSelector(StoredObject service, bool removed)
    {
        var key = new ObjectKey(service.Resource, service.Namespace, service.Name);
        int known = _serviceSelectors.FindIndex(s => s.Service == key);
        LabelSelector? selector = removed ? null : LabelSelector.FromObject(service.Tree.At("spec", "selector"));
        if (selector is { Requirements.Count: > 0 } && known >= 0)
            _serviceSelectors[known] = new ServiceSelector(key, selector);
        else if (selector is { Requirements.Count: > 0 })
            _serviceSelectors.Add(new ServiceSelector(key, selector));
        else if (known >= 0)
            _serviceSelectors.RemoveAt(known);
    }

    private void EnqueueServices(StoredObject pod)
    {
        foreach (ServiceSelector candidate in _serviceSelectors)
        {
            if (string.Equals(candidate.Service.Namespace, pod.Namespace, StringComparison.Ordinal) && candidate.Selector.Matches(pod.Labels))
                Add(candidate.Service);
        }
    }

    private void Add(ObjectKey key)
    {
        if (_queued.Add(key))
            _queue.Enqueue(key);
    }
}
