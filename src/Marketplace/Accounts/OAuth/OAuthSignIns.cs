using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts.OAuth;

/// <summary>
/// Signing in elsewhere: authorization code with PKCE (RFC 7636). An attempt belongs to the browser that began it, by a secret in
/// a cookie that the verifier is made from, and its state is good once. Names and addresses of e-mail at a provider prove nothing
/// here: only an identity that was linked signs in to an account.
/// </summary>
internal sealed class OAuthSignIns(Database database, OAuthClient client, AccountStore accounts, MarketOptions options, TimeProvider time, MarketLimits limits)
{
    private static readonly Refusal NotBegun = new(ProblemTypes.Forbidden, "this sign-in was not begun in this browser, took too long, or was finished before") { Hint = "begin again" };

    /// <summary>Begins an attempt.</summary>
    /// <param name="provider">Where.</param>
    /// <param name="link">Whose account is to be linked; null to sign in.</param>
    /// <param name="redirect">Where the provider leads back to.</param>
    /// <param name="back">Where to go then.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<OAuthStart> BeginAsync(OAuthProvider provider, Caller? link, string redirect, string back, CancellationToken cancellationToken)
    {
        var (state, browser) = (Secrets.Create(""), Secrets.Create(""));
        await database.WriteAsync(async sql =>
        {
            await sql.ExecuteAsync("DELETE FROM oauth_attempts WHERE expires <= @Now", new { Now = time.Now() });
            await sql.ExecuteAsync(
                "INSERT INTO oauth_attempts (state_hash, browser_hash, provider, account_id, back, expires) VALUES (@State, @Browser, @Name, @Account, @back, @Expires)",
                new { State = Secrets.HashOf(state), Browser = Secrets.HashOf(browser), provider.Name, Account = link?.AccountId, back, Expires = Later });
        }, cancellationToken);
        var query = QueryString.Create(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["response_type"] = "code",
            ["client_id"] = provider.ClientId,
            ["redirect_uri"] = redirect,
            ["scope"] = provider.Scope,
            ["state"] = state,
            ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(VerifierOf(browser)))),
            ["code_challenge_method"] = "S256",
        });
        var address = provider.AuthorizeUrl.AbsoluteUri;
        return new OAuthStart(address + (address.Contains('?', StringComparison.Ordinal) ? $"&{query.Value![1..]}" : query.Value), browser);
    }

    /// <summary>Takes somebody who comes back; whatever comes of it, the state is used up.</summary>
    /// <param name="provider">Where from.</param>
    /// <param name="state">What the address says.</param>
    /// <param name="code">What the address says; null when the provider refused.</param>
    /// <param name="browser">The secret of the browser's cookie; null when it has none.</param>
    /// <param name="viewer">Who is signed in there.</param>
    /// <param name="redirect">As at the beginning.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Answer<OAuthEnd>> FinishAsync(OAuthProvider provider, string state, string? code, string? browser, Caller? viewer, string redirect, CancellationToken cancellationToken)
    {
        var attempt = await database.WriteAsync(
            sql => sql.FirstAsync<AttemptRow>("DELETE FROM oauth_attempts WHERE state_hash = @State RETURNING provider, browser_hash, account_id, back, expires", new { State = Secrets.HashOf(state) }), cancellationToken);
        if (attempt is null || browser is null || attempt.Provider != provider.Name || attempt.BrowserHash != Secrets.HashOf(browser) || attempt.Expires <= time.Now()) return NotBegun;
        // Who has signed out, or in as another, meanwhile links nothing.
        if (attempt.AccountId is not null && (viewer is not { Token: null } || viewer.AccountId != attempt.AccountId)) return NotBegun;
        if (code is null) return new Refusal(ProblemTypes.Forbidden, $"{provider.Title} has not signed you in") { Hint = "begin again, or sign in with your password" };
        if (!(await client.IdentifyAsync(provider, code, VerifierOf(browser), redirect, cancellationToken)).TryGet(out var identity, out var refusal)) return refusal;
        return await database.TryWriteAsync<OAuthEnd>(async sql =>
        {
            var known = await sql.FirstAsync<string>("SELECT account_id FROM identities WHERE provider = @Name AND subject = @Subject", new { provider.Name, identity.Subject });
            if (attempt.AccountId is not null)
            {
                if (known is not null && known != attempt.AccountId) return new Refusal(ProblemTypes.NameTaken, $"`{identity.Name}` at {provider.Title} is linked with another account");
                if (known is null && await LinkAsync(sql, provider, identity, viewer!.AccountId, viewer.Name) is { } why) return why;
                return new OAuthEnd(null, null, attempt.Back);
            }
            if (known is not null) return new OAuthEnd(await AccountStore.FindAsync(sql, known), null, attempt.Back);
            if (!(provider.Registers ?? !options.IsPrivate)) return new Refusal(ProblemTypes.Forbidden, $"`{identity.Name}` at {provider.Title} is linked with no account here") { Hint = "sign in with your password, and link it under Account" };
            var arrival = Secrets.Create("");
            await sql.ExecuteAsync("DELETE FROM oauth_arrivals WHERE expires <= @Now", new { Now = time.Now() });
            await sql.ExecuteAsync(
                "INSERT INTO oauth_arrivals (hash, provider, subject, name, expires) VALUES (@Hash, @Provider, @Subject, @Name, @Expires)",
                new { Hash = Secrets.HashOf(arrival), Provider = provider.Name, identity.Subject, identity.Name, Expires = Later });
            return new OAuthEnd(null, arrival, attempt.Back);
        }, cancellationToken);
    }

    /// <summary>The name at its provider of somebody who has to choose one here; null when there is nobody.</summary>
    public Task<string?> ArrivalAsync(string arrival, CancellationToken cancellationToken) =>
        database.ReadAsync(sql => sql.FirstAsync<string>("SELECT name FROM oauth_arrivals WHERE hash = @Hash AND expires > @Now", new { Hash = Secrets.HashOf(arrival), Now = time.Now() }), cancellationToken);

    /// <summary>Makes the account of somebody who came from a provider. It has no password.</summary>
    public Task<Answer<Caller>> RegisterAsync(string arrival, string name, CancellationToken cancellationToken) => database.TryWriteAsync<Caller>(async sql =>
    {
        var values = new { Hash = Secrets.HashOf(arrival), Now = time.Now() };
        var row = await sql.FirstAsync<ArrivalRow>("SELECT provider, subject, name FROM oauth_arrivals WHERE hash = @Hash AND expires > @Now", values);
        if (row is null || options.OAuth.Find(row.Provider) is not { } provider) return NotBegun;
        if (!(await accounts.CreateAsync(sql, name)).TryGet(out var caller, out var refusal)) return refusal;
        if (await LinkAsync(sql, provider, new Identity(row.Subject, row.Name), caller.AccountId, name) is { } why) return why;
        await sql.ExecuteAsync("DELETE FROM oauth_arrivals WHERE hash = @Hash", values);
        return caller;
    }, cancellationToken);

    /// <summary>What the caller's account is linked with.</summary>
    public async Task<Answer<IdentityList>> ListAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (LacksSession(caller) is { } refusal) return refusal;
        return await database.ReadAsync(sql => ListAsync(sql, caller.AccountId), cancellationToken);
    }

    /// <summary>Ends a link; the last way to sign in stays.</summary>
    public async Task<Answer<IdentityList>> UnlinkAsync(Caller caller, string provider, CancellationToken cancellationToken)
    {
        if (LacksSession(caller) is { } refusal) return refusal;
        return await database.TryWriteAsync<IdentityList>(async sql =>
        {
            if (await sql.ExecuteAsync("DELETE FROM identities WHERE account_id = @AccountId AND provider = @provider", new { caller.AccountId, provider }) == 0) return Refusal.NotFound("link of your account with this provider");
            var rest = await ListAsync(sql, caller.AccountId);
            if (rest.Identities.IsEmpty && await sql.FirstAsync<string>("SELECT password_hash FROM accounts WHERE id = @AccountId", caller) is "") return new Refusal(ProblemTypes.WrongState, "your account has no password, and nobody could sign in to it any more");
            await AuditTrail.AddAsync(sql, time, caller.Name, "account.identity", provider, "unlinked");
            return rest;
        }, cancellationToken);
    }

    private long Later => (time.GetUtcNow() + limits.OAuthTime).ToUnixTimeMilliseconds();

    private static Refusal? LacksSession(Caller caller) => caller.Token is null ? null : new Refusal(ProblemTypes.TokenScope, "a token is not for how its account is signed in to") { Hint = "sign in" };

    /// <summary>Known to nobody but who has the cookie, until it is sent with the code.</summary>
    private static string VerifierOf(string browser) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(browser), "pkce"u8));

    private static async Task<IdentityList> ListAsync(Sql sql, string account) => new([.. (await sql.ListAsync<IdentityRow>(
        "SELECT provider, name, linked FROM identities WHERE account_id = @account ORDER BY provider", new { account })).Select(row => new LinkedIdentity(row.Provider, row.Name, Stored.Time(row.Linked)))]);

    private async Task<Refusal?> LinkAsync(Sql sql, OAuthProvider provider, Identity identity, string account, string name)
    {
        if (await sql.FirstAsync<string>("SELECT subject FROM identities WHERE account_id = @account AND provider = @Name", new { account, provider.Name }) is not null)
            return new Refusal(ProblemTypes.WrongState, $"your account is linked with another one at {provider.Title}") { Hint = "end that link first" };
        if (await sql.ExecuteAsync(
            "INSERT INTO identities (provider, subject, account_id, name, linked) VALUES (@Provider, @Subject, @account, @Name, @Now) ON CONFLICT (provider, subject) DO NOTHING",
            new { Provider = provider.Name, identity.Subject, account, identity.Name, Now = time.Now() }) == 0) return new Refusal(ProblemTypes.NameTaken, $"`{identity.Name}` at {provider.Title} is linked with another account");
        await AuditTrail.AddAsync(sql, time, name, "account.identity", provider.Name, "linked");
        return null;
    }

    private sealed record AttemptRow
    {
        public string Provider { get; init; } = "";

        public string BrowserHash { get; init; } = "";

        public string? AccountId { get; init; }

        public string Back { get; init; } = "";

        public long Expires { get; init; }
    }

    private sealed record ArrivalRow
    {
        public string Provider { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Name { get; init; } = "";
    }

    private sealed record IdentityRow
    {
        public string Provider { get; init; } = "";

        public string Name { get; init; } = "";

        public long Linked { get; init; }
    }
}

/// <summary>An attempt that has begun.</summary>
/// <param name="Address">Where the browser is sent.</param>
/// <param name="Browser">What it keeps in a cookie.</param>
internal sealed record OAuthStart(string Address, string Browser);

/// <summary>What came of an attempt.</summary>
/// <param name="Caller">Who has signed in; null when nobody has.</param>
/// <param name="Arrival">Of somebody who has to choose a name yet; null when nobody has.</param>
/// <param name="Back">Where to go then.</param>
internal sealed record OAuthEnd(Caller? Caller, string? Arrival, string Back);
