using System.Globalization;
using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Full text of PostgreSQL (<c>tsvector</c>), with the words, stems and letters without marks that SQLite has.</summary>
internal sealed class PostgresSearchIndex : SearchIndex
{
    // Weights of D, C, B and A: of the README, of description and publisher, of keywords, of name and title; long texts count for less.
    public override string Matches =>
        "SELECT plugin_id, ts_rank('{0.1, 0.3, 0.5, 1.0}', words, asked, 1)::float8 AS score FROM search_texts, to_tsquery('market_words', market_plain(@Match)) asked WHERE words @@ asked";

    public override string BestMatches => $"{Matches} ORDER BY score DESC LIMIT @Best";

    public override string MatchOf(IEnumerable<string> words) => string.Join(" & ", words.Select(word => $"'{word}':*"));

    public override async Task RemoveAsync(Sql sql, PluginId id)
    {
        await sql.ExecuteAsync("DELETE FROM search_texts WHERE plugin_id = @Id", new { Id = id.ToString() });
        await sql.ExecuteAsync("DELETE FROM search_names WHERE plugin_id = @Id", new { Id = id.ToString() });
    }

    protected override async Task AddAsync(Sql sql, SearchText text)
    {
        await sql.ExecuteAsync(
            """
            INSERT INTO search_texts (plugin_id, words) VALUES (@Id,
              setweight(to_tsvector('market_words', market_plain(@Most)), 'A') || setweight(to_tsvector('market_words', market_plain(@More)), 'B')
              || setweight(to_tsvector('market_words', market_plain(@Less)), 'C') || setweight(to_tsvector('market_words', market_plain(@Least)), 'D'))
            """, new { text.Id, Most = WordsOf($"{text.Name} {text.Title}"), More = WordsOf(text.Keywords), Less = WordsOf($"{text.Publisher} {text.Description}"), Least = WordsOf(text.Readme) });
        await sql.ExecuteAsync("INSERT INTO search_names (plugin_id, name, trigrams) VALUES (@Id, @FullName, @Trigrams)", new { text.Id, text.FullName, Trigrams = TrigramsOf(text.FullName).Distinct(StringComparer.Ordinal).ToArray() });
    }

    protected override Task<IReadOnlyList<NameRow>> WithTrigramsAsync(Sql sql, string[] trigrams, int count) => sql.ListAsync<NameRow>(
        """
        SELECT plugin_id, name FROM search_names WHERE trigrams && @trigrams
        ORDER BY cardinality(ARRAY(SELECT unnest(trigrams) INTERSECT SELECT unnest(@trigrams))) DESC, plugin_id LIMIT @count
        """, new { trigrams, count });

    /// <summary>A text of which the database makes no addresses, numbers with points or other things than words.</summary>
    private static string WordsOf(string text) => string.Create(text.Length, text, (words, from) =>
    {
        for (var i = 0; i < from.Length; i++)
        {
            var isWord = char.IsLetterOrDigit(from[i]) || CharUnicodeInfo.GetUnicodeCategory(from[i]) == UnicodeCategory.NonSpacingMark;
            words[i] = isWord ? char.ToLowerInvariant(from[i]) : ' ';
        }
    });
}
