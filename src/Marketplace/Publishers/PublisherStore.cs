using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Publishers;

/// <summary>The publishers, and who may do what for them.</summary>
internal sealed class PublisherStore(Database database, TimeProvider time, MarketLimits limits)
{
    /// <summary>Takes a name; the caller is its owner.</summary>
    public async Task<Answer<PublisherInfo>> CreateAsync(Caller caller, NewPublisher asked, CancellationToken cancellationToken)
    {
        if (caller.Lacks(TokenScope.Owner) is { } refusal) return refusal;
        if (!AccountStore.IsName(asked.Name)) return Refusal.Invalid("name", "`name` is not a publisher's name", "2 to 39 lower-case letters, digits and hyphens, a letter first");
        if (asked.DisplayName is { } shown && Texts.CheckLine("displayName", shown, limits) is { } bad) return bad;
        if (Reserved.Contains(asked.Name) && caller.Role < SiteRole.Admin) return Taken;
        return await database.TryWriteAsync<PublisherInfo>(async sql =>
        {
            var looks = Reserved.LooksOf(asked.Name);
            if (await sql.FirstAsync<string>("SELECT name FROM publishers WHERE looks = @looks", new { looks }) is { } other)
            {
                // One that is kept from who asks is as one that nobody may have.
                return await Sight.Of(caller, isPrivate: false).OfAsync(sql, other) == Visible.No ? Taken : new Refusal(ProblemTypes.NameTaken, other == asked.Name ? "the name is taken" : $"the name looks like `{other}`") { Field = "name" };
            }
            if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM mirrored_documents WHERE publisher = @Name", asked) > 0)
                return new Refusal(ProblemTypes.NameTaken, "the name is one of the upstream registry's") { Field = "name" };
            if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM members WHERE account_id = @AccountId AND role = 'owner'", caller) >= limits.MaxPublishers)
                return new Refusal(ProblemTypes.QuotaExceeded, $"you own {limits.MaxPublishers} publishers already");
            await sql.ExecuteAsync("INSERT INTO publishers (name, looks, display_name, created) VALUES (@Name, @looks, @Shown, @Now)", new { asked.Name, looks, Shown = asked.DisplayName ?? asked.Name, Now = time.Now() });
            await sql.ExecuteAsync("INSERT INTO members (publisher, account_id, role, since) VALUES (@Name, @AccountId, 'owner', @Now)", new { asked.Name, caller.AccountId, Now = time.Now() });
            await AuditTrail.AddAsync(sql, time, caller.Name, "publisher.create", asked.Name);
            return await InfoAsync(sql, caller, asked.Name);
        }, cancellationToken);
    }

    /// <summary>A publisher as somebody sees it.</summary>
    public Task<Answer<PublisherInfo>> InfoAsync(string name, Sight sight, CancellationToken cancellationToken) => database.ReadAsync(async sql =>
        await sight.OfAsync(sql, name) == Visible.No ? NoPublisher : await InfoAsync(sql, name, sight), cancellationToken);

    /// <summary>Gives a member another role; who is none yet is invited.</summary>
    public async Task<Answer<PublisherInfo>> SetMemberAsync(Caller caller, string publisher, string account, PublisherRole role, CancellationToken cancellationToken) => await database.TryWriteAsync<PublisherInfo>(async sql =>
    {
        if (await LacksRoleAsync(sql, caller, publisher, PublisherRole.Owner, TokenScope.Owner) is { } refusal) return refusal;
        if (await sql.FirstAsync<string>("SELECT m.account_id FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.publisher = @publisher AND a.name = @account", new { publisher, account }) is not { } id) return Refusal.NotFound("member of this name") with { Hint = "invite the account" };
        if (role != PublisherRole.Owner && await IsLastOwnerAsync(sql, publisher, id)) return LastOwner;
        await sql.ExecuteAsync("UPDATE members SET role = @Role WHERE publisher = @publisher AND account_id = @id", new { publisher, id, Role = Stored.Name(role) });
        await AuditTrail.AddAsync(sql, time, caller.Name, "publisher.member", $"{publisher}/{account}", Stored.Name(role));
        return await InfoAsync(sql, caller, publisher);
    }, cancellationToken);

