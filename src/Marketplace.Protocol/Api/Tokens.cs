using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What a token is good for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TokenScope>))]
public enum TokenScope
{
    /// <summary>Reads what its account may read, and downloads in its account's name.</summary>
    [JsonStringEnumMemberName("read")] Read,

    [JsonStringEnumMemberName("publish")] Publish,

    /// <summary>Yanks, deprecates and unpublishes.</summary>
    [JsonStringEnumMemberName("yank")] Yank,

    /// <summary>Reviews plugins and answers reviews.</summary>
    [JsonStringEnumMemberName("review")] Review,

    /// <summary>Decides about members and keys of publishers, and makes publishers.</summary>
    [JsonStringEnumMemberName("owner")] Owner,

    /// <summary>Moderates, if its account may.</summary>
    [JsonStringEnumMemberName("moderate")] Moderate,
}

/// <summary>Asks for a token.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewToken
{
    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    public required ImmutableArray<TokenScope> Scopes { get; init; }

    /// <summary>The plugins it is for, a glob over ids: <c>acme.*</c>.</summary>
    public string Plugins { get; init => field = value ?? "*"; } = "*";

    /// <summary>Days until it expires; null for the server's longest time.</summary>
    public int? Days { get; init; }

    /// <summary>The networks it may be used from, in CIDR notation; everywhere when empty.</summary>
    public ImmutableArray<string> Networks { get; init => field = value.IsDefault ? [] : value; } = [];
}

/// <summary>A token, without what it takes to use it.</summary>
public sealed record TokenInfo
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required ImmutableArray<TokenScope> Scopes { get; init; }

    public required string Plugins { get; init; }

    public required ImmutableArray<string> Networks { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>To the minute; null when it never was.</summary>
    public DateTimeOffset? LastUsed { get; init; }
}

/// <summary>A token that was just made: the only time that it is shown.</summary>
public sealed record CreatedToken
{
    /// <summary>Sent as <c>Authorization: Bearer</c>; begins with <c>lzt_</c>.</summary>
    public required string Token { get; init; }

    public required TokenInfo Info { get; init; }
}

/// <summary>The tokens of an account, the newest first.</summary>
public sealed record TokenList(ImmutableArray<TokenInfo> Tokens);
