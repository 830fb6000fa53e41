using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Webhooks;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Decides about versions, and makes public those that pass.</summary>
internal sealed class Publication(Database database, SignedDocuments documents, RootKey root, RequiredScanners scanners, ScanQueue queue, PluginListing listing, MarketMetrics metrics, TimeProvider time, MarketLimits limits, MarketOptions options)
{
    /// <summary>Decides by what the checks and, where they ask for one, a person have said; in one transaction with all that follows.</summary>
    public async Task DecideAsync(Sql sql, VersionKey key)
    {
        var state = await sql.FirstAsync<string>("SELECT state FROM versions WHERE plugin_id = @PluginId AND version_key = @Key", key) ?? throw new InvalidDataException($"{key} is in the queue and not in the records");
        var scans = await SubmissionRows.ScansAsync(sql, key);
        var human = await sql.FirstAsync<HumanRow>("SELECT decision, overruled FROM human_verdicts WHERE plugin_id = @PluginId AND version_key = @Key", key);
        var decision = ScanDecision.Of(scanners.All, scans, human is null ? null : Stored.Named<HumanDecision>(human.Decision), human is null ? null : Stored.Lines(human.Overruled));
        await ScanQueue.RemoveAsync(sql, key);
        switch (Stored.Named<VersionState>(state))
        {
            case VersionState.Live:
                if (decision.State == VersionState.Rejected) await QuarantineAsync(sql, key, decision.Reasons[0]);
                break;
            case VersionState.Scanning or VersionState.Staged or VersionState.Held or VersionState.Rejected or VersionState.Accepted:
                if (decision.State == VersionState.Live && await Approvals.IsMissingAsync(sql, key)) decision = new ScanDecision(VersionState.Staged, ["a second owner has to approve it"]);
                if (decision.State == VersionState.Live) await GoLiveAsync(sql, key, scans);
                else await SetAsync(sql, key, decision);
                metrics.Decided(decision.State);
                await TellAsync(sql, $"version.{Stored.Name(decision.State)}", key, decision.Reasons);
                await AuditTrail.AddAsync(sql, time, AuditTrail.Server, $"version.{Stored.Name(decision.State)}", key.ToString(), string.Join("; ", decision.Reasons));
                break;
            case VersionState.Unpublished:
                break;
        }
        options.AtStep(PublishSteps.Deciding);
    }

    /// <summary>Has those live versions looked at again that a scanner passed by older rules, or that a new scanner has not seen.</summary>
    public async Task<int> RescanOutdatedAsync(CancellationToken cancellationToken)
    {
        var count = await database.WriteAsync(async sql =>
        {
            var added = 0;
            foreach (var scanner in scanners.All)
            {
                added += await sql.ExecuteAsync(
                    """
                    INSERT INTO scan_jobs (plugin_id, version_key, priority, enqueued)
                    SELECT v.plugin_id, v.version_key, 1, @Now FROM versions v
                    WHERE v.state = 'live' AND v.quarantined IS NULL AND v.kill IS NULL
                      AND NOT EXISTS (SELECT 1 FROM scans s WHERE s.plugin_id = v.plugin_id AND s.version_key = v.version_key AND s.scanner = @Name AND s.rules_version = @RulesVersion)
                    ON CONFLICT (plugin_id, version_key) DO NOTHING
                    """, new { Now = time.Now(), scanner.Name, scanner.RulesVersion });
            }
            return added;
        }, cancellationToken);
        if (count > 0) queue.Wake();
        return count;
    }

    /// <summary>Signs what a change of a plugin's versions changes, and brings what is searched up to date.</summary>
    public async Task ShowAsync(Sql sql, PluginId id)
    {
        await listing.RefreshAsync(sql, id);
        await documents.WriteIndexAsync(sql, id);
    }

    private async Task GoLiveAsync(Sql sql, VersionKey key, ImmutableArray<ScanReport> scans)
    {
        var row = (await sql.FirstAsync<Row>("SELECT version, digest, manifest FROM versions WHERE plugin_id = @PluginId AND version_key = @Key", key))!;
        var manifest = ManifestReader.Read(Encoding.UTF8.GetBytes(row.Manifest)).OrThrow();
        var isFirst = await sql.FirstAsync<long>("SELECT COUNT(*) FROM versions WHERE plugin_id = @PluginId AND published IS NOT NULL", key) == 0;
        var digest = Digest.TryParse(row.Digest, out var parsed) ? parsed : throw new InvalidDataException($"the record of {key} has no digest");
        var verdict = Digest.Of(JsonSerializer.SerializeToUtf8Bytes(scans, ApiJson.Default.ImmutableArrayScanReport));
        var live = Stored.Time(time.Now());
        var admission = new AdmissionAttestation(manifest.Id, manifest.Version, digest, verdict, live);
        await sql.ExecuteAsync(
            """
            UPDATE versions SET state = 'live', reasons = '', since = @Now, published = @Now, admission = @Admission, verdict_digest = @Verdict, cooldown_hours = @Hours
            WHERE plugin_id = @PluginId AND version_key = @Key
            """,
            new
            {
                key.PluginId,
                key.Key,
                Now = live.ToUnixTimeMilliseconds(),
                Admission = Encoding.UTF8.GetString(root.Sign(signer => admission.Sign(signer)).ToUtf8()),
                Verdict = verdict.ToString(),
                Hours = options.HasCooldown && !isFirst ? Cooldown.HoursOf(manifest.Permissions) : 0,
            });
        await ShowAsync(sql, manifest.Id);
    }

    private async Task QuarantineAsync(Sql sql, VersionKey key, string reason)
    {
        if (await sql.ExecuteAsync("UPDATE versions SET quarantined = @reason WHERE plugin_id = @PluginId AND version_key = @Key AND quarantined IS NULL", new { reason, key.PluginId, key.Key }) == 0) return;
        await AuditTrail.AddAsync(sql, time, AuditTrail.Server, "version.quarantine", key.ToString(), reason);
        await TellAsync(sql, WebhookEvents.VersionQuarantined, key, [reason]);
        await ShowAsync(sql, PluginId.Parse(key.PluginId));
    }

    private async Task TellAsync(Sql sql, string happened, VersionKey key, ImmutableArray<string> reasons)
    {
        var version = await sql.FirstAsync<string>("SELECT version FROM versions WHERE plugin_id = @PluginId AND version_key = @Key", key);
        await WebhookQueue.AddAsync(sql, time, limits, WebhookEvent.OfVersion(happened, PluginId.Parse(key.PluginId), version!, reasons));
    }

    private Task SetAsync(Sql sql, VersionKey key, ScanDecision decision) => sql.ExecuteAsync(
        "UPDATE versions SET state = @State, reasons = @Reasons, since = @Now WHERE plugin_id = @PluginId AND version_key = @Key",
        new { State = Stored.Name(decision.State), Reasons = Stored.Lines(decision.Reasons), Now = time.Now(), key.PluginId, key.Key });

    private sealed record HumanRow
    {
        public string Decision { get; init; } = "";

        public string Overruled { get; init; } = "";
    }

    private sealed record Row
    {
        public string Version { get; init; } = "";

        public string Digest { get; init; } = "";

        public string Manifest { get; init; } = "";
    }
}
