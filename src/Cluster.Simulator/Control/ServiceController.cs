using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Control;

/// <summary>Keeps the EndpointSlice and Endpoints of each selecting Service in step with its ready pods.</summary>
internal sealed class ServiceController(ControlPlane plane)
{
    public void Reconcile(StoredObject service)
    {
        JsonObject tree = service.Tree;
        if (LabelSelector.FromObject(tree.At("spec", "selector")) is not { Requirements.Count: > 0 } selector)
            return;
        List<(StoredObject Pod, JsonObject Tree)> pods = [];
        foreach (StoredObject pod in plane.List(ResourceCatalog.Pods, service.Namespace).Where(p => selector.Matches(p.Labels)))
        {
            JsonObject podTree = pod.Tree;
            if (podTree.Text("status", "podIP") is not null && podTree.Text("metadata", "deletionTimestamp") is null && podTree.Text("status", "phase") is "Running")
                pods.Add((pod, podTree));
        }

        WriteSlice(service, tree, pods);
        WriteEndpoints(service, tree, pods);
    }

    private void WriteSlice(StoredObject service, JsonObject tree, List<(StoredObject Pod, JsonObject Tree)> pods)
    {
        var endpoints = new JsonArray();
        foreach ((StoredObject pod, JsonObject podTree) in pods)
        {
            bool ready = Conditions.IsTrue(podTree, "Ready");
            endpoints.Add(new JsonObject
            {
                ["addresses"] = new JsonArray(podTree.Text("status", "podIP")),
                ["conditions"] = new JsonObject { ["ready"] = ready, ["serving"] = ready, ["terminating"] = false },
                ["nodeName"] = podTree.Text("spec", "nodeName"),
                ["targetRef"] = Reference(pod),
            });
        }

        StoredObject? slice = plane.Dependents(service.Uid).FirstOrDefault(d => d.Resource == ResourceCatalog.EndpointSlices);
        slice ??= plane.Create(ResourceCatalog.EndpointSlices, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["generateName"] = service.Name + "-",
                ["namespace"] = service.Namespace,
                ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = service.Name },
                ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(service)),
            },
            ["addressType"] = "IPv4",
        });
        plane.Mutate(slice, next =>
        {
            next["endpoints"] = endpoints;
            next["ports"] = Ports(tree, pods);
        });
    }

    private void WriteEndpoints(StoredObject service, JsonObject tree, List<(StoredObject Pod, JsonObject Tree)> pods)
    {
        JsonArray ready = [];
        JsonArray notReady = [];
        foreach ((StoredObject pod, JsonObject podTree) in pods)
        {
            (Conditions.IsTrue(podTree, "Ready") ? ready : notReady).Add(new JsonObject
            {
                ["ip"] = podTree.Text("status", "podIP"),
                ["nodeName"] = podTree.Text("spec", "nodeName"),
                ["targetRef"] = Reference(pod),
            });
        }

        StoredObject endpoints = plane.Store.Find(ResourceCatalog.Endpoints, service.Namespace, service.Name)
            ?? plane.Create(ResourceCatalog.Endpoints, new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = service.Name,
                    ["namespace"] = service.Namespace,
                    ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(service)),
                },
            });
        plane.Mutate(endpoints, next =>
        {
            var subset = new JsonObject();
            if (ready.Count > 0)
                subset["addresses"] = ready;
            if (notReady.Count > 0)
                subset["notReadyAddresses"] = notReady;
            subset["ports"] = Ports(tree, pods);
            next["subsets"] = pods.Count == 0 ? new JsonArray() : new JsonArray(subset);
        });
    }

    private static JsonArray Ports(JsonObject service, List<(StoredObject Pod, JsonObject Tree)> pods)
    {
        var ports = new JsonArray();
        foreach (JsonObject port in service.Objects("spec", "ports"))
        {
            long? number = port.Integer("targetPort")
                ?? pods.SelectMany(p => p.Tree.Objects("spec", "containers")).SelectMany(c => c.Objects("ports")).FirstOrDefault(p => string.Equals(p.Text("name"), port.Text("targetPort"), StringComparison.Ordinal)).Integer("containerPort")
                ?? port.Integer("port");
            ports.Add(new JsonObject { ["name"] = port.Text("name") ?? "", ["port"] = number, ["protocol"] = port.Text("protocol") ?? "TCP" });
        }

        return ports;
    }

    private static JsonObject Reference(StoredObject pod) =>
        new() { ["kind"] = "Pod", ["namespace"] = pod.Namespace, ["name"] = pod.Name, ["uid"] = pod.Uid };
}
