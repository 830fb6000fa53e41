using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>The order of what is found.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SearchSort>))]
public enum SearchSort
{
    /// <summary>How well the words fit; by installs when there are no words.</summary>
    [JsonStringEnumMemberName("relevance")] Relevance,

    [JsonStringEnumMemberName("rating")] Rating,

    [JsonStringEnumMemberName("installs")] Installs,

    [JsonStringEnumMemberName("recent")] Recent,
}

/// <summary>What to look for; every filter that is given has to hold.</summary>
public sealed record SearchQuery
{
    /// <summary>Words; everything when empty.</summary>
    public string Text { get; init; } = "";

    public string? Category { get; init; }

    public string? Publisher { get; init; }

    public string? License { get; init; }

    /// <summary>A permission that is asked for, such as <c>network</c>; see <c>docs/marketplace-api.md</c>.</summary>
    public string? Uses { get; init; }

    /// <summary>A permission that is not asked for.</summary>
    public string? UsesNot { get; init; }

    /// <summary>A version of the host API that it runs on.</summary>
    public string? HostApi { get; init; }

    public DateTimeOffset? UpdatedSince { get; init; }

    /// <summary>The least Bayesian average.</summary>
    public double? MinRating { get; init; }

    /// <summary>Whether only plugins of publishers are meant that have shown that a domain is theirs.</summary>
    public bool Verified { get; init; }

    public SearchSort Sort { get; init; }

    /// <summary>Of the page before; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>Plugins of a page; 0 for the server's choice.</summary>
    public int Limit { get; init; }

    /// <summary>As the query of a URL, without a question mark.</summary>
    public string ToQuery()
    {
        var parts = new List<string>();
        Add("q", Text.Length > 0 ? Text : null);
        Add("category", Category);
        Add("publisher", Publisher);
        Add("license", License);
        Add("uses", Uses);
        Add("usesNot", UsesNot);
        Add("hostApi", HostApi);
        Add("updatedSince", UpdatedSince?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Add("minRating", MinRating?.ToString(CultureInfo.InvariantCulture));
        Add("verified", Verified ? "true" : null);
        Add("sort", Sort == SearchSort.Relevance ? null : Sort.ToString().ToLowerInvariant());
        Add("cursor", Cursor);
        Add("limit", Limit > 0 ? Limit.ToString(CultureInfo.InvariantCulture) : null);
        return string.Join('&', parts);

        void Add(string name, string? value)
        {
            if (value is not null) parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }
    }
}

/// <summary>A page of what was found.</summary>
public sealed record SearchResults
{
    public required ImmutableArray<PluginSummary> Plugins { get; init; }

    /// <summary>How many there are on all pages, as far as they are counted.</summary>
    public required long Total { get; init; }

    /// <summary>Set when there are more than <see cref="Total"/>; facets count those alone, too.</summary>
    public bool IsTotalLeast { get; init; }

    /// <summary>Gives the next page; null on the last.</summary>
    public string? Next { get; init; }

    /// <summary>Set when nothing has the words as they were typed, and what is here has similar ones.</summary>
    public bool IsFuzzy { get; init; }

    public required SearchFacets Facets { get; init; }
}

/// <summary>How many of all that were found have what, the most frequent first.</summary>
public sealed record SearchFacets
{
    public required ImmutableArray<FacetCount> Categories { get; init; }

    public required ImmutableArray<FacetCount> Licenses { get; init; }

    public required ImmutableArray<FacetCount> Permissions { get; init; }

    public required ImmutableArray<FacetCount> HostApis { get; init; }

    /// <summary>How many are of publishers that have shown that a domain is theirs.</summary>
    public required long Verified { get; init; }
}

/// <summary>A value and how many plugins have it.</summary>
public sealed record FacetCount(string Value, long Count);
