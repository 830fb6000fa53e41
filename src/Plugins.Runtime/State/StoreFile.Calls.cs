using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;
using Microsoft.Data.Sqlite;

namespace LazyOC.Plugins.Runtime.State;

/// <summary>A change of one key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">Its new value as JSON; null to delete it.</param>
/// <param name="IfRevision">The revision that it must have before; null for any, 0 for none.</param>
internal readonly record struct StoreChange(string Key, byte[]? Value, long? IfRevision);

/// <content>What the calls <c>storage.*</c> do.</content>
internal sealed partial class StoreFile
{
    /// <summary>As deep as arguments may be.</summary>
    private const int MaxDepth = 128;

    public CallOutcome<StorageGetAnswer> Get(string key) => Run(isWrite: false, new StorageGetAnswer(), _ =>
    {
        using var command = Command(_connection!, null, "SELECT value, revision FROM entries WHERE key = $key;", ("$key", key));
        using var row = command.ExecuteReader();
        return row.Read() ? new StorageGetAnswer { Value = Parse(row.GetFieldValue<byte[]>(0)), Revision = row.GetInt64(1) } : new StorageGetAnswer();
    });

    /// <summary>A page of keys in the order of their UTF-8.</summary>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="after">The key before the first one; null for the beginning.</param>
    /// <param name="limit">How many.</param>
    /// <param name="values">With their values, as many as there is room for.</param>
    public CallOutcome<StorageListAnswer> List(string prefix, string? after, int limit, bool values) => Run(isWrite: false, new StorageListAnswer { Items = [] }, _ =>
    {
        using var command = Command(
            _connection!, null,
            "SELECT key, revision, CASE WHEN $values THEN value END FROM entries WHERE key >= $prefix AND ($after IS NULL OR key > $after) ORDER BY key LIMIT $limit;",
            ("$values", values), ("$prefix", prefix), ("$after", (object?)after ?? DBNull.Value), ("$limit", limit + 1));
        using var row = command.ExecuteReader();
        var items = ImmutableArray.CreateBuilder<StoredItem>();
        var bytes = 0;
        while (row.Read() && row.GetString(0) is var key && key.StartsWith(prefix, StringComparison.Ordinal))
        {
            var value = row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2);
            bytes += value?.Length ?? 0;
            if (items.Count == limit || (items.Count > 0 && bytes > _limits.StoredBytesListed)) return new StorageListAnswer { Items = items.DrainToImmutable(), More = true };
            items.Add(new StoredItem { Key = key, Revision = row.GetInt64(1), Value = value is null ? null : Parse(value) });
        }
        return new StorageListAnswer { Items = items.DrainToImmutable() };
    });

    /// <summary>Makes changes, all of them or none; the answer is the revision of what was set.</summary>
    public CallOutcome<long> Change(ImmutableArray<StoreChange> changes) => Run(isWrite: true, 0L, transaction =>
    {
        var revision = Next(transaction!);
        foreach (var change in changes)
        {
            if (change.IfRevision is { } expected && RevisionOf(transaction!, change.Key) is var found && found != expected)
                return new CallError(ErrorCode.Conflict, $"`{change.Key}` has revision {found}, not {expected}: nothing was changed");
            using var command = change.Value is { } value
                ? Command(
                    _connection!, transaction,
                    "INSERT INTO entries (key, value, revision) VALUES ($key, $value, $revision) ON CONFLICT (key) DO UPDATE SET value = excluded.value, revision = excluded.revision;",
                    ("$key", change.Key), ("$value", value), ("$revision", revision))
                : Command(_connection!, transaction, "DELETE FROM entries WHERE key = $key;", ("$key", change.Key));
            command.ExecuteNonQuery();
        }
        return revision;
    });

    /// <summary>Writes every key and value into an object.</summary>
    public (int Count, CallError? Error) Export(Utf8JsonWriter writer)
    {
        var outcome = Run(isWrite: false, 0, _ =>
        {
            using var command = Command(_connection!, null, "SELECT key, value FROM entries ORDER BY key;");
            using var row = command.ExecuteReader();
            var count = 0;
            for (; row.Read(); count++)
            {
                writer.WritePropertyName(row.GetString(0));
                Parse(row.GetFieldValue<byte[]>(1)).WriteTo(writer);
            }
            return count;
        });
        return outcome is CallOutcome<int>.Failed failed ? (0, failed.Error) : (((CallOutcome<int>.Done)outcome).Answer, null);
    }

    private long Next(SqliteTransaction transaction)
    {
        using var command = Command(_connection!, transaction, "UPDATE counter SET revision = revision + 1 RETURNING revision;");
        return (long)command.ExecuteScalar()!;
    }

    private long RevisionOf(SqliteTransaction transaction, string key)
    {
        using var command = Command(_connection!, transaction, "SELECT revision FROM entries WHERE key = $key;", ("$key", key));
        return command.ExecuteScalar() is long revision ? revision : 0;
    }
}
