namespace LazyOC.Marketplace.Protocol.Api;

/// <content>Who works for publishers, and which domains are theirs.</content>
public sealed partial class MarketClient
{
    /// <summary>Invites an account, or offers it the publisher.</summary>
    public Task<ApiResult<Invitation>> InviteAsync(string publisher, NewInvitation invitation, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"publishers/{Escape(publisher)}/invitations", invitation, Json.NewInvitation, Json.Invitation, cancellationToken);

    /// <summary>Who is invited by a publisher.</summary>
    public Task<ApiResult<InvitationList>> InvitedAsync(string publisher, CancellationToken cancellationToken) => GetAsync($"publishers/{Escape(publisher)}/invitations", Json.InvitationList, cancellationToken);

    public Task<ApiResult<Done>> WithdrawInvitationAsync(string publisher, string account, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"publishers/{Escape(publisher)}/invitations/{Escape(account)}", cancellationToken);

    /// <summary>The caller's own.</summary>
    public Task<ApiResult<InvitationList>> InvitationsAsync(CancellationToken cancellationToken) => GetAsync("account/invitations", Json.InvitationList, cancellationToken);

    public Task<ApiResult<Membership>> AcceptInvitationAsync(string id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"account/invitations/{Escape(id)}/acceptance", null, Json.Membership, _limits.AnswerTimeout, cancellationToken);

    public Task<ApiResult<Done>> DeclineInvitationAsync(string id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"account/invitations/{Escape(id)}", cancellationToken);

    public Task<ApiResult<DomainList>> DomainsAsync(string publisher, CancellationToken cancellationToken) => GetAsync($"publishers/{Escape(publisher)}/domains", Json.DomainList, cancellationToken);

    /// <summary>Says that a domain is the publisher's; the answer says what shows it.</summary>
    public Task<ApiResult<PublisherDomain>> AddDomainAsync(string publisher, NewDomain domain, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"publishers/{Escape(publisher)}/domains", domain, Json.NewDomain, Json.PublisherDomain, cancellationToken);

    /// <summary>Has the marketplace look for the proof.</summary>
    public Task<ApiResult<PublisherDomain>> CheckDomainAsync(string publisher, string domain, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"publishers/{Escape(publisher)}/domains/{Escape(domain)}/check", null, Json.PublisherDomain, _limits.AnswerTimeout, cancellationToken);

    public Task<ApiResult<Done>> RemoveDomainAsync(string publisher, string domain, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"publishers/{Escape(publisher)}/domains/{Escape(domain)}", cancellationToken);
}
