using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LazyOC.Cluster.Columns;

namespace LazyOC.Cluster.Watch;

/// <summary>
/// The rows of one reflector: written by it alone, read by anybody. Snapshots are made when somebody looks, so a flood of
/// events costs a binary search each and no copies.
/// </summary>
internal sealed class ResourceStore
{
    private readonly Lock _gate = new();
    private ImmutableArray<ColumnSpec> _columns = [];
    private List<ResourceRow> _rows = [];
    private ResourceSnapshot _snapshot = new(0, [], []);
    private long _version;

    public long Version => Volatile.Read(ref _version);

    public int Count => _rows.Count;

    public ResourceSnapshot Current
    {
        get
        {
            lock (_gate)
            {
                if (_snapshot.Version != _version)
                    _snapshot = new ResourceSnapshot(_version, _columns, [.. _rows]);
                return _snapshot;
            }
        }
    }

    /// <summary>The row of an object; for the writer, whose view cannot change underneath.</summary>
    public ResourceRow? Find(string? @namespace, string name)
    {
        var index = ResourceRow.Search(CollectionsMarshal.AsSpan(_rows), @namespace, name);
        return index >= 0 ? _rows[index] : null;
    }

    /// <summary>Puts a whole new list in place and answers the rows before, sorted.</summary>
    public IReadOnlyList<ResourceRow> Replace(ImmutableArray<ColumnSpec> columns, List<ResourceRow> rows)
    {
        rows.Sort(ResourceRow.Compare);
        lock (_gate)
        {
            var before = _rows;
            _rows = rows;
            _columns = columns;
            _version++;
            return before;
        }
    }

    /// <summary>Adds or replaces a row and answers the one before.</summary>
    public ResourceRow? Put(ResourceRow row)
    {
        lock (_gate)
        {
            var index = ResourceRow.Search(CollectionsMarshal.AsSpan(_rows), row.Namespace, row.Name);
            _version++;
            if (index < 0)
            {
                _rows.Insert(~index, row);
                return null;
            }

            var before = _rows[index];
            _rows[index] = row;
            return before;
        }
    }

    /// <summary>Removes a row and answers it; null when it was not there.</summary>
    public ResourceRow? Remove(string? @namespace, string name)
    {
        lock (_gate)
        {
            var index = ResourceRow.Search(CollectionsMarshal.AsSpan(_rows), @namespace, name);
            if (index < 0)
                return null;
            var before = _rows[index];
            _rows.RemoveAt(index);
            _version++;
            return before;
        }
    }
}
