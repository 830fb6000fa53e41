using System.Globalization;
using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Panels;

/// <summary>One thing one wants to know of an object.</summary>
internal readonly record struct ObjectFact(string Title, string Text, TextStyle Style = TextStyle.Plain);

/// <summary>The facts of an object that say most, by its kind: of Kubernetes, of OpenShift, of Tekton and Argo CD.</summary>
internal static class ObjectFacts
{
    private static readonly (string Title, string[] Path)[] Known =
    [
        ("Phase", ["status", "phase"]), ("Node", ["spec", "nodeName"]), ("Pod IP", ["status", "podIP"]), ("QoS", ["status", "qosClass"]),
        ("Service account", ["spec", "serviceAccountName"]), ("Type", ["spec", "type"]), ("Cluster IP", ["spec", "clusterIP"]),
        ("Strategy", ["spec", "strategy", "type"]), ("Storage", ["spec", "resources", "requests", "storage"]), ("Volume", ["spec", "volumeName"]),
        ("Reason", ["reason"]), ("Message", ["message"]), ("Kernel", ["status", "nodeInfo", "kernelVersion"]), ("System", ["status", "nodeInfo", "osImage"]), ("CPU", ["status", "capacity", "cpu"]), ("Memory", ["status", "capacity", "memory"]),
    ];

    public static IEnumerable<ObjectFact> Of(JsonElement root, DateTimeOffset now)
    {
        foreach (var fact in OfKind(root, now))
        {
            if (fact.Text.Length > 0)
                yield return fact;
        }
        foreach (var (title, path) in Known)
        {
            if (root.Text(path) is { Length: > 0 } value)
                yield return new ObjectFact(title, value, title == "Phase" ? StatusTone.Of(value) : TextStyle.Plain);
        }
        if (root.Text("spec", "replicas") is { } wanted)
        {
            var ready = root.Text("status", "readyReplicas") ?? "0";
            yield return new ObjectFact("Replicas", $"{ready} of {wanted} ready", ready == wanted ? TextStyle.Ok : TextStyle.Warn);
        }
        var selector = Labels(root.Members("spec", "selector", "matchLabels"));
        if (selector.Length > 0)
            yield return new ObjectFact("Selector", selector);
    }

    private static IEnumerable<ObjectFact> OfKind(JsonElement root, DateTimeOffset now) => (GroupOf(root), root.Text("kind")) switch
    {
        ("route.openshift.io", "Route") => Route(root),
        ("build.openshift.io", "Build") => Build(root, now),
        ("build.openshift.io", "BuildConfig") => BuildConfig(root),
        ("image.openshift.io", "ImageStream") => ImageStream(root),
        ("apps.openshift.io", "DeploymentConfig") => DeploymentConfig(root),
        ("project.openshift.io", "Project") => Project(root),
        ("user.openshift.io", "User") => User(root),
        ("tekton.dev", "PipelineRun" or "TaskRun") => PipelineRun(root, now),
        ("argoproj.io", "Application") => Application(root),
        ("", "Service") => Service(root),
        ("autoscaling", "HorizontalPodAutoscaler") => Autoscaler(root, now),
        ("", "PersistentVolumeClaim") => Claim(root),
        ("networking.k8s.io", "Ingress") => Ingress(root),
        ("batch", "CronJob") => CronJob(root, now),
        ("batch", "Job") => Job(root, now),
        _ => [],
    };

    private static IEnumerable<ObjectFact> Route(JsonElement root)
    {
        var tls = root.At("spec", "tls");
        var scheme = tls is null ? "http" : "https";
        yield return new("URL", $"{scheme}://{root.Text("spec", "host")}{root.Text("spec", "path")}", TextStyle.Accent);
        yield return new("Target", Target(root.At("spec", "to")) + (root.Text("spec", "port", "targetPort") is { } port ? $" port {port}" : ""));
        foreach (var other in root.Items("spec", "alternateBackends"))
            yield return new("and", Target(other));
        yield return new("TLS", tls is { } t ? $"{t.Text("termination")}{(t.Text("insecureEdgeTerminationPolicy") is { } insecure ? $", plain HTTP: {insecure.ToLowerInvariant()}" : "")}" : "none", tls is null ? TextStyle.Warn : TextStyle.Plain);
        foreach (var router in root.Items("status", "ingress"))
        {
            var admitted = router.Items("conditions").FirstOrDefault(c => c.Text("type") == "Admitted");
            var isAdmitted = admitted.Text("status") == "True";
            yield return new("Router", $"{router.Text("routerName")}: {(isAdmitted ? "admitted" : admitted.Text("reason") ?? "not admitted")}", isAdmitted ? TextStyle.Ok : TextStyle.Error);
        }
    }

    private static string Target(JsonElement? to) => to is { } target ? $"{target.Text("kind") ?? "Service"}/{target.Text("name")}{(target.Text("weight") is { } weight ? $" weight {weight}" : "")}" : "";

