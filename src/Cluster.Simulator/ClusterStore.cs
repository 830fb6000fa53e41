using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator;

/// <summary>The objects of a simulated cluster, beside the API: the same rules and controllers, no network. Thread safe.</summary>
public sealed class ClusterStore
{
    private readonly ControlPlane _plane;

    internal ClusterStore(ControlPlane plane) => _plane = plane;

    /// <summary>The version of the latest change in the cluster.</summary>
    public long ResourceVersion => _plane.Store.Version;

    /// <summary>Creates an object, or replaces the one of that name, status included. Returns it as stored.</summary>
    /// <exception cref="InvalidOperationException">The object is not valid or of no served kind; the message says why.</exception>
    public JsonObject Apply(string json) => Guard(() => _plane.Write(() =>
    {
        JsonObject tree = JsonTree.Parse(json);
        ResourceDefinition resource = Resource(tree.Text("apiVersion") ?? "", tree.Text("kind") ?? "");
        StoredObject? current = _plane.Store.Find(resource, tree.Text("metadata", "namespace") ?? "", tree.Text("metadata", "name") ?? "");
        if (current is null)
            return _plane.Create(resource, tree);
        JsonNode? status = tree["status"]?.DeepClone();
        StoredObject updated = _plane.Update(current, tree);
        return status is null ? updated : _plane.Mutate(updated, next => next["status"] = status);
    }).Parse());

    /// <summary>An object as it is now, or null.</summary>
    public JsonObject? Get(string apiVersion, string kind, string? ns, string name) =>
        _plane.Store.Find(Resource(apiVersion, kind), ns ?? "", name)?.Parse();

    /// <summary>All objects of a kind in key order; of one namespace when it is given.</summary>
    public IReadOnlyList<JsonObject> List(string apiVersion, string kind, string? ns = null) =>
        [.. _plane.List(Resource(apiVersion, kind), ns ?? "").Select(o => o.Parse())];

    /// <summary>Deletes an object at once, without grace. False when there is none.</summary>
    public bool Delete(string apiVersion, string kind, string? ns, string name) => Guard(() => _plane.Write(() =>
    {
        if (_plane.Store.Find(Resource(apiVersion, kind), ns ?? "", name) is not { } found)
            return false;
        _plane.Delete(found, new DeletionOptions { GracePeriodSeconds = 0 });
        return true;
    }));

    /// <summary>Compacts the history: watches and continue tokens from before now get 410 Gone.</summary>
    public void CompactHistory() => _plane.Store.Compact();

    private ResourceDefinition Resource(string apiVersion, string kind) =>
        _plane.Catalog.FindKind(apiVersion, kind) ?? throw new InvalidOperationException($"the cluster serves no kind `{kind}` in `{apiVersion}`");

    private static T Guard<T>(Func<T> change)
    {
        try
        {
            return change();
        }
        catch (ApiException error)
        {
            throw new InvalidOperationException(error.Message, error);
        }
    }
}
