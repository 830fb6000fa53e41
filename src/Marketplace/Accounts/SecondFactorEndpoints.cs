using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts;

/// <summary>The caller's second factor over HTTP.</summary>
internal static class SecondFactorEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/account/second-factor").WithTags("accounts");
        group.MapGet("", InfoAsync).Gives<SecondFactorInfo>().WithSummary("Whether it takes a code to sign in to the caller's account");
        group.MapPost("/enrolment", EnrolAsync).Gives<SecondFactorEnrolment>().WithSummary("Makes a secret for an authenticator app; takes a session");
        group.MapPut("", ConfirmAsync).Takes<SecondFactorCode>().Gives<RecoveryCodes>().WithSummary("Turns the second factor on with a code of the app, and ends the account's other sessions").RequireSignInLimit();
        group.MapPost("/removal", RemoveAsync).Takes<SecondFactorCode>().GivesNothing().WithSummary("Turns the second factor off").RequireSignInLimit();
        group.MapPost("/recovery-codes", RenewAsync).Takes<SecondFactorCode>().Gives<RecoveryCodes>().WithSummary("Makes new recovery codes in the place of the old ones").RequireSignInLimit();
    }

    private static async Task<IResult> InfoAsync(HttpContext context, SecondFactors factors, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await factors.InfoAsync(caller, cancellationToken)).Json(ApiJson.Default.SecondFactorInfo) : refusal;

    private static async Task<IResult> EnrolAsync(HttpContext context, SecondFactors factors, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await factors.EnrolAsync(caller, cancellationToken)).Json(ApiJson.Default.SecondFactorEnrolment) : refusal;

    private static async Task<IResult> ConfirmAsync(HttpContext context, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.SecondFactorCode)).TryGet(out var asked, out refusal)) return refusal;
        return (await factors.ConfirmAsync(caller, asked.Code, context.BearerToken(), cancellationToken)).Json(ApiJson.Default.RecoveryCodes);
    }

    private static async Task<IResult> RemoveAsync(HttpContext context, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.SecondFactorCode)).TryGet(out var asked, out refusal)) return refusal;
        return (await factors.RemoveAsync(caller, asked.Code, cancellationToken)).NoContent();
    }

    private static async Task<IResult> RenewAsync(HttpContext context, SecondFactors factors, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.SecondFactorCode)).TryGet(out var asked, out refusal)) return refusal;
        return (await factors.RenewCodesAsync(caller, asked.Code, cancellationToken)).Json(ApiJson.Default.RecoveryCodes);
    }
}
