using System.Collections.Concurrent;
using LazyOC.Marketplace.Data;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Versions that wait for their checks, the oldest first. Who takes one has it for a time; then it is anybody's again. Thread safe.</summary>
internal sealed class ScanQueue(Database database, TimeProvider time, MarketLimits limits) : IDisposable
{
    private readonly SemaphoreSlim _arrived = new(0);

    private readonly ConcurrentDictionary<VersionKey, bool> _taken = new();

    /// <summary>Names this process among those that take from the queue.</summary>
    private readonly string _node = Guid.NewGuid().ToString("N");

    /// <summary>Adds a version, in the transaction that makes it wait.</summary>
    public static Task AddAsync(Sql sql, VersionKey key, long now) => sql.ExecuteAsync(
        "INSERT INTO scan_jobs (plugin_id, version_key, enqueued) VALUES (@PluginId, @Key, @now) ON CONFLICT (plugin_id, version_key) DO NOTHING", new { key.PluginId, key.Key, now });

    /// <summary>Takes a version off, in the transaction in which it is decided.</summary>
    public static Task RemoveAsync(Sql sql, VersionKey key) => sql.ExecuteAsync("DELETE FROM scan_jobs WHERE plugin_id = @PluginId AND version_key = @Key", key);

    /// <summary>Says that something was added.</summary>
    public void Wake() => _arrived.Release();

    /// <summary>Waits until something was added, or a time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(atMost, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await _arrived.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over: another process may have left something.
        }
    }

    /// <summary>Takes the next one, which is this process's for a time and for as long as it says that it goes on; null when there is none.</summary>
    public async Task<VersionKey?> ClaimAsync(CancellationToken cancellationToken)
    {
        var key = await database.WriteAsync(ClaimAsync, cancellationToken, WriteMode.Rows);
        if (key is not null) _taken[key] = true;
        return key;
    }

    /// <summary>Says that what this process has taken is still being checked.</summary>
    public async Task GoOnAsync(CancellationToken cancellationToken)
    {
        foreach (var key in _taken.Keys)
            await database.WriteAsync(
                sql => sql.ExecuteAsync("UPDATE scan_jobs SET claimed_until = @Until WHERE plugin_id = @PluginId AND version_key = @Key AND claimed_by = @_node", new { Until = EndOfLease(), key.PluginId, key.Key, _node }),
                cancellationToken, WriteMode.Rows);
    }

    /// <summary>Says that this process is through with one, or cannot go on with it: if it is still there, it is anybody's when its time is over.</summary>
    public void Leave(VersionKey key) => _taken.TryRemove(key, out _);

    /// <summary>Gives back what this process has taken, so that nobody waits for it.</summary>
    public Task GiveBackAsync(CancellationToken cancellationToken) => database.WriteAsync(
        sql => sql.ExecuteAsync("UPDATE scan_jobs SET claimed_by = NULL, claimed_until = 0 WHERE claimed_by = @_node", new { _node }), cancellationToken, WriteMode.Rows);

    /// <summary>Gives back what was taken by processes that have ended; where others may be running, their time tells.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        if (!database.Dialect.IsShared) await database.WriteAsync(sql => sql.ExecuteAsync("UPDATE scan_jobs SET claimed_by = NULL, claimed_until = 0 WHERE claimed_until > 0"), cancellationToken);
    }

    /// <summary>How many wait or are being checked.</summary>
    public Task<long> CountAsync(CancellationToken cancellationToken) => database.ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) FROM scan_jobs"), cancellationToken);

    public void Dispose() => _arrived.Dispose();

    private async Task<VersionKey?> ClaimAsync(Sql sql)
    {
        var now = time.Now();
        var job = await sql.FirstAsync<JobRow>(
            $"""
            UPDATE scan_jobs SET claimed_by = @_node, claimed_until = @Until
            WHERE (plugin_id, version_key) = (SELECT plugin_id, version_key FROM scan_jobs WHERE claimed_until <= @now ORDER BY priority, enqueued LIMIT 1 {sql.Dialect.SkipTaken})
            RETURNING plugin_id, version_key
            """, new { _node, now, Until = EndOfLease() });
        if (job is null) return null;
        var key = new VersionKey(job.PluginId, job.VersionKey);
        await sql.ExecuteAsync("UPDATE versions SET state = 'scanning', since = @now WHERE plugin_id = @PluginId AND version_key = @Key AND state IN ('accepted', 'held')", new { now, key.PluginId, key.Key });
        // What an earlier run found says nothing about this one.
        await sql.ExecuteAsync("DELETE FROM scans WHERE plugin_id = @PluginId AND version_key = @Key AND EXISTS (SELECT 1 FROM versions WHERE plugin_id = @PluginId AND version_key = @Key AND state = 'scanning')", key);
        await sql.ExecuteAsync("DELETE FROM human_verdicts WHERE plugin_id = @PluginId AND version_key = @Key AND EXISTS (SELECT 1 FROM versions WHERE plugin_id = @PluginId AND version_key = @Key AND state = 'scanning')", key);
        return key;
    }

    private long EndOfLease() => time.Now() + (long)limits.ScanLease.TotalMilliseconds;

    private sealed record JobRow
    {
        public string PluginId { get; init; } = "";

        public string VersionKey { get; init; } = "";
    }
}
