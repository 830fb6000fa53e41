using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace LazyOC.Marketplace.Accounts;

/// <summary>The people: registering, signing in, and who somebody is.</summary>
internal sealed class AccountStore(Database database, TimeProvider time, MarketLimits limits)
{
    private static readonly PasswordHasher<AccountRow> Hasher = new(Options.Create(new PasswordHasherOptions()));

    // Compared with when there is no such account, so that it takes as long as when there is one.
    private static readonly string NobodysHash = Hasher.HashPassword(new AccountRow(), Secrets.Create(""));

    /// <summary>Makes an account and signs it in.</summary>
    public async Task<Answer<Session>> RegisterAsync(Credentials credentials, CancellationToken cancellationToken)
    {
        if (credentials.Code is not null) return Refusal.Invalid("code", "an account that is not there yet has no second factor");
        if (!IsName(credentials.Name)) return NoName;
        if (credentials.Password.Length < limits.MinPasswordChars || credentials.Password.Length > limits.MaxPasswordChars)
            return Refusal.Invalid("password", $"`password` has {credentials.Password.Length:N0} characters; {limits.MinPasswordChars} to {limits.MaxPasswordChars} are allowed");
        if (credentials.Password.Contains(credentials.Name, StringComparison.OrdinalIgnoreCase)) return Refusal.Invalid("password", "`password` has the account's name in it");
        // Before the turn to write: it takes its time.
        var hash = Hasher.HashPassword(new AccountRow(), credentials.Password);
        return await database.TryWriteAsync<Session>(
            async sql => (await CreateAsync(sql, credentials.Name, hash)).TryGet(out var caller, out var refusal) ? await BeginAsync(sql, caller) : refusal, cancellationToken);
    }

    /// <summary>Makes the account of somebody who signs in elsewhere.</summary>
    public async Task<Answer<Caller>> CreateAsync(Sql sql, string name) => IsName(name) ? await CreateAsync(sql, name, "") : NoName;

    /// <summary>Whose name and password these are; a wrong name is not told from a wrong password.</summary>
    public async Task<Answer<Caller>> VerifyAsync(Credentials credentials, CancellationToken cancellationToken)
    {
        var account = await database.ReadAsync(sql => sql.FirstAsync<AccountRow>("SELECT id, name, role, created, password_hash FROM accounts WHERE name = @Name", new { credentials.Name }), cancellationToken);
        // A long one costs time before it is found to be wrong. Accounts of those who sign in elsewhere have none.
        var isRight = credentials.Password.Length <= limits.MaxPasswordChars
            && Hasher.VerifyHashedPassword(account ?? new AccountRow(), account is { PasswordHash.Length: > 0 } known ? known.PasswordHash : NobodysHash, credentials.Password) != PasswordVerificationResult.Failed;
        if (account is not { PasswordHash.Length: > 0 } || !isRight) return new Refusal(ProblemTypes.Unauthenticated, "the name or the password is wrong");
        return CallerOf(account);
    }

    /// <summary>Begins a session of somebody who has shown all that it takes.</summary>
    public async Task<Session> BeginAsync(Sql sql, Caller caller) =>
        await BeginAsync(sql, (await sql.FirstAsync<AccountRow>("SELECT id, name, role, created FROM accounts WHERE id = @AccountId", caller))!);

    /// <summary>Somebody, by the account's id; null when there is none.</summary>
    public static async Task<Caller?> FindAsync(Sql sql, string id) =>
        await sql.FirstAsync<AccountRow>("SELECT id, name, role, created FROM accounts WHERE id = @id", new { id }) is { } account ? CallerOf(account) : null;

    /// <summary>Why nobody gets in by an account; null when its owner does.</summary>
    public static async Task<Refusal?> LacksEntryAsync(Sql sql, string id) =>
        await sql.FirstAsync<string>("SELECT suspended FROM accounts WHERE id = @id", new { id }) is { } reason
            ? new Refusal(ProblemTypes.Forbidden, $"the account is suspended: {reason}") { Hint = "ask those who run the marketplace" }
            : null;

    public Task SignOutAsync(string token, CancellationToken cancellationToken) =>
        database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM sessions WHERE hash = @Hash", new { Hash = Secrets.HashOf(token) }), cancellationToken);

