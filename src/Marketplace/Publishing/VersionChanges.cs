using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Teams;
using LazyOC.Marketplace.Webhooks;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Publishing;

/// <summary>What becomes of a version after it was published: the package never changes, only what is said of it.</summary>
internal sealed class VersionChanges(Database database, Publication publication, TimeProvider time, MarketLimits limits)
{
    /// <summary>Withdraws a live version, or takes that back.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="address">Which version.</param>
    /// <param name="reason">Why; null to take it back.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Answer<Submission>> YankAsync(Caller caller, PluginVersionAddress address, string? reason, CancellationToken cancellationToken)
    {
        if (reason is not null && Texts.CheckLine("reason", reason, limits) is { } bad) return bad;
        return await ChangeAsync(caller, address, sql => LacksAsync(sql, caller, address), "version.yank", reason ?? "taken back", async (sql, key, version) =>
        {
            if (version.State != Stored.Name(VersionState.Live)) return NotLive(address);
            await sql.ExecuteAsync("UPDATE versions SET yanked = @reason WHERE plugin_id = @PluginId AND version_key = @Key", new { reason, key.PluginId, key.Key });
            await TellAsync(sql, WebhookEvents.VersionYanked, address, reason);
            return null;
        }, cancellationToken);
    }

    /// <summary>
    /// Takes a version back: one that is not live, at any time; one that is, soon after and while nothing depends on it. Its
    /// number stays used up.
    /// </summary>
    public Task<Answer<Submission>> UnpublishAsync(Caller caller, PluginVersionAddress address, CancellationToken cancellationToken) =>
        ChangeAsync(caller, address, sql => LacksAsync(sql, caller, address), "version.unpublish", "", async (sql, key, version) =>
        {
            if (version.State == Stored.Name(VersionState.Unpublished)) return new Refusal(ProblemTypes.WrongState, $"{address.Id} {address.Version} was taken back before");
            if (version.Published is { } published)
            {
                if (time.Now() - published > limits.UnpublishTime.TotalMilliseconds)
                    return new Refusal(ProblemTypes.WrongState, $"{address.Id} {address.Version} has been live for more than {limits.UnpublishTime.TotalHours:0} hours") { Hint = "yank it" };
                if (await DependentAsync(sql, address) is { } dependent)
                    return new Refusal(ProblemTypes.WrongState, $"{(await Sight.Of(caller, isPrivate: false).OfAsync(sql, PluginId.Parse(dependent)) == Visible.No ? "a plugin" : dependent)} depends on {address.Id} {address.Version}") { Hint = "yank it" };
            }
            await ScanQueue.RemoveAsync(sql, key);
            await sql.ExecuteAsync("UPDATE versions SET state = 'unpublished', reasons = '', since = @Now WHERE plugin_id = @PluginId AND version_key = @Key", new { Now = time.Now(), key.PluginId, key.Key });
            await TellAsync(sql, WebhookEvents.VersionUnpublished, address, null);
            return null;
        }, cancellationToken);

    /// <summary>Says that nobody looks after a plugin any more, or takes that back.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">Which plugin.</param>
    /// <param name="deprecation">Why; null to take it back.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Refusal?> DeprecateAsync(Caller caller, PluginId id, NewDeprecation? deprecation, CancellationToken cancellationToken)
    {
        if (deprecation is not null && Texts.CheckLine("reason", deprecation.Reason, limits) is { } bad) return bad;
        if (deprecation?.Successor == id) return Refusal.Invalid("successor", "a plugin is not its own successor");
        var done = await database.TryWriteAsync<string>(async sql =>
        {
            if (await PublisherStore.LacksRoleAsync(sql, caller, id.Publisher, PublisherRole.Maintainer, TokenScope.Yank, id) is { } refusal) return refusal;
            if (deprecation?.Successor is { } next && await sql.FirstAsync<string>("SELECT id FROM plugins WHERE id = @Next AND latest IS NOT NULL", new { Next = next.ToString() }) is var known
                && (known is null || await Sight.Of(caller, isPrivate: false).OfAsync(sql, next) == Visible.No))
                return Refusal.NotFound($"plugin `{next}`") with { Field = "successor" };
            if (await sql.ExecuteAsync("UPDATE plugins SET deprecated = @Reason, successor = @Successor WHERE id = @Id", new { Id = id.ToString(), deprecation?.Reason, Successor = deprecation?.Successor?.ToString() }) == 0) return Refusal.NotFound($"plugin `{id}`");
            await AuditTrail.AddAsync(sql, time, caller.Name, "plugin.deprecate", id.ToString(), deprecation?.Reason ?? "taken back");
            await WebhookQueue.AddAsync(sql, time, limits, new WebhookEvent(WebhookEvents.PluginDeprecated, id.Publisher, id) { Reasons = deprecation is null ? [] : [deprecation.Reason] });
            await publication.ShowAsync(sql, id);
            return id.ToString();
        }, cancellationToken);
        return done.TryGet(out _, out var why) ? null : why;
    }

