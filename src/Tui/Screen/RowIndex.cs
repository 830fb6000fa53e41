using System.Collections.Immutable;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Watch;

namespace LazyOC.Tui.Screen;

/// <summary>The order that the rows of a list are sorted by.</summary>
/// <param name="Column">Id of a column; <see cref="Name"/> for the names.</param>
/// <param name="Descending">Largest first.</param>
internal sealed record RowOrder(string Column, bool Descending)
{
    public const string Name = "name";
    public const string Namespace = "namespace";
}

/// <summary>Which rows of a snapshot are shown, in which order. Immutable: the frame that draws it is not disturbed by the next.</summary>
internal sealed class RowIndex
{
    private readonly ImmutableArray<int> _rows;

    private RowIndex(ResourceSnapshot snapshot, ImmutableArray<int> rows) => (Snapshot, _rows) = (snapshot, rows);

    public static RowIndex Empty(ResourceSnapshot snapshot) => new(snapshot, []);

    public ResourceSnapshot Snapshot { get; }

    public int Count => _rows.IsDefault ? Snapshot.Rows.Length : _rows.Length;

    public ResourceRow this[int index] => Snapshot.Rows[_rows.IsDefault ? index : _rows[index]];

    /// <summary>Index of an object by its uid; -1 when it is not shown. Looks at <paramref name="near"/> first, where it mostly still is.</summary>
    public int IndexOf(string uid, int near)
    {
        if (near >= 0 && near < Count && this[near].Uid == uid)
            return near;
        for (var i = 0; i < Count; i++)
        {
            if (this[i].Uid == uid)
                return i;
        }
        return -1;
    }

    /// <summary>Filters and sorts; rows that compare equal stay in the snapshot's order, by namespace and name.</summary>
    /// <param name="snapshot">The rows.</param>
    /// <param name="filter">Which are shown.</param>
    /// <param name="sort">The key of each row and how to compare two; null leaves the snapshot's order.</param>
    public static RowIndex Of(ResourceSnapshot snapshot, RowFilter filter, RowSort? sort)
    {
        if (filter.IsNone && sort is null)
            return new RowIndex(snapshot, default);
        var searched = Enumerable.Range(0, snapshot.Columns.Length)
            .Where(i => snapshot.Columns[i].Type is ColumnType.Text or ColumnType.Status or ColumnType.Ready).ToArray();
        var kept = new int[snapshot.Rows.Length];
        var count = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            if (filter.Matches(snapshot.Rows[i], searched))
                kept[count++] = i;
        }
        Array.Resize(ref kept, count);
        if (sort is not null)
            Sort(snapshot, kept, sort);
        return new RowIndex(snapshot, System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(kept));
    }

    private static void Sort(ResourceSnapshot snapshot, int[] rows, RowSort sort)
    {
        var keys = new SortKey[rows.Length];
        for (var i = 0; i < keys.Length; i++)
            keys[i] = new SortKey(sort.Key(snapshot.Rows[rows[i]]), rows[i]);
        var sign = sort.Descending ? -1 : 1;
        Array.Sort(keys, rows, Comparer<SortKey>.Create((left, right) =>
        {
            var order = CellValue.Compare(left.Value, right.Value, sort.Type);
            // What has no value stays last whichever way the others go.
            if (order != 0)
                return left.Value.IsNone || right.Value.IsNone ? order : sign * order;
            return left.Position.CompareTo(right.Position);
        }));
    }

    private readonly record struct SortKey(CellValue Value, int Position);
}

/// <summary>What rows are compared by.</summary>
/// <param name="Key">The value of a row.</param>
/// <param name="Type">How values compare.</param>
/// <param name="Descending">Largest first.</param>
internal sealed record RowSort(Func<ResourceRow, CellValue> Key, ColumnType Type, bool Descending);
