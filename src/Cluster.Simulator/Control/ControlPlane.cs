using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>What a deletion asks for, as in <c>metav1.DeleteOptions</c>.</summary>
internal sealed record DeletionOptions
{
    public long? GracePeriodSeconds { get; init; }

    public string Propagation { get; init; } = "Background";

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public bool DryRun { get; init; }
}

/// <summary>
/// The rules of writing: identity, defaults, generations, preconditions, finalizers, garbage collection. After each write
/// the controllers run until nothing changes, within the same lock, so every history is a function of seed and writes.
/// </summary>
internal sealed class ControlPlane
{
    private const string ForegroundFinalizer = "foregroundDeletion";
    private const string OrphanFinalizer = "orphan";
    private const long MaxGraceSeconds = 365 * 24 * 3600;

    private readonly Lock _gate = new();
    private readonly Reconciler _reconciler;
    private readonly OwnerIndex _owners = new();
    private readonly TimeProvider _clock;
    private DateTimeOffset? _asOf;
    private int _depth;

    public ControlPlane(SimulatorOptions options)
    {
        Limits = options.Limits;
        _clock = options.TimeProvider;
        Store = new ObjectStore(options.Limits);
        Names = new NameSource(options.Seed);
        Kubelet = new Kubelet(this);
        _reconciler = new Reconciler(this);
    }

    public SimulatorLimits Limits { get; }

    public ObjectStore Store { get; }

    public ResourceCatalog Catalog { get; } = new();

    public Kubelet Kubelet { get; }

    /// <summary>Seeded; use only inside <see cref="Write{T}"/>.</summary>
    public NameSource Names { get; }

    /// <summary>Current time, or the moment a scenario is writing history for.</summary>
    public DateTimeOffset Now => _asOf ?? _clock.GetUtcNow();

    public string Timestamp => JsonTree.Timestamp(Now);

    /// <summary>Runs one write with the whole cluster held still, then the controllers.</summary>
    public T Write<T>(Func<T> change)
    {
        lock (_gate)
        {
            _depth++;
            try
            {
                T result = change();
                if (_depth == 1)
                    _reconciler.Settle();
                return result;
            }
            finally
            {
                _depth--;
            }
        }
    }

    public void Write(Action change) => Write<object?>(() =>
    {
        change();
        return null;
    });

    /// <summary>As <see cref="Write(Action)"/>, with timestamps of a moment in the past.</summary>
    public void WriteAsOf(DateTimeOffset time, Action change) => Write(() =>
    {
        DateTimeOffset? outer = _asOf;
        _asOf = time;
        try
        {
            change();
            _reconciler.Settle();
        }
        finally
        {
            _asOf = outer;
        }
    });

    public StoredObject Get(ResourceDefinition resource, string ns, string name) =>
        Store.Find(resource, ns, name) ?? throw ApiException.NotFound(resource, name);

    /// <summary>Creates an object from what a client sent.</summary>
    public StoredObject Create(ResourceDefinition resource, JsonObject tree, bool dryRun = false)
    {
        JsonObject metadata = tree.Ensure("metadata");
        if (metadata.Text("name") is not { Length: > 0 })
        {
            string prefix = metadata.Text("generateName") ?? throw ApiException.Invalid(resource, "", ("metadata.name", "Required value: name or generateName is required"));
            metadata["name"] = prefix + Names.Suffix();
        }

        string ns = resource.Namespaced ? metadata.Text("namespace") ?? "" : "";
        string name = metadata.Text("name")!;
        ObjectRules.CheckName(resource, name);
        if (resource.Namespaced)
            CheckNamespace(resource, ns, name);
        else
            metadata.Remove("namespace");
        if (Store.Find(resource, ns, name) is not null)
            throw ApiException.AlreadyExists(resource, name);
        ObjectRules.Default(resource, tree, Names);
        ObjectRules.Validate(resource, tree, Limits);
        metadata["uid"] ??= Names.Uid();
        metadata["creationTimestamp"] = Timestamp;
        metadata["generation"] = 1;
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        tree["apiVersion"] = resource.ApiVersion;
        tree["kind"] = resource.Kind;
        return dryRun ? Unstored(resource, tree) : Put(resource, tree);
    }

