using System.Collections.Immutable;
using System.Text.Json;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>storage.get</c>: the value of one key.</summary>
public sealed record StorageGetRequest
{
    public required string Key { get; init; }
}

/// <summary>Answer of <c>storage.get</c>; empty when the key has no value.</summary>
public sealed record StorageGetAnswer
{
    public JsonElement? Value { get; init; }

    /// <summary>Another one with every change of the value: for <see cref="StorageSetRequest.IfRevision"/>.</summary>
    public long? Revision { get; init; }
}

/// <summary><c>storage.set</c>: gives a key a value.</summary>
public sealed record StorageSetRequest
{
    public required string Key { get; init; }

    /// <summary>Any JSON.</summary>
    public required JsonElement Value { get; init; }

    /// <summary>Refuses with <c>conflict</c> unless the value is still of this revision; 0 is that of a key without one.</summary>
    public long? IfRevision { get; init; }
}

/// <summary>Answer of <c>storage.set</c>.</summary>
public sealed record StorageSetAnswer
{
    /// <summary>Of the value as it is now.</summary>
    public required long Revision { get; init; }
}

/// <summary><c>storage.delete</c>: takes a key and its value away; one that is not there is no error.</summary>
public sealed record StorageDeleteRequest
{
    public required string Key { get; init; }

    /// <summary>As in <see cref="StorageSetRequest.IfRevision"/>.</summary>
    public long? IfRevision { get; init; }
}

/// <summary><c>storage.list</c>: a page of keys, in ordinal order.</summary>
public sealed record StorageListRequest
{
    /// <summary>Only keys that begin so.</summary>
    public string Prefix { get; init => field = value ?? ""; } = "";

    /// <summary>Only keys behind this one: the last of the page before.</summary>
    public string? After { get; init; }

    /// <summary>Keys a page; 100 when absent.</summary>
    public int? Limit { get; init; }

    /// <summary>With the values, as many as an answer holds.</summary>
    public bool Values { get; init; }
}

/// <summary>Answer of <c>storage.list</c>.</summary>
public sealed record StorageListAnswer
{
    public required ImmutableArray<StoredItem> Items { get; init; }

    /// <summary>There are more: ask with <see cref="StorageListRequest.After"/>.</summary>
    public bool More { get; init; }
}

/// <summary>A key that has a value.</summary>
public sealed record StoredItem
{
    public required string Key { get; init; }

    /// <summary>When it was asked for.</summary>
    public JsonElement? Value { get; init; }

    public required long Revision { get; init; }
}

/// <summary><c>storage.batch</c>: several changes, all of them or none; each key once.</summary>
public sealed record StorageBatchRequest
{
    public ImmutableArray<StorageSetRequest> Set { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<StorageDeleteRequest> Delete { get; init => field = value.OrEmpty(); } = [];
}
