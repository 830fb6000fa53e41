using System.Collections.Immutable;
using System.Net;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts;

/// <summary>The API tokens of accounts. What is kept of one is its hash.</summary>
internal sealed class TokenStore(Database database, TimeProvider time, MarketLimits limits)
{
    /// <summary>How exactly the last use is told; more often it is not written.</summary>
    private const long UseResolutionMs = 60_000;

    public async Task<Answer<CreatedToken>> CreateAsync(Caller caller, NewToken asked, CancellationToken cancellationToken)
    {
        // A stolen token must not make one that is good for more.
        if (caller.Token is not null) return new Refusal(ProblemTypes.TokenScope, "a token cannot make tokens") { Hint = "sign in with your password" };
        if ((Texts.CheckLine("name", asked.Name, limits) ?? CheckGrant(asked)) is { } bad) return bad;
        var token = Secrets.Create(Secrets.TokenPrefix);
        var now = time.Now();
        var row = new TokenRow
        {
            Id = time.NewId(),
            AccountId = caller.AccountId,
            Name = asked.Name,
            Scopes = Stored.Lines(asked.Scopes.Distinct().Order().Select(Stored.Name)),
            Plugins = asked.Plugins,
            Networks = Stored.Lines(asked.Networks.Distinct(StringComparer.Ordinal)),
            Created = now,
            Expires = now + (long)TimeSpan.FromDays(asked.Days ?? limits.MaxTokenDays).TotalMilliseconds,
        };
        return await database.TryWriteAsync<CreatedToken>(async sql =>
        {
            await sql.ExecuteAsync("DELETE FROM tokens WHERE account_id = @AccountId AND expires <= @Created", row);
            if (await sql.FirstAsync<long>("SELECT COUNT(*) FROM tokens WHERE account_id = @AccountId", row) >= limits.MaxTokens)
                return new Refusal(ProblemTypes.QuotaExceeded, $"you have {limits.MaxTokens:N0} tokens already") { Hint = "revoke those that nothing uses" };
            await sql.ExecuteAsync(
                "INSERT INTO tokens (id, account_id, hash, name, scopes, plugins, networks, created, expires) VALUES (@Id, @AccountId, @hash, @Name, @Scopes, @Plugins, @Networks, @Created, @Expires)",
                new { row.Id, row.AccountId, hash = Secrets.HashOf(token), row.Name, row.Scopes, row.Plugins, row.Networks, row.Created, row.Expires });
            return new CreatedToken { Token = token, Info = InfoOf(row) };
        }, cancellationToken);
    }

    public async Task<TokenList> ListAsync(Caller caller, CancellationToken cancellationToken) => new([.. (await database.ReadAsync(
        sql => sql.ListAsync<TokenRow>("SELECT * FROM tokens WHERE account_id = @AccountId AND expires > @Now ORDER BY id DESC", new { caller.AccountId, Now = time.Now() }), cancellationToken)).Select(InfoOf)]);

    /// <summary>Revokes a token of the caller's; false when he has none of that id.</summary>
    public async Task<bool> RevokeAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        await database.WriteAsync(sql => sql.ExecuteAsync("DELETE FROM tokens WHERE id = @id AND account_id = @AccountId", new { id, caller.AccountId }), cancellationToken) > 0;

    /// <summary>Whose a token is; null when it is none, has expired, or is not for that address.</summary>
    public async Task<Caller?> OfTokenAsync(string token, IPAddress? address, CancellationToken cancellationToken)
    {
        var row = await database.ReadAsync(sql => sql.FirstAsync<TokenRow>(
            "SELECT t.id, t.account_id, t.scopes, t.plugins, t.networks, t.last_used, a.name AS account_name, a.role AS account_role FROM tokens t JOIN accounts a ON a.id = t.account_id WHERE t.hash = @Hash AND t.expires > @Now AND a.suspended IS NULL",
            new { Hash = Secrets.HashOf(token), Now = time.Now() }), cancellationToken);
        if (row is null) return null;
        var grant = new TokenGrant(row.Id, ScopesOf(row), row.Plugins, [.. Stored.Lines(row.Networks).Select(network => IPNetwork.Parse(network))]);
        if (!grant.IsGoodFrom(address)) return null;
        if (time.Now() - (row.LastUsed ?? 0) >= UseResolutionMs)
            await database.WriteAsync(sql => sql.ExecuteAsync("UPDATE tokens SET last_used = @Now WHERE id = @Id", new { Now = time.Now(), row.Id }), cancellationToken);
        return new Caller(row.AccountId, row.AccountName, Stored.Named<SiteRole>(row.AccountRole), grant);
    }

    private Refusal? CheckGrant(NewToken asked)
    {
        if (asked.Scopes.IsDefaultOrEmpty) return Refusal.Invalid("scopes", "`scopes` is empty, so the token would be good for nothing");
        if (asked.Plugins.Length is 0 or > 110 || asked.Plugins.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.' or '*'))) return Refusal.Invalid("plugins", "`plugins` is no pattern of plugin ids", "such as `acme.*`");
        if (asked.Days is { } days && (days < 1 || days > limits.MaxTokenDays)) return Refusal.Invalid("days", $"`days` is {days}; 1 to {limits.MaxTokenDays} are allowed");
        if (asked.Networks.Length > limits.MaxTokenNetworks) return Refusal.Invalid("networks", $"`networks` has {asked.Networks.Length:N0} entries; at most {limits.MaxTokenNetworks} are allowed");
        var bad = asked.Networks.FirstOrDefault(network => !IPNetwork.TryParse(network, out _));
        return bad is null ? null : Refusal.Invalid("networks", "`networks` has an entry that is no network in CIDR notation", "such as `10.0.0.0/8` or `192.0.2.7/32`");
    }

    private static ImmutableArray<TokenScope> ScopesOf(TokenRow row) => [.. Stored.Lines(row.Scopes).Select(Stored.Named<TokenScope>)];

    private static TokenInfo InfoOf(TokenRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Scopes = ScopesOf(row),
        Plugins = row.Plugins,
        Networks = [.. Stored.Lines(row.Networks)],
        Created = Stored.Time(row.Created),
        Expires = Stored.Time(row.Expires),
        LastUsed = Stored.Time(row.LastUsed),
    };

    private sealed record TokenRow
    {
        public string Id { get; init; } = "";

        public string AccountId { get; init; } = "";

        public string AccountName { get; init; } = "";

        public string AccountRole { get; init; } = "";

        public string Name { get; init; } = "";

        public string Scopes { get; init; } = "";

        public string Plugins { get; init; } = "";

        public string Networks { get; init; } = "";

        public long Created { get; init; }

        public long Expires { get; init; }

        public long? LastUsed { get; init; }
    }
}
