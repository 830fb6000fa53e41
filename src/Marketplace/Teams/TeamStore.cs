using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Teams;

/// <summary>The teams, and which publishers and plugins are kept for some of them.</summary>
internal sealed class TeamStore(Database database, TimeProvider time, MarketLimits limits)
{
    /// <summary>The caller's teams; all of them for administrators.</summary>
    public Task<Answer<TeamList>> ListAsync(Caller caller, CancellationToken cancellationToken) => database.ReadAsync<Answer<TeamList>>(async sql =>
    {
        if (caller.Lacks(TokenScope.Read) is { } refusal) return refusal;
        var rows = await sql.ListAsync<MemberRow>(
            """
            SELECT t.name AS team, a.name AS account FROM teams t LEFT JOIN team_members m ON m.team = t.name LEFT JOIN accounts a ON a.id = m.account_id
            WHERE @IsAdmin = 1 OR EXISTS (SELECT 1 FROM team_members o WHERE o.team = t.name AND o.account_id = @AccountId)
            ORDER BY t.name, a.name
            """, new { IsAdmin = caller.LacksAdministration() is null ? 1 : 0, caller.AccountId });
        return new TeamList([.. rows.GroupBy(row => row.Team, StringComparer.Ordinal).Select(team => new TeamInfo { Name = team.Key, Members = [.. team.Select(row => row.Account).OfType<string>()] })]);
    }, cancellationToken);

    /// <summary>Makes a team; one that is there stays as it is.</summary>
    public Task<Answer<string>> CreateAsync(Caller caller, string name, CancellationToken cancellationToken) => AdministerAsync(caller, "team.create", name, async sql =>
    {
        if (!AccountStore.IsName(name)) return Refusal.Invalid("name", "`name` is not a team's name", "2 to 39 lower-case letters, digits and hyphens, a letter first");
        if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM teams") >= limits.MaxTeams) return new Refusal(ProblemTypes.QuotaExceeded, $"there are {limits.MaxTeams:N0} teams already");
        await sql.ExecuteAsync("INSERT INTO teams (name, created) VALUES (@name, @Now) ON CONFLICT (name) DO NOTHING", new { name, Now = time.Now() });
        return null;
    }, cancellationToken);

    /// <summary>Removes a team; what was kept for it alone is seen by the members of its publisher only.</summary>
    public Task<Answer<string>> DeleteAsync(Caller caller, string name, CancellationToken cancellationToken) => AdministerAsync(caller, "team.delete", name, async sql =>
    {
        await sql.ExecuteAsync("DELETE FROM restriction_teams WHERE team = @name", new { name });
        await sql.ExecuteAsync("DELETE FROM team_members WHERE team = @name", new { name });
        return await sql.ExecuteAsync("DELETE FROM teams WHERE name = @name", new { name }) == 0 ? NoTeam : null;
    }, cancellationToken);

    public Task<Answer<string>> AddMemberAsync(Caller caller, string name, string account, CancellationToken cancellationToken) => AdministerAsync(caller, "team.member", $"{name}/{account}", async sql =>
    {
        if (await sql.FirstAsync<string>("SELECT name FROM teams WHERE name = @name", new { name }) is null) return NoTeam;
        if (await sql.FirstAsync<string>("SELECT id FROM accounts WHERE name = @account", new { account }) is not { } id) return Refusal.NotFound("account of this name");
        if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM team_members WHERE team = @name", new { name }) >= limits.MaxTeamMembers) return new Refusal(ProblemTypes.QuotaExceeded, $"`{name}` has {limits.MaxTeamMembers:N0} members already");
        await sql.ExecuteAsync("INSERT INTO team_members (team, account_id, since) VALUES (@name, @id, @Now) ON CONFLICT (team, account_id) DO NOTHING", new { name, id, Now = time.Now() });
        return null;
    }, cancellationToken);

    public Task<Answer<string>> RemoveMemberAsync(Caller caller, string name, string account, CancellationToken cancellationToken) => AdministerAsync(caller, "team.member", $"{name}/{account} removed", async sql =>
        await sql.ExecuteAsync("DELETE FROM team_members WHERE team = @name AND account_id IN (SELECT id FROM accounts WHERE name = @account)", new { name, account }) == 0 ? Refusal.NotFound("member of this name") : null, cancellationToken);

