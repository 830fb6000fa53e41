using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web.Pages;

namespace LazyOC.Marketplace.Web;

/// <summary>Signing in and out, and registering.</summary>
internal static class SignIn
{
    public const string Path = "/sign-in";
    public const string RegisterPath = "/register";
    public const string OutPath = "/sign-out";
    public const string CodePath = $"{Path}/code";

    /// <summary>Name of the parameter and field with where to go then.</summary>
    public const string ReturnField = "return";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext context) => Show(context, isNew: false, "", null));
        pages.MapGet(RegisterPath, (HttpContext context) => Show(context, isNew: true, "", null));
        pages.MapPost(Path, SignInAsync);
        pages.MapPost(RegisterPath, RegisterAsync);
        pages.MapPost(OutPath, SignOutAsync);
        pages.MapGet(CodePath, (HttpContext context) => ShowCode(context, null));
        pages.MapPost(CodePath, FinishAsync);
    }

    /// <summary>The page for signing in, which leads back to the one that was asked for.</summary>
    public static string AddressFor(HttpContext context)
    {
        var back = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString.Value : "/";
        return back == "/" ? Path : $"{Path}?{ReturnField}={Uri.EscapeDataString(back)}";
    }

    /// <summary>Signs in who has shown the first factor, or asks him for the second.</summary>
    public static async Task<IResult> EnterAsync(HttpContext context, Caller caller, string back)
    {
        var services = context.RequestServices;
        if (!(await services.GetRequiredService<SignIns>().EnterAsync(caller, context.RequestAborted)).TryGet(out var entry, out var refusal)) return Show(context, isNew: false, caller.Name, refusal);
        if (entry.Session is { } session)
        {
            await SessionCookie.BeginAsync(context, services.GetRequiredService<AccountStore>(), session);
            return PostedForm.SeeOther(context, LocalAddress.Of(back));
        }
        SessionCookie.BeginHalf(context, entry.Half!);
        return PostedForm.SeeOther(context, $"{CodePath}?{ReturnField}={Uri.EscapeDataString(LocalAddress.Of(back))}");
    }

    private static async Task<IResult> SignInAsync(HttpContext context, AccountStore accounts, SignInLimits signIns, CancellationToken cancellationToken)
    {
        var credentials = ReadCredentials(context);
        // By the same counts as the API: of an address, and of a name.
        if (signIns.Take(RequestLimits.AddressOf(context)) is { } late || (AccountStore.IsName(credentials.Name) && (late = signIns.Take(credentials.Name)) is not null)) return Show(context, isNew: false, credentials.Name, late);
        return (await accounts.VerifyAsync(credentials, cancellationToken)).TryGet(out var caller, out var refusal)
            ? await EnterAsync(context, caller, context.Field(ReturnField))
            : Show(context, isNew: false, credentials.Name, refusal);
    }

    private static async Task<IResult> RegisterAsync(HttpContext context, AccountStore accounts, SignInLimits signIns, MarketOptions options, CancellationToken cancellationToken)
    {
        // As over the API: or anybody could make himself one of those who may read.
        if (options.IsPrivate) return Show(context, isNew: true, "", new Refusal(ProblemTypes.Forbidden, "accounts of a private registry are made by those who keep it"));
        var credentials = ReadCredentials(context);
        if (signIns.Take(RequestLimits.AddressOf(context)) is { } late) return Show(context, isNew: true, credentials.Name, late);
        if (!(await accounts.RegisterAsync(credentials, cancellationToken)).TryGet(out var session, out var refusal)) return Show(context, isNew: true, credentials.Name, refusal);
        await SessionCookie.BeginAsync(context, accounts, session);
        return PostedForm.SeeOther(context, LocalAddress.Of(context.Field(ReturnField)));
    }

    private static async Task<IResult> FinishAsync(HttpContext context, SignIns ways, AccountStore accounts, SignInLimits signIns, CancellationToken cancellationToken)
    {
        if (SessionCookie.HalfOf(context) is not { } half) return PostedForm.SeeOther(context, Path);
        if (signIns.Take(RequestLimits.AddressOf(context)) is { } late) return ShowCode(context, late);
        if (!(await ways.FinishAsync(half, context.Field("code"), cancellationToken)).TryGet(out var session, out var refusal)) return ShowCode(context, refusal);
        await SessionCookie.BeginAsync(context, accounts, session);
        return PostedForm.SeeOther(context, LocalAddress.Of(context.Field(ReturnField)));
    }

    /// <summary>A password is taken as it was typed.</summary>
    private static Credentials ReadCredentials(HttpContext context) => new() { Name = context.Field("name"), Password = context.Request.Form["password"] is [{ } password] ? password : "" };

    private static async Task<IResult> SignOutAsync(HttpContext context, AccountStore accounts)
    {
        await SessionCookie.EndAsync(context, accounts);
        return PostedForm.SeeOther(context, "/");
    }

    private static IResult ShowCode(HttpContext context, Refusal? refusal)
    {
        if (SessionCookie.HalfOf(context) is null) return Results.Redirect(Path);
        SessionCookie.RequireSecret(context);
        return new PageResult<CodeForm>("Second factor", new(StringComparer.Ordinal)
        {
            [nameof(CodeForm.Return)] = ReturnOf(context),
            [nameof(CodeForm.Problem)] = refusal is null ? null : FormProblem.Of(refusal),
        })
        {
            Status = StatusOf(context, refusal),
        };
    }

    private static IResult Show(HttpContext context, bool isNew, string name, Refusal? refusal)
    {
        SessionCookie.RequireSecret(context);
        return new PageResult<SignInForm>(isNew ? "Register" : "Sign in", new(StringComparer.Ordinal)
        {
            [nameof(SignInForm.IsNew)] = isNew,
            [nameof(SignInForm.Name)] = name,
            [nameof(SignInForm.Elsewhere)] = context.RequestServices.GetRequiredService<MarketOptions>().OAuth.Providers.Select(provider => new Elsewhere(provider.Name, provider.Title)).ToArray(),
            [nameof(SignInForm.Return)] = ReturnOf(context),
            [nameof(SignInForm.Problem)] = refusal is null ? null : FormProblem.Of(refusal),
        })
        {
            Status = StatusOf(context, refusal),
        };
    }

    private static string ReturnOf(HttpContext context) => LocalAddress.Of(HttpMethods.IsPost(context.Request.Method) ? context.Field(ReturnField) : context.Request.Query[ReturnField].ToString());

    private static int StatusOf(HttpContext context, Refusal? refusal)
    {
        if (refusal?.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return refusal?.Status ?? StatusCodes.Status200OK;
    }
}

/// <summary>Where else people may sign in.</summary>
/// <param name="Name">In addresses.</param>
/// <param name="Title">What people call it.</param>
public sealed record Elsewhere(string Name, string Title);
