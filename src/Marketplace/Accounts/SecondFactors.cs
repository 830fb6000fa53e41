using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Registry;

namespace LazyOC.Marketplace.Accounts;

/// <summary>The second factors of accounts: codes of an authenticator app, and recovery codes for when it is lost.</summary>
internal sealed class SecondFactors(Database database, RootKey root, MarketOptions options, TimeProvider time, MarketLimits limits)
{
    private const string Purpose = "second factors";

    /// <summary>Of a recovery code: with so many a plain hash cannot be turned back.</summary>
    private const int RecoveryBytes = 10;

    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[] _key = root.Derive(Purpose);

    public async Task<Answer<SecondFactorInfo>> InfoAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (LacksSession(caller) is { } refusal) return refusal;
        return await database.ReadAsync(async sql => new SecondFactorInfo
        {
            Since = Stored.Time(await sql.FirstAsync<long?>("SELECT confirmed FROM second_factors WHERE account_id = @AccountId", caller)),
            RecoveryCodes = (int)await sql.FirstAsync<long>("SELECT COUNT(*) FROM recovery_codes WHERE account_id = @AccountId", caller),
        }, cancellationToken);
    }

    /// <summary>Makes a secret for an authenticator app. It is good for nothing until a code of it was sent.</summary>
    public async Task<Answer<SecondFactorEnrolment>> EnrolAsync(Caller caller, CancellationToken cancellationToken)
    {
        if (LacksSession(caller) is { } refusal) return refusal;
        var secret = RandomNumberGenerator.GetBytes(Totp.SecretBytes);
        return await database.TryWriteAsync<SecondFactorEnrolment>(async sql =>
        {
            if (await FindAsync(sql, caller.AccountId) is { Confirmed: not null }) return new Refusal(ProblemTypes.WrongState, "your account has a second factor already") { Hint = "turn it off first" };
            await sql.ExecuteAsync(
                "INSERT INTO second_factors (account_id, secret, created) VALUES (@AccountId, @Secret, @Now) ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, created = excluded.created",
                new { caller.AccountId, Secret = Encrypt(secret, caller.AccountId), Now = time.Now() });
            return EnrolmentOf(secret, caller);
        }, cancellationToken);
    }

    /// <summary>The secret that waits for its first code, to be shown again; null when there is none.</summary>
    public async Task<SecondFactorEnrolment?> PendingAsync(Caller caller, CancellationToken cancellationToken) =>
        await database.ReadAsync(sql => FindAsync(sql, caller.AccountId), cancellationToken) is { Confirmed: null } row && Decrypt(row.Secret, caller.AccountId) is { } secret ? EnrolmentOf(secret, caller) : null;

    /// <summary>Turns the second factor on. Sessions that were begun without it are over.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="code">Of the app.</param>
    /// <param name="session">The session that goes on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Answer<RecoveryCodes>> ConfirmAsync(Caller caller, string code, string session, CancellationToken cancellationToken)
    {
        if (LacksSession(caller) is { } refusal) return refusal;
        return await TryAsync<RecoveryCodes>(async sql =>
        {
            if (await FindAsync(sql, caller.AccountId) is not { Confirmed: null } row) return new Refusal(ProblemTypes.WrongState, "there is no second factor that waits to be turned on");
            if (await TakeAsync(sql, row, code, acceptsRecovery: false) is { } wrong) return wrong;
            await sql.ExecuteAsync("UPDATE second_factors SET confirmed = @Now WHERE account_id = @AccountId", new { caller.AccountId, Now = time.Now() });
            await sql.ExecuteAsync("DELETE FROM sessions WHERE account_id = @AccountId AND hash <> @Session", new { caller.AccountId, Session = Secrets.HashOf(session) });
            await AuditTrail.AddAsync(sql, time, caller.Name, "account.second-factor", caller.Name, "turned on");
            return await RenewAsync(sql, caller.AccountId);
        }, cancellationToken);
    }

    /// <summary>Makes new recovery codes; the old ones are good for nothing.</summary>
    public async Task<Answer<RecoveryCodes>> RenewCodesAsync(Caller caller, string code, CancellationToken cancellationToken)
    {
        if (LacksSession(caller) is { } refusal) return refusal;
        return await TryAsync<RecoveryCodes>(async sql => await RequireAsync(sql, caller.AccountId, code) is { } why ? why : await RenewAsync(sql, caller.AccountId), cancellationToken);
    }

    /// <summary>Turns the second factor off, which takes it.</summary>
    public async Task<Answer<SecondFactorInfo>> RemoveAsync(Caller caller, string code, CancellationToken cancellationToken)
    {
        if (LacksSession(caller) is { } refusal) return refusal;
        return await TryAsync<SecondFactorInfo>(async sql =>
        {
            if (await RequireAsync(sql, caller.AccountId, code) is { } why) return why;
            await DeleteAsync(sql, caller.AccountId);
            await AuditTrail.AddAsync(sql, time, caller.Name, "account.second-factor", caller.Name, "turned off");
            return new SecondFactorInfo { RecoveryCodes = 0 };
        }, cancellationToken);
    }

    /// <summary>Whether it takes a second factor to sign in to an account.</summary>
    public static async Task<bool> IsOnAsync(Sql sql, string account) => await FindAsync(sql, account) is { Confirmed: not null };

    /// <summary>Takes a code in a transaction that is committed whatever comes of it; null, or why the code is not good.</summary>
    public async Task<Refusal?> TakeAsync(Sql sql, string account, string code) =>
        await FindAsync(sql, account) is { Confirmed: not null } row ? await TakeAsync(sql, row, code, acceptsRecovery: true) : null;

    /// <summary>For somebody who has lost everything, by those who keep the marketplace; false when there is nothing to turn off.</summary>
    public static Task<bool> ForgetAsync(Database database, TimeProvider time, string name, CancellationToken cancellationToken) => database.WriteAsync(async sql =>
    {
        if (await sql.FirstAsync<string>("SELECT a.id FROM accounts a JOIN second_factors f ON f.account_id = a.id WHERE a.name = @name", new { name }) is not { } account) return false;
        await DeleteAsync(sql, account);
        await AuditTrail.AddAsync(sql, time, AuditTrail.Server, "account.second-factor", name, "turned off");
        return true;
    }, cancellationToken);

    private static async Task DeleteAsync(Sql sql, string account)
    {
        await sql.ExecuteAsync("DELETE FROM second_factors WHERE account_id = @account", new { account });
        await sql.ExecuteAsync("DELETE FROM recovery_codes WHERE account_id = @account", new { account });
    }

    private static Refusal? LacksSession(Caller caller) => caller.Token is null ? null : new Refusal(ProblemTypes.TokenScope, "a token is not for how its account is signed in to") { Hint = "sign in with your password" };

    private static Task<Row?> FindAsync(Sql sql, string account) => sql.FirstAsync<Row>("SELECT account_id, secret, confirmed, last_step, failures, locked_until FROM second_factors WHERE account_id = @account", new { account });

    private async Task<Refusal?> RequireAsync(Sql sql, string account, string code) =>
        await IsOnAsync(sql, account) ? await TakeAsync(sql, account, code) : new Refusal(ProblemTypes.WrongState, "your account has no second factor");

    /// <summary>A change that is kept even when it is refused: a wrong code is to be counted.</summary>
    private async Task<Answer<T>> TryAsync<T>(Func<Sql, Task<Answer<T>>> change, CancellationToken cancellationToken)
        where T : class => await database.WriteAsync(change, cancellationToken);

    private async Task<Refusal?> TakeAsync(Sql sql, Row row, string code, bool acceptsRecovery)
    {
        var now = time.Now();
        if (row.LockedUntil > now) return new Refusal(ProblemTypes.RateLimited, "too many wrong codes") { RetryAfter = TimeSpan.FromMilliseconds(row.LockedUntil - now) };
        var plain = code.Replace(" ", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal);
        if (plain.Length == Totp.Digits)
        {
            if (Decrypt(row.Secret, row.AccountId) is not { } secret) return new Refusal(ProblemTypes.Unavailable, "the second factor cannot be read with this registry's key") { Hint = "use a recovery code, or ask those who keep the marketplace" };
            // The condition takes it once, however many send it at the same time.
            if (Totp.Find(secret, plain, time.GetUtcNow(), row.LastStep) is { } step
                && await sql.ExecuteAsync("UPDATE second_factors SET last_step = @step, failures = 0 WHERE account_id = @AccountId AND last_step < @step", new { row.AccountId, step }) == 1) return null;
        }
        else if (acceptsRecovery && await sql.ExecuteAsync("DELETE FROM recovery_codes WHERE account_id = @AccountId AND hash = @Hash", new { row.AccountId, Hash = Secrets.HashOf(plain.ToUpperInvariant()) }) == 1)
        {
            await sql.ExecuteAsync("UPDATE second_factors SET failures = 0 WHERE account_id = @AccountId", row);
            return null;
        }
        var isLast = row.Failures + 1 >= limits.MaxWrongCodes;
        await sql.ExecuteAsync(
            "UPDATE second_factors SET failures = @Failures, locked_until = @Until WHERE account_id = @AccountId",
            new { row.AccountId, Failures = isLast ? 0 : row.Failures + 1, Until = isLast ? now + (long)limits.WrongCodesTime.TotalMilliseconds : 0 });
        return new Refusal(ProblemTypes.SecondFactor, "the code is wrong, or was used before") { Field = "code", Hint = "wait for the next code of your app" };
    }

    private async Task<RecoveryCodes> RenewAsync(Sql sql, string account)
    {
        await sql.ExecuteAsync("DELETE FROM recovery_codes WHERE account_id = @account", new { account });
        var codes = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < limits.RecoveryCodes; i++)
        {
            var code = Totp.Base32(RandomNumberGenerator.GetBytes(RecoveryBytes));
            await sql.ExecuteAsync("INSERT INTO recovery_codes (account_id, hash) VALUES (@account, @Hash)", new { account, Hash = Secrets.HashOf(code) });
            codes.Add(string.Join('-', code.Chunk(4).Select(part => new string(part))));
        }
        return new RecoveryCodes(codes.DrainToImmutable());
    }

    private SecondFactorEnrolment EnrolmentOf(byte[] secret, Caller caller) => new() { Secret = Totp.Base32(secret), Uri = Totp.UriOf(secret, options.Name, caller.Name) };

    private string Encrypt(byte[] secret, string account)
    {
        var whole = new byte[NonceBytes + secret.Length + TagBytes];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(whole.AsSpan(0, NonceBytes), secret, whole.AsSpan(NonceBytes, secret.Length), whole.AsSpan(^TagBytes..), Encoding.UTF8.GetBytes(account));
        return Convert.ToBase64String(whole);
    }

    /// <summary>Null when it is not encrypted for this account with this registry's key.</summary>
    private byte[]? Decrypt(string text, string account)
    {
        var bytes = Convert.FromBase64String(text);
        var secret = new byte[bytes.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        try
        {
            cipher.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, secret.Length), bytes.AsSpan(^TagBytes..), secret, Encoding.UTF8.GetBytes(account));
            return secret;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private sealed record Row
    {
        public string AccountId { get; init; } = "";

        public string Secret { get; init; } = "";

        public long? Confirmed { get; init; }

        public long LastStep { get; init; }

        public long Failures { get; init; }

        public long LockedUntil { get; init; }
    }
}