    /// <summary>Whose session a token is of; null when it is none, or over.</summary>
    public async Task<Caller?> OfSessionAsync(string token, CancellationToken cancellationToken)
    {
        var account = await database.ReadAsync(sql => sql.FirstAsync<AccountRow>(
            "SELECT a.id, a.name, a.role, a.created FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.hash = @Hash AND s.expires > @Now AND a.suspended IS NULL",
            new { Hash = Secrets.HashOf(token), Now = time.Now() }), cancellationToken);
        return account is null ? null : CallerOf(account);
    }

    public async Task<Answer<AccountInfo>> InfoAsync(Caller caller, CancellationToken cancellationToken) => await database.ReadAsync(async sql =>
        await InfoAsync(sql, (await sql.FirstAsync<AccountRow>("SELECT id, name, role, created FROM accounts WHERE id = @AccountId", caller))!), cancellationToken);

    /// <summary>Gives an account a role on the whole marketplace; false when there is no such account.</summary>
    public Task<bool> SetRoleAsync(string name, SiteRole role, CancellationToken cancellationToken) => database.WriteAsync(async sql =>
    {
        var changed = await sql.ExecuteAsync("UPDATE accounts SET role = @Role WHERE name = @Name", new { Role = Stored.Name(role), Name = name });
        if (changed > 0) await AuditTrail.AddAsync(sql, time, AuditTrail.Server, "account.role", name, Stored.Name(role));
        return changed > 0;
    }, cancellationToken);

    /// <summary>Forgets sessions that are over.</summary>
    public Task<int> ForgetAsync(CancellationToken cancellationToken) => database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM sessions WHERE expires <= @Now", new { Now = time.Now() }), cancellationToken);

    /// <summary>Whether a text can be an account's or a publisher's name: the part of plugin ids before the dot.</summary>
    public static bool IsName(string text) => PluginId.TryParse(text + ".xx", out var id) && id.Publisher == text;

    private static Refusal NoName => Refusal.Invalid("name", "`name` is not a name", "2 to 39 lower-case letters, digits and hyphens, a letter first");

    private async Task<Answer<Caller>> CreateAsync(Sql sql, string name, string hash)
    {
        var account = new AccountRow { Id = time.NewId(), Name = name, Role = Stored.Name(SiteRole.User), Created = time.Now() };
        if (await sql.FirstAsync<string>("SELECT name FROM accounts WHERE name = @Name", account) is not null || Reserved.Contains(account.Name))
            return new Refusal(ProblemTypes.NameTaken, "the name is taken") { Field = "name" };
        await sql.ExecuteAsync("INSERT INTO accounts (id, name, password_hash, role, created) VALUES (@Id, @Name, @hash, @Role, @Created)", new { account.Id, account.Name, hash, account.Role, account.Created });
        return CallerOf(account);
    }

    private static Caller CallerOf(AccountRow account) => new(account.Id, account.Name, Stored.Named<SiteRole>(account.Role), null);

    private async Task<Session> BeginAsync(Sql sql, AccountRow account)
    {
        var token = Secrets.Create(Secrets.SessionPrefix);
        var expires = Stored.Time(time.Now()) + limits.SessionTime;
        await sql.ExecuteAsync(
            "INSERT INTO sessions (hash, account_id, created, expires) VALUES (@Hash, @Id, @Now, @Expires)",
            new { Hash = Secrets.HashOf(token), account.Id, Now = time.Now(), Expires = expires.ToUnixTimeMilliseconds() });
        return new Session { Token = token, Expires = expires, Account = await InfoAsync(sql, account) };
    }

    private static async Task<AccountInfo> InfoAsync(Sql sql, AccountRow account)
    {
        var members = await sql.ListAsync<MemberRow>("SELECT publisher, role FROM members WHERE account_id = @Id ORDER BY publisher", account);
        return new AccountInfo
        {
            Name = account.Name,
            Role = Stored.Named<SiteRole>(account.Role),
            Created = Stored.Time(account.Created),
            Publishers = [.. members.Select(member => new Membership(member.Publisher, Stored.Named<PublisherRole>(member.Role)))],
        };
    }

    private sealed record AccountRow
    {
        public string Id { get; init; } = "";

        public string Name { get; init; } = "";

        public string Role { get; init; } = "";

        public long Created { get; init; }

        public string PasswordHash { get; init; } = "";
    }

    private sealed record MemberRow
    {
        public string Publisher { get; init; } = "";

        public string Role { get; init; } = "";
    }
}
