using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Views;

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

    /// <summary>How its cells are sorted, and drawn: the text of an <see cref="ColumnType.Age"/> is a time (RFC 3339), which the host draws as a running age. No sparklines.</summary>
    public ColumnType Type { get; init; }
}

/// <summary>An order of a table's rows.</summary>
public sealed record TableSort
{
    /// <summary>Index in the header.</summary>
    public required int Column { get; init; }

    public bool Descending { get; init; }
}

/// <summary>Something the user can do with a row of a <see cref="ViewNode.Table"/>.</summary>
public sealed record RowAction
{
    /// <summary>Unique in its table.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Key that starts it while the table has the focus; see <see cref="KeyText"/>.</summary>
    public string? Key { get; init; }

    /// <summary>What is destructive is confirmed by the user first.</summary>
    public DangerLevel Danger { get; init; }
}

/// <summary>A row of a <see cref="ViewNode.Table"/>; one cell a column.</summary>
public sealed record TableRow
{
    public required string Id { get; init; }
    public required ImmutableArray<Span> Cells { get; init; }
}
