using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Accounts.OAuth;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web.Pages;

namespace LazyOC.Marketplace.Web;

/// <summary>How one's own account is signed in to.</summary>
internal static class AccountPortal
{
    public const string Path = $"{Portal.Path}/account";
    public const string FactorPath = $"{Path}/second-factor";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext context, CancellationToken _) => ShowAsync(context, new Shown()));
        pages.MapPost($"{FactorPath}/enrolment", EnrolAsync);
        pages.MapPost(FactorPath, ConfirmAsync);
        pages.MapPost($"{FactorPath}/removal", (HttpContext context, SecondFactors factors) => TakeAsync(context, async (caller, code) =>
            (await factors.RemoveAsync(caller, code, context.RequestAborted)).TryGet(out _, out var refusal) ? new Shown() : new Shown { Problem = refusal }));
        pages.MapPost($"{FactorPath}/recovery-codes", (HttpContext context, SecondFactors factors) => TakeAsync(context, async (caller, code) =>
            (await factors.RenewCodesAsync(caller, code, context.RequestAborted)).TryGet(out var codes, out var refusal) ? new Shown { Codes = codes } : new Shown { Problem = refusal }));
    }

    private static async Task<IResult> EnrolAsync(HttpContext context, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return await ShowAsync(context, (await factors.EnrolAsync(caller, cancellationToken)).TryGet(out var enrolment, out refusal) ? new Shown { Enrolment = enrolment } : new Shown { Problem = refusal });
    }

    /// <summary>With a wrong code, the same secret is shown again.</summary>
    private static Task<IResult> ConfirmAsync(HttpContext context, SecondFactors factors) => TakeAsync(context, async (caller, code) =>
        (await factors.ConfirmAsync(caller, code, SessionCookie.TokenOf(context) ?? "", context.RequestAborted)).TryGet(out var codes, out var refusal)
            ? new Shown { Codes = codes }
            : new Shown { Problem = refusal, Enrolment = await factors.PendingAsync(caller, context.RequestAborted) });

    private static async Task<IResult> TakeAsync(HttpContext context, Func<Caller, string, Task<Shown>> take)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        var late = context.RequestServices.GetRequiredService<SignInLimits>().Take(RequestLimits.AddressOf(context));
        return await ShowAsync(context, late is not null ? new Shown { Problem = late } : await take(caller, context.Field("code")));
    }

    /// <summary>Secrets are in the answer of the form that made them, the only time.</summary>
    private static async Task<IResult> ShowAsync(HttpContext context, Shown shown)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.RequestServices.GetRequiredService<SecondFactors>().InfoAsync(caller, context.RequestAborted)).TryGet(out var factor, out refusal)) return refusal;
        if (!(await context.RequestServices.GetRequiredService<OAuthSignIns>().ListAsync(caller, context.RequestAborted)).TryGet(out var linked, out refusal)) return refusal;
        context.Response.Headers.CacheControl = "no-store";
        return new PageResult<AccountView>("Account", new(StringComparer.Ordinal)
        {
            [nameof(AccountView.Factor)] = factor,
            [nameof(AccountView.Enrolment)] = shown.Enrolment,
            [nameof(AccountView.Linked)] = linked,
            [nameof(AccountView.Elsewhere)] = context.RequestServices.GetRequiredService<MarketOptions>().OAuth.Providers.Select(provider => new Elsewhere(provider.Name, provider.Title)).ToArray(),
            [nameof(AccountView.Codes)] = shown.Codes,
            [nameof(AccountView.Problem)] = shown.Problem is null ? null : FormProblem.Of(shown.Problem),
        })
        {
            Status = shown.Problem?.Status ?? StatusCodes.Status200OK,
        };
    }

    /// <summary>What came of a form.</summary>
    private sealed record Shown
    {
        public SecondFactorEnrolment? Enrolment { get; init; }

        public RecoveryCodes? Codes { get; init; }

        public Refusal? Problem { get; init; }
    }
}
