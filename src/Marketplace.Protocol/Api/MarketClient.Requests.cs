using System.Net.Http.Headers;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Protocol.Api;

/// <content>One method for each thing that can be asked.</content>
public sealed partial class MarketClient
{
    /// <summary>Part of a publish with the package's bytes.</summary>
    public const string PackagePart = "package";

    /// <summary>Part of a publish with the package's signatures, as <see cref="PackageSignatures"/> writes them.</summary>
    public const string SignaturesPart = "signatures";

    private static readonly ApiJson Json = ApiJson.Default;

    public Task<ApiResult<Session>> RegisterAsync(Credentials credentials, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "accounts", credentials, Json.Credentials, Json.Session, cancellationToken);

    public Task<ApiResult<Session>> SignInAsync(Credentials credentials, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "sessions", credentials, Json.Credentials, Json.Session, cancellationToken);

    /// <summary>Ends the session that this client's token is of.</summary>
    public Task<ApiResult<Done>> SignOutAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, "sessions/current", cancellationToken);

    public Task<ApiResult<AccountInfo>> AccountAsync(CancellationToken cancellationToken) => GetAsync("account", Json.AccountInfo, cancellationToken);

    public Task<ApiResult<TokenList>> TokensAsync(CancellationToken cancellationToken) => GetAsync("tokens", Json.TokenList, cancellationToken);

    public Task<ApiResult<CreatedToken>> CreateTokenAsync(NewToken token, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "tokens", token, Json.NewToken, Json.CreatedToken, cancellationToken);

    public Task<ApiResult<Done>> RevokeTokenAsync(string id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"tokens/{Escape(id)}", cancellationToken);

    public Task<ApiResult<PublisherInfo>> CreatePublisherAsync(NewPublisher publisher, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, "publishers", publisher, Json.NewPublisher, Json.PublisherInfo, cancellationToken);

    public Task<ApiResult<PublisherInfo>> PublisherAsync(string name, CancellationToken cancellationToken) => GetAsync($"publishers/{Escape(name)}", Json.PublisherInfo, cancellationToken);

    public Task<ApiResult<PublisherInfo>> SetMemberAsync(string publisher, string account, MemberRole role, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"publishers/{Escape(publisher)}/members/{Escape(account)}", role, Json.MemberRole, Json.PublisherInfo, cancellationToken);

    public Task<ApiResult<Done>> RemoveMemberAsync(string publisher, string account, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"publishers/{Escape(publisher)}/members/{Escape(account)}", cancellationToken);

    public Task<ApiResult<PublisherInfo>> AddKeyAsync(string publisher, NewAuthorKey key, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"publishers/{Escape(publisher)}/keys", key, Json.NewAuthorKey, Json.PublisherInfo, cancellationToken);

    public Task<ApiResult<PublisherInfo>> RotateKeyAsync(string publisher, NewRotation rotation, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"publishers/{Escape(publisher)}/rotations", rotation, Json.NewRotation, Json.PublisherInfo, cancellationToken);

    public Task<ApiResult<PublisherInfo>> RevokeKeyAsync(string publisher, KeyId key, Reason reason, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"publishers/{Escape(publisher)}/keys/{Escape(key.ToString())}/revocation", reason, Json.Reason, Json.PublisherInfo, cancellationToken);

    /// <summary>Publishes a package. The same bytes again are answered with how the first time fares.</summary>
    /// <param name="id">Of its manifest.</param>
    /// <param name="version">Of its manifest.</param>
    /// <param name="package">The <c>.lzp</c> file.</param>
    /// <param name="signatures">Its <c>.lzp.dsse.json</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ApiResult<Submission>> PublishAsync(PluginId id, SemanticVersion version, ReadOnlyMemory<byte> package, ReadOnlyMemory<byte> signatures, CancellationToken cancellationToken)
    {
        using var content = new MultipartFormDataContent();
        content.Add(new ReadOnlyMemoryContent(signatures), SignaturesPart, "package.lzp.dsse.json");
        var file = new ReadOnlyMemoryContent(package);
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        content.Add(file, PackagePart, "package.lzp");
        return await SendAsync(HttpMethod.Put, VersionPath(id, version), content, Json.Submission, _limits.UploadTimeout, cancellationToken);
    }

    /// <summary>How a version that was published fares.</summary>
    public Task<ApiResult<Submission>> SubmissionAsync(PluginId id, SemanticVersion version, CancellationToken cancellationToken) => GetAsync($"{VersionPath(id, version)}/submission", Json.Submission, cancellationToken);

    /// <summary>The latest versions that a publisher has published, whatever became of them.</summary>
    public Task<ApiResult<SubmissionList>> SubmissionsAsync(string publisher, CancellationToken cancellationToken) => GetAsync($"publishers/{Escape(publisher)}/submissions", Json.SubmissionList, cancellationToken);

    /// <summary>Withdraws a version: it is not chosen any more where it is not locked.</summary>
    public Task<ApiResult<Submission>> YankAsync(PluginId id, SemanticVersion version, Reason reason, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"{VersionPath(id, version)}/yank", reason, Json.Reason, Json.Submission, cancellationToken);

    public Task<ApiResult<Done>> UnyankAsync(PluginId id, SemanticVersion version, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"{VersionPath(id, version)}/yank", cancellationToken);

    /// <summary>Takes a version back that went live lately and that nothing depends on.</summary>
    public Task<ApiResult<Done>> UnpublishAsync(PluginId id, SemanticVersion version, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, VersionPath(id, version), cancellationToken);

    public Task<ApiResult<PluginInfo>> DeprecateAsync(PluginId id, NewDeprecation deprecation, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"plugins/{id}/deprecation", deprecation, Json.NewDeprecation, Json.PluginInfo, cancellationToken);

    public Task<ApiResult<Done>> UndeprecateAsync(PluginId id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"plugins/{id}/deprecation", cancellationToken);

    /// <summary>What a version did when the marketplace tried it.</summary>
    public Task<ApiResult<Behaviour>> BehaviourAsync(PluginId id, SemanticVersion version, CancellationToken cancellationToken) => GetAsync($"{VersionPath(id, version)}/behaviour", Json.Behaviour, cancellationToken);

    public Task<ApiResult<PluginInfo>> PluginAsync(PluginId id, CancellationToken cancellationToken) => GetAsync($"plugins/{id}", Json.PluginInfo, cancellationToken);

    public Task<ApiResult<SearchResults>> SearchAsync(SearchQuery query, CancellationToken cancellationToken) => GetAsync($"search?{query.ToQuery()}", Json.SearchResults, cancellationToken);

    public Task<ApiResult<ReviewList>> ReviewsAsync(PluginId id, string? cursor, CancellationToken cancellationToken) => GetAsync($"plugins/{id}/reviews{(cursor is null ? "" : $"?cursor={Escape(cursor)}")}", Json.ReviewList, cancellationToken);

    public Task<ApiResult<Review>> ReviewAsync(PluginId id, NewReview review, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"plugins/{id}/reviews/mine", review, Json.NewReview, Json.Review, cancellationToken);

    public Task<ApiResult<Done>> WithdrawReviewAsync(PluginId id, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"plugins/{id}/reviews/mine", cancellationToken);

    public Task<ApiResult<ReviewHistory>> ReviewHistoryAsync(string review, CancellationToken cancellationToken) => GetAsync($"reviews/{Escape(review)}/history", Json.ReviewHistory, cancellationToken);

    public Task<ApiResult<Review>> ReplyAsync(string review, NewReply reply, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"reviews/{Escape(review)}/reply", reply, Json.NewReply, Json.Review, cancellationToken);

    public Task<ApiResult<Done>> VoteHelpfulAsync(string review, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"reviews/{Escape(review)}/helpful", cancellationToken);

    public Task<ApiResult<Done>> TakeVoteBackAsync(string review, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"reviews/{Escape(review)}/helpful", cancellationToken);

    public Task<ApiResult<Done>> ReportReviewAsync(string review, Reason reason, CancellationToken cancellationToken) => SendAsync<Reason, Done>(HttpMethod.Post, $"reviews/{Escape(review)}/reports", reason, Json.Reason, null, cancellationToken);

    public Task<ApiResult<ModerationQueue>> QueueAsync(CancellationToken cancellationToken) => GetAsync("moderation/queue", Json.ModerationQueue, cancellationToken);

    public Task<ApiResult<AuditLog>> AuditAsync(string? cursor, CancellationToken cancellationToken) => GetAsync($"moderation/audit{(cursor is null ? "" : $"?cursor={Escape(cursor)}")}", Json.AuditLog, cancellationToken);

    /// <summary>Says what a person makes of a version that is held.</summary>
    public Task<ApiResult<Submission>> JudgeAsync(PluginId id, SemanticVersion version, NewVerdict verdict, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"moderation/{VersionPath(id, version)}/verdict", verdict, Json.NewVerdict, Json.Submission, cancellationToken);

    /// <summary>Makes all checks of a version again.</summary>
    public Task<ApiResult<Done>> RescanAsync(PluginId id, SemanticVersion version, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, $"moderation/{VersionPath(id, version)}/scans", cancellationToken);

    /// <summary>Holds a live version back.</summary>
    public Task<ApiResult<Submission>> QuarantineAsync(PluginId id, SemanticVersion version, Reason reason, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"moderation/{VersionPath(id, version)}/quarantine", reason, Json.Reason, Json.Submission, cancellationToken);

    public Task<ApiResult<Done>> ReleaseAsync(PluginId id, SemanticVersion version, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"moderation/{VersionPath(id, version)}/quarantine", cancellationToken);

    /// <summary>Says that a version must not run any more where it is installed. It is not taken back.</summary>
    public Task<ApiResult<Submission>> KillAsync(PluginId id, SemanticVersion version, Reason reason, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"moderation/{VersionPath(id, version)}/kill", reason, Json.Reason, Json.Submission, cancellationToken);

    public Task<ApiResult<Review>> HideReviewAsync(string review, Reason reason, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"moderation/reviews/{Escape(review)}/hidden", reason, Json.Reason, Json.Review, cancellationToken);

    public Task<ApiResult<Done>> ShowReviewAsync(string review, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"moderation/reviews/{Escape(review)}/hidden", cancellationToken);

    public Task<ApiResult<TeamList>> TeamsAsync(CancellationToken cancellationToken) => GetAsync("teams", Json.TeamList, cancellationToken);

    public Task<ApiResult<Done>> CreateTeamAsync(string name, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"teams/{Escape(name)}", cancellationToken);

    public Task<ApiResult<Done>> DeleteTeamAsync(string name, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"teams/{Escape(name)}", cancellationToken);

    public Task<ApiResult<Done>> AddTeamMemberAsync(string team, string account, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"teams/{Escape(team)}/members/{Escape(account)}", cancellationToken);

    public Task<ApiResult<Done>> RemoveTeamMemberAsync(string team, string account, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, $"teams/{Escape(team)}/members/{Escape(account)}", cancellationToken);

    /// <summary>Who sees a publisher.</summary>
    public Task<ApiResult<Visibility>> PublisherVisibilityAsync(string publisher, CancellationToken cancellationToken) => GetAsync($"publishers/{Escape(publisher)}/visibility", Json.Visibility, cancellationToken);

    public Task<ApiResult<Visibility>> SetPublisherVisibilityAsync(string publisher, NewVisibility visibility, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"publishers/{Escape(publisher)}/visibility", visibility, Json.NewVisibility, Json.Visibility, cancellationToken);

    /// <summary>Who sees a plugin.</summary>
    public Task<ApiResult<Visibility>> PluginVisibilityAsync(PluginId id, CancellationToken cancellationToken) => GetAsync($"plugins/{id}/visibility", Json.Visibility, cancellationToken);

    public Task<ApiResult<Visibility>> SetPluginVisibilityAsync(PluginId id, NewVisibility visibility, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, $"plugins/{id}/visibility", visibility, Json.NewVisibility, Json.Visibility, cancellationToken);

    private static string VersionPath(PluginId id, SemanticVersion version) => $"plugins/{id}/{Escape(version.ToString())}";

    private static string Escape(string segment) => Uri.EscapeDataString(segment);
}
