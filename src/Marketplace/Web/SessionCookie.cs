using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Web;

/// <summary>
/// The cookies of the site: one with the session of somebody who has signed in, and one with a secret for the forms of somebody
/// who has not. The API does not look at either.
/// </summary>
internal static class SessionCookie
{
    private const string SessionName = "lazyoc-session";
    private const string FormName = "lazyoc-form";
    private const string HalfName = "lazyoc-half";
    private const string AwayName = "lazyoc-away";

    /// <summary>Browsers take a cookie with this prefix only from this very host, over TLS.</summary>
    private const string HostPrefix = "__Host-";

    /// <summary>Finds out who asks. A session that is over is as none.</summary>
    public static async Task IdentifyAsync(HttpContext context, AccountStore accounts)
    {
        if (TokenOf(context) is not { } token) return;
        if (await accounts.OfSessionAsync(token, context.RequestAborted) is { } caller) context.Features.Set(caller);
        else Delete(context);
    }

    /// <summary>The session that the browser has sent; null when it sent none, or something else.</summary>
    public static string? TokenOf(HttpContext context) =>
        context.Request.Cookies[NameOf(context, SessionName)] is { } token && Secrets.IsToken(token, Secrets.SessionPrefix) ? token : null;

    /// <summary>What forms are protected with; empty when the browser has no secret yet.</summary>
    public static string SecretOf(HttpContext context) => context.Caller() is not null
        ? TokenOf(context) ?? ""
        : context.Features.Get<FormSecret>()?.Value ?? FormCookieOf(context) ?? "";

    /// <summary>Sees that somebody who has not signed in has a secret for the forms of this page.</summary>
    public static void RequireSecret(HttpContext context)
    {
        if (context.Caller() is not null || FormCookieOf(context) is not null) return;
        var secret = Secrets.Create("");
        context.Response.Cookies.Append(NameOf(context, FormName), secret, Options(context, null));
        context.Features.Set(new FormSecret(secret));
    }

    /// <summary>Gives the browser a session. It is always a new one, and the one that it had, if any, is over.</summary>
    public static async Task BeginAsync(HttpContext context, AccountStore accounts, Session session)
    {
        if (TokenOf(context) is { } before) await accounts.SignOutAsync(before, context.RequestAborted);
        context.Response.Cookies.Delete(NameOf(context, FormName), Options(context, null));
        if (HalfOf(context) is not null) context.Response.Cookies.Delete(NameOf(context, HalfName), Options(context, null));
        context.Response.Cookies.Append(NameOf(context, SessionName), session.Token, Options(context, session.Expires));
    }

    /// <summary>Remembers who has shown the first factor, until he sends a code.</summary>
    public static void BeginHalf(HttpContext context, string half) => context.Response.Cookies.Append(NameOf(context, HalfName), half, Options(context, null));

    /// <summary>Who has to send a code; null when nobody has.</summary>
    public static string? HalfOf(HttpContext context) =>
        context.Request.Cookies[NameOf(context, HalfName)] is { } half && Secrets.IsToken(half, SignIns.HalfPrefix) ? half : null;

    /// <summary>Remembers who signs in elsewhere, until he comes back and has an account.</summary>
    public static void BeginAway(HttpContext context, string secret) => context.Response.Cookies.Append(NameOf(context, AwayName), secret, Options(context, null));

    /// <summary>The secret of who signs in elsewhere; null when nobody does.</summary>
    public static string? AwayOf(HttpContext context) => context.Request.Cookies[NameOf(context, AwayName)] is { } secret && Secrets.IsToken(secret, "") ? secret : null;

    public static void EndAway(HttpContext context) => context.Response.Cookies.Delete(NameOf(context, AwayName), Options(context, null));

    public static async Task EndAsync(HttpContext context, AccountStore accounts)
    {
        if (TokenOf(context) is { } token) await accounts.SignOutAsync(token, context.RequestAborted);
        Delete(context);
    }

    private static string? FormCookieOf(HttpContext context) => context.Request.Cookies[NameOf(context, FormName)] is { } secret && Secrets.IsToken(secret, "") ? secret : null;

    private static void Delete(HttpContext context) => context.Response.Cookies.Delete(NameOf(context, SessionName), Options(context, null));

    private static string NameOf(HttpContext context, string name) => context.Request.IsHttps ? HostPrefix + name : name;

    private static CookieOptions Options(HttpContext context, DateTimeOffset? expires) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.Request.IsHttps,
        Path = "/",
        Expires = expires,
        IsEssential = true,
    };

    private sealed record FormSecret(string Value);
}
