using System.Collections.Immutable;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Administration;

/// <summary>How the server is doing, for administrators. It counts over all records, so it is not for every request.</summary>
internal sealed class ServerState(Database database, RequiredScanners scanners, DownloadCounts downloads, MarketOptions options, TimeProvider time, MarketLimits limits)
{
    /// <summary>How many publishers are listed by what they keep.</summary>
    private const int MaxPublishers = 10;

    public async Task<Answer<ServerReport>> ReportAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (caller.LacksAdministration() is { } refusal) return refusal;
        return await database.ReadAsync(async sql => new ServerReport { Scanners = await ScannersAsync(sql), Storage = await StorageAsync(sql), Jobs = await JobsAsync(sql) }, cancellationToken);
    }

    private async Task<ImmutableArray<ScannerReport>> ScannersAsync(Sql sql)
    {
        var rows = await sql.ListAsync<ScanRow>("SELECT scanner, verdict, rules_version, COUNT(*) AS versions, MAX(at) AS last FROM scans GROUP BY scanner, verdict, rules_version");
        return [.. scanners.All.Select(scanner =>
        {
            var own = rows.Where(row => row.Scanner == scanner.Name).ToList();
            return new ScannerReport
            {
                Name = scanner.Name,
                RulesVersion = scanner.RulesVersion,
                Verdicts = own.GroupBy(row => row.Verdict, StringComparer.Ordinal).ToImmutableSortedDictionary(group => group.Key, group => group.Sum(row => row.Versions), StringComparer.Ordinal),
                Outdated = own.Where(row => row.RulesVersion != scanner.RulesVersion).Sum(row => row.Versions),
                Last = own.Count == 0 ? null : Stored.Time(own.Max(row => row.Last)),
            };
        })];
    }

    private async Task<StorageReport> StorageAsync(Sql sql)
    {
        var own = (await sql.FirstAsync<SizeRow>("SELECT COUNT(*) AS packages, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM versions"))!;
        var mirrored = (await sql.FirstAsync<SizeRow>("SELECT COUNT(*) AS packages, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM mirrored_versions WHERE stored IS NOT NULL"))!;
        var publishers = await sql.ListAsync<SizeRow>(
            "SELECT p.publisher AS name, COUNT(*) AS packages, CAST(SUM(v.size) AS BIGINT) AS bytes FROM versions v JOIN plugins p ON p.id = v.plugin_id GROUP BY p.publisher ORDER BY bytes DESC, name LIMIT @MaxPublishers", new { MaxPublishers });
        return new StorageReport
        {
            Records = database.Dialect.Name,
            IsBucket = options.Storage is not null,
            Packages = own.Packages + mirrored.Packages,
            Bytes = own.Bytes + mirrored.Bytes,
            Mirrored = mirrored.Packages,
            Publishers = [.. publishers.Select(row => new PublisherStorage(row.Name, row.Packages, row.Bytes))],
        };
    }

    private async Task<JobsReport> JobsAsync(Sql sql)
    {
        var now = time.Now();
        var jobs = await sql.ListAsync<JobRow>("SELECT plugin_id, version_key, enqueued, claimed_until FROM scan_jobs ORDER BY priority, enqueued LIMIT @MaxPageEntries", limits);
        var deliveries = (await sql.ListAsync<StateRow>("SELECT state, COUNT(*) AS deliveries FROM webhook_deliveries WHERE state IN ('waiting', 'dead') GROUP BY state")).ToDictionary(row => row.State, row => row.Deliveries, StringComparer.Ordinal);
        return new JobsReport
        {
            Scans = await sql.FirstAsync<long>("SELECT COUNT(*) FROM scan_jobs"),
            NextScans = [.. jobs.Select(job => new ScanJob(PluginId.Parse(job.PluginId), job.VersionKey, Stored.Time(job.Enqueued), job.ClaimedUntil > now))],
            WebhooksWaiting = deliveries.GetValueOrDefault("waiting"),
            WebhooksDead = deliveries.GetValueOrDefault("dead"),
            DownloadsWaiting = downloads.Waiting,
            DownloadsDropped = downloads.Dropped,
            DocumentsExpire = Stored.Time(await sql.FirstAsync<long?>("SELECT MIN(expires) FROM documents")),
        };
    }

    private sealed record ScanRow
    {
        public string Scanner { get; init; } = "";

        public string Verdict { get; init; } = "";

        public long RulesVersion { get; init; }

        public long Versions { get; init; }

        public long Last { get; init; }
    }

    private sealed record SizeRow
    {
        public string Name { get; init; } = "";

        public long Packages { get; init; }

        public long Bytes { get; init; }
    }

    private sealed record JobRow
    {
        public string PluginId { get; init; } = "";

        public string VersionKey { get; init; } = "";

        public long Enqueued { get; init; }

        public long ClaimedUntil { get; init; }
    }

    private sealed record StateRow
    {
        public string State { get; init; } = "";

        public long Deliveries { get; init; }
    }
}
