using System.Collections.Immutable;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;

namespace LazyOC.Marketplace.Plugins;

/// <summary>How many plugins a search finds, by what they are, up to a limit. What was counted for anybody is kept for a while. Thread safe.</summary>
internal sealed class SearchCounts(Database database, TimeProvider time, MarketLimits limits)
{
    private const int MaxFacets = 50;

    private const string Total = "total";
    private const string Verified = "verified";

    /// <summary>One look at what was found, for all facets. <c>CROSS JOIN</c>: for SQLite, which would look through all that any plugin has.</summary>
    private static readonly string Facets = string.Join("\nUNION ALL ",
    [
        $"SELECT '{Total}' AS facet, '' AS name, COUNT(*) AS plugins FROM hits",
        $"SELECT '{Verified}' AS facet, '' AS name, COUNT(*) AS plugins FROM hits WHERE verified = 1",
        .. new[] { "category", "permission", "host_api" }.Select(facet => FacetOf(facet, $"hits h CROSS JOIN {(facet == "category" ? "plugin_categories" : $"plugin_{facet}s")} f", $"f.{facet}", "f.plugin_id = h.id AND ")),
        FacetOf("license", "hits h", "h.license"),
    ]);

    private readonly ListingMemory<Key, SearchCount> _kept = new(database, time, limits);

    /// <summary>How many were looked at anew, rather than known from before.</summary>
    public long Counted => Interlocked.Read(ref _counted);

    private long _counted;

    public Task<SearchCount> OfAsync(Sql sql, SearchRequest request, Sight sight, SearchSource source) =>
        // What somebody sees depends on his teams.
        sight.IsAnybodys
            ? _kept.OfAsync(new Key(request.Query with { Text = string.Join(' ', request.Words), Sort = default }, sight, source.IsSimilar), () => CountAsync(sql, source))
            : CountAsync(sql, source);

    private static string FacetOf(string facet, string tables, string column, string joined = "") =>
        $"SELECT * FROM (SELECT '{facet}' AS facet, {column} AS name, COUNT(*) AS plugins FROM {tables} WHERE {joined}{column} <> '' GROUP BY {column} ORDER BY plugins DESC, name LIMIT {MaxFacets}) {facet}_counts";

    private async Task<SearchCount> CountAsync(Sql sql, SearchSource source)
    {
        Interlocked.Increment(ref _counted);
        source.Values.Add("Counted", limits.MaxCounted + 1);
        var rows = (await sql.ListAsync<Row>(
            $"""
            WITH hits AS MATERIALIZED (SELECT p.id, p.license, CASE WHEN {SearchSource.IsVerified} THEN 1 ELSE 0 END AS verified FROM {source.Tables} WHERE {source.Filter} LIMIT @Counted)
            {Facets}
            """, source.Values)).ToLookup(row => row.Facet, StringComparer.Ordinal);
        var total = rows[Total].Single().Plugins;
        return new SearchCount(Math.Min(total, limits.MaxCounted), total > limits.MaxCounted, new SearchFacets
        {
            Categories = Of("category"),
            Licenses = Of("license"),
            Permissions = Of("permission"),
            HostApis = Of("host_api"),
            Verified = rows[Verified].Single().Plugins,
        });

        ImmutableArray<FacetCount> Of(string facet) => [.. rows[facet].OrderByDescending(row => row.Plugins).ThenBy(row => row.Name, StringComparer.Ordinal).Select(row => new FacetCount(row.Name, row.Plugins))];
    }

    /// <summary>What is looked for, without its order and page.</summary>
    private sealed record Key(SearchQuery Query, Sight Sight, bool IsSimilar);

    private sealed record Row
    {
        public string Facet { get; init; } = "";

        public string Name { get; init; } = "";

        public long Plugins { get; init; }
    }
}

/// <summary>How many plugins were found.</summary>
internal sealed record SearchCount(long Total, bool IsLeast, SearchFacets Facets);