    /// <summary>Replaces an object: all but its status, or with <paramref name="statusOnly"/> nothing but its status.</summary>
    public StoredObject Update(StoredObject current, JsonObject next, bool statusOnly = false, bool dryRun = false)
    {
        ResourceDefinition resource = current.Resource;
        JsonObject before = current.Tree;
        ObjectRules.CheckPreconditions(current, next.Text("metadata", "uid"), next.Text("metadata", "resourceVersion"));
        JsonObject tree = ObjectRules.Carry(resource, before, next, statusOnly);
        ObjectRules.Default(resource, tree, Names);
        ObjectRules.Validate(resource, tree, Limits);
        ObjectRules.CheckImmutable(resource, before, tree);
        if (JsonNode.DeepEquals(before, tree))
            return current;
        if (ObjectRules.SpecChanged(before, tree))
            tree.Ensure("metadata")["generation"] = (before.Integer("metadata", "generation") ?? 1) + 1;
        if (dryRun)
            return Unstored(resource, tree);
        if (IsFinished(tree) && resource != ResourceCatalog.Pods)
        {
            StoredObject last = Put(resource, tree);
            Remove(last);
            return last;
        }

        return Put(resource, tree);
    }

    /// <summary>Changes an object in place, as a controller does; null from <paramref name="change"/>'s object being unchanged.</summary>
    public StoredObject Mutate(StoredObject current, Action<JsonObject> change)
    {
        StoredObject latest = Store.Find(current.Resource, current.Namespace, current.Name) ?? current;
        JsonObject before = latest.Tree;
        JsonObject tree = before.Clone();
        change(tree);
        if (JsonNode.DeepEquals(before, tree))
            return latest;
        if (ObjectRules.SpecChanged(before, tree))
            tree.Ensure("metadata")["generation"] = (before.Integer("metadata", "generation") ?? 1) + 1;
        return Put(current.Resource, tree);
    }

