using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Publishing;

/// <summary>What publishers say to a verdict, and what a person's decision about that stands for.</summary>
internal sealed class Appeals(Database database, TimeProvider time, MarketLimits limits)
{
    /// <summary>Asks for a person to look at a version that is held or rejected; once for each version.</summary>
    public async Task<Answer<Submission>> AppealAsync(Caller caller, PluginVersionAddress address, string text, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(text)) return Refusal.Invalid("text", "`text` is empty", "say which rule is wrong, and why");
        if (Texts.CheckBlock("text", text, limits.MaxReviewChars) is { } bad) return bad;
        return await database.TryWriteAsync<Submission>(async sql =>
        {
            if (await PublisherStore.LacksRoleAsync(sql, caller, address.Id.Publisher, PublisherRole.Maintainer, TokenScope.Publish, address.Id) is { } refusal) return refusal;
            var key = address.Key;
            if (await SubmissionRows.FindAsync(sql, key) is not { } submission) return Refusal.NotFound($"version {address.Version} of `{address.Id}`");
            if (submission.State is not (VersionState.Rejected or VersionState.Held)) return new Refusal(ProblemTypes.WrongState, $"{address.Id} {address.Version} is neither held nor rejected");
            if (submission.Appeal is not null) return new Refusal(ProblemTypes.WrongState, $"{address.Id} {address.Version} was appealed before") { Hint = "mend what was found, and publish the next version" };
            await sql.ExecuteAsync("INSERT INTO appeals (plugin_id, version_key, account, body, at) VALUES (@PluginId, @Key, @Name, @text, @Now)", new { key.PluginId, key.Key, caller.Name, text, Now = time.Now() });
            await AuditTrail.AddAsync(sql, time, caller.Name, "version.appeal", key.ToString());
            return (await SubmissionRows.FindAsync(sql, key))!;
        }, cancellationToken);
    }

    /// <summary>Rejected versions whose appeal nobody has decided, the oldest first.</summary>
    public static async Task<ImmutableArray<Submission>> OpenAsync(Sql sql, int count)
    {
        var keys = await sql.ListAsync<KeyRow>(
            """
            SELECT a.plugin_id, a.version_key FROM appeals a JOIN versions v ON v.plugin_id = a.plugin_id AND v.version_key = a.version_key
            WHERE a.decided IS NULL AND v.state = 'rejected' ORDER BY a.at LIMIT @count
            """, new { count });
        var open = ImmutableArray.CreateBuilder<Submission>(keys.Count);
        foreach (var key in keys) open.Add((await SubmissionRows.FindAsync(sql, new VersionKey(key.PluginId, key.VersionKey)))!);
        return open.MoveToImmutable();
    }

    /// <summary>Whether a person may judge what the checks have rejected.</summary>
    public static async Task<bool> IsOpenAsync(Sql sql, VersionKey key) =>
        await sql.FirstAsync<long?>("SELECT at FROM appeals WHERE plugin_id = @PluginId AND version_key = @Key AND decided IS NULL", key) is not null;

    public static Task CloseAsync(Sql sql, VersionKey key, long now) =>
        sql.ExecuteAsync("UPDATE appeals SET decided = @now WHERE plugin_id = @PluginId AND version_key = @Key AND decided IS NULL", new { key.PluginId, key.Key, now });

    /// <summary>
    /// Names a rejection that a person has seen: just these findings of this scanner. What it finds by other rules, or beside
    /// them, later is another.
    /// </summary>
    public static string NameOf(ScanReport report) => $"{report.Scanner} {Digest.Of(JsonSerializer.SerializeToUtf8Bytes(report.Findings, ApiJson.Default.ImmutableArrayScanFinding))}";

    private sealed record KeyRow
    {
        public string PluginId { get; init; } = "";

        public string VersionKey { get; init; } = "";
    }
}
