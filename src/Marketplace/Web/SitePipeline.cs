using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web.Pages;

namespace LazyOC.Marketplace.Web;

/// <summary>What every page passes: headers that bound what it can do in a browser, and problems as pages.</summary>
internal static class SitePipeline
{
    /// <summary>Nothing runs, and nothing of another site is shown but pictures over TLS, in READMEs.</summary>
    public const string ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' https: data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly string[] NotPages = ["/v1", "/healthz", "/readyz", "/metrics"];

    /// <summary>Goes before everything else, so that its headers and pages are there whatever goes wrong behind it.</summary>
    public static void UseFirst(WebApplication app) => app.Use(async (context, next) =>
    {
        if (IsPage(context))
        {
            var headers = context.Response.Headers;
            context.Features.Set<ProblemPage>(WriteProblemAsync);
            context.Response.OnStarting(() =>
            {
                // What is no page says more strictly what it may do.
                if (headers.ContentSecurityPolicy.Count == 0) headers.ContentSecurityPolicy = ContentSecurityPolicy;
                headers["Referrer-Policy"] = "same-origin";
                headers.XContentTypeOptions = "nosniff";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                if (context.Request.IsHttps) headers.StrictTransportSecurity = "max-age=31536000";
                return Task.CompletedTask;
            });
        }
        await next(context);
    });

    /// <summary>Finds out by the cookie who asks for a page, and shows a private marketplace only to those who have signed in.</summary>
    public static void UseSession(WebApplication app) => app.Use(async (context, next) =>
    {
        if (IsPage(context))
        {
            if (context.Caller() is null) await SessionCookie.IdentifyAsync(context, context.RequestServices.GetRequiredService<AccountStore>());
            if (context.Caller() is null && context.RequestServices.GetRequiredService<MarketOptions>().IsPrivate && !IsWayIn(context.Request.Path))
            {
                context.Response.Redirect(SignIn.AddressFor(context));
                return;
            }
        }
        await next(context);
    });

    private static bool IsPage(HttpContext context) => !NotPages.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));

    private static bool IsWayIn(PathString path) => path.StartsWithSegments(SignIn.Path, StringComparison.Ordinal) || path == SignIn.RegisterPath || path.StartsWithSegments(SiteFiles.Path, StringComparison.Ordinal);

    private static async Task WriteProblemAsync(HttpContext context, Refusal refusal, string title)
    {
        // What has not signed in may do it then.
        if (refusal.Kind == ProblemTypes.Unauthenticated && context.Caller() is null && context.Request.Path != SignIn.Path)
        {
            context.Response.Redirect(SignIn.AddressFor(context));
            return;
        }
        await new PageResult<ProblemView>(title, new(StringComparer.Ordinal)
        {
            [nameof(ProblemView.Title)] = title,
            [nameof(ProblemView.Status)] = refusal.Status,
            [nameof(ProblemView.Problem)] = FormProblem.Of(refusal),
        })
        {
            Status = refusal.Status,
        }.ExecuteAsync(context);
    }
}

/// <summary>Answers a request with a refusal as a page; set for requests that are a person's.</summary>
internal delegate Task ProblemPage(HttpContext context, Refusal refusal, string title);

/// <summary>A refusal as it is shown in a page.</summary>
/// <param name="Detail">A sentence about the request, without a final period.</param>
/// <param name="Hint">What to do about it.</param>
/// <param name="Field">The field that is meant.</param>
/// <param name="Problems">All problems, when there is more than one.</param>
public sealed record FormProblem(string Detail, string? Hint, string? Field, IReadOnlyList<FieldProblem> Problems)
{
    internal static FormProblem Of(Refusal refusal) => new(refusal.Detail, refusal.Hint, refusal.Field, refusal.Problems is { } problems ? [.. problems] : []);
}
