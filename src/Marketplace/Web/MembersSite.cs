using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;

namespace LazyOC.Marketplace.Web;

/// <summary>The forms about who works for a publisher, and about its domains.</summary>
internal static class MembersSite
{
    private const string Route = $"{Portal.PublishersPath}/{{name}}";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapPost($"{Route}/invitations", InviteAsync);
        pages.MapPost($"{Route}/invitations/removal", (string name, HttpContext context, Invitations invitations, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => invitations.WithdrawAsync(caller, name, context.Field("account"), cancellationToken), MembersOf(name)));
        pages.MapPost($"{Route}/domains", (string name, HttpContext context, PublisherDomains domains, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => domains.AddAsync(caller, name, context.Field("domain").ToLowerInvariant(), cancellationToken), DomainsOf(name)));
        pages.MapPost($"{Route}/domains/check", (string name, HttpContext context, PublisherDomains domains, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => domains.CheckAsync(caller, name, context.Field("domain"), cancellationToken), DomainsOf(name)));
        pages.MapPost($"{Route}/domains/removal", (string name, HttpContext context, PublisherDomains domains, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => domains.RemoveAsync(caller, name, context.Field("domain"), cancellationToken), DomainsOf(name)));
        pages.MapPost($"{Portal.Path}/invitations/{{id}}/acceptance", AcceptAsync);
        pages.MapPost($"{Portal.Path}/invitations/{{id}}/refusal", (string id, HttpContext context, Invitations invitations, CancellationToken cancellationToken) =>
            ChangeAsync(context, caller => invitations.DeclineAsync(caller, id, cancellationToken), Portal.Path));
    }

    private static string MembersOf(string publisher) => $"{PublisherPortal.AddressOf(publisher)}#members";

    private static string DomainsOf(string publisher) => $"{PublisherPortal.AddressOf(publisher)}#domains";

    private static async Task<IResult> InviteAsync(string name, HttpContext context, Invitations invitations, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<PublisherRole>(context.Field("role"), ignoreCase: true, out var role) || !Enum.IsDefined(role)) return Refusal.Invalid("role", "`role` is none of `reviewer`, `maintainer` and `owner`");
        var asked = new NewInvitation { Account = context.Field("account"), Role = role, IsTransfer = context.Field("transfer") == "yes" };
        return await ChangeAsync(context, caller => invitations.InviteAsync(caller, name, asked, cancellationToken), MembersOf(name));
    }

    private static async Task<IResult> AcceptAsync(string id, HttpContext context, Invitations invitations, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return (await invitations.AcceptAsync(caller, id, cancellationToken)).TryGet(out var membership, out refusal) ? PostedForm.SeeOther(context, PublisherPortal.AddressOf(membership.Publisher)) : refusal;
    }

    private static async Task<IResult> ChangeAsync<T>(HttpContext context, Func<Caller, Task<Answer<T>>> change, string address)
        where T : class => context.RequireCaller().TryGet(out var caller, out var refusal) ? PostedForm.SeeOther(context, await change(caller), address) : refusal;
}
