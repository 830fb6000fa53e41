using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Control;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Scenarios;

/// <summary>OpenShift's builds: those of the storefront fail since a package of it is not published.</summary>
internal sealed class Builds(NameSource names)
{
    public const string PodLabel = "openshift.io/build.name";
    private const string Broken = "storefront";

    private static readonly (string Stage, double Share)[] Stages = [("FetchInputs", 0.08), ("PullImages", 0.12), ("Build", 0.6), ("PostCommit", 0.05), ("PushImage", 0.15)];
    private static readonly TimeSpan UsualLength = TimeSpan.FromSeconds(94);

    public void Populate(ControlPlane plane, DateTimeOffset now)
    {
        (string Config, int Number, double HoursAgo, double Length)[] before = [("catalog", 9, 96, 1.1), ("catalog", 10, 71, 0.9), ("catalog", 11, 49, 1), ("storefront", 3, 97, 0.8), ("storefront", 4, 74, 1), ("storefront", 5, 50, 1.3)];
        foreach (var (config, number, hoursAgo, length) in before)
            plane.WriteAsOf(now.AddHours(-hoursAgo), () => AddBuild(plane, config, number, length));
        foreach (StoredObject build in plane.List(ResourceCatalog.Builds, Delivery.Namespace).ToList())
        {
            DateTimeOffset started = build.Tree.Time("status", "startTimestamp")!.Value;
            plane.WriteAsOf(started, () => plane.Mutate(build, next => Tell(next, build.Tree.Time("status", "completionTimestamp")!.Value)));
            if (build.Name is "storefront-7" or "catalog-12")
                plane.WriteAsOf(started, () => WritePod(plane, plane.Get(ResourceCatalog.Builds, Delivery.Namespace, build.Name)));
        }
    }

    /// <summary>Begins builds that are new, ends those that have run long enough, and those that somebody cancelled.</summary>
    public void Step(ControlPlane plane)
    {
        foreach (StoredObject build in plane.List(ResourceCatalog.Builds, Delivery.Namespace).ToList())
        {
            JsonObject tree = build.Tree;
            string phase = tree.Text("status", "phase") ?? "New";
            if (phase is not ("New" or "Pending" or "Running"))
                continue;
            DateTimeOffset started = tree.Time("status", "startTimestamp") ?? plane.Now;
            bool isCancelled = tree.Flag("status", "cancelled");
            bool isOver = isCancelled || plane.Now - started >= UsualLength;
            bool fails = ConfigOf(tree) is Broken;
            StoredObject next = plane.Mutate(build, status =>
            {
                JsonObject told = status.Ensure("status");
                told["phase"] = isCancelled ? "Cancelled" : !isOver ? "Running" : fails ? "Failed" : "Complete";
                told["startTimestamp"] = JsonTree.Timestamp(started);
                told["config"] ??= new JsonObject { ["kind"] = "BuildConfig", ["namespace"] = Delivery.Namespace, ["name"] = ConfigOf(tree) };
                Tell(status, started + UsualLength, plane.Now);
                if (!isOver)
                    return;
                told["completionTimestamp"] = plane.Timestamp;
                if (isCancelled)
                    (told["reason"], told["message"]) = ("CancelledBuild", "The build was cancelled by the user.");
                else if (fails)
                    (told["reason"], told["message"]) = ("DockerBuildFailed", "Dockerfile build strategy has failed.");
            });
            WritePod(plane, next);
        }
    }

    public static (string[] First, string[] Steady, string[] Last) LogOf(string? source, string phase) =>
    (
        [$"Cloning \"{source}\" ...", "STEP 1/7: FROM registry.access.redhat.com/ubi9/nodejs-20:latest", "STEP 2/7: WORKDIR /opt/app-root/src", "STEP 3/7: COPY package.json package-lock.json ./", "STEP 4/7: RUN npm ci"],
        ["npm http fetch GET 200 package {n}"],
        phase is "Failed" ? ["npm error code E404", "npm error 404 Not Found - @bookstore/ui-kit@^3.2.0 is not in this registry", "error: build error: error building at STEP \"RUN npm ci\": exit status 1"]
        : phase is "Complete" ? ["added 412 packages in 9s", "STEP 7/7: CMD [\"npm\", \"start\"]", "Push successful"]
        : []
    );

    private void AddBuild(ControlPlane plane, string config, int number, double length)
    {
        JsonObject tree = plane.Get(ResourceCatalog.BuildConfigs, Delivery.Namespace, config).Tree;
        plane.Create(ResourceCatalog.Builds, new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = string.Create(CultureInfo.InvariantCulture, $"{config}-{number}"),
                ["namespace"] = Delivery.Namespace,
                ["uid"] = names.Uid(),
                ["labels"] = new JsonObject { ["buildconfig"] = config },
                ["ownerReferences"] = new JsonArray(PodTemplate.OwnerReference(plane.Get(ResourceCatalog.BuildConfigs, Delivery.Namespace, config))),
            },
            ["spec"] = tree["spec"]!.DeepClone(),
            ["status"] = new JsonObject { ["phase"] = "Complete", ["startTimestamp"] = plane.Timestamp, ["completionTimestamp"] = JsonTree.Timestamp(plane.Now + (UsualLength * length)), ["config"] = new JsonObject { ["kind"] = "BuildConfig", ["namespace"] = Delivery.Namespace, ["name"] = config } },
        });
    }

    /// <summary>The stages that are over; a build that fails does so while its image is built.</summary>
    private static void Tell(JsonObject build, DateTimeOffset ends, DateTimeOffset? now = null)
    {
        DateTimeOffset at = build.Time("status", "startTimestamp")!.Value;
        TimeSpan whole = ends - at;
        bool fails = ConfigOf(build) is Broken && build.Text("status", "phase") is not "Complete";
        var told = new JsonArray();
        foreach (var (stage, share) in Stages)
        {
            TimeSpan length = fails && stage is "Build" ? ends - at : whole * share;
            if (now is { } moment && at + length > moment)
                break;
            told.Add(new JsonObject { ["name"] = stage, ["startTime"] = JsonTree.Timestamp(at), ["durationMilliseconds"] = (long)length.TotalMilliseconds });
            at += length;
            if (fails && stage is "Build")
                break;
        }
        build.Ensure("status")["stages"] = told;
        build.Ensure("metadata", "annotations")["openshift.io/build.pod-name"] = $"{build.Text("metadata", "name")}-build";
    }

    private void WritePod(ControlPlane plane, StoredObject build)
    {
        JsonObject tree = build.Tree;
        DateTimeOffset started = tree.Time("status", "startTimestamp")!.Value;
        DateTimeOffset? ended = tree.Time("status", "completionTimestamp");
        bool failed = tree.Text("status", "phase") is "Failed" or "Cancelled";
        var labels = new JsonObject { [PodLabel] = build.Name, ["buildconfig"] = ConfigOf(tree) };
        Delivery.Write(plane, Delivery.Pod($"{build.Name}-build", names.Uid(), labels, PodTemplate.OwnerReference(build), "quay.io/openshift/docker-builder:4.18", [("docker-build", Delivery.ContainerState(started, ended, failed))], ended is null ? "Running" : failed ? "Failed" : "Succeeded", started));
    }

    private static string ConfigOf(JsonObject build) => build.Text("status", "config", "name") ?? build.Text("metadata", "labels", "buildconfig") ?? build.Text("metadata", "labels", "openshift.io/build-config.name") ?? "";
}
