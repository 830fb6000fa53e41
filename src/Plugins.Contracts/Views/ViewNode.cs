using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>Meaning of a piece of text; the theme decides how it looks, and status is never colour alone.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TextStyle>))]
public enum TextStyle
{
    [JsonStringEnumMemberName("plain")] Plain,
    [JsonStringEnumMemberName("muted")] Muted,
    [JsonStringEnumMemberName("strong")] Strong,
    [JsonStringEnumMemberName("accent")] Accent,
    [JsonStringEnumMemberName("ok")] Ok,
    [JsonStringEnumMemberName("warn")] Warn,
    [JsonStringEnumMemberName("error")] Error,
    [JsonStringEnumMemberName("info")] Info,
}

/// <summary>A run of text in one style.</summary>
public sealed record Span
{
    public required string Text { get; init; }
    public TextStyle Style { get; init; }
}

/// <summary>
/// A node of the view tree that guests return instead of bytes for the terminal. The host draws it; strings are data and
/// lose control characters when they are drawn. Limits are <see cref="ViewLimits"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Text), "text")]
[JsonDerivedType(typeof(Stack), "stack")]
[JsonDerivedType(typeof(Columns), "columns")]
[JsonDerivedType(typeof(Table), "table")]
[JsonDerivedType(typeof(KeyValue), "keyValue")]
[JsonDerivedType(typeof(List), "list")]
[JsonDerivedType(typeof(Chart), "chart")]
[JsonDerivedType(typeof(Progress), "progress")]
[JsonDerivedType(typeof(Badge), "badge")]
[JsonDerivedType(typeof(Code), "code")]
[JsonDerivedType(typeof(Empty), "empty")]
[JsonDerivedType(typeof(Error), "error")]
public abstract record ViewNode
{
    private ViewNode() { }

    /// <summary>Names the node for patches and events; unique in its view.</summary>
    public string? Id { get; init; }

    /// <summary>One paragraph, wrapped by the host.</summary>
    public sealed record Text : ViewNode
    {
        public required ImmutableArray<Span> Spans { get; init; }
    }

    /// <summary>Children from top to bottom.</summary>
    public sealed record Stack : ViewNode
    {
        public required ImmutableArray<ViewNode> Children { get; init; }

        /// <summary>Empty lines between children.</summary>
        public int Gap { get; init; }
    }

    /// <summary>Children side by side, sharing the width by <see cref="Weights"/> (equal when absent).</summary>
    public sealed record Columns : ViewNode
    {
        public required ImmutableArray<ViewNode> Children { get; init; }
        public ImmutableArray<int> Weights { get; init => field = value.OrEmpty(); } = [];
    }

    /// <summary>Rows under typed columns; virtualised by the host.</summary>
    public sealed record Table : ViewNode
    {
        public required ImmutableArray<TableColumn> Header { get; init; }
        public required ImmutableArray<TableRow> Rows { get; init; }
    }

    /// <summary>Names and what they are, one pair a line, names aligned.</summary>
    public sealed record KeyValue : ViewNode
    {
        public required ImmutableArray<KeyValueItem> Items { get; init; }
    }

    /// <summary>Items one below the other, with a bullet or, when ordered, a number.</summary>
    public sealed record List : ViewNode
    {
        public required ImmutableArray<ImmutableArray<Span>> Items { get; init; }
        public bool Ordered { get; init; }
    }

    /// <summary>A drawing of numbers, scaled to the width there is. Without bounds the data give them.</summary>
    public sealed record Chart : ViewNode
    {
        public required ChartKind Kind { get; init; }
        public required ImmutableArray<ChartSeries> Series { get; init; }
        public string? Title { get; init; }
        public string? Unit { get; init; }
        public double? Min { get; init; }
        public double? Max { get; init; }

        /// <summary>Lines of the drawing; the host caps it.</summary>
        public int? Height { get; init; }
    }

    /// <summary>How much of something is done.</summary>
    public sealed record Progress : ViewNode
    {
        /// <summary>From 0 to 1.</summary>
        public required double Value { get; init; }

        public string? Label { get; init; }
    }

    /// <summary>A short label that stands out, such as a status.</summary>
    public sealed record Badge : ViewNode
    {
        public required string Label { get; init; }
        public TextStyle Style { get; init; }
    }

    /// <summary>Text shown as it is, without wrapping.</summary>
    public sealed record Code : ViewNode
    {
        public required string Content { get; init; }
        public string? Language { get; init; }
    }

    /// <summary>Says that there is nothing to show, and why.</summary>
    public sealed record Empty : ViewNode
    {
        public required string Message { get; init; }
    }

    /// <summary>A failure that the plugin reports itself.</summary>
    public sealed record Error : ViewNode
    {
        public required string Message { get; init; }
        public string? Hint { get; init; }
    }
}

/// <summary>Where a cell's text stands in its column.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Alignment>))]
public enum Alignment
{
    [JsonStringEnumMemberName("start")] Start,
    [JsonStringEnumMemberName("end")] End,
}

/// <summary>A column of a <see cref="ViewNode.Table"/>.</summary>
public sealed record TableColumn
{
    public required string Title { get; init; }
    public Alignment Align { get; init; }
}

/// <summary>A row of a <see cref="ViewNode.Table"/>; one cell a column.</summary>
public sealed record TableRow
{
    public required string Id { get; init; }
    public required ImmutableArray<Span> Cells { get; init; }
}

/// <summary>A line of a <see cref="ViewNode.KeyValue"/>.</summary>
public sealed record KeyValueItem
{
    public required string Key { get; init; }
    public required ImmutableArray<Span> Value { get; init; }
}

/// <summary>How a chart draws its series.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChartKind>))]
public enum ChartKind
{
    /// <summary>One line of text, a character a sample.</summary>
    [JsonStringEnumMemberName("sparkline")] Sparkline,

    /// <summary>Columns side by side.</summary>
    [JsonStringEnumMemberName("bar")] Bar,

    /// <summary>A curve over several lines of text.</summary>
    [JsonStringEnumMemberName("line")] Line,

    /// <summary>The last sample between the bounds.</summary>
    [JsonStringEnumMemberName("gauge")] Gauge,
}

/// <summary>One series; equally spaced samples, oldest first. A null is a gap.</summary>
public sealed record ChartSeries
{
    public string? Label { get; init; }
    public required ImmutableArray<double?> Values { get; init; }
    public TextStyle Style { get; init; }
}

/// <summary>What a view may hold at most.</summary>
/// <param name="MaxNodes">Nodes, rows and list items together.</param>
/// <param name="MaxDepth">Nesting.</param>
/// <param name="MaxSamples">Samples of all chart series together.</param>
public sealed record ViewLimits(int MaxNodes = 5_000, int MaxDepth = 32, int MaxSamples = 20_000);
