using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Patching;
using LazyOC.Cluster.Simulator.Printing;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Server;

/// <summary>Serves <c>/scale</c>, <c>/eviction</c>, <c>/finalize</c> and <c>/instantiate</c>.</summary>
internal sealed class Subresources(ControlPlane plane, Reader reader, Writer writer)
{
    public async Task ScaleAsync(ApiRequest request)
    {
        ScalePaths paths = request.Resource.Scale ?? throw ApiException.UnknownPath();
        if (request.Verb is "get")
        {
            await Responses.WriteAsync(request.Http, 200, ScaleOf(reader.Find(request), paths));
            return;
        }

        JsonNode body = await RequestBody.ReadNodeAsync(request.Http, plane.Limits) ?? throw ApiException.BadRequest("the body is empty");
        StoredObject scaled = plane.Write(() =>
        {
            StoredObject current = reader.Find(request);
            JsonObject scale = request.Verb is "patch"
                ? writer.Patched(request, RequestBody.MediaType(request.Http), ScaleOf(current, paths), body)
                : body as JsonObject ?? throw ApiException.BadRequest("a Scale must be a JSON object");
            ObjectRules.CheckPreconditions(current, scale.Text("metadata", "uid"), scale.Text("metadata", "resourceVersion"));
            long replicas = scale.Integer("spec", "replicas") ?? 0;
            JsonObject next = current.Parse();
            next.Ensure([.. paths.Spec[..^1]])[paths.Spec[^1]] = replicas;
            FieldOwnership.Record(current.Parse(), next, request.FieldManager, plane.Timestamp);
            return plane.Update(current, next, dryRun: request.DryRun);
        });
        await Responses.WriteAsync(request.Http, 200, ScaleOf(scaled, paths));
    }

    public async Task EvictAsync(ApiRequest request)
    {
        JsonObject body = await RequestBody.ReadObjectAsync(request.Http, plane.Limits);
        plane.Write(() =>
        {
            StoredObject pod = reader.Find(request);
            CheckBudgets(pod);
            plane.Delete(pod, new DeletionOptions
            {
                GracePeriodSeconds = body.Integer("deleteOptions", "gracePeriodSeconds"),
                Uid = body.Text("deleteOptions", "preconditions", "uid"),
                DryRun = request.DryRun,
            });
        });
        await Responses.WriteAsync(request.Http, 201, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success" });
    }

    /// <summary>Starts a build from its config, or rolls a deployment config out once more.</summary>
    public async Task InstantiateAsync(ApiRequest request)
    {
        await RequestBody.ReadObjectAsync(request.Http, plane.Limits);
        StoredObject result = plane.Write(() =>
        {
            StoredObject config = reader.Find(request);
            if (request.Resource == ResourceCatalog.DeploymentConfigs)
                return plane.Mutate(config, next => next.Ensure("status")["latestVersion"] = (next.Integer("status", "latestVersion") ?? 0) + 1);
            JsonObject tree = config.Parse();
            long version = (tree.Integer("status", "lastVersion") ?? 0) + 1;
            plane.Mutate(config, next => next.Ensure("status")["lastVersion"] = version);
            var labels = new JsonObject { ["buildconfig"] = config.Name, ["openshift.io/build-config.name"] = config.Name };
            return plane.Create(ResourceCatalog.Builds, new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["name"] = string.Create(CultureInfo.InvariantCulture, $"{config.Name}-{version}"),
                    ["namespace"] = config.Namespace,
                    ["labels"] = labels,
                    ["annotations"] = new JsonObject { ["openshift.io/build.number"] = version.ToString(CultureInfo.InvariantCulture) },
                    ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(config)),
                },
                ["spec"] = tree["spec"]?.DeepClone(),
                ["status"] = new JsonObject { ["phase"] = "Running", ["startTimestamp"] = plane.Timestamp, ["config"] = new JsonObject { ["kind"] = "BuildConfig", ["namespace"] = config.Namespace, ["name"] = config.Name } },
            });
        });
        await Responses.WriteAsync(request.Http, 201, result.Json);
    }

    private void CheckBudgets(StoredObject pod)
    {
        ResourceDefinition budgets = plane.Catalog.Find("policy", "v1", "poddisruptionbudgets")!;
        foreach (StoredObject budget in plane.List(budgets, pod.Namespace))
        {
            JsonObject tree = budget.Parse();
            if (LabelSelector.FromObject(tree.At("spec", "selector")) is not { } selector || !selector.Matches(pod.Labels))
                continue;
            int healthy = plane.List(ResourceCatalog.Pods, pod.Namespace).Count(p => selector.Matches(p.Labels) && Conditions.IsTrue(p.Parse(), "Ready"));
            if (tree.Integer("spec", "minAvailable") is { } minimum && healthy <= minimum)
                throw ApiException.TooManyRequests($"Cannot evict pod as it would violate the pod's disruption budget. The disruption budget {budget.Name} needs {minimum} healthy pods and has {healthy} currently", retryAfterSeconds: 10);
        }
    }

    private static JsonObject ScaleOf(StoredObject item, ScalePaths paths)
    {
        JsonObject tree = item.Parse();
        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = item.Name,
                ["namespace"] = item.Namespace,
                ["uid"] = item.Uid,
                ["resourceVersion"] = item.Version.ToString(CultureInfo.InvariantCulture),
                ["creationTimestamp"] = tree.Text("metadata", "creationTimestamp"),
            },
            ["spec"] = new JsonObject { ["replicas"] = tree.Integer([.. paths.Spec]) ?? 0 },
            ["status"] = new JsonObject { ["replicas"] = tree.Integer([.. paths.Status]) ?? 0, ["selector"] = SelectorText(tree, paths.Selector) },
        };
    }

    private static string SelectorText(JsonObject tree, ImmutableArray<string> path) =>
        path.IsEmpty ? "" : tree.Text([.. path]) ?? WorkloadColumns.SelectorText(tree.At([.. path]));
}
