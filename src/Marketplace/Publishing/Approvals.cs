using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;

namespace LazyOC.Marketplace.Publishing;

/// <summary>
/// Staged publishing: what has passed its checks goes live when an owner other than who published it approves. A stolen token or
/// one maintainer alone publishes nothing then; tokens neither approve nor change the rule.
/// </summary>
internal sealed class Approvals(Database database, Publication publication, TimeProvider time)
{
    private const int OwnersNeeded = 2;

    /// <summary>Says whether a publisher's versions wait for a second owner.</summary>
    public Task<Answer<ApprovalRule>> SetRuleAsync(Caller caller, string publisher, ApprovalRule rule, CancellationToken cancellationToken) => database.TryWriteAsync<ApprovalRule>(async sql =>
    {
        if (LacksSession(caller) is { } token) return token;
        if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
        if (rule.IsNeeded && await sql.FirstAsync<long>("SELECT COUNT(*) FROM members WHERE publisher = @publisher AND role = 'owner'", new { publisher }) < OwnersNeeded)
            return new Refusal(ProblemTypes.WrongState, $"`{publisher}` has one owner, so nobody could approve") { Hint = "invite a second owner first" };
        // Or what waits would go live by nobody's approval.
        if (!rule.IsNeeded && await sql.FirstAsync<string>("SELECT v.plugin_id FROM versions v JOIN plugins p ON p.id = v.plugin_id WHERE p.publisher = @publisher AND v.state = 'staged' LIMIT 1", new { publisher }) is { } waits)
            return new Refusal(ProblemTypes.WrongState, $"a version of `{waits}` waits for approval") { Hint = "approve it or take it back first" };
        await sql.ExecuteAsync("UPDATE publishers SET needs_approval = @Needed WHERE name = @publisher", new { publisher, Needed = rule.IsNeeded ? 1 : 0 });
        await AuditTrail.AddAsync(sql, time, caller.Name, "publisher.approval", publisher, rule.IsNeeded ? "needed" : "not needed");
        return rule;
    }, cancellationToken);

    /// <summary>Lets a version go live that waits for that.</summary>
    public Task<Answer<Submission>> ApproveAsync(Caller caller, PluginVersionAddress address, CancellationToken cancellationToken) => database.TryWriteAsync<Submission>(async sql =>
    {
        if (LacksSession(caller) is { } token) return token;
        if (await PublisherStore.LacksRoleAsync(sql, caller, address.Id.Publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
        var key = address.Key;
        if (await sql.FirstAsync<Row>("SELECT state, submitted_by FROM versions WHERE plugin_id = @PluginId AND version_key = @Key", key) is not { } version) return Refusal.NotFound($"version {address.Version} of `{address.Id}`");
        if (version.State != Stored.Name(VersionState.Staged)) return new Refusal(ProblemTypes.WrongState, $"{address.Id} {address.Version} does not wait for approval, it is {version.State}");
        if (version.SubmittedBy == caller.AccountId) return new Refusal(ProblemTypes.Forbidden, "who has published a version does not approve it") { Hint = "ask another owner" };
        await sql.ExecuteAsync("INSERT INTO approvals (plugin_id, version_key, account_id, at) VALUES (@PluginId, @Key, @AccountId, @Now)", new { key.PluginId, key.Key, caller.AccountId, Now = time.Now() });
        await AuditTrail.AddAsync(sql, time, caller.Name, "version.approve", key.ToString());
        // The checks decide all the same.
        await publication.DecideAsync(sql, key);
        return (await SubmissionRows.FindAsync(sql, key))!;
    }, cancellationToken);

    /// <summary>Whether a version that its checks let pass waits for an owner.</summary>
    public static async Task<bool> IsMissingAsync(Sql sql, VersionKey key) => await sql.FirstAsync<string>(
        """
        SELECT u.name FROM plugins p JOIN publishers u ON u.name = p.publisher
        WHERE p.id = @PluginId AND u.needs_approval = 1 AND NOT EXISTS (SELECT 1 FROM approvals a WHERE a.plugin_id = @PluginId AND a.version_key = @Key)
        """, key) is not null;

    private static Refusal? LacksSession(Caller caller) => caller.Token is null ? null : new Refusal(ProblemTypes.TokenScope, "a token approves nothing") { Hint = "sign in with your password" };

    private sealed record Row
    {
        public string State { get; init; } = "";

        public string SubmittedBy { get; init; } = "";
    }
}
