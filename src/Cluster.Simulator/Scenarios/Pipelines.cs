using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>
/// Tekton's runs of the pipeline <c>build-and-push</c>. When a task begins and ends follows from the run's name and start alone, so that a run
/// that is over and one that goes on are told in the same way. The tests of the catalogue fail.
/// </summary>
internal sealed class Pipelines(NameSource names)
{
    public const string TaskLabel = "tekton.dev/pipelineTask";
    private const string Pipeline = "build-and-push";
    private const string Broken = "catalog-build";
    private const string BrokenTask = "unit-test";

    private sealed record PipelineTask(string Name, string[] After, double Seconds, string[] Steps, bool IsFinal = false);

    private sealed record Part(PipelineTask Task, DateTimeOffset Start, DateTimeOffset End, bool Fails);

    private static readonly PipelineTask[] Tasks =
    [
        new("clone", [], 6, ["clone"]),
        new("lint", ["clone"], 11, ["install", "eslint"]),
        new(BrokenTask, ["clone"], 24, ["install", "test"]),
        new("build", ["lint", BrokenTask], 48, ["build", "push"]),
        new("scan-image", ["build"], 15, ["scan"]),
        new("deploy", ["scan-image"], 9, ["render", "apply"]),
        new("notify", [], 2, ["send"], IsFinal: true),
    ];

    /// <summary>Runs before the tests broke.</summary>
    private static readonly string[] Passed = ["catalog-build-2kqzt", "catalog-build-h9w7c", "catalog-build-tt4xb"];

    private static ResourceDefinition Runs(ControlPlane plane) => plane.Catalog.FindKind("tekton.dev/v1", "PipelineRun")!;

    public void Populate(ControlPlane plane, DateTimeOffset now)
    {
        plane.WriteAsOf(now.AddDays(-94), () => Define(plane));
        (string Name, double HoursAgo)[] before = [("storefront-build-c6dzq", 98), ("catalog-build-2kqzt", 96.5), ("storefront-build-8vjwn", 75), ("catalog-build-h9w7c", 72), ("storefront-build-p5lsf", 51), ("catalog-build-tt4xb", 50)];
        foreach (var (name, hoursAgo) in before)
            plane.WriteAsOf(now.AddHours(-hoursAgo), () => AddRun(plane, name));
        plane.WriteAsOf(now.AddSeconds(-52), () => AddRun(plane, "storefront-build-9w4tz"));
        foreach (StoredObject run in plane.List(Runs(plane), Delivery.Namespace).ToList())
            Tell(plane, run, now, hasPods: run.Name is "storefront-build-9w4tz" or "catalog-build-m4q9d");
    }

    public void Step(ControlPlane plane)
    {
        foreach (StoredObject run in plane.List(Runs(plane), Delivery.Namespace).ToList())
        {
            if (run.Tree.Time("status", "completionTime") is null && run.Tree.Text("spec", "pipelineRef", "name") is Pipeline)
                Tell(plane, run, plane.Now, hasPods: true);
        }
    }

    public static (string[] First, string[] Steady, string[] Last) LogOf(string task, string container, bool failed) =>
    (
        [$"+ {container["step-".Length..]} of {task}"],
        container switch
        {
            "step-test" => ["PASS  src/orders/{n}.spec.ts ({ms} ms)", "PASS  src/search/{n}.spec.ts ({ms} ms)"],
            "step-install" => ["npm http fetch GET 200 package {n}"],
            "step-build" => ["STEP {n}: COPY --chown=1001 src/{n} ./", "  caching layer {n}"],
            _ => ["{n} done in {ms} ms"],
        },
        failed ? ["FAIL  src/prices/rounding.spec.ts", "  ● rounds half a cent up", "    expected 12.35, received 12.34", "Tests: 1 failed, 214 passed, 215 total"] : ["done"]
    );

