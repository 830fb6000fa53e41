using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What somebody thinks of a plugin; a second one takes the place of the first.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewReview
{
    /// <summary>1 to 5.</summary>
    public required int Stars { get; init; }

    public string Text { get; init => field = value ?? ""; } = "";
}

/// <summary>What somebody thinks of a plugin.</summary>
public sealed record Review
{
    public required string Id { get; init; }

    public required PluginId Plugin { get; init; }

    public required string Author { get; init; }

    public required int Stars { get; init; }

    public required string Text { get; init; }

    /// <summary>The version its author had downloaded last.</summary>
    public required string Version { get; init; }

    public required DateTimeOffset Written { get; init; }

    /// <summary>When it was changed last; null when it never was.</summary>
    public DateTimeOffset? Edited { get; init; }

    /// <summary>How many found it helpful.</summary>
    public required long Helpful { get; init; }

    public ReviewReply? Reply { get; init; }

    /// <summary>Why a moderator has hidden it; only its author and moderators see it then.</summary>
    public string? Hidden { get; init; }
}

/// <summary>What the plugin's publisher says to a review.</summary>
public sealed record ReviewReply(string Text, DateTimeOffset Written);

/// <summary>A page of reviews, the most helpful first.</summary>
public sealed record ReviewList(ImmutableArray<Review> Reviews, Rating Rating, string? Next = null);

/// <summary>What a review was before, the newest first.</summary>
public sealed record ReviewHistory(ImmutableArray<ReviewEdit> Edits);

/// <summary>What a review was.</summary>
/// <param name="Until">When it was changed.</param>
/// <param name="Stars">1 to 5.</param>
/// <param name="Text">What it said.</param>
public sealed record ReviewEdit(DateTimeOffset Until, int Stars, string Text);

/// <summary>Answers a review.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewReply
{
    public required string Text { get; init; }
}
