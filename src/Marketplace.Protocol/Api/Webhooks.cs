using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What a marketplace tells webhooks of.</summary>
public static class WebhookEvents
{
    public const string VersionLive = "version.live";

    /// <summary>It has passed its checks, and waits for a second owner.</summary>
    public const string VersionStaged = "version.staged";
    public const string VersionHeld = "version.held";
    public const string VersionRejected = "version.rejected";

    /// <summary>Withdrawn, or that was taken back: without reasons then.</summary>
    public const string VersionYanked = "version.yanked";
    public const string VersionUnpublished = "version.unpublished";

    /// <summary>Held back by a moderator or a check, or let go again: without reasons then.</summary>
    public const string VersionQuarantined = "version.quarantined";
    public const string VersionKilled = "version.killed";

    /// <summary>Looked after no more, or that was taken back: without reasons then.</summary>
    public const string PluginDeprecated = "plugin.deprecated";

    /// <summary>Written, or changed.</summary>
    public const string ReviewWritten = "review.written";
    public const string ReviewReplied = "review.replied";

    /// <summary>Hidden by a moderator, or shown again: without reasons then.</summary>
    public const string ReviewHidden = "review.hidden";

    /// <summary>Asked for by an owner, to see whether it arrives; told to every webhook.</summary>
    public const string Ping = "ping";

    /// <summary>All that a webhook can ask for.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        VersionLive, VersionStaged, VersionHeld, VersionRejected, VersionYanked, VersionUnpublished, VersionQuarantined, VersionKilled, PluginDeprecated, ReviewWritten, ReviewReplied, ReviewHidden,
    ];
}

/// <summary>Asks for a webhook.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewWebhook
{
    /// <summary>Where events are sent, <c>https</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Which; all when empty.</summary>
    public ImmutableArray<string> Events { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>A webhook, without its secret.</summary>
public sealed record WebhookInfo
{
    public required string Id { get; init; }

    public required string Url { get; init; }

    /// <summary>Which events; all when empty.</summary>
    public required ImmutableArray<string> Events { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>Deliveries that wait.</summary>
    public required long Waiting { get; init; }

    /// <summary>Deliveries that were given up, of those that are kept.</summary>
    public required long Dead { get; init; }

    /// <summary>Events that were not taken because too many waited.</summary>
    public required long Dropped { get; init; }
}

/// <summary>A webhook that was made, or has a new secret.</summary>
public sealed record CreatedWebhook
{
    /// <summary>What deliveries are signed with; it is told this once.</summary>
    public required string Secret { get; init; }

    public required WebhookInfo Info { get; init; }
}

/// <summary>The webhooks of a publisher.</summary>
public sealed record WebhookList(ImmutableArray<WebhookInfo> Webhooks);

/// <summary>What became of a delivery.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryState>))]
public enum DeliveryState
{
    /// <summary>It is tried, or tried again.</summary>
    [JsonStringEnumMemberName("waiting")] Waiting,

    [JsonStringEnumMemberName("delivered")] Delivered,

    /// <summary>It was given up.</summary>
    [JsonStringEnumMemberName("dead")] Dead,
}

/// <summary>One event on its way to one webhook.</summary>
public sealed record WebhookDelivery
{
    public required string Id { get; init; }

    public required string Event { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DeliveryState State { get; init; }

    public required long Attempts { get; init; }

    /// <summary>When it was tried last; null when it never was.</summary>
    public DateTimeOffset? Attempted { get; init; }

    /// <summary>When it is tried again; null when it is not.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>Status of the last answer; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>Why the last attempt failed; null when it did not.</summary>
    public string? Reason { get; init; }
}

/// <summary>The latest deliveries of a webhook, the newest first.</summary>
public sealed record WebhookDeliveryList(ImmutableArray<WebhookDelivery> Deliveries);

/// <summary>The body of a delivery.</summary>
public sealed record WebhookPayload
{
    /// <summary>Of the delivery; the same at each attempt.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="WebhookEvents"/>.</summary>
    public required string Event { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    public required string Publisher { get; init; }

    public PluginId? Plugin { get; init; }

    public string? Version { get; init; }

    /// <summary>Why, a sentence each.</summary>
    public ImmutableArray<string>? Reasons { get; init; }

    /// <summary>Id of a review.</summary>
    public string? Review { get; init; }

    /// <summary>1 to 5.</summary>
    public int? Stars { get; init; }
}
