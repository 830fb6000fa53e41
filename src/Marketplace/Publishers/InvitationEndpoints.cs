using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Publishers;

/// <summary>Invitations and verified domains over HTTP.</summary>
internal static class InvitationEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/publishers/{name}").WithTags("publishers");
        group.MapGet("/invitations", ListAsync).Gives<InvitationList>().WithSummary("Who is invited; for members");
        group.MapPost("/invitations", InviteAsync).Takes<NewInvitation>().Gives<Invitation>(StatusCodes.Status201Created).WithSummary("Invites an account, or offers it the publisher; whether there is one of that name is not told");
        group.MapDelete("/invitations/{account}", WithdrawAsync).GivesNothing().WithSummary("Takes an invitation back");
        group.MapGet("/domains", DomainsAsync).Gives<DomainList>().WithSummary("The domains that are shown to be the publisher's; its members see those that are not, too");
        group.MapPost("/domains", AddDomainAsync).Takes<NewDomain>().Gives<PublisherDomain>(StatusCodes.Status201Created).WithSummary("Says that a domain is the publisher's, and what shows it");
        group.MapPost("/domains/{domain}/check", CheckDomainAsync).Gives<PublisherDomain>().WithSummary("Looks for the proof at the domain");
        group.MapDelete("/domains/{domain}", RemoveDomainAsync).GivesNothing().WithSummary("Takes a domain back");
        var own = api.MapGroup("/account/invitations").WithTags("accounts");
        own.MapGet("", MineAsync).Gives<InvitationList>().WithSummary("The caller's invitations");
        own.MapPost("/{id}/acceptance", AcceptAsync).Gives<Membership>().WithSummary("Accepts an invitation; takes a session");
        own.MapDelete("/{id}", DeclineAsync).GivesNothing().WithSummary("Declines an invitation");
    }

    private static async Task<IResult> ListAsync(string name, HttpContext context, Invitations invitations, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await invitations.OfPublisherAsync(caller, name, cancellationToken)).Json(ApiJson.Default.InvitationList) : refusal;

    private static async Task<IResult> InviteAsync(string name, HttpContext context, Invitations invitations, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewInvitation)).TryGet(out var asked, out refusal)) return refusal;
        return (await invitations.InviteAsync(caller, name, asked, cancellationToken)).Json(ApiJson.Default.Invitation, StatusCodes.Status201Created);
    }

    private static async Task<IResult> WithdrawAsync(string name, string account, HttpContext context, Invitations invitations, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await invitations.WithdrawAsync(caller, name, account, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> MineAsync(HttpContext context, Invitations invitations, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await invitations.OfCallerAsync(caller, cancellationToken)).Json(ApiJson.Default.InvitationList) : refusal;

    private static async Task<IResult> AcceptAsync(string id, HttpContext context, Invitations invitations, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await invitations.AcceptAsync(caller, id, cancellationToken)).Json(ApiJson.Default.Membership) : refusal;

    private static async Task<IResult> DeclineAsync(string id, HttpContext context, Invitations invitations, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await invitations.DeclineAsync(caller, id, cancellationToken)).NoContent() : refusal;

    private static async Task<IResult> DomainsAsync(string name, HttpContext context, PublisherDomains domains, CancellationToken cancellationToken) =>
        Results.Json(await domains.ListAsync(context.Caller(), name, cancellationToken), ApiJson.Default.DomainList);

    private static async Task<IResult> AddDomainAsync(string name, HttpContext context, PublisherDomains domains, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await context.ReadAsync(ApiJson.Default.NewDomain)).TryGet(out var asked, out refusal)) return refusal;
        return (await domains.AddAsync(caller, name, asked.Domain, cancellationToken)).Json(ApiJson.Default.PublisherDomain, StatusCodes.Status201Created);
    }

    private static async Task<IResult> CheckDomainAsync(string name, string domain, HttpContext context, PublisherDomains domains, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await domains.CheckAsync(caller, name, domain, cancellationToken)).Json(ApiJson.Default.PublisherDomain) : refusal;

    private static async Task<IResult> RemoveDomainAsync(string name, string domain, HttpContext context, PublisherDomains domains, CancellationToken cancellationToken) =>
        context.RequireCaller().TryGet(out var caller, out var refusal) ? (await domains.RemoveAsync(caller, name, domain, cancellationToken)).NoContent() : refusal;
}
