using System.Collections.Immutable;
using Dapper;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Finds plugins by words and filters.</summary>
internal sealed class PluginSearch(Database database)
{
    private const int MaxFacets = 50;

    /// <summary>Names that are looked at when nothing has the words as they were typed.</summary>
    private const int MaxSimilar = 200;

    /// <summary>A page of what fits.</summary>
    public Task<SearchResults> FindAsync(SearchRequest request, CancellationToken cancellationToken) => database.ReadAsync(async sql =>
    {
        var exact = Source.OfWords(sql.Dialect.Search, request);
        var results = await PageAsync(sql, request, exact);
        if (results.Total > 0 || request.Words.IsEmpty || request.After is not null) return results;
        var similar = await SimilarAsync(sql, request.Words);
        if (similar.IsEmpty) return results;
        return await PageAsync(sql, request, Source.OfIds(request, similar)) with { IsFuzzy = true, Next = null };
    }, cancellationToken);

    private static async Task<SearchResults> PageAsync(Sql sql, SearchRequest request, Source source)
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
        var rows = await sql.ListAsync<FoundRow>(
            $"SELECT {PluginSummaries.Columns}, {key} AS sort_key FROM {source.Tables} JOIN versions v ON v.plugin_id = p.id AND v.version_key = p.latest LEFT JOIN ratings r ON r.plugin_id = p.id WHERE {source.Filter}{after} ORDER BY {key} DESC, p.id LIMIT @Count", values);
        var page = source.IsSimilar && request.Query.Sort == SearchSort.Relevance ? [.. rows.OrderBy(row => source.Similar.IndexOf(row.Id))] : rows;
        var last = rows.Count > request.Limit ? rows[request.Limit - 1] : null;
        return new SearchResults
        {
            Plugins = [.. page.Take(request.Limit).Select(row => row.ToSummary())],
            Total = await sql.FirstAsync<long>($"SELECT COUNT(*) FROM {source.Tables} WHERE {source.Filter}", values),
            Next = last is null ? null : new SearchCursor(last.SortKey, last.Id).Write(request.Query.Sort),
            Facets = new SearchFacets
            {
                Categories = await FacetAsync(sql, source, values, "f.category", "plugin_categories f"),
                Licenses = await FacetAsync(sql, source, values, "f.license", "plugins f"),
                Permissions = await FacetAsync(sql, source, values, "f.permission", "plugin_permissions f"),
                HostApis = await FacetAsync(sql, source, values, "f.host_api", "plugin_host_apis f"),
            },
        };
    }

    private static async Task<ImmutableArray<FacetCount>> FacetAsync(Sql sql, Source source, DynamicParameters values, string column, string table)
    {
        var id = table.StartsWith("plugins ", StringComparison.Ordinal) ? "f.id" : "f.plugin_id";
        var rows = await sql.ListAsync<FacetRow>(
            $"SELECT {column} AS name, COUNT(*) AS found FROM {table} WHERE {column} <> '' AND {id} IN (SELECT p.id FROM {source.Tables} WHERE {source.Filter}) GROUP BY {column} ORDER BY found DESC, name LIMIT {MaxFacets}", values);
        return [.. rows.Select(row => new FacetCount(row.Name, row.Found))];
    }

    private static string KeyOf(SearchSort sort, Source source) => sort switch
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

    /// <summary>Which plugins are looked through: the tables, the condition, and its values. The SQL is constants; what was typed is values only.</summary>
    private sealed record Source(string Tables, string Filter, DynamicParameters Values, bool HasScore, ImmutableArray<string> Similar)
    {
        public bool IsSimilar => !Similar.IsEmpty;

        public static Source OfWords(SearchIndex index, SearchRequest request)
        {
            var (filter, values) = FilterOf(request.Query);
            if (request.Words.IsEmpty) return new Source("plugins p", filter, values, false, []);
            values.Add("Match", index.MatchOf(request.Words));
            return new Source($"({index.Matches}) m JOIN plugins p ON p.id = m.plugin_id", filter, values, true, []);
        }

        public static Source OfIds(SearchRequest request, ImmutableArray<string> ids)
        {
            var (filter, values) = FilterOf(request.Query);
            for (var i = 0; i < ids.Length; i++) values.Add($"Id{i}", ids[i]);
            return new Source("plugins p", $"{filter} AND p.id IN ({string.Join(", ", Enumerable.Range(0, ids.Length).Select(i => $"@Id{i}"))})", values, false, ids);
        }

        private static (string Filter, DynamicParameters Values) FilterOf(SearchQuery query)
        {
            var values = new DynamicParameters();
            var filter = "p.latest IS NOT NULL";
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

    private sealed record FoundRow : PluginSummaries.RowBase
    {
        public double SortKey { get; init; }
    }

    private sealed record FacetRow
    {
        public string Name { get; init; } = "";

        public long Found { get; init; }
    }
}
