using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Has live versions looked at again: those that older rules have passed, or, when what the rules look up is newer, all.</summary>
internal sealed class Rescans(Database database, Publication publication, ScanQueue queue, TimeProvider time)
{
    public async Task<Answer<RescanResult>> RescanAsync(Caller caller, NewRescan asked, CancellationToken cancellationToken)
    {
        if (caller.LacksModeration() is { } refusal) return refusal;
        var count = asked.IsOfAll ? await AllAsync(cancellationToken) : await publication.RescanOutdatedAsync(cancellationToken);
        await database.WriteAsync(sql => AuditTrail.AddAsync(sql, time, caller.Name, "version.rescan", asked.IsOfAll ? "all" : "outdated"), cancellationToken);
        return new RescanResult(count);
    }

    private async Task<int> AllAsync(CancellationToken cancellationToken)
    {
        var count = await database.WriteAsync(sql => sql.ExecuteAsync(
            """
            INSERT INTO scan_jobs (plugin_id, version_key, priority, enqueued)
            SELECT plugin_id, version_key, 1, @Now FROM versions WHERE state = 'live' AND quarantined IS NULL AND kill IS NULL
            ON CONFLICT (plugin_id, version_key) DO NOTHING
            """, new { Now = time.Now() }), cancellationToken);
        if (count > 0) queue.Wake();
        return count;
    }
}
