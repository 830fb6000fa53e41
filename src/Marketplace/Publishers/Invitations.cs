using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Publishers;

/// <summary>
/// Becoming a member takes two: an owner who invites, and the account that accepts. Whether there is an account of a name is not
/// told to who invites it, and an invitation is good only while who made it is still an owner.
/// </summary>
internal sealed class Invitations(Database database, TimeProvider time, MarketLimits limits)
{
    private const string Select = "SELECT i.id, i.publisher, i.account, i.role, i.is_transfer, a.name AS invited_by, i.created, i.expires FROM invitations i JOIN accounts a ON a.id = i.invited_by";

    public async Task<Answer<Invitation>> InviteAsync(Caller caller, string publisher, NewInvitation asked, CancellationToken cancellationToken)
    {
        if (!AccountStore.IsName(asked.Account)) return Refusal.Invalid("account", "`account` is no account's name");
        if (asked.IsTransfer && asked.Role != PublisherRole.Owner) return Refusal.Invalid("role", "a publisher is transferred to an owner", "`role` is to be `owner`");
        return await database.TryWriteAsync<Invitation>(async sql =>
        {
            if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
            if (asked.Account == caller.Name) return new Refusal(ProblemTypes.WrongState, "nobody invites himself") { Field = "account" };
            var who = new { publisher, asked.Account };
            // Everybody sees who the members are.
            if (!asked.IsTransfer && await sql.FirstAsync<string>("SELECT m.role FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.publisher = @publisher AND a.name = @Account", who) is not null)
                return new Refusal(ProblemTypes.WrongState, $"`{asked.Account}` is a member already") { Field = "account", Hint = "change the role" };
            var now = time.Now();
            await sql.ExecuteAsync("DELETE FROM invitations WHERE publisher = @publisher AND (expires <= @now OR account = @Account)", new { publisher, now, asked.Account });
            if (await sql.FirstAsync<long>("SELECT (SELECT COUNT(*) FROM members WHERE publisher = @publisher) + (SELECT COUNT(*) FROM invitations WHERE publisher = @publisher)", who) >= limits.MaxMembers)
                return new Refusal(ProblemTypes.QuotaExceeded, $"`{publisher}` has {limits.MaxMembers} members and invitations already");
            var row = new
            {
                Id = time.NewId(),
                publisher,
                asked.Account,
                AccountId = await sql.FirstAsync<string>("SELECT id FROM accounts WHERE name = @Account", who),
                Role = Stored.Name(asked.Role),
                IsTransfer = asked.IsTransfer ? 1 : 0,
                By = caller.AccountId,
                now,
                Expires = (time.GetUtcNow() + limits.InvitationTime).ToUnixTimeMilliseconds(),
            };
            await sql.ExecuteAsync(
                "INSERT INTO invitations (id, publisher, account, account_id, role, is_transfer, invited_by, created, expires) VALUES (@Id, @publisher, @Account, @AccountId, @Role, @IsTransfer, @By, @now, @Expires)", row);
            await AuditTrail.AddAsync(sql, time, caller.Name, asked.IsTransfer ? "publisher.transfer" : "publisher.invite", $"{publisher}/{asked.Account}", row.Role);
            return (await sql.FirstAsync<Row>($"{Select} WHERE i.id = @Id", row))!.ToInvitation();
        }, cancellationToken);
    }

