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

    /// <summary>Name of the parameter and field with where to go then.</summary>
    public const string ReturnField = "return";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet(Path, (HttpContext context) => Show(context, isNew: false, "", null));
        pages.MapGet(RegisterPath, (HttpContext context) => Show(context, isNew: true, "", null));
        pages.MapPost(Path, SignInAsync);
        pages.MapPost(RegisterPath, RegisterAsync);
        pages.MapPost(OutPath, SignOutAsync);
    }

    /// <summary>The page for signing in, which leads back to the one that was asked for.</summary>
    public static string AddressFor(HttpContext context)
    {
        var back = HttpMethods.IsGet(context.Request.Method) ? context.Request.Path + context.Request.QueryString.Value : "/";
        return back == "/" ? Path : $"{Path}?{ReturnField}={Uri.EscapeDataString(back)}";
    }

    private static Task<IResult> SignInAsync(HttpContext context, AccountStore accounts, SignInLimits signIns, CancellationToken cancellationToken) =>
        BeginAsync(context, accounts, signIns, isNew: false, credentials => accounts.SignInAsync(credentials, cancellationToken));

    private static Task<IResult> RegisterAsync(HttpContext context, AccountStore accounts, SignInLimits signIns, CancellationToken cancellationToken) =>
        BeginAsync(context, accounts, signIns, isNew: true, credentials => accounts.RegisterAsync(credentials, cancellationToken));

    private static async Task<IResult> BeginAsync(HttpContext context, AccountStore accounts, SignInLimits signIns, bool isNew, Func<Credentials, Task<Answer<Session>>> begin)
    {
        // As over the API: or anybody could make himself one of those who may read.
        if (isNew && context.RequestServices.GetRequiredService<MarketOptions>().IsPrivate)
            return Show(context, isNew, "", new Refusal(ProblemTypes.Forbidden, "accounts of a private registry are made by those who keep it"));
        // A password is taken as it was typed.
        var credentials = new Credentials { Name = context.Field("name"), Password = context.Request.Form["password"] is [{ } password] ? password : "" };
        // By the same counts as the API: of an address, and of a name.
        if (signIns.Take(RequestLimits.AddressOf(context)) is { } late || (!isNew && AccountStore.IsName(credentials.Name) && (late = signIns.Take(credentials.Name)) is not null)) return Show(context, isNew, credentials.Name, late);
        if (!(await begin(credentials)).TryGet(out var session, out var refusal)) return Show(context, isNew, credentials.Name, refusal);
        await SessionCookie.BeginAsync(context, accounts, session);
        return PostedForm.SeeOther(context, LocalAddress.Of(context.Field(ReturnField)));
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, AccountStore accounts)
    {
        await SessionCookie.EndAsync(context, accounts);
        return PostedForm.SeeOther(context, "/");
    }

    private static IResult Show(HttpContext context, bool isNew, string name, Refusal? refusal)
    {
        SessionCookie.RequireSecret(context);
        if (refusal?.RetryAfter is { } wait) context.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var back = HttpMethods.IsPost(context.Request.Method) ? context.Field(ReturnField) : context.Request.Query[ReturnField].ToString();
        return new PageResult<SignInForm>(isNew ? "Register" : "Sign in", new(StringComparer.Ordinal)
        {
            [nameof(SignInForm.IsNew)] = isNew,
            [nameof(SignInForm.Name)] = name,
            [nameof(SignInForm.Return)] = LocalAddress.Of(back),
            [nameof(SignInForm.Problem)] = refusal is null ? null : FormProblem.Of(refusal),
        })
        {
            Status = refusal?.Status ?? StatusCodes.Status200OK,
        };
    }
}