    private static IEnumerable<ObjectFact> Build(JsonElement root, DateTimeOffset now)
    {
        var started = root.Time("status", "startTimestamp");
        var ended = root.Time("status", "completionTimestamp");
        yield return new("Duration", started is { } start ? $"{HumanDuration.Format((ended ?? now) - start)}{(ended is null ? " so far" : "")}" : "not started");
        yield return new("Cause", root.Text("status", "reason") ?? "", TextStyle.Error);
        yield return new("Says", root.Text("status", "message") ?? "");
        foreach (var fact in BuildSpec(root))
            yield return fact;
        yield return new("Config", root.Text("status", "config", "name") ?? "");
    }

    private static IEnumerable<ObjectFact> BuildConfig(JsonElement root)
    {
        yield return new("Last build", root.Text("status", "lastVersion") is { } last ? $"{root.Text("metadata", "name")}-{last}" : "none yet");
        foreach (var fact in BuildSpec(root))
            yield return fact;
        yield return new("Triggers", string.Join(", ", root.Items("spec", "triggers").Select(t => t.Text("type"))));
        yield return new("Runs", root.Text("spec", "runPolicy") ?? "");
    }

    private static IEnumerable<ObjectFact> BuildSpec(JsonElement root)
    {
        yield return new("Build by", root.Text("spec", "strategy", "type") ?? "");
        yield return new("Source", $"{root.Text("spec", "source", "git", "uri") ?? root.Text("spec", "source", "type")}{(root.Text("spec", "source", "git", "ref") is { } branch ? $" at {branch}" : "")}");
        yield return new("Commit", root.Text("spec", "revision", "git", "commit") ?? "");
        yield return new("Output", root.At("spec", "output", "to") is { } to ? $"{to.Text("kind")}/{to.Text("name")}" : "");
    }

    private static IEnumerable<ObjectFact> ImageStream(JsonElement root)
    {
        yield return new("Repository", root.Text("status", "publicDockerImageRepository") ?? root.Text("status", "dockerImageRepository") ?? "");
        yield return new("Tags", Count(root.Items("status", "tags")));
    }

    private static IEnumerable<ObjectFact> DeploymentConfig(JsonElement root)
    {
        yield return new("Revision", root.Text("status", "latestVersion") ?? "0");
        yield return new("Triggers", string.Join(", ", root.Items("spec", "triggers").Select(t => t.Text("type") == "ImageChange" ? $"image {t.Text("imageChangeParams", "from", "name")}" : t.Text("type") == "ConfigChange" ? "config" : t.Text("type"))));
        yield return new("Caused by", root.Text("status", "details", "message") ?? "");
        yield return new("Selector", Labels(root.Members("spec", "selector")));
    }

    private static IEnumerable<ObjectFact> Project(JsonElement root)
    {
        yield return new("Display name", root.Text("metadata", "annotations", "openshift.io/display-name") ?? "");
        yield return new("Description", root.Text("metadata", "annotations", "openshift.io/description") ?? "");
        yield return new("Requester", root.Text("metadata", "annotations", "openshift.io/requester") ?? "");
    }

    private static IEnumerable<ObjectFact> User(JsonElement root)
    {
        yield return new("Full name", root.Text("fullName") ?? "");
        yield return new("Identities", string.Join(", ", root.Items("identities").Select(i => i.ToString())));
        yield return new("Groups", string.Join(", ", root.Items("groups").Select(i => i.ToString())));
    }

    private static IEnumerable<ObjectFact> PipelineRun(JsonElement root, DateTimeOffset now)
    {
        var succeeded = root.Items("status", "conditions").FirstOrDefault(c => c.Text("type") == "Succeeded");
        var style = succeeded.Text("status") switch { "True" => TextStyle.Ok, "False" => TextStyle.Error, _ => TextStyle.Warn };
        yield return new("Result", succeeded.Text("reason") ?? "Pending", style);
        yield return new("Says", succeeded.Text("message") ?? "");
        yield return new("Pipeline", root.Text("spec", "pipelineRef", "name") ?? root.Text("spec", "taskRef", "name") ?? "");
        if (root.Time("status", "startTime") is { } start)
            yield return new("Duration", $"{HumanDuration.Format((root.Time("status", "completionTime") ?? now) - start)}{(root.Time("status", "completionTime") is null ? " so far" : "")}");
        yield return new("Tasks", Count(root.Items("status", "childReferences")));
    }

    private static IEnumerable<ObjectFact> Application(JsonElement root)
    {
        var (sync, health) = (root.Text("status", "sync", "status") ?? "Unknown", root.Text("status", "health", "status") ?? "Unknown");
        yield return new("Sync", $"{sync}{(root.Text("status", "sync", "revision") is { } revision ? $" at {revision}" : "")}", StatusTone.Of(sync));
        yield return new("Health", health, StatusTone.Of(health));
        yield return new("Source", $"{root.Text("spec", "source", "repoURL")} {root.Text("spec", "source", "path")} at {root.Text("spec", "source", "targetRevision")}");
        yield return new("Destination", $"{root.Text("spec", "destination", "namespace")} in {root.Text("spec", "destination", "name") ?? root.Text("spec", "destination", "server")}");
        yield return new("Last operation", root.Text("status", "operationState", "phase") is { } phase ? $"{phase} {root.Text("status", "operationState", "message")}" : "");
    }

