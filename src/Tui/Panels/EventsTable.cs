using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Panels;

/// <summary>The events about an object, newest first.</summary>
internal static class EventsTable
{
    /// <summary>What is kept of each event. Servers write its time in one of several fields, as they are of several ages.</summary>
    public static ImmutableArray<ColumnSpec> Columns { get; } =
    [
        Column("type", ".type"), Column("reason", ".reason"), Column("message", ".message"), Column("count", ".count", ColumnType.Number), Column("series-count", ".series.count", ColumnType.Number),
        Column("series-last", ".series.lastObservedTime", ColumnType.Age), Column("last", ".lastTimestamp", ColumnType.Age), Column("time", ".eventTime", ColumnType.Age), Column("source", ".source.component"),
        Column("reporter", ".reportingComponent"),
    ];

    public static ViewNode Of(ResourceSnapshot events, DateTimeOffset now, TuiLimits limits)
    {
        var rows = events.Rows.Select(row => Event.Of(row, events)).OrderByDescending(e => e.Last).Take(limits.Events).Select(e => e.ToRow(now)).ToImmutableArray();
        return rows.IsEmpty
            ? new ViewNode.Empty { Message = "No events about this object; the cluster keeps them for a limited time" }
            : new ViewNode.Table
            {
                Header = [new() { Title = "LAST", Align = Alignment.End }, new() { Title = "TYPE" }, new() { Title = "REASON" }, new() { Title = "COUNT", Align = Alignment.End }, new() { Title = "FROM" }, new() { Title = "MESSAGE" }],
                Rows = rows,
            };
    }

    private static ColumnSpec Column(string id, string path, ColumnType type = ColumnType.Text) => ColumnSpec.FromPath($"details.events.{id}", id, JsonPath.Parse(path), type);

    private sealed record Event(string Uid, DateTimeOffset Last, string Type, string Reason, double Count, string From, string Message)
    {
        public static Event Of(ResourceRow row, ResourceSnapshot events)
        {
            return new Event(row.Uid, Time("series-last") ?? Time("last") ?? Time("time") ?? row.Created, Text("type"), Text("reason"), Number("series-count") ?? Number("count") ?? 1, Text("source") is { Length: > 0 } source ? source : Text("reporter"), Text("message"));

            CellValue Value(string id) => events.IndexOf($"details.events.{id}") is var index and >= 0 ? row[index] : CellValue.None;
            string Text(string id) => Value(id).Text ?? "";
            double? Number(string id) => Value(id).Number is var number && double.IsFinite(number) ? number : null;
            DateTimeOffset? Time(string id) => Number(id) is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;
        }

        public TableRow ToRow(DateTimeOffset now) => new()
        {
            Id = Uid,
            Cells =
            [
                Span(HumanDuration.Format(now - Last)), Span(Type, Type == "Warning" ? TextStyle.Warn : TextStyle.Muted), Span(Reason, TextStyle.Strong),
                Span(Count.ToString(CultureInfo.InvariantCulture)), Span(From, TextStyle.Muted), Span(Message.Trim()),
            ],
        };

        private static Span Span(string text, TextStyle style = TextStyle.Plain) => new() { Text = text, Style = style };
    }
}
