using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Manifest;

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
[JsonDerivedType(typeof(Tabs), "tabs")]
[JsonDerivedType(typeof(Table), "table")]
[JsonDerivedType(typeof(Tree), "tree")]
[JsonDerivedType(typeof(KeyValue), "keyValue")]
[JsonDerivedType(typeof(List), "list")]
[JsonDerivedType(typeof(Chart), "chart")]
[JsonDerivedType(typeof(Progress), "progress")]
[JsonDerivedType(typeof(Form), "form")]
[JsonDerivedType(typeof(Markdown), "markdown")]
[JsonDerivedType(typeof(Badge), "badge")]
[JsonDerivedType(typeof(Button), "button")]
[JsonDerivedType(typeof(Spinner), "spinner")]
[JsonDerivedType(typeof(Code), "code")]
[JsonDerivedType(typeof(Empty), "empty")]
[JsonDerivedType(typeof(Error), "error")]
public abstract record ViewNode
{
    private ViewNode() { }

    /// <summary>Names the node for patches and input; unique in its view. What the user operates (forms, buttons, trees, tables with selectable rows) needs one.</summary>
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

    /// <summary>Children one at a time; the host switches between them without asking the plugin, and keeps the choice over new content by <see cref="ViewNode.Id"/>.</summary>
    public sealed record Tabs : ViewNode
    {
        public required ImmutableArray<TabPage> Children { get; init; }

        /// <summary>Index of the child shown first.</summary>
        public int Selected { get; init; }
    }

    /// <summary>Rows under typed columns; virtualised and sorted by the host.</summary>
    public sealed record Table : ViewNode
    {
        public required ImmutableArray<TableColumn> Header { get; init; }
        public required ImmutableArray<TableRow> Rows { get; init; }

        /// <summary>How the rows are sorted until the user sorts them; null keeps their order.</summary>
        public TableSort? Sort { get; init; }

        /// <summary>What can be done with a row.</summary>
        public ImmutableArray<RowAction> RowActions { get; init => field = value.OrEmpty(); } = [];

        /// <summary>Whether rows can be chosen; see <see cref="HasSelectableRows"/>.</summary>
        public bool? Selectable { get; init; }

        /// <summary><see cref="Selectable"/>, or whether there are row actions when that is absent.</summary>
        [JsonIgnore] public bool HasSelectableRows => Selectable ?? !RowActions.IsEmpty;
    }

    /// <summary>Items below items, folded and unfolded by the host.</summary>
    public sealed record Tree : ViewNode
    {
        public required ImmutableArray<TreeItem> Nodes { get; init; }
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

        /// <summary>Values from which on samples take another style.</summary>
        public ImmutableArray<ChartThreshold> Thresholds { get; init => field = value.OrEmpty(); } = [];
    }

    /// <summary>How much of something is done.</summary>
    public sealed record Progress : ViewNode
    {
        /// <summary>From 0 to 1.</summary>
        public required double Value { get; init; }

        public string? Label { get; init; }
    }

    /// <summary>Fields to fill in and to submit; the host checks them with <see cref="FormRules"/> before it sends them.</summary>
    public sealed record Form : ViewNode
    {
        public required ImmutableArray<FormField> Fields { get; init; }

        /// <summary>Text of the button that submits.</summary>
        public required string Submit { get; init; }

        /// <summary>What is destructive is confirmed by the user first.</summary>
        public DangerLevel Danger { get; init; }
    }

    /// <summary>CommonMark text, without HTML and images.</summary>
    public sealed record Markdown : ViewNode
    {
        public required string Content { get; init; }
    }

    /// <summary>A short label that stands out, such as a status.</summary>
    public sealed record Badge : ViewNode
    {
        public required string Label { get; init; }
        public TextStyle Style { get; init; }
    }

    /// <summary>Something to press.</summary>
    public sealed record Button : ViewNode
    {
        public required string Label { get; init; }
        public TextStyle Style { get; init; }

        /// <summary>What is destructive is confirmed by the user first.</summary>
        public DangerLevel Danger { get; init; }
    }

    /// <summary>Says that something is going on that has no measure.</summary>
    public sealed record Spinner : ViewNode
    {
        public string? Label { get; init; }
    }

    /// <summary>Text shown as it is, without wrapping.</summary>
    public sealed record Code : ViewNode
    {
        public required string Content { get; init; }

        /// <summary>What it is coloured as: <c>yaml</c>, <c>json</c> or <c>log</c>; any other is shown plain.</summary>
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

/// <summary>A child of <see cref="ViewNode.Tabs"/>.</summary>
public sealed record TabPage
{
    public required string Title { get; init; }
    public required ViewNode Content { get; init; }

    /// <summary>Names the page over new content; its title when absent. Unique among its siblings.</summary>
    public string? Id { get; init; }
}

/// <summary>An item of a <see cref="ViewNode.Tree"/>.</summary>
public sealed record TreeItem
{
    /// <summary>Unique in its tree.</summary>
    public required string Id { get; init; }

    public required ImmutableArray<Span> Label { get; init; }
    public ImmutableArray<TreeItem> Children { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Whether it is unfolded until the user folds it.</summary>
    public bool Expanded { get; init; }
}

/// <summary>A line of a <see cref="ViewNode.KeyValue"/>.</summary>
public sealed record KeyValueItem
{
    public required string Key { get; init; }
    public required ImmutableArray<Span> Value { get; init; }
}
