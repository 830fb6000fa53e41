using System.Collections.Immutable;
using System.Net;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Marketplace.Accounts;

/// <summary>Who asks.</summary>
/// <param name="AccountId">Of the account.</param>
/// <param name="Name">Of the account.</param>
/// <param name="Role">On the whole marketplace.</param>
/// <param name="Token">What the token is for; null for somebody who has signed in, who may do all that the account may.</param>
internal sealed record Caller(string AccountId, string Name, SiteRole Role, TokenGrant? Token)
{
    /// <summary>Whether the caller may do something by its token; null, or why not.</summary>
    /// <param name="scope">What is done.</param>
    /// <param name="plugin">To which plugin; null when it is to none.</param>
    public Refusal? Lacks(TokenScope scope, PluginId? plugin = null)
    {
        if (Token is not { } token) return null;
        if (!token.Scopes.Contains(scope)) return new Refusal(ProblemTypes.TokenScope, $"the token has no scope `{Stored(scope)}`") { Hint = "make a token with that scope" };
        // What concerns more than plugins is not for a token that is bound to some.
        if (plugin is null) return scope != TokenScope.Owner || token.Plugins == "*" ? null : new Refusal(ProblemTypes.TokenScope, $"the token is for the plugins `{token.Plugins}` only");
        return Glob.Matches(token.Plugins, plugin.Value.ToString()) ? null : new Refusal(ProblemTypes.TokenScope, $"the token is for the plugins `{token.Plugins}`, and `{plugin}` is not one of them");
    }

    /// <summary>Whether the caller may moderate; null, or why not.</summary>
    public Refusal? LacksModeration() =>
        Role < SiteRole.Moderator ? new Refusal(ProblemTypes.Forbidden, "only moderators may do that") : Lacks(TokenScope.Moderate);

    /// <summary>Whether the caller may administer the marketplace; null, or why not.</summary>
    public Refusal? LacksAdministration() =>
        Role < SiteRole.Admin ? new Refusal(ProblemTypes.Forbidden, "only administrators may do that") : Lacks(TokenScope.Owner) ?? Lacks(TokenScope.Moderate);

    private static string Stored(TokenScope scope) => Data.Stored.Name(scope);
}

/// <summary>What an API token is for.</summary>
internal sealed record TokenGrant(string Id, ImmutableArray<TokenScope> Scopes, string Plugins, ImmutableArray<IPNetwork> Networks)
{
    /// <summary>Whether it may be used from an address.</summary>
    public bool IsGoodFrom(IPAddress? address)
    {
        if (Networks.IsEmpty) return true;
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(network => network.Contains(plain));
    }
}
