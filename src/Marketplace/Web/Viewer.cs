using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Web;

/// <summary>Who looks at a page.</summary>
/// <param name="Name">Of the account; null for somebody who has not signed in.</param>
/// <param name="IsModerator">Whether the pages for moderators are for him.</param>
/// <param name="Secret">What the tokens of his forms are made from; empty when there is none yet.</param>
public sealed record Viewer(string? Name, bool IsModerator, string Secret)
{
    /// <summary>Whether the pages for admins are for him.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The token of a form that is sent to an address of this site.</summary>
    public string FormTokenOf(string action) => FormTokens.Create(Secret, action);

    internal static Viewer Of(HttpContext context) => context.Caller() is { } caller
        ? new Viewer(caller.Name, caller.Role >= SiteRole.Moderator, SessionCookie.SecretOf(context)) { IsAdmin = caller.Role >= SiteRole.Admin }
        : new Viewer(null, false, SessionCookie.SecretOf(context));
}