    /// <summary>Deletes an object, or starts its deletion; null when it is gone already on return.</summary>
    public StoredObject? Delete(StoredObject current, DeletionOptions options)
    {
        ObjectRules.CheckPreconditions(current, options.Uid, options.ResourceVersion);
        if (options.DryRun)
            return current;
        JsonObject tree = current.Tree.Clone();
        JsonObject metadata = tree.Ensure("metadata");
        var finalizers = new HashSet<string>(metadata.Texts("finalizers"), StringComparer.Ordinal);
        bool hasDependents = _owners.DependentsOf(current.Uid).Any();
        if (options.Propagation is "Orphan")
            Orphan(current);
        else if (options.Propagation is "Foreground" && hasDependents)
            finalizers.Add(ForegroundFinalizer);
        long grace = GracePeriod(current.Resource, tree, options.GracePeriodSeconds);
        bool isNamespace = current.Resource == ResourceCatalog.Namespaces;
        if (finalizers.Count == 0 && grace == 0 && !isNamespace)
        {
            Remove(current);
            return null;
        }

        bool already = metadata.Text("deletionTimestamp") is not null;
        if (!already || grace < (metadata.Integer("deletionGracePeriodSeconds") ?? 0))
        {
            metadata["deletionTimestamp"] = JsonTree.Timestamp(Now.AddSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
        }

        if (isNamespace)
            tree.Ensure("status")["phase"] = "Terminating";
        if (finalizers.Count > 0)
            metadata["finalizers"] = new JsonArray([.. finalizers.Order(StringComparer.Ordinal).Select(f => (JsonNode)f)]);
        StoredObject marked = already && JsonNode.DeepEquals(tree, current.Tree) ? current : Put(current.Resource, tree);
        if (finalizers.Contains(ForegroundFinalizer))
        {
            foreach (StoredObject dependent in Dependents(current.Uid))
                Delete(dependent, new DeletionOptions { Propagation = "Foreground" });
        }

        return marked;
    }

    /// <summary>Takes an object out of the store and collects what it owned.</summary>
    public void Remove(StoredObject current)
    {
        StoredObject? latest = Store.Find(current.Resource, current.Namespace, current.Name);
        if (latest is null || !string.Equals(latest.Uid, current.Uid, StringComparison.Ordinal))
            return;
        Store.Remove(latest);
        IReadOnlyList<string> ownerUids = _owners.Remove(latest);
        _reconciler.Enqueue(latest, removed: true);
        foreach (StoredObject dependent in Dependents(latest.Uid))
            Delete(dependent, new DeletionOptions());
        foreach (string ownerUid in ownerUids)
            ReleaseForeground(ownerUid);
    }

    /// <summary>Live objects whose owner has this UID.</summary>
    public IReadOnlyList<StoredObject> Dependents(string uid) =>
        [.. _owners.DependentsOf(uid).Select(d => Store.Find(d.Resource, d.Namespace, d.Name)).OfType<StoredObject>().OrderBy(o => o.Resource.Plural, StringComparer.Ordinal).ThenBy(o => o.Key, StringComparer.Ordinal)];

    public IEnumerable<StoredObject> List(ResourceDefinition resource, string ns = "") =>
        Store.Snapshot(resource).Objects.Values.Where(o => ns.Length == 0 || string.Equals(o.Namespace, ns, StringComparison.Ordinal));

    public StoredObject Put(ResourceDefinition resource, JsonObject tree)
    {
        StoredObject stored = Store.Put(resource, tree);
        _owners.Set(stored, tree);
        if (resource == ResourceCatalog.Pods)
            Kubelet.Observe(stored, tree);
        _reconciler.Enqueue(stored, removed: false);
        return stored;
    }

    private static StoredObject Unstored(ResourceDefinition resource, JsonObject tree) =>
        new(resource, tree, version: 0);

    private static bool IsFinished(JsonObject tree) =>
        tree.Text("metadata", "deletionTimestamp") is not null && !tree.Texts("metadata", "finalizers").Any() && tree.Text("kind") is not "Namespace";

    private static long GracePeriod(ResourceDefinition resource, JsonObject tree, long? asked)
    {
        if (resource != ResourceCatalog.Pods || tree.Text("spec", "nodeName") is null || tree.Text("status", "phase") is "Succeeded" or "Failed")
            return 0;
        return Math.Clamp(asked ?? tree.Integer("spec", "terminationGracePeriodSeconds") ?? 30, 0, MaxGraceSeconds);
    }

    private void CheckNamespace(ResourceDefinition resource, string ns, string name)
    {
        StoredObject? found = Store.Find(ResourceCatalog.Namespaces, "", ns);
        if (found is null)
            throw ApiException.NotFound(ResourceCatalog.Namespaces, ns);
        if (found.Tree.Text("metadata", "deletionTimestamp") is not null && resource != ResourceCatalog.Events)
            throw ApiException.Forbidden(resource, name, $"unable to create new content in namespace {ns} because it is being terminated");
    }

    private void Orphan(StoredObject owner)
    {
        foreach (StoredObject dependent in Dependents(owner.Uid))
        {
            Mutate(dependent, tree =>
            {
                var references = (JsonArray)tree["metadata"]!["ownerReferences"]!;
                foreach (JsonObject reference in references.OfType<JsonObject>().Where(r => string.Equals(r.Text("uid"), owner.Uid, StringComparison.Ordinal)).ToList())
                    references.Remove(reference);
            });
        }
    }

    private void ReleaseForeground(string ownerUid)
    {
        if (_owners.Find(ownerUid) is not { } known || Store.Find(known.Resource, known.Namespace, known.Name) is not { } owner || _owners.DependentsOf(ownerUid).Any())
            return;
        JsonObject tree = owner.Tree.Clone();
        if (!tree.Texts("metadata", "finalizers").Contains(ForegroundFinalizer, StringComparer.Ordinal))
            return;
        string[] rest = [.. tree.Texts("metadata", "finalizers").Where(f => f is not (ForegroundFinalizer or OrphanFinalizer))];
        tree.Ensure("metadata")["finalizers"] = new JsonArray([.. rest.Select(f => (JsonNode)f)]);
        StoredObject released = Put(owner.Resource, tree);
        if (rest.Length == 0)
            Remove(released);
    }
}
