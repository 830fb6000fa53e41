namespace LazyOC.Marketplace.Protocol.Api;

/// <content>What administrators see and do.</content>
public sealed partial class MarketClient
{
    /// <summary>Accounts by name.</summary>
    /// <param name="query">A part of their names; null for all.</param>
    /// <param name="cursor"><see cref="AccountEntries.Next"/> of the page before; null for the first.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiResult<AccountEntries>> AccountsAsync(string? query, string? cursor, CancellationToken cancellationToken) =>
        GetAsync($"admin/accounts?query={Escape(query ?? "")}&cursor={Escape(cursor ?? "")}", Json.AccountEntries, cancellationToken);

    public Task<ApiResult<Done>> SetSiteRoleAsync(string account, SiteRole role, CancellationToken cancellationToken) =>
        SendAsync<NewSiteRole, Done>(HttpMethod.Put, $"admin/accounts/{Escape(account)}/role", new NewSiteRole { Role = role }, Json.NewSiteRole, null, cancellationToken);

    /// <summary>Ends an account's sessions, and lets nobody in by it any more, nor by its tokens.</summary>
    public Task<ApiResult<Done>> SuspendAsync(string account, string reason, CancellationToken cancellationToken) =>
        SendAsync<Reason, Done>(HttpMethod.Put, $"admin/accounts/{Escape(account)}/suspension", new Reason { Text = reason }, Json.Reason, null, cancellationToken);

    /// <summary>Lets an account be used again.</summary>
    public Task<ApiResult<Done>> ResumeAsync(string account, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"admin/accounts/{Escape(account)}/suspension", cancellationToken);

    /// <summary>How the server is doing.</summary>
    public Task<ApiResult<ServerReport>> ServerReportAsync(CancellationToken cancellationToken) => GetAsync("admin/report", Json.ServerReport, cancellationToken);
}
