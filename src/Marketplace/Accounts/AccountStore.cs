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
        if (!IsName(credentials.Name)) return Refusal.Invalid("name", "`name` is not a name", "2 to 39 lower-case letters, digits and hyphens, a letter first");
        if (credentials.Password.Length < limits.MinPasswordChars || credentials.Password.Length > limits.MaxPasswordChars)
            return Refusal.Invalid("password", $"`password` has {credentials.Password.Length:N0} characters; {limits.MinPasswordChars} to {limits.MaxPasswordChars} are allowed");
        if (credentials.Password.Contains(credentials.Name, StringComparison.OrdinalIgnoreCase)) return Refusal.Invalid("password", "`password` has the account's name in it");
        var account = new AccountRow { Id = time.NewId(), Name = credentials.Name, Role = Stored.Name(SiteRole.User), Created = time.Now() };
        var hash = Hasher.HashPassword(account, credentials.Password);
        return await database.TryWriteAsync<Session>(async sql =>
        {
            if (await sql.FirstAsync<string>("SELECT name FROM accounts WHERE name = @Name", account) is not null || Reserved.Contains(account.Name))
                return new Refusal(ProblemTypes.NameTaken, "the name is taken") { Field = "name" };
            await sql.ExecuteAsync("INSERT INTO accounts (id, name, password_hash, role, created) VALUES (@Id, @Name, @hash, @Role, @Created)", new { account.Id, account.Name, hash, account.Role, account.Created });
            return await BeginAsync(sql, account);
        }, cancellationToken);
    }

    /// <summary>Signs somebody in; a wrong name is not told from a wrong password.</summary>
    public async Task<Answer<Session>> SignInAsync(Credentials credentials, CancellationToken cancellationToken)
    {
        var account = await database.ReadAsync(sql => sql.FirstAsync<AccountRow>("SELECT id, name, role, created, password_hash FROM accounts WHERE name = @Name", new { credentials.Name }), cancellationToken);
        // A long one costs time before it is found to be wrong.
        var isRight = credentials.Password.Length <= limits.MaxPasswordChars
            && Hasher.VerifyHashedPassword(account ?? new AccountRow(), account?.PasswordHash ?? NobodysHash, credentials.Password) != PasswordVerificationResult.Failed;
        if (account is null || !isRight) return new Refusal(ProblemTypes.Unauthenticated, "the name or the password is wrong");
        return await database.TryWriteAsync<Session>(async sql => await BeginAsync(sql, account), cancellationToken);
    }

    public Task SignOutAsync(string token, CancellationToken cancellationToken) =>
        database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM sessions WHERE hash = @Hash", new { Hash = Secrets.HashOf(token) }), cancellationToken);

    /// <summary>Whose session a token is of; null when it is none, or over.</summary>
    public async Task<Caller?> OfSessionAsync(string token, CancellationToken cancellationToken)
    {
        var account = await database.ReadAsync(sql => sql.FirstAsync<AccountRow>(
            "SELECT a.id, a.name, a.role, a.created FROM sessions s JOIN accounts a ON a.id = s.account_id WHERE s.hash = @Hash AND s.expires > @Now",
            new { Hash = Secrets.HashOf(token), Now = time.Now() }), cancellationToken);
        return account is null ? null : new Caller(account.Id, account.Name, Stored.Named<SiteRole>(account.Role), null);
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
