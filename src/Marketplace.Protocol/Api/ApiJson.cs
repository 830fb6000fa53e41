using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>
/// Source-generated JSON of the API. Requests refuse members that they do not know; answers may have more than a client
/// knows, so that servers can be newer than their clients.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(AccountInfo))]
[JsonSerializable(typeof(SecondFactorInfo))]
[JsonSerializable(typeof(SecondFactorEnrolment))]
[JsonSerializable(typeof(SecondFactorCode))]
[JsonSerializable(typeof(RecoveryCodes))]
[JsonSerializable(typeof(IdentityList))]
[JsonSerializable(typeof(NewToken))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(TokenList))]
[JsonSerializable(typeof(NewPublisher))]
[JsonSerializable(typeof(PublisherInfo))]
[JsonSerializable(typeof(MemberRole))]
[JsonSerializable(typeof(Membership))]
[JsonSerializable(typeof(NewInvitation))]
[JsonSerializable(typeof(Invitation))]
[JsonSerializable(typeof(InvitationList))]
[JsonSerializable(typeof(NewDomain))]
[JsonSerializable(typeof(PublisherDomain))]
[JsonSerializable(typeof(DomainList))]
[JsonSerializable(typeof(NewAuthorKey))]
[JsonSerializable(typeof(NewRotation))]
[JsonSerializable(typeof(Reason))]
[JsonSerializable(typeof(ApprovalRule))]
[JsonSerializable(typeof(NewAppeal))]
[JsonSerializable(typeof(NewRescan))]
[JsonSerializable(typeof(RescanResult))]
[JsonSerializable(typeof(Submission))]
[JsonSerializable(typeof(ImmutableArray<ScanFinding>))]
[JsonSerializable(typeof(ImmutableArray<ScanReport>))]
[JsonSerializable(typeof(PackageScan))]
[JsonSerializable(typeof(SubmissionList))]
[JsonSerializable(typeof(NewDeprecation))]
[JsonSerializable(typeof(PluginInfo))]
[JsonSerializable(typeof(Behaviour))]
[JsonSerializable(typeof(SearchResults))]
[JsonSerializable(typeof(NewReview))]
[JsonSerializable(typeof(Review))]
[JsonSerializable(typeof(ReviewList))]
[JsonSerializable(typeof(ReviewHistory))]
[JsonSerializable(typeof(NewReply))]
[JsonSerializable(typeof(NewVerdict))]
[JsonSerializable(typeof(ModerationQueue))]
[JsonSerializable(typeof(AuditLog))]
[JsonSerializable(typeof(PluginStats))]
[JsonSerializable(typeof(PublisherStats))]
[JsonSerializable(typeof(DownloadRows))]
[JsonSerializable(typeof(SearchMissList))]
[JsonSerializable(typeof(NewWebhook))]
[JsonSerializable(typeof(CreatedWebhook))]
[JsonSerializable(typeof(WebhookList))]
[JsonSerializable(typeof(WebhookDeliveryList))]
[JsonSerializable(typeof(WebhookPayload))]
[JsonSerializable(typeof(TeamList))]
[JsonSerializable(typeof(AccountEntries))]
[JsonSerializable(typeof(NewSiteRole))]
[JsonSerializable(typeof(ServerReport))]
[JsonSerializable(typeof(NewVisibility))]
[JsonSerializable(typeof(Visibility))]
public sealed partial class ApiJson : JsonSerializerContext;
