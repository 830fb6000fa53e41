using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Empties terminating namespaces, and keeps one OpenShift Project per Namespace.</summary>
internal sealed class NamespaceController(ControlPlane plane)
{
    public void Reconcile(StoredObject ns)
    {
        JsonObject tree = ns.Tree;
        StoredObject? project = plane.Store.Find(ResourceCatalog.Projects, "", ns.Name);
        if (tree.Text("metadata", "deletionTimestamp") is null)
        {
            if (project is null)
                CreateProject(ns, tree);
            return;
        }

        Empty(ns);
        bool empty = !plane.Catalog.All.Any(r => r.Namespaced && plane.List(r, ns.Name).Any());
        if (empty && !tree.Texts("metadata", "finalizers").Any())
        {
            plane.Remove(ns);
            if (project is not null)
                plane.Remove(project);
        }
        else if (project is not null)
        {
            plane.Mutate(project, next => next.Ensure("status")["phase"] = "Terminating");
        }
    }

    public void ReconcileProject(StoredObject project)
    {
        if (plane.Store.Find(ResourceCatalog.Namespaces, "", project.Name) is not null)
            return;
        JsonObject tree = project.Tree;
        plane.Create(ResourceCatalog.Namespaces, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = project.Name,
                ["uid"] = project.Uid,
                ["labels"] = tree.At("metadata", "labels")?.DeepClone(),
                ["annotations"] = tree.At("metadata", "annotations")?.DeepClone(),
            },
        });
    }

    private void Empty(StoredObject ns)
    {
        foreach (ResourceDefinition resource in plane.Catalog.All.Where(r => r.Namespaced))
        {
            foreach (StoredObject item in plane.List(resource, ns.Name).ToList())
            {
                if (item.Tree.Text("metadata", "deletionTimestamp") is null && plane.Store.Find(resource, item.Namespace, item.Name) is { } current)
                    plane.Delete(current, new DeletionOptions());
            }
        }
    }

    private void CreateProject(StoredObject ns, JsonObject tree)
    {
        plane.Create(ResourceCatalog.Projects, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = ns.Name,
                ["uid"] = ns.Uid,
                ["labels"] = tree.At("metadata", "labels")?.DeepClone(),
                ["annotations"] = tree.At("metadata", "annotations")?.DeepClone(),
            },
            ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
            ["status"] = new JsonObject { ["phase"] = "Active" },
        });
    }
}
