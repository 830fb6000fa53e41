using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Storage;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Takes versions from the queue, has every scanner look at them, and has decided what follows.</summary>
internal sealed partial class ScanWorker(
    Database database, ScanQueue queue, ScanRun run, Publication publication, PackageStorage packages, RequiredScanners scanners, MarketLimits limits, MarketOptions options, TimeProvider time, ILogger<ScanWorker> log) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await queue.ReleaseAsync(stoppingToken);
        await publication.RescanOutdatedAsync(stoppingToken);
        await Task.WhenAll(Enumerable.Range(0, limits.MaxScansAtOnce).Select(_ => WorkAsync(stoppingToken)).Append(GoOnAsync(stoppingToken)));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await queue.GiveBackAsync(cancellationToken);
        }
        catch (Exception error) when (error is DbException or OperationCanceledException)
        {
            // Not in the time that there is to stop: it is another's when its own is over.
            LogFailed(log, error);
        }
    }

    /// <summary>Tells the others, several times within the time of a claim, that this process is there.</summary>
    private async Task GoOnAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(limits.ScanLease / 4, cancellationToken);
            try
            {
                await queue.GoOnAsync(cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // At worst another checks the same version, too.
                LogFailed(log, error);
            }
        }
    }

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        // The first claim is not to hold up the start.
        await Task.Yield();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (await queue.ClaimAsync(cancellationToken) is { } key) await ScanAsync(key, cancellationToken);
                else await queue.WaitAsync(PollInterval, cancellationToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // The version stays claimed until its time is over, and is not public meanwhile.
                LogFailed(log, error);
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    private async Task ScanAsync(VersionKey key, CancellationToken cancellationToken)
    {
        try
        {
            options.AtStep(PublishSteps.Claimed);
            if (await OpenAsync(key, cancellationToken) is { } submission)
            {
                foreach (var scanner in scanners.All)
                {
                    var (report, behaviour) = await run.RunAsync(scanner, submission, cancellationToken);
                    await database.WriteAsync(async sql =>
                    {
                        await SaveAsync(sql, key, report);
                        if (behaviour is not null) await Behaviours.SaveAsync(sql, key, behaviour);
                    }, cancellationToken);
                }
            }
            options.AtStep(PublishSteps.Scanned);
            await database.WriteAsync(sql => publication.DecideAsync(sql, key), cancellationToken);
        }
        finally
        {
            queue.Leave(key);
        }
        options.AtStep(PublishSteps.Decided);
    }

    /// <summary>The package and what it is compared with; null when the package is not readable any more, so that no scanner runs.</summary>
    private async Task<Scanning.Submission?> OpenAsync(VersionKey key, CancellationToken cancellationToken)
    {
        var (digest, previous, plugins) = await database.ReadAsync(async sql =>
        {
            var own = await sql.FirstAsync<string>("SELECT digest FROM versions WHERE plugin_id = @PluginId AND version_key = @Key", key);
            return (own, await PreviousAsync(sql, key), await Catalog.OfAsync(sql, PluginId.Parse(key.PluginId).Publisher, limits.MaxCatalog));
        }, cancellationToken);
        if (await OpenAsync(digest, cancellationToken) is not { } package) return null;
        return new Scanning.Submission { Package = package, Previous = await OpenAsync(previous, cancellationToken), Catalog = new ScanCatalog { Plugins = plugins, Advisories = options.Advisories } };
    }

    private async Task<PluginPackage?> OpenAsync(string? digest, CancellationToken cancellationToken)
    {
        if (!Digest.TryParse(digest, out var parsed)) return null;
        try
        {
            var bytes = await packages.ReadAsync(parsed, cancellationToken);
            if (Digest.Of(bytes) == parsed && PluginPackage.Open(bytes).TryGet(out var package, out _)) return package;
            LogDamaged(log, digest);
        }
        catch (FileNotFoundException error)
        {
            LogUnreadable(log, digest, error);
        }
        return null;
    }

    /// <summary>The digest of the latest version that is live and comes before this one.</summary>
    private static async Task<string?> PreviousAsync(Sql sql, VersionKey key)
    {
        var own = SemanticVersion.Parse(key.Key);
        return (await sql.ListAsync<LiveRow>("SELECT version, digest FROM versions WHERE plugin_id = @PluginId AND state = 'live'", key))
            .Select(row => (Version: SemanticVersion.Parse(row.Version), row.Digest))
            .Where(row => row.Version.CompareTo(own) < 0)
            .OrderByDescending(row => row.Version)
            .FirstOrDefault().Digest;
    }

    private static Task SaveAsync(Sql sql, VersionKey key, ScanReport report) => sql.ExecuteAsync(
        """
        INSERT INTO scans (plugin_id, version_key, scanner, verdict, rules_version, findings, at) VALUES (@PluginId, @Key, @Scanner, @Verdict, @RulesVersion, @Findings, @At)
        ON CONFLICT (plugin_id, version_key, scanner) DO UPDATE SET verdict = excluded.verdict, rules_version = excluded.rules_version, findings = excluded.findings, at = excluded.at
        """,
        new { key.PluginId, key.Key, report.Scanner, report.Verdict, report.RulesVersion, Findings = JsonSerializer.Serialize(report.Findings, ApiJson.Default.ImmutableArrayScanFinding), At = report.At.ToUnixTimeMilliseconds() });

    [LoggerMessage(Level = LogLevel.Error, Message = "a version could not be scanned; it stays held back and is tried again")]
    private static partial void LogFailed(ILogger log, Exception error);

    [LoggerMessage(Level = LogLevel.Error, Message = "package {Digest} in the storage is not what was stored")]
    private static partial void LogDamaged(ILogger log, string digest);

    [LoggerMessage(Level = LogLevel.Error, Message = "package {Digest} cannot be read from the storage")]
    private static partial void LogUnreadable(ILogger log, string digest, Exception error);

    private sealed record LiveRow
    {
        public string Version { get; init; } = "";

        public string Digest { get; init; } = "";
    }
}

/// <summary>The scanners that every version has to pass.</summary>
/// <param name="All">In the order in which they run.</param>
/// <param name="LooksOf">What the scanner of near-duplicates compares packages by.</param>
internal sealed record RequiredScanners(ImmutableArray<IScanner> All, Func<PluginPackage, PackageLooks> LooksOf);

/// <summary>What people know a plugin by, besides its name.</summary>
/// <param name="ReadmeSketch">Similarity sketch of its README; empty when it has none.</param>
/// <param name="Icon">Digest of its icon; null when it has none.</param>
internal sealed record PackageLooks(ImmutableArray<uint> ReadmeSketch, Digest? Icon)
{
    public static PackageLooks None { get; } = new([], null);
}
