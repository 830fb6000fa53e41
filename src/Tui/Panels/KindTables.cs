using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Panels;

/// <summary>What of an object is best read as a table: the tags of an image stream, the targets of an autoscaler, the rules of an ingress.</summary>
internal static class KindTables
{
    public static IEnumerable<ViewNode> Of(JsonElement root, DateTimeOffset now, TuiLimits limits)
    {
        var (titles, rows) = root.Text("kind") switch
        {
            "ImageStream" => (["TAG", "UPDATED", "IMAGE", "FROM"], Tags(root, now)),
            "HorizontalPodAutoscaler" => (["METRIC", "CURRENT", "TARGET"], Metrics(root)),
            "Ingress" => (["HOST", "PATH", "BACKEND"], Rules(root)),
            "PipelineRun" => (["TASK", "KIND", "RUN"], Tasks(root)),
            "Application" => (["RESOURCE", "NAME", "SYNC", "HEALTH"], Resources(root)),
            "Endpoints" => (["ADDRESS", "PORTS", "FOR"], Endpoints(root)),
            _ => ((string[])[], (IEnumerable<Span[]>)[]),
        };
        ImmutableArray<TableRow> shown = [.. rows.Take(limits.OverviewRows).Select((cells, i) => new TableRow { Id = $"{i}", Cells = [.. cells] })];
        if (!shown.IsEmpty)
            yield return new ViewNode.Table { Header = [.. titles.Select(title => new TableColumn { Title = title })], Rows = shown };
    }

    private static IEnumerable<Span[]> Tags(JsonElement root, DateTimeOffset now) => root.Items("status", "tags").Select(tag =>
    {
        var newest = tag.Items("items").FirstOrDefault();
        var from = root.Items("spec", "tags").FirstOrDefault(t => t.Text("name") == tag.Text("tag"));
        return (Span[])[Span(tag.Text("tag"), TextStyle.Strong), Span(newest.Time("created") is { } created ? HumanDuration.Format(now - created) : ""), Span(newest.Text("image"), TextStyle.Muted), Span(from.Text("from", "name"))];
    });

    private static IEnumerable<Span[]> Metrics(JsonElement root)
    {
        var current = root.Items("status", "currentMetrics").ToList();
        foreach (var (metric, i) in root.Items("spec", "metrics").Select((m, i) => (m, i)))
        {
            var type = metric.Text("type") ?? "";
            var field = type.Length == 0 ? "" : char.ToLowerInvariant(type[0]) + type[1..];
            var name = metric.Text(field, "name") ?? metric.Text(field, "metric", "name") ?? type;
            yield return [Span(name, TextStyle.Strong), Span(i < current.Count ? Amount(current[i].At(field, "current")) : "unknown"), Span(Amount(metric.At(field, "target")))];
        }
    }

    private static string Amount(JsonElement? value) => value is not { } amount ? "unknown"
        : amount.Text("averageUtilization") is { } percent ? $"{percent}%"
        : amount.Text("averageValue") ?? amount.Text("value") ?? "unknown";

    private static IEnumerable<Span[]> Rules(JsonElement root) =>
        from rule in root.Items("spec", "rules")
        from path in rule.Items("http", "paths")
        let service = path.At("backend", "service")
        let backend = service is { } s ? $"{s.Text("name")}:{s.Text("port", "number") ?? s.Text("port", "name")}" : $"{path.Text("backend", "resource", "kind")}/{path.Text("backend", "resource", "name")}"
        select (Span[])[Span(rule.Text("host") ?? "*", TextStyle.Strong), Span($"{path.Text("path") ?? "/"} {path.Text("pathType")}"), Span(backend)];

    private static IEnumerable<Span[]> Tasks(JsonElement root) =>
        root.Items("status", "childReferences").Select(child => (Span[])[Span(child.Text("pipelineTaskName"), TextStyle.Strong), Span(child.Text("kind")), Span(child.Text("name"), TextStyle.Muted)]);

    private static IEnumerable<Span[]> Resources(JsonElement root) => root.Items("status", "resources").Select(resource =>
    {
        var (sync, health) = (resource.Text("status") ?? "", resource.Text("health", "status") ?? "");
        return (Span[])[Span(resource.Text("kind")), Span(resource.Text("name"), TextStyle.Strong), Span(sync, StatusTone.Of(sync)), Span(health, StatusTone.Of(health))];
    });

    private static IEnumerable<Span[]> Endpoints(JsonElement root) =>
        from subset in root.Items("subsets")
        let ports = string.Join(", ", subset.Items("ports").Select(p => p.Text("port")))
        from address in subset.Items("addresses").Select(a => (Address: a, IsReady: true)).Concat(subset.Items("notReadyAddresses").Select(a => (Address: a, IsReady: false)))
        select (Span[])[Span(address.Address.Text("ip"), address.IsReady ? TextStyle.Ok : TextStyle.Warn), Span(ports), Span(address.Address.Text("targetRef", "name"))];

    private static Span Span(string? text, TextStyle style = TextStyle.Plain) => new() { Text = text ?? "", Style = style };
}
