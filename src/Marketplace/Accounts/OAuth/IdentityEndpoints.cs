using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Accounts.OAuth;

/// <summary>What the caller's account is linked with, over HTTP; linking takes a browser.</summary>
internal static class IdentityEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/account/identities").WithTags("accounts");
        group.MapGet("", ListAsync).Gives<IdentityList>().WithSummary("The accounts elsewhere by which the caller signs in");
        group.MapDelete("/{provider}", UnlinkAsync).GivesNothing().WithSummary("Ends the link with one");
    }

    private static async Task<IResult> ListAsync(HttpContext context, OAuthSignIns identities, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await identities.ListAsync(caller, cancellationToken)).Json(ApiJson.Default.IdentityList) : refusal;

    private static async Task<IResult> UnlinkAsync(string provider, HttpContext context, OAuthSignIns identities, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await identities.UnlinkAsync(caller, provider, cancellationToken)).NoContent() : refusal;
}