    private void Define(ControlPlane plane) =>
        Foundation.Add(plane, $$"""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"taskruns.tekton.dev","uid":"{{names.Uid()}}"},
             "spec":{"group":"tekton.dev","scope":"Namespaced","names":{"plural":"taskruns","singular":"taskrun","kind":"TaskRun","shortNames":["tr","trs"],"categories":["tekton"]},
              "versions":[{"name":"v1","served":true,"storage":true,"subresources":{"status":{} },
               "schema":{"openAPIV3Schema":{"type":"object","description":"One execution of a task.","x-kubernetes-preserve-unknown-fields":true} },
               "additionalPrinterColumns":[{"name":"Succeeded","type":"string","jsonPath":".status.conditions[?(@.type==\"Succeeded\")].status"},{"name":"Reason","type":"string","jsonPath":".status.conditions[?(@.type==\"Succeeded\")].reason"},{"name":"StartTime","type":"date","jsonPath":".status.startTime"},{"name":"CompletionTime","type":"date","jsonPath":".status.completionTime"}]}]} }
            """);

    private void AddRun(ControlPlane plane, string name) => plane.Create(Runs(plane), new JsonObject
    {
        ["metadata"] = new JsonObject { ["name"] = name, ["generateName"] = name[..(name.LastIndexOf('-') + 1)], ["namespace"] = Delivery.Namespace, ["uid"] = names.Uid(), ["labels"] = new JsonObject { ["tekton.dev/pipeline"] = Pipeline } },
        ["spec"] = new JsonObject { ["pipelineRef"] = new JsonObject { ["name"] = Pipeline } },
        ["status"] = new JsonObject { ["startTime"] = plane.Timestamp },
    });

    /// <summary>Writes a run and its tasks as they are at a moment.</summary>
    private void Tell(ControlPlane plane, StoredObject run, DateTimeOffset now, bool hasPods)
    {
        DateTimeOffset started = run.Tree.Time("status", "startTime") ?? now;
        bool isCancelled = run.Tree.Text("spec", "status") is { } wish && (wish.StartsWith("Cancelled", StringComparison.Ordinal) || wish.StartsWith("Stopped", StringComparison.Ordinal));
        List<Part> parts = PartsOf(run.Name, started);
        DateTimeOffset end = isCancelled ? now : parts.Max(part => part.End);
        bool isOver = end <= now;
        foreach (Part part in parts.Where(part => part.Start <= now && !(isCancelled && part.Task.IsFinal)))
            WriteTask(plane, run, part, now, isCancelled && part.End > now, hasPods);
        int ended = parts.Count(part => part.End <= now);
        int failed = parts.Count(part => part.Fails && part.End <= now);
        string status = isCancelled || (isOver && failed > 0) ? "False" : isOver ? "True" : "Unknown";
        string reason = isCancelled ? "Cancelled" : !isOver ? "Running" : failed > 0 ? "Failed" : "Succeeded";
        string message = isCancelled ? $"PipelineRun \"{run.Name}\" was cancelled" : string.Create(CultureInfo.InvariantCulture, $"Tasks Completed: {ended} (Failed: {failed}, Cancelled 0), {(isOver ? "Skipped" : "Incomplete")}: {Tasks.Length - ended}");
        plane.WriteAsOf(isOver ? end : now, () => plane.Mutate(run, next =>
        {
            JsonObject told = next.Ensure("status");
            told["startTime"] = JsonTree.Timestamp(started);
            told["pipelineSpec"] ??= Spec();
            if (isOver)
                told["completionTime"] = JsonTree.Timestamp(end);
            told["conditions"] = new JsonArray(new JsonObject { ["type"] = "Succeeded", ["status"] = status, ["reason"] = reason, ["message"] = message, ["lastTransitionTime"] = plane.Timestamp });
        }));
    }

