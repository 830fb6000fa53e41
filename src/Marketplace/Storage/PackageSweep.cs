using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Storage;

/// <summary>
/// Removes packages that no record names: what a node that ended in the middle of a publish has left. The records say which
/// package is being removed and how often one was, so that who publishes the same bytes meanwhile does it again rather than
/// name what is not there any more.
/// </summary>
internal sealed partial class PackageSweep(Database database, PackageStorage packages, TimeProvider time, MarketLimits limits, ILogger<PackageSweep> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>What a publisher looks at before the package is stored, and compares in the transaction that names it.</summary>
    /// <returns>How often the package was removed; null while it is.</returns>
    public static async Task<long?> MarkAsync(Sql sql, Digest digest)
    {
        var row = await sql.FirstAsync<Row>("SELECT sweeps, is_under_way FROM package_sweeps WHERE digest = @Digest", new { Digest = digest.ToString() });
        return row is null ? 0 : row.IsUnderWay != 0 ? null : row.Sweeps;
    }

    /// <summary>Removes what is as old that nobody can be publishing it; everything where this is the only process.</summary>
    /// <returns>How many files were removed.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var before = database.Dialect.IsShared ? time.GetUtcNow() - limits.UnnamedPackageTime : DateTimeOffset.MaxValue;
        var removed = packages.RemoveIncoming(before);
        // What another was removing when it ended.
        foreach (var digest in await database.ReadAsync(sql => sql.ListAsync<string>("SELECT digest FROM package_sweeps WHERE is_under_way = 1"), cancellationToken))
            if (Digest.TryParse(digest, out var parsed)) await EndAsync($"{parsed}.lzp", parsed, cancellationToken);
        await foreach (var batch in packages.ListAsync(limits.SweepBatch, cancellationToken))
        {
            if (batch.Count == 0) continue;
            var known = await KnownAsync([.. batch.Select(package => package.PackageDigest?.ToString()).OfType<string>()], cancellationToken);
            foreach (var package in batch.Where(package => package.Kept <= before && !(package.PackageDigest is { } digest && known.Contains(digest.ToString()))))
            {
                if (package.PackageDigest is not { } digest) await packages.RemoveAsync(package.Name, cancellationToken);
                else if (!await BeginAsync(digest, cancellationToken)) continue;
                else await EndAsync(package.Name, digest, cancellationToken);
                removed++;
            }
        }
        return removed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The only process has done it before it began to answer.
        while (database.Dialect.IsShared && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await RunAsync(stoppingToken) is > 0 and var count) LogRemoved(log, count);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LogFailed(log, error);
            }
            await Task.Delay(Interval, time, stoppingToken);
        }
    }

    private async Task<HashSet<string>> KnownAsync(string[] digests, CancellationToken cancellationToken) => digests.Length == 0 ? [] : (await database.ReadAsync(
        sql => sql.ListAsync<string>("SELECT digest FROM versions WHERE digest >= @First AND digest <= @Last", new { First = digests.Min(StringComparer.Ordinal), Last = digests.Max(StringComparer.Ordinal) }), cancellationToken)).ToHashSet(StringComparer.Ordinal);

    /// <summary>Says that a package is being removed; false when a record names it by now.</summary>
    private async Task<bool> BeginAsync(Digest digest, CancellationToken cancellationToken) => await database.WriteAsync(sql => sql.ExecuteAsync(
        """
        INSERT INTO package_sweeps (digest, sweeps, is_under_way) SELECT CAST(@Digest AS TEXT), 1, 1 WHERE NOT EXISTS (SELECT 1 FROM versions WHERE digest = @Digest)
        ON CONFLICT (digest) DO UPDATE SET sweeps = package_sweeps.sweeps + 1, is_under_way = 1
        """, new { Digest = digest.ToString() }), cancellationToken) > 0;

    private async Task EndAsync(string name, Digest digest, CancellationToken cancellationToken)
    {
        await packages.RemoveAsync(name, cancellationToken);
        await database.WriteAsync(sql => sql.ExecuteAsync("UPDATE package_sweeps SET is_under_way = 0 WHERE digest = @Digest", new { Digest = digest.ToString() }), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "removed {Count} packages that no record names")]
    private static partial void LogRemoved(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "packages that no record names could not be removed")]
    private static partial void LogFailed(ILogger log, Exception error);

    private sealed record Row
    {
        public long Sweeps { get; init; }

        public long IsUnderWay { get; init; }
    }
}
