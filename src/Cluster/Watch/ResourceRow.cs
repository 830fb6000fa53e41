using LazyOC.Cluster.Columns;

namespace LazyOC.Cluster.Watch;

/// <summary>What is kept of one object. Immutable; a changed object is a new row.</summary>
public sealed class ResourceRow
{
    private readonly CellValue[] _values;
    private readonly long _createdMs;

    internal ResourceRow(string uid, string? @namespace, string name, long createdMs, ulong revision, CellValue[] values)
    {
        Uid = uid;
        Namespace = @namespace;
        Name = name;
        _createdMs = createdMs;
        Revision = revision;
        _values = values;
    }

    /// <summary>The object's uid.</summary>
    public string Uid { get; }

    /// <summary>Its namespace; null for a cluster-wide kind.</summary>
    public string? Namespace { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>When it was created; the Unix epoch when the server does not say.</summary>
    public DateTimeOffset Created => DateTimeOffset.FromUnixTimeMilliseconds(_createdMs);

    /// <summary>The value of a column, by its index in <see cref="ResourceSnapshot.Columns"/>.</summary>
    public CellValue this[int column] => _values[column];

    /// <summary>A fingerprint of the resource version: good for "is it the same one", never for order.</summary>
    internal ulong Revision { get; }

    internal static int Compare(ResourceRow left, ResourceRow right) => left.CompareTo(right.Namespace, right.Name);

    /// <summary>Index of an object among sorted rows; the complement of where it would stand when it is not there.</summary>
    internal static int Search(ReadOnlySpan<ResourceRow> sorted, string? @namespace, string name)
    {
        var low = 0;
        var high = sorted.Length - 1;
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var order = sorted[middle].CompareTo(@namespace, name);
            if (order == 0)
                return middle;
            if (order < 0)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }

    private int CompareTo(string? @namespace, string name)
    {
        var order = string.CompareOrdinal(Namespace, @namespace);
        return order != 0 ? order : string.CompareOrdinal(Name, name);
    }
}
