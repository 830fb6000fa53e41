using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Panels;

/// <summary>The events about an object, newest first.</summary>
internal static class EventsTable
{
    public static ViewNode Of(IEnumerable<JsonElement> events, DateTimeOffset now, TuiLimits limits)
    {
        var rows = events.Reverse().Take(limits.Events).Select(e => Row(e, now)).ToList();
        return rows.Count == 0
            ? new ViewNode.Empty { Message = "No events about this object; the cluster keeps them for a limited time" }
            : new ViewNode.Table
            {
                Header = [new() { Title = "LAST", Align = Alignment.End }, new() { Title = "TYPE" }, new() { Title = "REASON" }, new() { Title = "COUNT", Align = Alignment.End }, new() { Title = "MESSAGE" }],
                Rows = [.. rows],
            };
    }

    private static TableRow Row(JsonElement e, DateTimeOffset now)
    {
        var last = e.Time("series", "lastObservedTime") ?? e.Time("lastTimestamp") ?? e.Time("eventTime") ?? e.Time("metadata", "creationTimestamp");
        var type = e.Text("type") ?? "";
        return new TableRow
        {
            Id = e.Text("metadata", "uid") ?? e.Text("metadata", "name") ?? "",
            Cells =
            [
                Span(last is { } time ? HumanDuration.Format(now - time) : ""), Span(type, type == "Warning" ? TextStyle.Warn : TextStyle.Muted),
                Span(e.Text("reason") ?? "", TextStyle.Strong), Span(e.Text("series", "count") ?? e.Text("count") ?? "1"), Span(e.Text("message") ?? e.Text("note") ?? ""),
            ],
        };
    }

    private static Span Span(string text, TextStyle style = TextStyle.Plain) => new() { Text = text, Style = style };
}
