using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>Argo CD's applications: one is ill and behind its source, one is as it should be.</summary>
internal sealed class Applications(NameSource names)
{
    private const int SyncSeconds = 8;
    private const int KeptDeployments = 10;
    private const string RefreshAnnotation = "argocd.argoproj.io/refresh";

    private static ResourceDefinition Kind(ControlPlane plane) => plane.Catalog.FindKind("argoproj.io/v1alpha1", "Application")!;

    public void Populate(ControlPlane plane, DateTimeOffset now)
    {
        plane.WriteAsOf(now.AddHours(-26), () =>
        {
            StoredObject shop = plane.Get(Kind(plane), Delivery.Namespace, "bookstore");
            plane.Mutate(shop, next => Tell(next, now, [98, 75, 51, 26], [
                ("", "ConfigMap", "shop-settings", "Synced", "", 0), ("", "Service", "storefront", "Synced", "Healthy", 1), ("apps", "Deployment", "storefront", "OutOfSync", "Healthy", 1),
                ("apps", "Deployment", "catalog", "Synced", "Healthy", 1), ("apps", "Deployment", "search", "OutOfSync", "Progressing", 1),
                ("apps", "Deployment", "recommendations", "Synced", "Degraded", 2), ("apps", "Deployment", "newsletter", "Synced", "Degraded", 2), ("route.openshift.io", "Route", "storefront", "Synced", "Healthy", 3),
            ]));
            StoredObject data = plane.Create(Kind(plane), JsonTree.Parse($$"""{"metadata":{"name":"bookstore-data","namespace":"{{Delivery.Namespace}}","uid":"{{names.Uid()}}"},"spec":{"project":"default","source":{"repoURL":"https://git.example.com/bookstore/deploy.git","path":"overlays/data","targetRevision":"main"},"destination":{"server":"https://kubernetes.default.svc","namespace":"bookstore-data"} },"status":{"sync":{"status":"Synced","revision":"8d1f0c2"},"health":{"status":"Healthy"} } }"""));
            plane.Mutate(data, next => Tell(next, now, [230, 74], [("apps", "StatefulSet", "postgres", "Synced", "Healthy", 0), ("apps", "StatefulSet", "redis", "Synced", "Healthy", 0), ("apps", "StatefulSet", "kafka", "Synced", "Healthy", 1)]));
        });
    }

    /// <summary>Begins syncs that are asked for, and ends those that have run long enough or are to stop.</summary>
    public void Step(ControlPlane plane)
    {
        foreach (StoredObject application in plane.List(Kind(plane), Delivery.Namespace).ToList())
        {
            JsonObject tree = application.Tree;
            string? phase = tree.Text("status", "operationState", "phase");
            bool ends = phase is "Terminating" || (phase is "Running" && plane.Now - (tree.Time("status", "operationState", "startedAt") ?? plane.Now) >= TimeSpan.FromSeconds(SyncSeconds));
            bool isRefreshed = tree.At("metadata", "annotations", RefreshAnnotation) is not null;
            if (!ends && !isRefreshed && tree["operation"] is null)
                continue;
            plane.Mutate(application, next =>
            {
                if (isRefreshed)
                {
                    next.Ensure("metadata", "annotations").Remove(RefreshAnnotation);
                    next.Ensure("status")["reconciledAt"] = plane.Timestamp;
                }
                if (ends)
                    End(next, plane.Timestamp, isStopped: phase is "Terminating");
                else if (next["operation"] is { } operation)
                {
                    next.Remove("operation");
                    next.Ensure("status")["operationState"] = new JsonObject { ["phase"] = "Running", ["message"] = "waiting for healthy state of apps/Deployment/search", ["startedAt"] = plane.Timestamp, ["operation"] = operation.DeepClone() };
                }
            });
        }
    }

    private static void End(JsonObject application, string now, bool isStopped)
    {
        JsonObject status = application.Ensure("status");
        JsonObject operation = application.Ensure("status", "operationState");
        (operation["phase"], operation["message"], operation["finishedAt"]) = isStopped ? ("Failed", "Operation terminated", now) : ("Succeeded", "successfully synced (all tasks run)", now);
        if (isStopped)
            return;
        application.Ensure("status", "sync")["status"] = "Synced";
        foreach (JsonObject resource in application.Objects("status", "resources"))
            resource["status"] = "Synced";
        JsonArray history = status["history"] as JsonArray ?? [];
        history.Add(Deployment((history.LastOrDefault().Integer("id") ?? 0) + 1, application.Text("status", "sync", "revision"), operation.Text("startedAt")!, now));
        while (history.Count > KeptDeployments)
            history.RemoveAt(0);
        status["history"] = history;
    }

    private static void Tell(JsonObject application, DateTimeOffset now, double[] deployedHoursAgo, (string Group, string Kind, string Name, string Sync, string Health, int Wave)[] resources)
    {
        JsonObject status = application.Ensure("status");
        status["resources"] = new JsonArray([.. resources.Select(one =>
        {
            var told = new JsonObject { ["group"] = one.Group, ["kind"] = one.Kind, ["namespace"] = application.Text("spec", "destination", "namespace"), ["name"] = one.Name, ["version"] = "v1", ["status"] = one.Sync, ["syncWave"] = one.Wave };
            if (one.Health.Length > 0)
                told["health"] = new JsonObject { ["status"] = one.Health };
            return told;
        })]);
        var deployments = deployedHoursAgo.Select((hours, i) => (Id: i, Start: now.AddHours(-hours), End: now.AddHours(-hours).AddSeconds(21 + (7 * i)))).ToList();
        status["history"] = new JsonArray([.. deployments.Select(one => Deployment(one.Id, string.Create(CultureInfo.InvariantCulture, $"8d1f0c{one.Id}"), JsonTree.Timestamp(one.Start), JsonTree.Timestamp(one.End)))]);
        status["operationState"] = new JsonObject { ["phase"] = "Succeeded", ["message"] = "successfully synced (all tasks run)", ["startedAt"] = JsonTree.Timestamp(deployments[^1].Start), ["finishedAt"] = JsonTree.Timestamp(deployments[^1].End) };
    }

    private static JsonObject Deployment(long id, string? revision, string started, string ended) =>
        new() { ["id"] = id, ["revision"] = revision, ["deployStartedAt"] = started, ["deployedAt"] = ended };
}
