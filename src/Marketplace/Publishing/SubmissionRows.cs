using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Publishing;

/// <summary>Versions as their publishers and moderators see them, read from the records.</summary>
internal static class SubmissionRows
{
    private const string Columns = "plugin_id, version_key, version, digest, state, reasons, submitted, since";

    public static async Task<Submission?> FindAsync(Sql sql, VersionKey key) =>
        await sql.FirstAsync<Row>($"SELECT {Columns} FROM versions WHERE plugin_id = @PluginId AND version_key = @Key", key) is { } row ? await ToSubmissionAsync(sql, row) : null;

    /// <summary>The latest of a publisher, the newest first.</summary>
    public static async Task<ImmutableArray<Submission>> OfPublisherAsync(Sql sql, string publisher, int count) => await ToSubmissionsAsync(sql, await sql.ListAsync<Row>(
        "SELECT v.plugin_id, v.version_key, v.version, v.digest, v.state, v.reasons, v.submitted, v.since FROM versions v JOIN plugins p ON p.id = v.plugin_id WHERE p.publisher = @publisher ORDER BY v.submitted DESC, v.version_key LIMIT @count", new { publisher, count }));

    /// <summary>Those in a state, the oldest first.</summary>
    public static async Task<ImmutableArray<Submission>> InStateAsync(Sql sql, VersionState state, int count) => await ToSubmissionsAsync(sql, await sql.ListAsync<Row>(
        $"SELECT {Columns} FROM versions WHERE state = @State ORDER BY since, plugin_id, version_key LIMIT @count", new { State = Stored.Name(state), count }));

    /// <summary>What the checks of a version found, by their names.</summary>
    public static async Task<ImmutableArray<ScanReport>> ScansAsync(Sql sql, VersionKey key) => [.. (await sql.ListAsync<ScanRow>(
        "SELECT scanner, verdict, rules_version, findings, at FROM scans WHERE plugin_id = @PluginId AND version_key = @Key ORDER BY scanner", key)).Select(row => new ScanReport
    {
        Scanner = row.Scanner,
        Verdict = row.Verdict,
        RulesVersion = (int)row.RulesVersion,
        At = Stored.Time(row.At),
        Findings = JsonSerializer.Deserialize(row.Findings, ApiJson.Default.ImmutableArrayScanFinding),
    })];

    private static async Task<ImmutableArray<Submission>> ToSubmissionsAsync(Sql sql, IReadOnlyList<Row> rows)
    {
        var submissions = ImmutableArray.CreateBuilder<Submission>(rows.Count);
        foreach (var row in rows) submissions.Add(await ToSubmissionAsync(sql, row));
        return submissions.MoveToImmutable();
    }

    private static async Task<Submission> ToSubmissionAsync(Sql sql, Row row) => new()
    {
        Id = PluginId.Parse(row.PluginId),
        Version = row.Version,
        Digest = Digest.TryParse(row.Digest, out var digest) ? digest : throw new InvalidDataException($"the record of {row.PluginId} {row.Version} has no digest"),
        State = Stored.Named<VersionState>(row.State),
        Reasons = [.. Stored.Lines(row.Reasons)],
        Submitted = Stored.Time(row.Submitted),
        Since = Stored.Time(row.Since),
        Scans = await ScansAsync(sql, new VersionKey(row.PluginId, row.VersionKey)),
        Verdict = await sql.FirstAsync<VerdictRow>("SELECT decision, reason, at FROM human_verdicts WHERE plugin_id = @PluginId AND version_key = @VersionKey", row) is { } verdict
            ? new HumanVerdict(Stored.Named<HumanDecision>(verdict.Decision), verdict.Reason, Stored.Time(verdict.At))
            : null,
        Appeal = await sql.FirstAsync<AppealRow>("SELECT account, body, at, decided FROM appeals WHERE plugin_id = @PluginId AND version_key = @VersionKey", row) is { } appeal
            ? new Appeal(appeal.Account, appeal.Body, Stored.Time(appeal.At), Stored.Time(appeal.Decided))
            : null,
    };

    private sealed record VerdictRow
    {
        public string Decision { get; init; } = "";

        public string Reason { get; init; } = "";

        public long At { get; init; }
    }

    private sealed record AppealRow
    {
        public string Account { get; init; } = "";

        public string Body { get; init; } = "";

        public long At { get; init; }

        public long? Decided { get; init; }
    }

    private sealed record Row
    {
        public string PluginId { get; init; } = "";

        public string VersionKey { get; init; } = "";

        public string Version { get; init; } = "";

        public string Digest { get; init; } = "";

        public string State { get; init; } = "";

        public string Reasons { get; init; } = "";

        public long Submitted { get; init; }

        public long Since { get; init; }
    }

    private sealed record ScanRow
    {
        public string Scanner { get; init; } = "";

        public string Verdict { get; init; } = "";

        public long RulesVersion { get; init; }

        public string Findings { get; init; } = "";

        public long At { get; init; }
    }
}
