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

    /// <summary>A JSON array of what a path selects; not for display.</summary>
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

    /// <summary>
    /// A column that a JSONPath fills. Several selected values are joined by commas; as <see cref="ColumnType.Json"/> they
    /// are always a JSON array, and there is no value when nothing is selected.
    /// </summary>
    /// <param name="id">Unique id, such as <c>acme.costs.price</c>.</param>
    /// <param name="title">Heading.</param>
    /// <param name="path">What to extract.</param>
    /// <param name="type">How to show it; <see cref="ColumnType.Json"/> keeps the selected JSON.</param>
    /// <param name="wide">Show only when there is room.</param>
    public static ColumnSpec FromPath(string id, string title, JsonPath path, ColumnType type = ColumnType.Text, bool wide = false) =>
        new(id, title, type, resource => FromPath(path.Select(resource), type), wide);

    /// <summary>A column of a custom resource's definition, which shows the first selected value only.</summary>
    internal static ColumnSpec FirstFromPath(string id, string title, JsonPath path, ColumnType type, bool wide) =>
        new(id, title, type, resource => path.Select(resource) is [var first, ..] ? CellValue.Of(first, type) : CellValue.None, wide);

    /// <summary>The column's value for one object.</summary>
    public CellValue Project(JsonElement resource) => _project(resource);

    private static CellValue FromPath(IReadOnlyList<JsonElement> found, ColumnType type) => (type, found.Count) switch
    {
        (_, 0) => CellValue.None,
        (ColumnType.Json, _) => CellValue.Of($"[{string.Join(',', found.Select(f => f.GetRawText()))}]"),
        (_, 1) => CellValue.Of(found[0], type),
        _ => CellValue.Of(string.Join(',', found.Select(CellValue.Plain))),
    };

    /// <inheritdoc/>
    public bool Equals(ColumnSpec? other) => other is not null && Id == other.Id;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ColumnSpec);

    /// <inheritdoc/>
    public override int GetHashCode() => Id.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Id} ({Type})";
}
