using System.Collections.Immutable;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Statistics;
using LazyOC.Marketplace.Teams;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Finds plugins by words and filters.</summary>
internal sealed class PluginSearch(Database database, SearchCounts counts, SearchMisses misses, TimeProvider time, MarketLimits limits)
{
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
        // What is shown of a plugin is looked up for those of the page only.
        var rows = await sql.ListAsync<FoundRow>(
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

    private static string KeyOf(SearchSort sort, SearchSource source) => sort switch
    {
        SearchSort.Rating => "p.rating",
        SearchSort.Recent => "p.updated",
        SearchSort.Relevance when source.HasScore => "m.score",
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
    }
}