    private static IEnumerable<ObjectFact> Service(JsonElement root)
    {
        yield return new("Ports", string.Join(", ", root.Items("spec", "ports").Select(p => $"{(p.Text("name") is { } name ? name + " " : "")}{p.Text("port")}{(p.Text("targetPort") is { } target && target != p.Text("port") ? $" → {target}" : "")}{(p.Text("nodePort") is { } node ? $" (node {node})" : "")}/{p.Text("protocol") ?? "TCP"}")));
        yield return new("External", string.Join(", ", root.Items("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname")).Concat(root.Items("spec", "externalIPs").Select(i => i.ToString())).Append(root.Text("spec", "externalName")).Where(t => !string.IsNullOrEmpty(t))));
        yield return new("Selector", Labels(root.Members("spec", "selector")));
    }

    private static IEnumerable<ObjectFact> Autoscaler(JsonElement root, DateTimeOffset now)
    {
        yield return new("Scales", root.At("spec", "scaleTargetRef") is { } target ? $"{target.Text("kind")}/{target.Text("name")}" : "");
        yield return new("Bounds", $"{root.Text("spec", "minReplicas") ?? "1"} to {root.Text("spec", "maxReplicas")}");
        var (current, desired) = (root.Text("status", "currentReplicas") ?? "0", root.Text("status", "desiredReplicas") ?? "0");
        yield return new("Now", current == desired ? $"{current} replicas" : $"{current} replicas, wants {desired}", current == desired ? TextStyle.Plain : TextStyle.Warn);
        yield return new("Last scaled", root.Time("status", "lastScaleTime") is { } last ? $"{HumanDuration.Format(now - last)} ago" : "");
    }

    private static IEnumerable<ObjectFact> Claim(JsonElement root)
    {
        yield return new("Capacity", root.Text("status", "capacity", "storage") ?? "");
        yield return new("Access", string.Join(", ", root.Items("spec", "accessModes").Select(m => m.ToString())));
        yield return new("Storage class", root.Text("spec", "storageClassName") ?? "");
        yield return new("Mode", root.Text("spec", "volumeMode") ?? "");
    }

    private static IEnumerable<ObjectFact> Ingress(JsonElement root)
    {
        yield return new("Class", root.Text("spec", "ingressClassName") ?? "");
        yield return new("Address", string.Join(", ", root.Items("status", "loadBalancer", "ingress").Select(i => i.Text("ip") ?? i.Text("hostname"))));
        yield return new("TLS", string.Join(", ", root.Items("spec", "tls").Select(t => $"{string.Join(' ', t.Items("hosts").Select(h => h.ToString()))} ({t.Text("secretName")})")));
    }

    private static IEnumerable<ObjectFact> CronJob(JsonElement root, DateTimeOffset now)
    {
        yield return new("Schedule", $"{root.Text("spec", "schedule")}{(root.Text("spec", "timeZone") is { } zone ? $" {zone}" : "")}");
        if (root.Text("spec", "suspend") == "true")
            yield return new("Suspended", "it starts no jobs", TextStyle.Warn);
        yield return new("Last run", root.Time("status", "lastScheduleTime") is { } last ? $"{HumanDuration.Format(now - last)} ago" : "never");
        yield return new("Last success", root.Time("status", "lastSuccessfulTime") is { } good ? $"{HumanDuration.Format(now - good)} ago" : "");
        yield return new("Active", string.Join(", ", root.Items("status", "active").Select(j => j.Text("name"))));
        yield return new("Concurrency", root.Text("spec", "concurrencyPolicy") ?? "");
    }

    private static IEnumerable<ObjectFact> Job(JsonElement root, DateTimeOffset now)
    {
        yield return new("Completions", $"{root.Text("status", "succeeded") ?? "0"} of {root.Text("spec", "completions") ?? "1"}");
        yield return new("Failed", root.Text("status", "failed") ?? "", TextStyle.Error);
        if (root.Time("status", "startTime") is { } start)
            yield return new("Duration", HumanDuration.Format((root.Time("status", "completionTime") ?? now) - start));
    }

    private static string GroupOf(JsonElement root) => root.Text("apiVersion")?.Split('/') is [var group, _] ? group : "";

    private static string Labels(IEnumerable<JsonProperty> members) => string.Join(", ", members.Where(m => m.Value.ValueKind == JsonValueKind.String).Select(m => $"{m.Name}={m.Value}"));

    private static string Count(IEnumerable<JsonElement> items) => items.Count().ToString(CultureInfo.InvariantCulture);
}
