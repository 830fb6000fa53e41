using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>OpenShift's own kinds, as <c>oc get</c> prints them; AGE is added where <c>oc</c> has no time at all.</summary>
internal static class OpenShiftColumns
{
    private const int ShaChars = 40;

    public static Dictionary<string, ColumnSpec[]> All { get; } = new(StringComparer.Ordinal)
    {
        ["routes.route.openshift.io"] =
        [
            Column.Text("routes", "HOST/PORT", RouteHost),
            Column.Text("routes", "PATH", o => o.Text("spec", "path")),
            Column.Text("routes", "SERVICES", o => Column.Join([o.At("spec")?.Text("to", "name"), .. o.Items("spec", "alternateBackends").Select(b => b.Text("name"))])),
            Column.Text("routes", "PORT", o => o.At("spec", "port", "targetPort") is { } port ? CellValue.Plain(port) : null),
            Column.Text("routes", "TERMINATION", Termination),
            Column.Text("routes", "WILDCARD", o => o.Text("spec", "wildcardPolicy")),
            Column.Age,
        ],
        ["deploymentconfigs.apps.openshift.io"] =
        [
            Column.Count("deploymentconfigs", "REVISION", "status", "latestVersion"),
            Column.Count("deploymentconfigs", "DESIRED", "spec", "replicas"),
            Column.Count("deploymentconfigs", "CURRENT", "status", "replicas"),
            Column.Text("deploymentconfigs", "TRIGGERED BY", o => Column.Join(o.Items("spec", "triggers").Select(Trigger))),
            Column.Age,
        ],
        ["builds.build.openshift.io"] =
        [
            Column.Text("builds", "TYPE", o => o.At("spec")?.Text("strategy", "type")),
            Column.Text("builds", "FROM", BuildSource),
            Column.Status("builds", BuildStatus),
            Column.Time("builds", "STARTED", o => o.Text("status", "startTimestamp")),
            Column.Of("builds", "DURATION", ColumnType.Age, o => WorkloadColumns.Duration(o.Text("status", "startTimestamp"), o.Text("status", "completionTimestamp"))),
        ],
        ["buildconfigs.build.openshift.io"] =
        [
            Column.Text("buildconfigs", "TYPE", o => o.At("spec")?.Text("strategy", "type")),
            Column.Text("buildconfigs", "FROM", BuildSource),
            Column.Count("buildconfigs", "LATEST", "status", "lastVersion"),
            Column.Age,
        ],
        ["imagestreams.image.openshift.io"] =
        [
            Column.Text("imagestreams", "IMAGE REPOSITORY", o => o.Text("status", "publicDockerImageRepository") ?? o.Text("status", "dockerImageRepository")),
            Column.Text("imagestreams", "TAGS", o => Column.Join(o.Items("status", "tags").Select(t => t.Text("tag")))),
            Column.Time("imagestreams", "UPDATED", o => o.Items("status", "tags").SelectMany(t => t.Items("items")).Select(i => i.Text("created")).Max(StringComparer.Ordinal)),
        ],
        ["projects.project.openshift.io"] =
        [
            Column.Text("projects", "DISPLAY NAME", o => o.At("metadata")?.Text("annotations", "openshift.io/display-name")),
            Column.Status("projects", o => o.Text("status", "phase")),
            Column.Age,
        ],
        ["users.user.openshift.io"] =
        [
            Column.Text("users", "FULL NAME", o => o.Text("fullName")),
            Column.Text("users", "IDENTITIES", o => Column.Join(o.Texts("identities"))),
            Column.Age,
        ],
        ["groups.user.openshift.io"] = [Column.Text("groups", "USERS", o => Column.Join(o.Texts("users"), ", ")), Column.Age],
        ["clusteroperators.config.openshift.io"] =
        [
            Column.Text("clusteroperators", "VERSION", o => o.Items("status", "versions").FirstOrDefault(v => v.Text("name") == "operator") is { ValueKind: JsonValueKind.Object } version ? version.Text("version") : null),
            Column.Status("clusteroperators", o => Column.Condition(o, "Available")?.Text("status"), "AVAILABLE"),
            Column.Text("clusteroperators", "PROGRESSING", o => Column.Condition(o, "Progressing")?.Text("status")),
            Column.Text("clusteroperators", "DEGRADED", o => Column.Condition(o, "Degraded")?.Text("status")),
            Column.Age,
            Column.Text("clusteroperators", "MESSAGE", o => (Column.Condition(o, "Degraded") is { } degraded && degraded.Text("status") == "True" ? degraded : Column.Condition(o, "Progressing"))?.Text("message"), wide: true),
        ],
        ["clusterversions.config.openshift.io"] =
        [
            Column.Text("clusterversions", "VERSION", o => o.Items("status", "history").FirstOrDefault(h => h.Text("state") == "Completed") is { ValueKind: JsonValueKind.Object } done ? done.Text("version") : null),
            Column.Status("clusterversions", o => Column.Condition(o, "Available")?.Text("status"), "AVAILABLE"),
            Column.Text("clusterversions", "PROGRESSING", o => Column.Condition(o, "Progressing")?.Text("status")),
            Column.Text("clusterversions", "STATUS", o => Column.Condition(o, "Progressing")?.Text("message")),
            Column.Age,
        ],
    };

    private static string? RouteHost(JsonElement route)
    {
        var ingress = route.Items("status", "ingress").ToList();
        foreach (var router in ingress)
            foreach (var condition in router.Items("conditions"))
                if (condition.Text("type") == "Admitted" && condition.Text("status") == "False")
                    return condition.Text("reason");
        return ingress.Select(i => i.Text("host")).FirstOrDefault(h => h is not null) ?? route.Text("spec", "host");
    }

    private static string? Termination(JsonElement route)
    {
        if (route.At("spec", "tls") is not { } tls)
            return null;
        var insecure = tls.Text("insecureEdgeTerminationPolicy");
        return string.IsNullOrEmpty(insecure) ? tls.Text("termination") : $"{tls.Text("termination")}/{insecure}";
    }

    private static string? Trigger(JsonElement trigger) => trigger.Text("type") switch
    {
        "ConfigChange" => "config",
        "ImageChange" => trigger.At("imageChangeParams")?.Text("from", "name") is { } image ? $"image({image})" : "image",
        var other => other?.ToLowerInvariant(),
    };

    private static string? BuildStatus(JsonElement build)
    {
        var phase = build.Text("status", "phase");
        var reason = build.Text("status", "reason");
        return string.IsNullOrEmpty(reason) ? phase : $"{phase} ({reason})";
    }

    private static string? BuildSource(JsonElement build)
    {
        var source = build.At("spec", "source");
        var type = true switch
        {
            _ when source?.At("binary") is not null => "Binary",
            _ when source?.At("dockerfile") is not null => source?.At("git") is null ? "Dockerfile" : "Dockerfile,Git",
            _ when source?.At("git") is not null => "Git",
            _ => source?.Text("type"),
        };
        var revision = build.At("spec", "revision", "git")?.Text("commit") ?? source?.Text("git", "ref");
        if (string.IsNullOrEmpty(revision) || type is null or "Dockerfile")
            return type;
        return $"{type}@{(revision.Length == ShaChars ? revision[..7] : revision)}";
    }
}
