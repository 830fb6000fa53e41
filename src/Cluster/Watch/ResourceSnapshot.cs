using System.Collections.Immutable;
using LazyOC.Cluster.Columns;

namespace LazyOC.Cluster.Watch;

/// <summary>All rows of a watch at one moment. Immutable.</summary>
public sealed class ResourceSnapshot
{
    internal ResourceSnapshot(long version, ImmutableArray<ColumnSpec> columns, ImmutableArray<ResourceRow> rows)
    {
        Version = version;
        Columns = columns;
        Rows = rows;
    }

    /// <summary>Grows with every change; 0 before the first list.</summary>
    public long Version { get; }

    /// <summary>What the values of each row are, in order.</summary>
    public ImmutableArray<ColumnSpec> Columns { get; }

    /// <summary>The rows by namespace, then name, both ordinal.</summary>
    public ImmutableArray<ResourceRow> Rows { get; }

    /// <summary>Index of a column for <see cref="ResourceRow"/>'s indexer; -1 while it is not there yet.</summary>
    public int IndexOf(string columnId)
    {
        for (var i = 0; i < Columns.Length; i++)
            if (Columns[i].Id == columnId)
                return i;
        return -1;
    }

    /// <summary>The row of an object; null when there is none.</summary>
    public ResourceRow? Find(string? @namespace, string name)
    {
        var index = ResourceRow.Search(Rows.AsSpan(), @namespace, name);
        return index >= 0 ? Rows[index] : null;
    }
}
