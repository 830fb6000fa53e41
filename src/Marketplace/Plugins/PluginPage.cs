using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Dapper;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Everything about a plugin, for its page and for <c>plugin info</c>.</summary>
internal static class PluginPage
{
    private const int MaxVersions = 200;
    private const int MaxDependents = 100;
    private const int DownloadDays = 90;

    /// <summary>Reads the page; a plugin of which nothing ever went live is as one that is not there.</summary>
    public static Task<Answer<PluginInfo>> FindAsync(Database database, TimeProvider time, PluginId id, Sight sight, CancellationToken cancellationToken) => database.ReadAsync(sql => FindAsync(sql, time, id, sight), cancellationToken);

    /// <inheritdoc cref="FindAsync(Database, TimeProvider, PluginId, Sight, CancellationToken)"/>
    internal static async Task<Answer<PluginInfo>> FindAsync(Sql sql, TimeProvider time, PluginId id, Sight sight)
    {
        var key = new { Id = id.ToString() };
        var rows = await sql.ListAsync<VersionRow>("SELECT version_key, version, line, manifest, published, yanked, quarantined, kill, verdict_digest, installs FROM versions WHERE plugin_id = @Id AND state = 'live'", key);
        if (rows.Count == 0 || await sight.OfAsync(sql, id) == Visible.No) return Refusal.NotFound($"plugin `{id}`");
        var plugin = (await sql.FirstAsync<PluginRow>("SELECT latest, deprecated, successor FROM plugins WHERE id = @Id", key))!;
        var ordered = rows.Select(row => (Row: row, Version: SemanticVersion.Parse(row.Version))).OrderByDescending(row => row.Version).ToImmutableArray();
        // When nothing of it is offered any more, the highest one is shown, with why.
        var shown = ordered.Select(row => row.Row).FirstOrDefault(row => row.VersionKey == plugin.Latest) ?? ordered[0].Row;
        var manifest = ManifestReader.Read(Encoding.UTF8.GetBytes(shown.Manifest)).OrThrow();
        var texts = await sql.FirstAsync<TextRow>("SELECT readme, changelog FROM version_texts WHERE plugin_id = @Id AND version_key = @VersionKey", new { key.Id, shown.VersionKey });
        var summary = (await sql.FirstAsync<PluginSummaries.Row>($"SELECT {PluginSummaries.Columns} FROM plugins p JOIN versions v ON v.plugin_id = p.id AND v.version_key = @VersionKey LEFT JOIN ratings r ON r.plugin_id = p.id WHERE p.id = @Id", new { key.Id, shown.VersionKey }))!;
        var scans = (await sql.ListAsync<ScanRow>("SELECT version_key, scanner, verdict, rules_version, findings, at FROM scans WHERE plugin_id = @Id ORDER BY scanner", key)).ToLookup(row => row.VersionKey, StringComparer.Ordinal);
        return new PluginInfo
        {
            Summary = summary.ToSummary(),
            Publisher = id.Publisher,
            Repository = manifest.Repository,
            Keywords = manifest.Keywords,
            Readme = texts?.Readme,
            Changelog = texts?.Changelog,
            Deprecated = plugin.Deprecated is null ? null : new Deprecation { Reason = plugin.Deprecated, Successor = PluginId.TryParse(plugin.Successor, out var next) ? next : null },
            Versions = [.. ordered.Take(MaxVersions).Select(row => VersionOf(row.Row, scans[row.Row.VersionKey]))],
            Dependents = await DependentsAsync(sql, id, sight),
            Downloads = await DownloadsAsync(sql, id, DownloadCounts.DayOf(time) - DownloadDays),
        };
    }

