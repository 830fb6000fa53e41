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
}
