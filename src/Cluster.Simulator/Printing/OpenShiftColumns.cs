using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Printing;

internal static class OpenShiftColumns
{
    public static readonly ImmutableArray<PrinterColumn> Project =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Display Name", o => o.Text("metadata", "annotations", "openshift.io/display-name")),
        PrinterColumn.Text("Status", o => o.Text("status", "phase")),
    ];

    public static readonly ImmutableArray<PrinterColumn> User =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("UID", o => o.Text("metadata", "uid")),
        PrinterColumn.Text("Full Name", o => o.Text("fullName")),
        PrinterColumn.Text("Identities", o => string.Join(", ", o.Texts("identities"))),
    ];

    public static readonly ImmutableArray<PrinterColumn> Route =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Host/Port", o => o.Text("spec", "host")),
        PrinterColumn.Text("Path", o => o.Text("spec", "path")),
        PrinterColumn.Text("Services", Backends),
        PrinterColumn.Text("Port", o => o.At("spec", "port", "targetPort")?.ToString()),
        PrinterColumn.Text("Termination", Termination),
        PrinterColumn.Text("Wildcard", o => o.Text("spec", "wildcardPolicy") ?? "None"),
    ];

    public static readonly ImmutableArray<PrinterColumn> Build =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Type", o => o.Text("spec", "strategy", "type")),
        PrinterColumn.Text("From", Source),
        PrinterColumn.Text("Status", o => o.Text("status", "reason") is { } reason ? $"{o.Text("status", "phase")} ({reason})" : o.Text("status", "phase")),
        new("Started", "string", 0, (o, now) => o.Time("status", "startTimestamp") is { } start ? HumanDuration.Since(start, now) + " ago" : ""),
        new("Duration", "string", 0, (o, now) => o.Time("status", "startTimestamp") is { } start ? HumanDuration.Since(start, o.Time("status", "completionTimestamp") ?? now) : ""),
    ];

    public static readonly ImmutableArray<PrinterColumn> BuildConfig =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Type", o => o.Text("spec", "strategy", "type")),
        PrinterColumn.Text("From", Source),
        PrinterColumn.Number("Latest", o => o.Integer("status", "lastVersion")),
    ];

    public static readonly ImmutableArray<PrinterColumn> ImageStream =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Image Repository", o => o.Text("status", "dockerImageRepository")),
        PrinterColumn.Text("Tags", o => string.Join(',', o.Objects("status", "tags").Select(t => t.Text("tag")))),
        new("Updated", "string", 0, (o, now) => o.Objects("status", "tags").SelectMany(t => t.Objects("items")).Select(i => i.Time("created")).Max() is { } updated ? HumanDuration.Since(updated, now) + " ago" : ""),
    ];

    public static readonly ImmutableArray<PrinterColumn> DeploymentConfig =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Number("Revision", o => o.Integer("status", "latestVersion")),
        PrinterColumn.Number("Desired", o => o.Integer("spec", "replicas")),
        PrinterColumn.Number("Current", o => o.Integer("status", "replicas")),
        PrinterColumn.Text("Triggered By", Triggers),
    ];

    public static readonly ImmutableArray<PrinterColumn> ClusterVersion =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Version", o => o.Objects("status", "history").FirstOrDefault(h => h.Text("state") is "Completed").Text("version")),
        PrinterColumn.Text("Available", o => Condition(o, "Available").Text("status")),
        PrinterColumn.Text("Progressing", o => Condition(o, "Progressing").Text("status")),
        new("Since", "string", 0, (o, now) => HumanDuration.Since(Condition(o, "Progressing").Time("lastTransitionTime"), now)),
        PrinterColumn.Text("Status", o => Condition(o, "Progressing").Text("message")),
    ];

    public static readonly ImmutableArray<PrinterColumn> ClusterOperator =
    [
        PrinterColumn.ObjectName,
        PrinterColumn.Text("Version", o => o.Objects("status", "versions").FirstOrDefault().Text("version")),
        PrinterColumn.Text("Available", o => Condition(o, "Available").Text("status")),
        PrinterColumn.Text("Progressing", o => Condition(o, "Progressing").Text("status")),
        PrinterColumn.Text("Degraded", o => Condition(o, "Degraded").Text("status")),
        new("Since", "string", 0, (o, now) => HumanDuration.Since(Condition(o, "Available").Time("lastTransitionTime"), now)),
        PrinterColumn.Text("Message", o => Condition(o, "Degraded").Text("message")),
    ];

    private static JsonObject? Condition(JsonObject o, string type) =>
        o.Objects("status", "conditions").FirstOrDefault(c => string.Equals(c.Text("type"), type, StringComparison.Ordinal));

    private static string? Backends(JsonObject route)
    {
        List<JsonNode?> backends = [route.At("spec", "to"), .. route.Objects("spec", "alternateBackends")];
        if (backends.Count == 1)
            return backends[0].Text("name");
        long total = backends.Sum(b => b.Integer("weight") ?? 0);
        return string.Join(',', backends.Select(b => b.Integer("weight") is { } weight
            ? string.Create(CultureInfo.InvariantCulture, $"{b.Text("name")}({(total == 0 ? 0 : weight * 100 / total)}%)")
            : b.Text("name")));
    }

    private static string? Termination(JsonObject route)
    {
        string? termination = route.Text("spec", "tls", "termination");
        string? insecure = route.Text("spec", "tls", "insecureEdgeTerminationPolicy");
        return insecure is { Length: > 0 } ? $"{termination ?? "default"}/{insecure}" : termination;
    }

    /// <summary>What a build is made from, with the commit or the ref of a Git source: <c>Git@main</c>.</summary>
    private static string? Source(JsonObject build)
    {
        const int CommitCharacters = 40;
        JsonNode? source = build.At("spec", "source");
        string? type = source.At("binary") is not null ? "Binary"
            : source.At("dockerfile") is not null ? source.At("git") is null ? "Dockerfile" : "Dockerfile,Git"
            : source.At("git") is not null ? "Git"
            : source.Text("type");
        string? revision = build.Text("spec", "revision", "git", "commit") ?? source.Text("git", "ref");
        if (string.IsNullOrEmpty(revision) || type is null or "Dockerfile")
            return type;
        return $"{type}@{(revision.Length == CommitCharacters ? revision[..7] : revision)}";
    }

    private static string Triggers(JsonObject config) =>
        string.Join(',', config.Objects("spec", "triggers").Select(t => t.Text("type") switch
        {
            "ConfigChange" => "config",
            "ImageChange" => $"image({t.Text("imageChangeParams", "from", "name")})",
            var other => other ?? "",
        }));
}