    public async Task<Answer<PublisherInfo>> RemoveMemberAsync(Caller caller, string publisher, string account, CancellationToken cancellationToken) => await database.TryWriteAsync<PublisherInfo>(async sql =>
    {
        // Everybody may leave.
        var needed = account == caller.Name ? PublisherRole.Reviewer : PublisherRole.Owner;
        if (await LacksRoleAsync(sql, caller, publisher, needed, TokenScope.Owner) is { } refusal) return refusal;
        if (await sql.FirstAsync<string>("SELECT m.account_id FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.publisher = @publisher AND a.name = @account", new { publisher, account }) is not { } id) return Refusal.NotFound("member of this name");
        if (await IsLastOwnerAsync(sql, publisher, id)) return LastOwner;
        await sql.ExecuteAsync("DELETE FROM members WHERE publisher = @publisher AND account_id = @id", new { publisher, id });
        await AuditTrail.AddAsync(sql, time, caller.Name, "publisher.member", $"{publisher}/{account}", "removed");
        return await InfoAsync(sql, caller, publisher);
    }, cancellationToken);

    /// <summary>Whether the caller may do something for a publisher; null, or why not. To strangers, one that is not theirs is as one that is not there.</summary>
    public static async Task<Refusal?> LacksRoleAsync(Sql sql, Caller caller, string publisher, PublisherRole needed, TokenScope scope, PluginId? plugin = null)
    {
        if (caller.Lacks(scope, plugin) is { } refusal) return refusal;
        var role = await sql.FirstAsync<string>("SELECT role FROM members WHERE publisher = @publisher AND account_id = @AccountId", new { publisher, caller.AccountId });
        if (role is null) return new Refusal(ProblemTypes.Forbidden, $"you are no member of a publisher `{publisher}`") { Hint = "make the publisher, or ask its owners to add you" };
        return Stored.Named<PublisherRole>(role) >= needed ? null : new Refusal(ProblemTypes.Forbidden, $"it takes the role `{Stored.Name(needed)}` in `{publisher}`, and yours is `{role}`");
    }

    /// <summary>Whether somebody sees what is not public of a publisher's.</summary>
    public static async Task<bool> SeesAllAsync(Sql sql, Caller? caller, string publisher) =>
        caller is not null && ((caller.Role >= SiteRole.Moderator && caller.LacksModeration() is null) || await LacksRoleAsync(sql, caller, publisher, PublisherRole.Reviewer, TokenScope.Read, null) is null);

    private static Refusal NoPublisher => Refusal.NotFound("publisher of this name");

    private static Refusal Taken => new(ProblemTypes.NameTaken, "the name is reserved") { Field = "name" };

    private static Refusal LastOwner => new(ProblemTypes.WrongState, "a publisher has at least one owner") { Hint = "make somebody else an owner first" };

    private static async Task<bool> IsLastOwnerAsync(Sql sql, string publisher, string account) =>
        await sql.ListAsync<string>("SELECT account_id FROM members WHERE publisher = @publisher AND role = 'owner'", new { publisher }) is [var only] && only == account;

    internal static Task<Answer<PublisherInfo>> InfoAsync(Sql sql, Caller caller, string name) => InfoAsync(sql, name, Sight.Of(caller, isPrivate: false));

    private static async Task<Answer<PublisherInfo>> InfoAsync(Sql sql, string name, Sight sight)
    {
        if (await sql.FirstAsync<PublisherRow>("SELECT name, display_name, created, needs_approval FROM publishers WHERE name = @name", new { name }) is not { } row) return NoPublisher;
        var members = await sql.ListAsync<MemberRow>("SELECT a.name AS account, m.role, m.since FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.publisher = @name ORDER BY a.name", new { name });
        var keys = await AuthorKeys.OfAsync(sql, name);
        return new PublisherInfo
        {
            Name = row.Name,
            DisplayName = row.DisplayName,
            Created = Stored.Time(row.Created),
            NeedsApproval = row.NeedsApproval != 0,
            Members = [.. members.Select(member => new Member(member.Account, Stored.Named<PublisherRole>(member.Role), Stored.Time(member.Since))).OrderByDescending(member => member.Role)],
            Keys = [.. keys.Select(key => key.Info)],
            Plugins = await PluginSummaries.OfPublisherAsync(sql, name, sight),
        };
    }

    private sealed record PublisherRow
    {
        public string Name { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public long Created { get; init; }

        public long NeedsApproval { get; init; }
    }

    private sealed record MemberRow
    {
        public string Account { get; init; } = "";

        public string Role { get; init; } = "";

        public long Since { get; init; }
    }
}
