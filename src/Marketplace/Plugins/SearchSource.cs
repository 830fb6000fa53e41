using System.Collections.Immutable;
using Dapper;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Which plugins are looked through: the tables, the condition, and its values. The SQL is constants; what was typed is values only.</summary>
internal sealed record SearchSource(string Tables, string Filter, DynamicParameters Values, bool HasScore, ImmutableArray<string> Similar)
{
    /// <summary>A query for the <c>@Best</c> plugins that fit best, as <see cref="SearchIndex.BestMatches"/>; null where nothing fits better than other things.</summary>
    public string? BestMatches { get; private init; }

    /// <summary>Whether the publisher of a <c>plugins p</c> has a domain whose proof counts.</summary>
    public const string IsVerified = "EXISTS (SELECT 1 FROM publisher_domains c WHERE c.publisher = p.publisher AND c.verified > @VerifiedAfter)";

    public bool IsSimilar => !Similar.IsEmpty;

    public static SearchSource OfWords(SearchIndex index, SearchRequest request, Sight sight, long proofs)
    {
        var (filter, values) = FilterOf(request.Query, sight, proofs);
        if (request.Words.IsEmpty) return new SearchSource("plugins p", filter, values, false, []);
        values.Add("Match", index.MatchOf(request.Words));
        return new SearchSource($"({index.Matches}) m JOIN plugins p ON p.id = m.plugin_id", filter, values, true, []) { BestMatches = index.BestMatches };
    }

    public static SearchSource OfIds(SearchRequest request, Sight sight, long proofs, ImmutableArray<string> ids)
    {
        var (filter, values) = FilterOf(request.Query, sight, proofs);
        for (var i = 0; i < ids.Length; i++) values.Add($"Id{i}", ids[i]);
        return new SearchSource("plugins p", $"{filter} AND p.id IN ({string.Join(", ", Enumerable.Range(0, ids.Length).Select(i => $"@Id{i}"))})", values, false, ids);
    }

    private static (string Filter, DynamicParameters Values) FilterOf(SearchQuery query, Sight sight, long proofs)
    {
        var values = sight.AddTo(new DynamicParameters());
        values.Add("VerifiedAfter", proofs);
        var filter = $"p.latest IS NOT NULL AND {sight.Condition}";
        if (query.Verified) filter += $" AND {IsVerified}";
        And("p.publisher = @Publisher", "Publisher", query.Publisher);
        And("p.license = @License", "License", query.License);
        And("p.updated >= @Since", "Since", query.UpdatedSince?.ToUnixTimeMilliseconds());
        And("p.rating >= @MinRating", "MinRating", query.MinRating);
        And("EXISTS (SELECT 1 FROM plugin_categories c WHERE c.plugin_id = p.id AND c.category = @Category)", "Category", query.Category);
        And("EXISTS (SELECT 1 FROM plugin_permissions c WHERE c.plugin_id = p.id AND c.permission = @Uses)", "Uses", query.Uses);
        And("NOT EXISTS (SELECT 1 FROM plugin_permissions c WHERE c.plugin_id = p.id AND c.permission = @UsesNot)", "UsesNot", query.UsesNot);
        And("EXISTS (SELECT 1 FROM plugin_host_apis c WHERE c.plugin_id = p.id AND c.host_api = @HostApi)", "HostApi", query.HostApi);
        return (filter, values);

        void And(string condition, string name, object? value)
        {
            if (value is null) return;
            filter += $" AND {condition}";
            values.Add(name, value);
        }
    }
}
