using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>Accounts that see what is kept for them.</summary>
public sealed record TeamInfo
{
    public required string Name { get; init; }

    /// <summary>Names of accounts.</summary>
    public required ImmutableArray<string> Members { get; init; }
}

/// <summary>Teams by name.</summary>
public sealed record TeamList(ImmutableArray<TeamInfo> Teams);

/// <summary>Says who is to see a publisher or a plugin.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewVisibility
{
    /// <summary>Teams that see it beside the members of its publisher, who always do; null for everybody.</summary>
    public ImmutableArray<string>? Teams { get; init; }
}

/// <summary>Who sees a publisher or a plugin.</summary>
public sealed record Visibility
{
    /// <summary>Name of the publisher, or id of the plugin.</summary>
    public required string Subject { get; init; }

    /// <summary>As <see cref="NewVisibility.Teams"/>.</summary>
    public ImmutableArray<string>? Teams { get; init; }
}