    /// <summary>Who sees a publisher or a plugin; for members of the publisher and moderators.</summary>
    public Task<Answer<Visibility>> VisibilityAsync(Caller caller, string publisher, PluginId? plugin, CancellationToken cancellationToken) => database.ReadAsync<Answer<Visibility>>(async sql =>
        await PublisherStore.SeesAllAsync(sql, caller, publisher) ? await FindAsync(sql, SubjectOf(publisher, plugin)) : Refusal.NotFound("publisher that you are a member of"), cancellationToken);

    /// <summary>Keeps a publisher or a plugin for some teams, or shows it to everybody again.</summary>
    /// <param name="caller">An owner of the publisher.</param>
    /// <param name="publisher">Which, or whose.</param>
    /// <param name="plugin">The plugin, which need not be there yet; null for the publisher and all of its plugins.</param>
    /// <param name="asked">Who is to see it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<Answer<Visibility>> SetVisibilityAsync(Caller caller, string publisher, PluginId? plugin, NewVisibility asked, CancellationToken cancellationToken) => database.TryWriteAsync<Visibility>(async sql =>
    {
        if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner, plugin) is { } refusal) return refusal;
        if (asked.Teams is { } named && named.Length > limits.MaxVisibilityTeams) return Refusal.Invalid("teams", $"`teams` has {named.Length:N0} entries; at most {limits.MaxVisibilityTeams} are allowed");
        var subject = SubjectOf(publisher, plugin);
        sql.MarkListing();
        await sql.ExecuteAsync("DELETE FROM restriction_teams WHERE subject = @subject", new { subject });
        await sql.ExecuteAsync("DELETE FROM restrictions WHERE subject = @subject", new { subject });
        if (asked.Teams is { } teams)
        {
            await sql.ExecuteAsync("INSERT INTO restrictions (subject, publisher, since) VALUES (@subject, @publisher, @Now)", new { subject, publisher, Now = time.Now() });
            foreach (var team in teams.Distinct(StringComparer.Ordinal))
            {
                // Which teams there are is told to their members.
                var isMine = await sql.FirstAsync<string>(
                    "SELECT t.name FROM teams t WHERE t.name = @team AND (@IsAdmin = 1 OR EXISTS (SELECT 1 FROM team_members m WHERE m.team = t.name AND m.account_id = @AccountId))",
                    new { team, IsAdmin = caller.LacksAdministration() is null ? 1 : 0, caller.AccountId }) is not null;
                if (!isMine) return Refusal.NotFound("team of yours with one of these names") with { Field = "teams" };
                await sql.ExecuteAsync("INSERT INTO restriction_teams (subject, team) VALUES (@subject, @team)", new { subject, team });
            }
        }
        await AuditTrail.AddAsync(sql, time, caller.Name, "visibility", subject, asked.Teams is { } to ? $"for {(to.IsEmpty ? "its members" : string.Join(", ", to))}" : "for everybody");
        return await FindAsync(sql, subject);
    }, cancellationToken);

    private static Refusal NoTeam => Refusal.NotFound("team of this name");

    private static string SubjectOf(string publisher, PluginId? plugin) => plugin?.ToString() ?? publisher;

    private static async Task<Visibility> FindAsync(Sql sql, string subject) => new()
    {
        Subject = subject,
        Teams = await sql.FirstAsync<string>("SELECT subject FROM restrictions WHERE subject = @subject", new { subject }) is null
            ? null
            : [.. await sql.ListAsync<string>("SELECT team FROM restriction_teams WHERE subject = @subject ORDER BY team", new { subject })],
    };

    private async Task<Answer<string>> AdministerAsync(Caller caller, string action, string subject, Func<Sql, Task<Refusal?>> change, CancellationToken cancellationToken)
    {
        if (caller.LacksAdministration() is { } refusal) return refusal;
        return await database.TryWriteAsync<string>(async sql =>
        {
            if (await change(sql) is { } why) return why;
            await AuditTrail.AddAsync(sql, time, caller.Name, action, subject);
            return subject;
        }, cancellationToken);
    }

    private sealed record MemberRow
    {
        public string Team { get; init; } = "";

        public string? Account { get; init; }
    }
}