    private void WriteTask(ControlPlane plane, StoredObject run, Part part, DateTimeOffset now, bool isCancelled, bool hasPods)
    {
        string name = $"{run.Name}-{part.Task.Name}";
        bool isOver = part.End <= now || isCancelled;
        DateTimeOffset end = isCancelled ? now : part.End;
        TimeSpan length = (part.End - part.Start) / part.Task.Steps.Length;
        var steps = part.Task.Steps.Select((step, i) => (Step: step, Start: part.Start + (length * i), End: part.Start + (length * (i + 1)), Fails: part.Fails && i == part.Task.Steps.Length - 1)).Where(step => step.Start <= end).ToList();
        JsonObject StateOf((string Step, DateTimeOffset Start, DateTimeOffset End, bool Fails) step) =>
            step.End <= now ? Delivery.ContainerState(step.Start, step.End, step.Fails) : Delivery.ContainerState(step.Start, isCancelled ? now : null, false, isCancelled ? "TaskRunCancelled" : null);
        string status = !isOver ? "Unknown" : part.Fails || isCancelled ? "False" : "True";
        string reason = !isOver ? "Running" : isCancelled ? "TaskRunCancelled" : part.Fails ? "Failed" : "Succeeded";
        string message = !isOver ? "Not all Steps in the Task have finished executing" : part.Fails ? $"\"step-{part.Task.Steps[^1]}\" exited with code 1" : isCancelled ? $"TaskRun \"{name}\" was cancelled" : "All Steps have completed executing";
        var labels = new JsonObject { ["tekton.dev/pipelineRun"] = run.Name, ["tekton.dev/pipeline"] = Pipeline, [TaskLabel] = part.Task.Name };
        var task = new JsonObject
        {
            ["apiVersion"] = "tekton.dev/v1",
            ["kind"] = "TaskRun",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Delivery.Namespace, ["uid"] = names.Uid(), ["labels"] = labels, ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(run)) },
            ["spec"] = new JsonObject { ["taskRef"] = new JsonObject { ["name"] = part.Task.Name } },
            ["status"] = new JsonObject
            {
                ["podName"] = $"{name}-pod",
                ["startTime"] = JsonTree.Timestamp(part.Start),
                ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Succeeded", ["status"] = status, ["reason"] = reason, ["message"] = message }),
                ["steps"] = new JsonArray([.. steps.Select(step =>
                {
                    JsonObject state = StateOf(step);
                    (state["name"], state["container"]) = (step.Step, $"step-{step.Step}");
                    return state;
                })]),
            },
        };
        if (isOver)
            task["status"]!["completionTime"] = JsonTree.Timestamp(end);
        plane.WriteAsOf(isOver ? end : now, () => Delivery.Write(plane, task));
        if (hasPods && plane.Store.Find(plane.Catalog.FindKind("tekton.dev/v1", "TaskRun")!, Delivery.Namespace, name) is { } owner)
        {
            string phase = !isOver ? "Running" : part.Fails || isCancelled ? "Failed" : "Succeeded";
            plane.WriteAsOf(part.Start, () => Delivery.Write(plane, Delivery.Pod($"{name}-pod", names.Uid(), labels.Clone(), PodTemplate.OwnerReference(owner), "quay.io/bookstore/ci-tools:3.1", steps.Select(step => ($"step-{step.Step}", StateOf(step))), phase, part.Start)));
        }
    }

    /// <summary>The tasks that run, each between its beginning and its end: none behind one that fails, but those that come finally.</summary>
    private static List<Part> PartsOf(string run, DateTimeOffset started)
    {
        bool breaks = run.StartsWith(Broken, StringComparison.Ordinal) && !Passed.Contains(run);
        var parts = new List<Part>();
        foreach (PipelineTask task in Tasks)
        {
            List<Part> before = [.. parts.Where(part => task.IsFinal || task.After.Contains(part.Task.Name))];
            if (!task.IsFinal && (before.Count < task.After.Length || before.Exists(part => part.Fails)))
                continue;
            DateTimeOffset start = before.Count == 0 ? started : before.Max(part => part.End);
            double pace = 0.8 + (NameSource.HashName(System.Text.Encoding.UTF8.GetBytes(run + task.Name))[0] % 9 * 0.05);
            parts.Add(new Part(task, start, start.AddSeconds(Math.Ceiling(task.Seconds * pace)), breaks && task.Name == BrokenTask));
        }
        return parts;
    }

    private static JsonObject Spec()
    {
        JsonObject Written(PipelineTask task)
        {
            var written = new JsonObject { ["name"] = task.Name, ["taskRef"] = new JsonObject { ["name"] = task.Name } };
            if (task.Name is "scan-image")
                written["params"] = new JsonArray(new JsonObject { ["name"] = "image", ["value"] = "$(tasks.build.results.digest)" });
            else if (task.After.Length > 0)
                written["runAfter"] = new JsonArray([.. task.After.Select(name => (JsonNode)name)]);
            return written;
        }
        return new JsonObject { ["tasks"] = new JsonArray([.. Tasks.Where(task => !task.IsFinal).Select(Written)]), ["finally"] = new JsonArray([.. Tasks.Where(task => task.IsFinal).Select(Written)]) };
    }
}