    /// <summary>Holds a live version back, or lets it go again.</summary>
    /// <param name="caller">A moderator.</param>
    /// <param name="address">Which version.</param>
    /// <param name="reason">Why; null to let it go.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Answer<Submission>> QuarantineAsync(Caller caller, PluginVersionAddress address, string? reason, CancellationToken cancellationToken) => ModerateAsync(caller, address, "version.quarantine", reason ?? "let go", async (sql, key, version) =>
    {
        if (version.State != Stored.Name(VersionState.Live)) return NotLive(address);
        await sql.ExecuteAsync("UPDATE versions SET quarantined = @reason WHERE plugin_id = @PluginId AND version_key = @Key", new { reason, key.PluginId, key.Key });
        await TellAsync(sql, WebhookEvents.VersionQuarantined, address, reason);
        return null;
    }, cancellationToken);

    /// <summary>Says that a version must not run any more. Clients that have seen it do not forget it, so it is for good.</summary>
    public Task<Answer<Submission>> KillAsync(Caller caller, PluginVersionAddress address, string reason, CancellationToken cancellationToken) => ModerateAsync(caller, address, "version.kill", reason, async (sql, key, version) =>
    {
        if (version.State != Stored.Name(VersionState.Live)) return NotLive(address);
        await sql.ExecuteAsync("UPDATE versions SET kill = @reason WHERE plugin_id = @PluginId AND version_key = @Key", new { reason, key.PluginId, key.Key });
        await TellAsync(sql, WebhookEvents.VersionKilled, address, reason);
        return null;
    }, cancellationToken);

    /// <summary>Says what a person makes of a version that is held, or was rejected and is appealed.</summary>
    public Task<Answer<Submission>> JudgeAsync(Caller caller, PluginVersionAddress address, NewVerdict verdict, CancellationToken cancellationToken) => ModerateAsync(caller, address, "version.verdict", $"{Stored.Name(verdict.Decision)}: {verdict.Reason}", async (sql, key, version) =>
    {
        if (Texts.CheckLine("reason", verdict.Reason, limits) is { } bad) return bad;
        // One who judges what the checks have not found yet has not seen what they find.
        var isAppealed = await Appeals.IsOpenAsync(sql, key);
        if (version.State != Stored.Name(VersionState.Held) && !(isAppealed && version.State == Stored.Name(VersionState.Rejected))) return new Refusal(ProblemTypes.WrongState, $"{address.Id} {address.Version} is not held, it is {version.State}");
        if (await sql.FirstAsync<string>("SELECT role FROM members WHERE publisher = @Publisher AND account_id = @AccountId", new { address.Id.Publisher, caller.AccountId }) is not null)
            return new Refusal(ProblemTypes.Forbidden, "nobody judges what is of a publisher of his own");
        // Just what he has seen: what is found later is not overruled by it.
        var overruled = isAppealed && verdict.Decision == HumanDecision.Pass ? (await SubmissionRows.ScansAsync(sql, key)).Where(scan => scan.Verdict == "reject").Select(Appeals.NameOf) : [];
        await sql.ExecuteAsync(
            """
            INSERT INTO human_verdicts (plugin_id, version_key, decision, reason, account, at, overruled) VALUES (@PluginId, @Key, @Decision, @Reason, @Name, @Now, @Overruled)
            ON CONFLICT (plugin_id, version_key) DO UPDATE SET decision = excluded.decision, reason = excluded.reason, account = excluded.account, at = excluded.at, overruled = excluded.overruled
            """, new { key.PluginId, key.Key, Decision = Stored.Name(verdict.Decision), verdict.Reason, caller.Name, Now = time.Now(), Overruled = Stored.Lines(overruled) });
        await Appeals.CloseAsync(sql, key, time.Now());
        await publication.DecideAsync(sql, key);
        return null;
    }, cancellationToken);

    /// <summary>Has a version's checks made again.</summary>
    public Task<Answer<Submission>> RescanAsync(Caller caller, PluginVersionAddress address, CancellationToken cancellationToken) => ModerateAsync(caller, address, "version.rescan", "", async (sql, key, version) =>
    {
        if (version.State == Stored.Name(VersionState.Unpublished)) return new Refusal(ProblemTypes.WrongState, $"{address.Id} {address.Version} was taken back");
        if (version.State == Stored.Name(VersionState.Rejected)) await sql.ExecuteAsync("UPDATE versions SET state = 'accepted', reasons = '', since = @Now WHERE plugin_id = @PluginId AND version_key = @Key", new { Now = time.Now(), key.PluginId, key.Key });
        await ScanQueue.AddAsync(sql, key, time.Now());
        return null;
    }, cancellationToken);

    private static Task<Refusal?> LacksAsync(Sql sql, Caller caller, PluginVersionAddress address) => PublisherStore.LacksRoleAsync(sql, caller, address.Id.Publisher, PublisherRole.Maintainer, TokenScope.Yank, address.Id);

    private Task TellAsync(Sql sql, string happened, PluginVersionAddress address, string? reason) =>
        WebhookQueue.AddAsync(sql, time, limits, WebhookEvent.OfVersion(happened, address.Id, address.Version.ToString(), reason is null ? [] : [reason]));

    private static Refusal NotLive(PluginVersionAddress address) => new(ProblemTypes.WrongState, $"{address.Id} {address.Version} is not live");

    /// <summary>A live version of another plugin whose range has this version in it.</summary>
    private static async Task<string?> DependentAsync(Sql sql, PluginVersionAddress address)
    {
        var rows = await sql.ListAsync<DependentRow>(
            """
            SELECT d.plugin_id, d.range FROM dependencies d JOIN versions v ON v.plugin_id = d.plugin_id AND v.version_key = d.version_key
            WHERE d.depends_on = @Id AND d.is_optional = 0 AND d.plugin_id <> @Id AND v.state = 'live' ORDER BY d.plugin_id
            """, new { Id = address.Id.ToString() });
        return rows.FirstOrDefault(row => VersionRange.Parse(row.Range).Contains(address.Version))?.PluginId;
    }

    private async Task<Answer<Submission>> ModerateAsync(Caller caller, PluginVersionAddress address, string action, string reason, Func<Sql, VersionKey, VersionRow, Task<Refusal?>> change, CancellationToken cancellationToken)
    {
        if (caller.LacksModeration() is { } refusal) return refusal;
        if (reason.Length > 0 && Texts.CheckLine("reason", reason, limits) is { } bad) return bad;
        return await ChangeAsync(caller, address, _ => Task.FromResult<Refusal?>(null), action, reason, change, cancellationToken);
    }

    private async Task<Answer<Submission>> ChangeAsync(
        Caller caller, PluginVersionAddress address, Func<Sql, Task<Refusal?>> lacks, string action, string reason, Func<Sql, VersionKey, VersionRow, Task<Refusal?>> change, CancellationToken cancellationToken) => await database.TryWriteAsync<Submission>(async sql =>
    {
        if (await lacks(sql) is { } refusal) return refusal;
        var key = address.Key;
        if (await sql.FirstAsync<VersionRow>("SELECT state, published FROM versions WHERE plugin_id = @PluginId AND version_key = @Key", key) is not { } version) return Refusal.NotFound($"version {address.Version} of `{address.Id}`");
        if (await change(sql, key, version) is { } why) return why;
        await AuditTrail.AddAsync(sql, time, caller.Name, action, key.ToString(), reason);
        if (version.Published is not null) await publication.ShowAsync(sql, address.Id);
        return (await SubmissionRows.FindAsync(sql, key))!;
    }, cancellationToken);

    private sealed record VersionRow
    {
        public string State { get; init; } = "";

        public long? Published { get; init; }
    }

    private sealed record DependentRow
    {
        public string PluginId { get; init; } = "";

        public string Range { get; init; } = "";
    }
}
