using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What an account may do on the whole marketplace, ascending.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SiteRole>))]
public enum SiteRole
{
    [JsonStringEnumMemberName("user")] User,

    /// <summary>Judges what is held back, takes plugins down and hides reviews.</summary>
    [JsonStringEnumMemberName("moderator")] Moderator,

    [JsonStringEnumMemberName("admin")] Admin,
}

/// <summary>What an account may do for a publisher, ascending.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PublisherRole>))]
public enum PublisherRole
{
    /// <summary>Sees what is not public yet, and answers reviews.</summary>
    [JsonStringEnumMemberName("reviewer")] Reviewer,

    /// <summary>Publishes, yanks and deprecates, too.</summary>
    [JsonStringEnumMemberName("maintainer")] Maintainer,

    /// <summary>Decides about members and keys, too.</summary>
    [JsonStringEnumMemberName("owner")] Owner,
}

/// <summary>A name and a password, to register or to sign in.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Credentials
{
    /// <summary>2 to 39 lower-case letters, digits and hyphens, a letter first.</summary>
    public required string Name { get; init; }

    public required string Password { get; init; }

    /// <summary>Of the account's second factor, or a recovery code; to sign in to an account that has one.</summary>
    public string? Code { get; init; }
}

/// <summary>Somebody has signed in.</summary>
public sealed record Session
{
    /// <summary>Sent as <c>Authorization: Bearer</c>; begins with <c>lzs_</c>.</summary>
    public required string Token { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public required AccountInfo Account { get; init; }
}

/// <summary>The account of who asks.</summary>
public sealed record AccountInfo
{
    public required string Name { get; init; }

    public required SiteRole Role { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>The publishers that it is a member of, by name.</summary>
    public required ImmutableArray<Membership> Publishers { get; init; }
}

/// <summary>A publisher, and what somebody may do for it.</summary>
public sealed record Membership(string Publisher, PublisherRole Role);
