using System.Collections.Immutable;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Statistics;
using LazyOC.Marketplace.Teams;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Finds plugins by words and filters.</summary>
internal sealed class PluginSearch(Database database, SearchCounts counts, SearchMisses misses, TimeProvider time, MarketLimits limits)
{
    /// <summary>Of a word that many plugins have, those that fit best are enough for a first page.</summary>
    private const int MaxBest = 500;

    /// <summary>How well a plugin has the words.</summary>
    private const string Score = "m.score";

    /// <summary>Names that are looked at when nothing has the words as they were typed.</summary>
    private const int MaxSimilar = 200;

    private readonly ListingMemory<PageKey, SearchResults> _kept = new(database, time, limits) { OldTime = limits.OldSearchTime };

    private long _lookedUp;

    /// <summary>How many pages were looked up, rather than known from before.</summary>
    public long LookedUp => Interlocked.Read(ref _lookedUp);

    /// <summary>A page of what fits, of what somebody sees. A page for anybody is kept for a while, as words that many plugins have are asked for often; one that is a little older is shown once more while it is looked up.</summary>
    public async Task<SearchResults> FindAsync(SearchRequest request, Sight sight, CancellationToken cancellationToken)
    {
        var results = sight.IsAnybodys
            // Others may wait for the same.
            ? await _kept.OfAsync(new PageKey(request.Query with { Text = string.Join(' ', request.Words) }, request.After, request.Limit, sight), () => LookUpAsync(request, sight, CancellationToken.None)).WaitAsync(cancellationToken)
            : await LookUpAsync(request, sight, cancellationToken);
        // With filters, it may be these that nothing fits.
        if (results.Total == 0 && !request.Words.IsEmpty && request.After is null && !request.HasFilters) misses.Add(request.Query.Text, request.Words);
        return results;
    }

    private Task<SearchResults> LookUpAsync(SearchRequest request, Sight sight, CancellationToken cancellationToken) => database.ReadAsync(async sql =>
    {
        Interlocked.Increment(ref _lookedUp);
        var proofs = time.Now() - (long)limits.DomainProofTime.TotalMilliseconds;
        var exact = SearchSource.OfWords(sql.Dialect.Search, request, sight, proofs);
        var results = await PageAsync(sql, request, sight, exact);
        if (results.Total > 0 || request.Words.IsEmpty || request.After is not null) return results;
        var similar = await SimilarAsync(sql, request.Words);
        return similar.IsEmpty ? results : await PageAsync(sql, request, sight, SearchSource.OfIds(request, sight, proofs, similar)) with { IsFuzzy = true, Next = null };
    }, cancellationToken);

    private async Task<SearchResults> PageAsync(Sql sql, SearchRequest request, Sight sight, SearchSource source)
    {
        var key = KeyOf(request.Query.Sort, source);
        var values = source.Values;
        var after = "";
        if (request.After is { } cursor && !source.IsSimilar)
        {
            after = $" AND ({key} < @AfterKey OR ({key} = @AfterKey AND p.id > @AfterId))";
            values.Add("AfterKey", cursor.Key);
            values.Add("AfterId", cursor.Id);
        }
        values.Add("Count", request.Limit + 1);
        var rows = source.BestMatches is { } matches && key == Score && after.Length == 0 ? await BestAsync(sql, source, matches, request.Limit + 1) : null;
        // What is shown of a plugin is looked up for those of the page only.
        rows ??= await sql.ListAsync<FoundRow>(
            $"""
            WITH page AS MATERIALIZED (SELECT p.id, {key} AS sort_key FROM {source.Tables} WHERE {source.Filter}{after} ORDER BY {key} DESC, p.id LIMIT @Count)
            SELECT {PluginSummaries.Columns}, page.sort_key FROM page CROSS JOIN {PluginSummaries.Tables} WHERE p.id = page.id ORDER BY page.sort_key DESC, p.id
            """, values);
        var page = source.IsSimilar && request.Query.Sort == SearchSort.Relevance ? [.. rows.OrderBy(row => source.Similar.IndexOf(row.Id))] : rows;
        var last = rows.Count > request.Limit ? rows[request.Limit - 1] : null;
        var found = await counts.OfAsync(sql, request, sight, source);
        return new SearchResults
        {
            Plugins = [.. page.Take(request.Limit).Select(row => row.ToSummary())],
            Total = found.Total,
            IsTotalLeast = found.IsLeast,
            Next = last is null ? null : new SearchCursor(last.SortKey, last.Id).Write(request.Query.Sort),
            Facets = found.Facets,
        };
    }

    /// <summary>A first page out of what fits best, without looking at the plugin of everything else; null when that may not be all that belongs on it.</summary>
    private static async Task<IReadOnlyList<FoundRow>?> BestAsync(Sql sql, SearchSource source, string matches, int count)
    {
        source.Values.Add("Best", MaxBest);
        var rows = await sql.ListAsync<FoundRow>(
            $"""
            WITH best AS MATERIALIZED ({matches}),
            page AS MATERIALIZED (SELECT p.id, {Score} AS sort_key FROM best m CROSS JOIN plugins p WHERE p.id = m.plugin_id AND {source.Filter} ORDER BY {Score} DESC, p.id LIMIT @Count)
            SELECT {PluginSummaries.Columns}, page.sort_key, (SELECT COUNT(*) FROM best) AS best, (SELECT MIN(score) FROM best) AS least
            FROM page CROSS JOIN {PluginSummaries.Tables} WHERE p.id = page.id ORDER BY page.sort_key DESC, p.id
            """, source.Values);
        // Others may fit as well as the last of the best.
        return rows is [{ Best: < MaxBest }, ..] || (rows.Count == count && rows[^1].SortKey > rows[^1].Least) ? rows : null;
    }

    private static string KeyOf(SearchSort sort, SearchSource source) => sort switch
    {
        SearchSort.Rating => "p.rating",
        SearchSort.Recent => "p.updated",
        SearchSort.Relevance when source.HasScore => Score,
        _ => "p.installs",
    };

    /// <summary>Plugins with a name of which each word is near one that was typed, the nearest first.</summary>
    private static async Task<ImmutableArray<string>> SimilarAsync(Sql sql, ImmutableArray<string> words) =>
    [
        .. (await sql.Dialect.Search.SimilarAsync(sql, words, MaxSimilar))
            .Select(found => (found.Id, Distance: words.Sum(word => EditDistance.Allowed(word) is var allowed && SearchRequest.WordsOf(found.Name).Min(name => EditDistance.AtMost(word, name, allowed)) is var distance && distance <= allowed ? distance : MaxSimilar)))
            .Where(found => found.Distance < MaxSimilar)
            .OrderBy(found => found.Distance)
            .Select(found => found.Id),
    ];

    private sealed record PageKey(SearchQuery Query, SearchCursor? After, int Limit, Sight Sight);

    private sealed record FoundRow : PluginSummaries.RowBase
    {
        public double SortKey { get; init; }

        /// <summary>How many were looked at as the best, and how well the last of them fits.</summary>
        public long Best { get; init; }

        public double Least { get; init; }
    }
}
