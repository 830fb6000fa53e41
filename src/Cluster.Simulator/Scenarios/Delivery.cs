using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>How the bookstore is delivered: OpenShift builds, Tekton pipelines and Argo CD applications, with some days of history and the controllers that run them.</summary>
internal sealed class Delivery
{
    public const string Namespace = "bookstore-ci";

    // Names of its own: what it makes changes no name of the other objects.
    private readonly NameSource _names = new(seed: 11);
    private readonly Builds _builds;
    private readonly Pipelines _pipelines;
    private readonly Applications _applications;

    public Delivery() => (_builds, _pipelines, _applications) = (new Builds(_names), new Pipelines(_names), new Applications(_names));

    public void Populate(ControlPlane plane, DateTimeOffset now)
    {
        _builds.Populate(plane, now);
        _pipelines.Populate(plane, now);
        _applications.Populate(plane, now);
    }

    public void Step(ControlPlane plane)
    {
        _builds.Step(plane);
        _pipelines.Step(plane);
        _applications.Step(plane);
    }

    /// <summary>What a container of a build or of a task writes; null for any other.</summary>
    public static (string[] First, string[] Steady, string[] Last)? LogOf(JsonObject pod, string container, bool failed) =>
        pod.Text("metadata", "labels", Builds.PodLabel) is not null ? Builds.LogOf($"https://git.example.com/bookstore/{pod.Text("metadata", "labels", "buildconfig")}.git", failed ? "Failed" : pod.Text("status", "phase") is "Succeeded" ? "Complete" : "Running")
        : pod.Text("metadata", "labels", Pipelines.TaskLabel) is { } task ? Pipelines.LogOf(task, container, failed)
        : null;

    /// <summary>A pod that a controller made, as it is between two moments; it changes only by that controller.</summary>
    public static JsonObject Pod(string name, string uid, JsonObject labels, JsonObject owner, string image, IEnumerable<(string Container, JsonObject State)> containers, string phase, DateTimeOffset started)
    {
        var all = containers.ToList();
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace, ["uid"] = uid, ["labels"] = labels, ["ownerReferences"] = new JsonArray(owner) },
            ["spec"] = new JsonObject { ["restartPolicy"] = "Never", ["nodeName"] = "worker-1", ["containers"] = new JsonArray([.. all.Select(c => new JsonObject { ["name"] = c.Container, ["image"] = image })]) },
            ["status"] = new JsonObject
            {
                ["phase"] = phase,
                ["startTime"] = JsonTree.Timestamp(started),
                ["containerStatuses"] = new JsonArray([.. all.Select(c => new JsonObject { ["name"] = c.Container, ["image"] = image, ["imageID"] = "", ["ready"] = c.State.ContainsKey("running"), ["started"] = c.State.ContainsKey("running"), ["restartCount"] = 0, ["lastState"] = new JsonObject(), ["state"] = c.State })]),
            },
        };
    }

    /// <summary>The state of a container that began, and ended or did not.</summary>
    public static JsonObject ContainerState(DateTimeOffset started, DateTimeOffset? ended, bool failed, string? cancelled = null) => ended is { } end
        ? new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = failed || cancelled is not null ? 1 : 0, ["reason"] = cancelled ?? (failed ? "Error" : "Completed"), ["startedAt"] = JsonTree.Timestamp(started), ["finishedAt"] = JsonTree.Timestamp(end) } }
        : new JsonObject { ["running"] = new JsonObject { ["startedAt"] = JsonTree.Timestamp(started) } };

    /// <summary>Writes an object as it is to be now, whether it is there or not.</summary>
    public static void Write(ControlPlane plane, JsonObject tree)
    {
        ResourceDefinition resource = plane.Catalog.FindKind(tree.Text("apiVersion")!, tree.Text("kind")!)!;
        if (plane.Store.Find(resource, Namespace, tree.Text("metadata", "name")!) is { } there)
            plane.Mutate(there, next => next["status"] = tree["status"]!.DeepClone());
        else
            plane.Create(resource, tree);
    }
}
