using System.Collections.Immutable;

namespace LazyOC.Marketplace.Accounts.OAuth;

/// <summary>Where else people may sign in: an authorization server of OAuth 2.0, OpenID ones included.</summary>
internal sealed record OAuthProvider
{
    /// <summary>In addresses of this site; letters, digits and hyphens.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    public required Uri AuthorizeUrl { get; init; }

    public required Uri TokenUrl { get; init; }

    /// <summary>Says whose an access token is, as JSON.</summary>
    public required Uri UserUrl { get; init; }

    public required string ClientId { get; init; }

    public required string ClientSecret { get; init; }

    public string Scope { get; init; } = "openid profile";

    /// <summary>Member of the answer with what is never given to another, by its path: <c>metadata.uid</c>.</summary>
    public string SubjectField { get; init; } = "sub";

    /// <summary>Member with the name there.</summary>
    public string NameField { get; init; } = "preferred_username";

    /// <summary>Whether who has no account here gets one; null for not in a private registry.</summary>
    public bool? Registers { get; init; }
}

/// <summary>The providers of a marketplace.</summary>
/// <param name="PublicUrl">Where browsers find this site, which providers lead back to; what the request says when null.</param>
/// <param name="Providers">In the order in which they are shown.</param>
internal sealed record OAuthOptions(Uri? PublicUrl, ImmutableArray<OAuthProvider> Providers)
{
    /// <summary>Nobody signs in elsewhere.</summary>
    public static OAuthOptions None { get; } = new(null, []);

    public OAuthProvider? Find(string name) => Providers.FirstOrDefault(provider => provider.Name == name);
}
