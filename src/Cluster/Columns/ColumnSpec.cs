using System.Text.Json;

namespace LazyOC.Cluster.Columns;

/// <summary>How a column's values are shown and sorted.</summary>
public enum ColumnType
{
    /// <summary>Text, sorted by ordinal.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A Kubernetes quantity, such as <c>500m</c> or <c>2Gi</c>: shown as written, sorted by value.</summary>
    Quantity,

    /// <summary>A point in time, shown as the time since; younger sorts first.</summary>
    Age,

    /// <summary>A state word, such as <c>Running</c> or <c>CrashLoopBackOff</c>.</summary>
    Status,

    /// <summary>Ready of wanted, such as <c>1/2</c>: sorted by the share that is ready.</summary>
    Ready,

    /// <summary>A count of restarts with the time of the last one.</summary>
    Restarts,

    /// <summary>The raw JSON of what a path selects; not for display. A path that selects nothing gives no text.</summary>
    Json,
}

/// <summary>One column: what the reflector keeps of each object while it streams by. Immutable; compared by <see cref="Id"/>.</summary>
public sealed class ColumnSpec : IEquatable<ColumnSpec>
{
    private readonly Func<JsonElement, CellValue> _project;

    internal ColumnSpec(string id, string title, ColumnType type, Func<JsonElement, CellValue> project, bool wide = false)
    {
        Id = id;
        Title = title;
        Type = type;
        IsWide = wide;
        _project = project;
    }

    /// <summary>Identifies the projection: two columns with one id must project the same.</summary>
    public string Id { get; }

    /// <summary>Heading.</summary>
    public string Title { get; }

    /// <summary>How values are shown and sorted.</summary>
    public ColumnType Type { get; }

    /// <summary>Whether it is shown only when there is room (kubectl's <c>-o wide</c>).</summary>
    public bool IsWide { get; }

    /// <summary>A column that a JSONPath fills.</summary>
    /// <param name="id">Unique id, such as <c>acme.costs.price</c>.</param>
    /// <param name="title">Heading.</param>
    /// <param name="path">What to extract.</param>
    /// <param name="type">How to show it; <see cref="ColumnType.Json"/> keeps the selected JSON.</param>
    /// <param name="wide">Show only when there is room.</param>
    public static ColumnSpec FromPath(string id, string title, JsonPath path, ColumnType type = ColumnType.Text, bool wide = false) => throw new NotImplementedException();

    /// <summary>The column's value for one object.</summary>
    public CellValue Project(JsonElement resource) => _project(resource);

    /// <inheritdoc/>
    public bool Equals(ColumnSpec? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ColumnSpec);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Type})";
}
