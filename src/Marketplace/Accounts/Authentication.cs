using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts;

/// <summary>Finds out who asks, by the bearer token; the API takes no cookies, so no other site can ask in somebody's name.</summary>
internal static class Authentication
{
    private const string Scheme = "Bearer ";

    /// <summary>Refuses a token that is no good any more; without one, the request is anybody's.</summary>
    public static async Task<Refusal?> IdentifyAsync(HttpContext context)
    {
        var header = context.Request.Headers.Authorization.ToString();
        if (header.Length == 0) return null;
        var cancellationToken = context.RequestAborted;
        var token = header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : "";
        Caller? caller = null;
        if (Secrets.IsToken(token, Secrets.SessionPrefix)) caller = await context.RequestServices.GetRequiredService<AccountStore>().OfSessionAsync(token, cancellationToken);
        else if (Secrets.IsToken(token, Secrets.TokenPrefix)) caller = await context.RequestServices.GetRequiredService<TokenStore>().OfTokenAsync(token, context.Connection.RemoteIpAddress, cancellationToken);
        if (caller is null) return new Refusal(ProblemTypes.Unauthenticated, "the token is not, or not any more, good here") { Hint = "sign in again, or make another token" };
        context.Features.Set(caller);
        return null;
    }

    /// <summary>Who asks; null when nobody says who he is.</summary>
    public static Caller? Caller(this HttpContext context) => context.Features.Get<Caller>();

    /// <summary>Who asks, or the refusal of somebody who does not say.</summary>
    public static Answer<Caller> RequireCaller(this HttpContext context) =>
        context.Caller() is { } caller ? caller : new Refusal(ProblemTypes.Unauthenticated, "only those who have signed in may do that") { Hint = "send a token as `Authorization: Bearer TOKEN`" };

    /// <summary>The bearer token that was sent; it was found good.</summary>
    public static string BearerToken(this HttpContext context) => context.Request.Headers.Authorization.ToString()[Scheme.Length..].Trim();
}
