using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts;

/// <summary>Accounts, sessions and tokens over HTTP.</summary>
internal static class AccountEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapPost("/accounts", RegisterAsync).Takes<Credentials>().Gives<Session>(StatusCodes.Status201Created).WithSummary("Registers an account and signs it in").WithTags("accounts").RequireSignInLimit();
        api.MapPost("/sessions", SignInAsync).Takes<Credentials>().Gives<Session>(StatusCodes.Status201Created).WithSummary("Signs in").WithTags("accounts").RequireSignInLimit();
        api.MapDelete("/sessions/current", SignOutAsync).GivesNothing().WithSummary("Ends the session that the request's token is of").WithTags("accounts");
        api.MapGet("/account", InfoAsync).Gives<AccountInfo>().WithSummary("Who asks").WithTags("accounts");
        api.MapGet("/tokens", TokensAsync).Gives<TokenList>().WithSummary("Lists the caller's API tokens").WithTags("accounts");
        api.MapPost("/tokens", CreateTokenAsync).Takes<NewToken>().Gives<CreatedToken>(StatusCodes.Status201Created).WithSummary("Makes an API token; takes a session").WithTags("accounts");
        api.MapDelete("/tokens/{id}", RevokeTokenAsync).GivesNothing().WithSummary("Revokes an API token").WithTags("accounts");
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, AccountStore accounts, MarketOptions options, CancellationToken cancellationToken)
    {
        // Or anybody could make himself one of those who may read.
        if (options.IsPrivate) return new Refusal(ProblemTypes.Forbidden, "accounts of a private registry are made by those who keep it") { Hint = "`lazyoc-market account NAME` makes one" };
        return (await context.ReadAsync(ApiJson.Default.Credentials)).TryGet(out var credentials, out var refusal)
            ? (await accounts.RegisterAsync(credentials, cancellationToken)).Json(ApiJson.Default.Session, StatusCodes.Status201Created)
            : refusal;
    }

    private static async Task<IResult> SignInAsync(HttpContext context, SignIns ways, SignInLimits signIns, CancellationToken cancellationToken)
    {
        if (!(await context.ReadAsync(ApiJson.Default.Credentials)).TryGet(out var credentials, out var refusal)) return refusal;
        // Whoever has many addresses still has one name to guess the password of; what is no name is nobody's.
        if (AccountStore.IsName(credentials.Name) && signIns.Take(credentials.Name) is { } late) return late;
        return (await ways.SignInAsync(credentials, cancellationToken)).Json(ApiJson.Default.Session, StatusCodes.Status201Created);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (caller.Token is not null) return new Refusal(ProblemTypes.WrongState, "the request's token is of no session") { Hint = "a token is revoked with `DELETE /v1/api/tokens/ID`" };
        await accounts.SignOutAsync(context.BearerToken(), cancellationToken);
        return Results.NoContent();
    }

    private static async Task<IResult> InfoAsync(HttpContext context, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return caller.Lacks(TokenScope.Read) ?? (await accounts.InfoAsync(caller, cancellationToken)).Json(ApiJson.Default.AccountInfo);
    }

    private static async Task<IResult> TokensAsync(HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        // The list tells a thief what else there is to take.
        if (caller.Token is not null) return new Refusal(ProblemTypes.TokenScope, "a token cannot list tokens") { Hint = "sign in with your password" };
        return Results.Json(await tokens.ListAsync(caller, cancellationToken), ApiJson.Default.TokenList);
    }

    private static async Task<IResult> CreateTokenAsync(HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewToken)).TryGet(out var asked, out refusal)) return refusal;
        return (await tokens.CreateAsync(caller, asked, cancellationToken)).Json(ApiJson.Default.CreatedToken, StatusCodes.Status201Created);
    }

    private static async Task<IResult> RevokeTokenAsync(string id, HttpContext context, TokenStore tokens, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        // A token may put itself out of use, and no other.
        if (caller.Token is { } own && own.Id != id) return new Refusal(ProblemTypes.TokenScope, "a token can revoke only itself") { Hint = "sign in with your password" };
        return await tokens.RevokeAsync(caller, id, cancellationToken) ? Results.NoContent() : Refusal.NotFound("token of yours with this id");
    }
}
