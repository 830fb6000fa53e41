using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Administration;

/// <summary>All accounts, and what administrators change about them. Nobody changes his own, so that one administrator always stays.</summary>
internal sealed class AccountDirectory(Database database, TimeProvider time, MarketLimits limits)
{
    /// <summary>A page of the accounts, by name.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="query">A part of their names; null or empty for all.</param>
    /// <param name="cursor">The last name of the page before; null or empty for the first page.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Answer<AccountEntries>> ListAsync(Caller caller, string? query, string? cursor, CancellationToken cancellationToken)
    {
        if (caller.LacksAdministration() is { } refusal) return refusal;
        var part = (query ?? "").Trim().ToLowerInvariant();
        // Names have no other characters, so that nothing in it is a wildcard.
        if (part.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')) return new AccountEntries([]);
        return await database.ReadAsync(async sql =>
        {
            var values = new { Cursor = cursor ?? "", Like = $"%{part}%", Count = limits.MaxPageEntries + 1 };
            var rows = await sql.ListAsync<Row>(
                """
                SELECT a.id, a.name, a.role, a.created, a.suspended, (SELECT COUNT(*) FROM second_factors f WHERE f.account_id = a.id AND f.confirmed IS NOT NULL) AS factors
                FROM accounts a WHERE a.name > @Cursor AND a.name LIKE @Like ORDER BY a.name LIMIT @Count
                """, values);
            var page = rows.Take(limits.MaxPageEntries).ToList();
            var members = (await sql.ListAsync<MemberRow>(
                "SELECT account_id, publisher, role FROM members WHERE account_id IN (SELECT a.id FROM accounts a WHERE a.name > @Cursor AND a.name LIKE @Like ORDER BY a.name LIMIT @Count) ORDER BY publisher", values))
                .ToLookup(member => member.AccountId, member => new Membership(member.Publisher, Stored.Named<PublisherRole>(member.Role)), StringComparer.Ordinal);
            return new AccountEntries([.. page.Select(row => EntryOf(row, members[row.Id]))], rows.Count > page.Count ? page[^1].Name : null);
        }, cancellationToken);
    }

    public Task<Answer<string>> SetRoleAsync(Caller caller, string name, SiteRole role, CancellationToken cancellationToken) => ChangeAsync(caller, name, async sql =>
    {
        await sql.ExecuteAsync("UPDATE accounts SET role = @Role WHERE name = @name", new { Role = Stored.Name(role), name });
        await AuditTrail.AddAsync(sql, time, caller.Name, "account.role", name, Stored.Name(role));
    }, cancellationToken);

    /// <summary>Ends an account's sessions and lets nobody in by it, nor by its tokens; or lets it be used again.</summary>
    /// <param name="caller">Who does it.</param>
    /// <param name="name">The account.</param>
    /// <param name="reason">A line that its owner reads; null lets it be used again.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Answer<string>> SuspendAsync(Caller caller, string name, string? reason, CancellationToken cancellationToken)
    {
        if (reason is not null && Texts.CheckLine("reason", reason, limits) is { } bad) return bad;
        return await ChangeAsync(caller, name, async sql =>
        {
            await sql.ExecuteAsync("UPDATE accounts SET suspended = @reason WHERE name = @name", new { name, reason });
            if (reason is not null)
            {
                await sql.ExecuteAsync("DELETE FROM sessions WHERE account_id = (SELECT id FROM accounts WHERE name = @name)", new { name });
                await sql.ExecuteAsync("DELETE FROM half_sign_ins WHERE account_id = (SELECT id FROM accounts WHERE name = @name)", new { name });
            }
            await AuditTrail.AddAsync(sql, time, caller.Name, reason is null ? "account.resume" : "account.suspend", name, reason ?? "");
        }, cancellationToken);
    }

    private async Task<Answer<string>> ChangeAsync(Caller caller, string name, Func<Sql, Task> change, CancellationToken cancellationToken)
    {
        if (caller.LacksAdministration() is { } refusal) return refusal;
        if (name == caller.Name) return new Refusal(ProblemTypes.WrongState, "that is your own account") { Hint = "another administrator can do it" };
        return await database.TryWriteAsync<string>(async sql =>
        {
            // Two who demote each other at the same time: the second one is none any more.
            if (await sql.FirstAsync<string>("SELECT role FROM accounts WHERE id = @AccountId AND suspended IS NULL", caller) != Stored.Name(SiteRole.Admin)) return new Refusal(ProblemTypes.Forbidden, "you are no administrator any more");
            if (await sql.FirstAsync<string>("SELECT name FROM accounts WHERE name = @name", new { name }) is null) return Refusal.NotFound("account of this name");
            await change(sql);
            return name;
        }, cancellationToken);
    }

    private static AccountEntry EntryOf(Row row, IEnumerable<Membership> publishers) => new()
    {
        Name = row.Name,
        Role = Stored.Named<SiteRole>(row.Role),
        Created = Stored.Time(row.Created),
        HasSecondFactor = row.Factors > 0,
        Suspended = row.Suspended,
        Publishers = [.. publishers],
    };

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public string Role { get; init; } = "";

        public long Created { get; init; }

        public string? Suspended { get; init; }

        public long Factors { get; init; }
    }

    private sealed record MemberRow
    {
        public string AccountId { get; init; } = "";

        public string Publisher { get; init; } = "";

        public string Role { get; init; } = "";
    }
}
