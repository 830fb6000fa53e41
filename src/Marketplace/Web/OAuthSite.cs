using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Accounts.OAuth;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web.Pages;

namespace LazyOC.Marketplace.Web;

/// <summary>Signing in with an account elsewhere, and linking it with one here.</summary>
internal static class OAuthSite
{
    public const string NamePath = $"{SignIn.Path}/name";

    private const string Route = $"{SignIn.Path}/with/{{provider}}";
    private const string LinkRoute = $"{AccountPortal.Path}/identities/{{provider}}";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Route, BeginAsync);
        pages.MapGet($"{Route}/callback", FinishAsync);
        pages.MapGet(NamePath, (HttpContext context, OAuthSignIns ways) => ShowNameAsync(context, ways, null));
        pages.MapPost(NamePath, RegisterAsync);
        pages.MapPost(LinkRoute, LinkAsync);
        pages.MapPost($"{LinkRoute}/removal", async (string provider, HttpContext context, OAuthSignIns ways, CancellationToken cancellationToken) => context.RequireCaller().TryGet(out var caller, out var refusal)
            ? PostedForm.SeeOther(context, await ways.UnlinkAsync(caller, provider, cancellationToken), AccountPortal.Path)
            : refusal);
    }

    public static string AddressOf(string provider) => $"{SignIn.Path}/with/{provider}";

    public static string LinkAddressOf(string provider) => $"{AccountPortal.Path}/identities/{provider}";

    private static Refusal NoProvider => Refusal.NotFound("provider of this name to sign in with");

    private static async Task<IResult> BeginAsync(string provider, HttpContext context, OAuthSignIns ways, MarketOptions options, SignInLimits signIns, CancellationToken cancellationToken)
    {
        if (options.OAuth.Find(provider) is not { } where) return NoProvider;
        if (signIns.Take(RequestLimits.AddressOf(context)) is { } late) return late;
        var start = await ways.BeginAsync(where, null, RedirectOf(context, options, where), LocalAddress.Of(context.Request.Query[SignIn.ReturnField].ToString()), cancellationToken);
        SessionCookie.BeginAway(context, start.Browser);
        return Results.Redirect(start.Address);
    }

    /// <summary>
    /// Begins a link, by a form: or another site could have somebody's account linked with an account of its own. A page with a
    /// link follows, because browsers send no form on to another site.
    /// </summary>
    private static async Task<IResult> LinkAsync(string provider, HttpContext context, OAuthSignIns ways, MarketOptions options, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (options.OAuth.Find(provider) is not { } where) return NoProvider;
        var start = await ways.BeginAsync(where, caller, RedirectOf(context, options, where), AccountPortal.Path, cancellationToken);
        SessionCookie.BeginAway(context, start.Browser);
        context.Response.Headers.CacheControl = "no-store";
        return new PageResult<LinkView>($"Link with {where.Title}", new(StringComparer.Ordinal)
        {
            [nameof(LinkView.Provider)] = where.Title,
            [nameof(LinkView.Account)] = caller.Name,
            [nameof(LinkView.Address)] = start.Address,
        });
    }

    private static async Task<IResult> FinishAsync(string provider, HttpContext context, OAuthSignIns ways, MarketOptions options, SignInLimits signIns, CancellationToken cancellationToken)
    {
        if (options.OAuth.Find(provider) is not { } where) return NoProvider;
        if (signIns.Take(RequestLimits.AddressOf(context)) is { } late) return late;
        var query = context.Request.Query;
        var browser = SessionCookie.AwayOf(context);
        SessionCookie.EndAway(context);
        var code = query["code"] is [{ Length: > 0 } value] ? value : null;
        var answer = await ways.FinishAsync(where, query["state"].ToString(), code, browser, context.Caller(), RedirectOf(context, options, where), cancellationToken);
        if (!answer.TryGet(out var end, out var refusal)) return refusal;
        if (end.Caller is { } caller) return await SignIn.EnterAsync(context, caller, end.Back);
        if (end.Arrival is not { } arrival) return Results.Redirect(LocalAddress.Of(end.Back));
        SessionCookie.BeginAway(context, arrival);
        return Results.Redirect($"{NamePath}?{SignIn.ReturnField}={Uri.EscapeDataString(end.Back)}");
    }

    private static async Task<IResult> ShowNameAsync(HttpContext context, OAuthSignIns ways, Refusal? problem)
    {
        if (SessionCookie.AwayOf(context) is not { } arrival || await ways.ArrivalAsync(arrival, context.RequestAborted) is not { } name) return Results.Redirect(SignIn.Path);
        SessionCookie.RequireSecret(context);
        return new PageResult<NameForm>("Choose a name", new(StringComparer.Ordinal)
        {
            [nameof(NameForm.Name)] = problem is null ? AccountStore.IsName(name.ToLowerInvariant()) ? name.ToLowerInvariant() : "" : context.Field("name"),
            [nameof(NameForm.There)] = name,
            [nameof(NameForm.Return)] = LocalAddress.Of(problem is null ? context.Request.Query[SignIn.ReturnField].ToString() : context.Field(SignIn.ReturnField)),
            [nameof(NameForm.Problem)] = problem is null ? null : FormProblem.Of(problem),
        })
        {
            Status = problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, OAuthSignIns ways, SignInLimits signIns, CancellationToken cancellationToken)
    {
        if (SessionCookie.AwayOf(context) is not { } arrival) return PostedForm.SeeOther(context, SignIn.Path);
        // Names that are taken could be found out.
        if (signIns.Take(RequestLimits.AddressOf(context)) is { } late) return late;
        if (!(await ways.RegisterAsync(arrival, context.Field("name"), cancellationToken)).TryGet(out var caller, out var refusal)) return refusal.Kind == ProblemTypes.Forbidden ? refusal : await ShowNameAsync(context, ways, refusal);
        SessionCookie.EndAway(context);
        return await SignIn.EnterAsync(context, caller, context.Field(SignIn.ReturnField));
    }

    /// <summary>Each provider has its own, so none can pass for another.</summary>
    private static string RedirectOf(HttpContext context, MarketOptions options, OAuthProvider provider) =>
        new Uri(options.OAuth.PublicUrl ?? new Uri($"{context.Request.Scheme}://{context.Request.Host}"), $"{AddressOf(provider.Name)}/callback").AbsoluteUri;
}