    private static PluginVersion VersionOf(VersionRow row, IEnumerable<ScanRow> scans)
    {
        var line = IndexLine.Read(Encoding.UTF8.GetBytes(row.Line)).OrThrow();
        var manifest = ManifestReader.Read(Encoding.UTF8.GetBytes(row.Manifest)).OrThrow();
        return new PluginVersion
        {
            Version = row.Version,
            Digest = line.Digest,
            Size = line.Size,
            Published = Stored.Time(row.Published),
            HostApi = line.Engines.Lazyoc,
            Dependencies = line.Dependencies,
            OptionalDependencies = line.OptionalDependencies,
            Permissions = line.Permissions,
            PermissionsInWords = PermissionsOf(manifest),
            Yanked = row.Yanked,
            Quarantined = row.Quarantined,
            Kill = row.Kill,
            VerdictDigest = Digest.TryParse(row.VerdictDigest, out var verdict) ? verdict : null,
            Scans = [.. scans.Select(scan => new ScanReport { Scanner = scan.Scanner, Verdict = scan.Verdict, RulesVersion = (int)scan.RulesVersion, At = Stored.Time(scan.At), Findings = JsonSerializer.Deserialize(scan.Findings, ApiJson.Default.ImmutableArrayScanFinding) })],
            Installs = row.Installs,
        };
    }

    /// <summary>The permissions of a manifest in words, each with the reason for the place nearest to it.</summary>
    private static ImmutableArray<PermissionWords> PermissionsOf(PluginManifest manifest) => [.. manifest.Permissions.InWords().Select(word =>
    {
        var path = word.Path["permissions.".Length..];
        var reason = manifest.PermissionReasons.Where(pair => path.StartsWith(pair.Key, StringComparison.Ordinal)).OrderByDescending(pair => pair.Key.Length).Select(pair => pair.Value).FirstOrDefault();
        var reach = word.Reach.ToString();
        return new PermissionWords(word.Path, char.ToLowerInvariant(reach[0]) + reach[1..], word.Text, reason);
    })];

    private static async Task<ImmutableArray<PluginId>> DependentsAsync(Sql sql, PluginId id, Sight sight) => [.. (await sql.ListAsync<string>(
        $"SELECT p.id FROM dependencies d JOIN plugins p ON p.id = d.plugin_id AND p.latest = d.version_key WHERE d.depends_on = @Id AND d.is_optional = 0 AND {sight.Condition} ORDER BY p.id LIMIT @MaxDependents",
        sight.AddTo(new DynamicParameters(new { Id = id.ToString(), MaxDependents })))).Select(PluginId.Parse)];

    private static async Task<ImmutableArray<DailyDownloads>> DownloadsAsync(Sql sql, PluginId id, long since) => [.. (await sql.ListAsync<DayRow>(
        "SELECT day, SUM(installs) AS installs, SUM(downloads) AS downloads FROM downloads WHERE plugin_id = @Id AND day >= @since GROUP BY day ORDER BY day",
        new { Id = id.ToString(), since })).Select(row => new DailyDownloads(DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(row.Day)), row.Installs, row.Downloads))];

    private sealed record PluginRow
    {
        public string? Latest { get; init; }

        public string? Deprecated { get; init; }

        public string? Successor { get; init; }
    }

    private sealed record VersionRow
    {
        public string VersionKey { get; init; } = "";

        public string Version { get; init; } = "";

        public string Line { get; init; } = "";

        public string Manifest { get; init; } = "";

        public long Published { get; init; }

        public string? Yanked { get; init; }

        public string? Quarantined { get; init; }

        public string? Kill { get; init; }

        public string? VerdictDigest { get; init; }

        public long Installs { get; init; }
    }

    private sealed record TextRow
    {
        public string? Readme { get; init; }

        public string? Changelog { get; init; }
    }

    private sealed record ScanRow
    {
        public string VersionKey { get; init; } = "";

        public string Scanner { get; init; } = "";

        public string Verdict { get; init; } = "";

        public long RulesVersion { get; init; }

        public string Findings { get; init; } = "";

        public long At { get; init; }
    }

    private sealed record DayRow
    {
        public long Day { get; init; }

        public long Installs { get; init; }

        public long Downloads { get; init; }
    }
}
