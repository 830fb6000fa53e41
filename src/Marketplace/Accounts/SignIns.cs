using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts;

/// <summary>Ways from a first factor to a session: by way of the second one, where an account has it.</summary>
internal sealed class SignIns(Database database, AccountStore accounts, SecondFactors factors, TimeProvider time, MarketLimits limits)
{
    /// <summary>Begins the token of who has to send a code yet.</summary>
    public const string HalfPrefix = "lzh_";

    /// <summary>Signs somebody in by all that it takes, in one request.</summary>
    public async Task<Answer<Session>> SignInAsync(Credentials credentials, CancellationToken cancellationToken)
    {
        if (!(await accounts.VerifyAsync(credentials, cancellationToken)).TryGet(out var caller, out var refusal)) return refusal;
        return await database.WriteAsync<Answer<Session>>(async sql =>
        {
            if (await AccountStore.LacksEntryAsync(sql, caller.AccountId) is { } suspended) return suspended;
            if (!await SecondFactors.IsOnAsync(sql, caller.AccountId)) return await accounts.BeginAsync(sql, caller);
            if (credentials.Code is not { } code) return new Refusal(ProblemTypes.SecondFactor, "the account has a second factor") { Field = "code", Hint = "send its `code`, too" };
            return await factors.TakeAsync(sql, caller.AccountId, code) is { } wrong ? wrong : await accounts.BeginAsync(sql, caller);
        }, cancellationToken);
    }

    /// <summary>Lets somebody in who has shown the first factor, or as far as the question for the second.</summary>
    public Task<Answer<Entry>> EnterAsync(Caller caller, CancellationToken cancellationToken) => database.WriteAsync<Answer<Entry>>(async sql =>
    {
        if (await AccountStore.LacksEntryAsync(sql, caller.AccountId) is { } suspended) return suspended;
        if (!await SecondFactors.IsOnAsync(sql, caller.AccountId)) return new Entry(await accounts.BeginAsync(sql, caller), null);
        var half = Secrets.Create(HalfPrefix);
        await sql.ExecuteAsync("DELETE FROM half_sign_ins WHERE expires <= @Now", new { Now = time.Now() });
        await sql.ExecuteAsync(
            "INSERT INTO half_sign_ins (hash, account_id, expires) VALUES (@Hash, @AccountId, @Expires)",
            new { Hash = Secrets.HashOf(half), caller.AccountId, Expires = (time.GetUtcNow() + limits.HalfSignInTime).ToUnixTimeMilliseconds() });
        return new Entry(null, half);
    }, cancellationToken);

    /// <summary>Goes on from there with a code.</summary>
    public Task<Answer<Session>> FinishAsync(string half, string code, CancellationToken cancellationToken) => database.WriteAsync<Answer<Session>>(async sql =>
    {
        var values = new { Hash = Secrets.HashOf(half), Now = time.Now() };
        if (await sql.FirstAsync<string>("SELECT account_id FROM half_sign_ins WHERE hash = @Hash AND expires > @Now", values) is not { } account)
            return new Refusal(ProblemTypes.Unauthenticated, "it took too long") { Hint = "begin again" };
        if (await AccountStore.LacksEntryAsync(sql, account) is { } suspended) return suspended;
        if (await factors.TakeAsync(sql, account, code) is { } wrong) return wrong;
        await sql.ExecuteAsync("DELETE FROM half_sign_ins WHERE hash = @Hash", values);
        return await accounts.BeginAsync(sql, (await AccountStore.FindAsync(sql, account))!);
    }, cancellationToken);
}

/// <summary>How far somebody has come.</summary>
/// <param name="Session">Of who is signed in.</param>
/// <param name="Half">Of who has to send a code yet.</param>
internal sealed record Entry(Session? Session, string? Half);
