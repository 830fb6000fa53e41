using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Protocol.Api;

/// <content>What people decide about versions besides the checks.</content>
public sealed partial class MarketClient
{
    /// <summary>Says whether a second owner has to approve what goes live.</summary>
    public Task<ApiResult<Done>> SetApprovalAsync(string publisher, ApprovalRule rule, CancellationToken cancellationToken) => SendAsync<ApprovalRule, Done>(HttpMethod.Put, $"publishers/{Escape(publisher)}/approval", rule, Json.ApprovalRule, null, cancellationToken);

    /// <summary>Approves a version that waits for a second owner.</summary>
    public Task<ApiResult<Submission>> ApproveAsync(PluginId id, SemanticVersion version, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"{VersionPath(id, version)}/approval", null, Json.Submission, _limits.AnswerTimeout, cancellationToken);

    /// <summary>Asks for a person to look at a version that is held or rejected.</summary>
    public Task<ApiResult<Submission>> AppealAsync(PluginId id, SemanticVersion version, NewAppeal appeal, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"{VersionPath(id, version)}/appeal", appeal, Json.NewAppeal, Json.Submission, cancellationToken);

    /// <summary>Has live versions looked at again.</summary>
    public Task<ApiResult<RescanResult>> RescanAsync(NewRescan rescan, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "moderation/scans", rescan, Json.NewRescan, Json.RescanResult, cancellationToken);
}