    /// <summary>Those of a publisher that are open; for its members.</summary>
    public Task<Answer<InvitationList>> OfPublisherAsync(Caller caller, string publisher, CancellationToken cancellationToken) => database.ReadAsync<Answer<InvitationList>>(async sql =>
        await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Reviewer, TokenScope.Read) is { } refusal ? refusal : await ListAsync(sql, "i.publisher = @publisher", new { publisher, Now = time.Now() }), cancellationToken);

    /// <summary>Those of the caller that are open.</summary>
    public async Task<Answer<InvitationList>> OfCallerAsync(Caller caller, CancellationToken cancellationToken) => caller.Lacks(TokenScope.Read) is { } refusal
        ? refusal
        : await database.ReadAsync(sql => ListAsync(sql, "i.account_id = @AccountId", new { caller.AccountId, Now = time.Now() }), cancellationToken);

    public Task<Answer<Invitation>> WithdrawAsync(Caller caller, string publisher, string account, CancellationToken cancellationToken) => database.TryWriteAsync<Invitation>(async sql =>
    {
        if (await PublisherStore.LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
        if (await sql.FirstAsync<Row>($"{Select} WHERE i.publisher = @publisher AND i.account = @account", new { publisher, account }) is not { } row) return Refusal.NotFound("invitation of this account");
        await sql.ExecuteAsync("DELETE FROM invitations WHERE id = @Id", row);
        await AuditTrail.AddAsync(sql, time, caller.Name, "publisher.invite", $"{publisher}/{account}", "withdrawn");
        return row.ToInvitation();
    }, cancellationToken);

    /// <summary>Makes the caller a member; who transfers a publisher leaves it in the same step.</summary>
    public Task<Answer<Membership>> AcceptAsync(Caller caller, string id, CancellationToken cancellationToken) => database.TryWriteAsync<Membership>(async sql =>
    {
        if (!(await MineAsync(sql, caller, id)).TryGet(out var row, out var refusal)) return refusal;
        var (publisher, role, now) = (row.Publisher, Stored.Named<PublisherRole>(row.Role), time.Now());
        var by = await sql.FirstAsync<string>("SELECT m.account_id FROM members m JOIN invitations i ON i.publisher = m.publisher AND i.invited_by = m.account_id WHERE i.id = @id AND m.role = 'owner'", new { id });
        if (by is null) return new Refusal(ProblemTypes.WrongState, $"`{row.InvitedBy}` is no owner of `{publisher}` any more") { Hint = "ask an owner to invite you again" };
        var member = await sql.FirstAsync<string>("SELECT role FROM members WHERE publisher = @publisher AND account_id = @AccountId", new { publisher, caller.AccountId });
        // An invitation takes nothing away from who has become more meanwhile.
        if (member is not null && Stored.Named<PublisherRole>(member) > role) role = Stored.Named<PublisherRole>(member);
        if (role == PublisherRole.Owner && member != "owner" && await sql.FirstAsync<long>("SELECT COUNT(*) FROM members WHERE account_id = @AccountId AND role = 'owner'", caller) >= limits.MaxPublishers)
            return new Refusal(ProblemTypes.QuotaExceeded, $"you own {limits.MaxPublishers} publishers already");
        await sql.ExecuteAsync(
            "INSERT INTO members (publisher, account_id, role, since) VALUES (@publisher, @AccountId, @Role, @now) ON CONFLICT (publisher, account_id) DO UPDATE SET role = excluded.role",
            new { publisher, caller.AccountId, Role = Stored.Name(role), now });
        if (row.IsTransfer != 0) await sql.ExecuteAsync("DELETE FROM members WHERE publisher = @publisher AND account_id = @by", new { publisher, by });
        await sql.ExecuteAsync("DELETE FROM invitations WHERE id = @Id", row);
        await AuditTrail.AddAsync(sql, time, caller.Name, "publisher.member", $"{publisher}/{caller.Name}", row.IsTransfer != 0 ? $"owner in the place of {row.InvitedBy}" : Stored.Name(role));
        return new Membership(publisher, role);
    }, cancellationToken);

    public Task<Answer<Invitation>> DeclineAsync(Caller caller, string id, CancellationToken cancellationToken) => database.TryWriteAsync<Invitation>(async sql =>
    {
        if (!(await MineAsync(sql, caller, id)).TryGet(out var row, out var refusal)) return refusal;
        await sql.ExecuteAsync("DELETE FROM invitations WHERE id = @Id", row);
        return row.ToInvitation();
    }, cancellationToken);

    private static async Task<InvitationList> ListAsync(Sql sql, string condition, object values) =>
        new([.. (await sql.ListAsync<Row>($"{Select} WHERE {condition} AND i.expires > @Now ORDER BY i.id", values)).Select(row => row.ToInvitation())]);

    private async Task<Answer<Row>> MineAsync(Sql sql, Caller caller, string id)
    {
        // What is accepted is for the person to decide.
        if (caller.Token is not null) return new Refusal(ProblemTypes.TokenScope, "a token neither accepts nor declines invitations") { Hint = "sign in with your password" };
        return await sql.FirstAsync<Row>($"{Select} WHERE i.id = @id AND i.account_id = @AccountId AND i.expires > @Now", new { id, caller.AccountId, Now = time.Now() }) is { } row ? row : Refusal.NotFound("invitation of yours with this id");
    }

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string Publisher { get; init; } = "";

        public string Account { get; init; } = "";

        public string Role { get; init; } = "";

        public long IsTransfer { get; init; }

        public string InvitedBy { get; init; } = "";

        public long Created { get; init; }

        public long Expires { get; init; }

        public Invitation ToInvitation() => new()
        {
            Id = Id,
            Publisher = Publisher,
            Account = Account,
            Role = Stored.Named<PublisherRole>(Role),
            IsTransfer = IsTransfer != 0,
            InvitedBy = InvitedBy,
            Created = Stored.Time(Created),
            Expires = Stored.Time(Expires),
        };
    }
}
