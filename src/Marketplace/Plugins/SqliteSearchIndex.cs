using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Full text of SQLite (FTS5).</summary>
internal sealed class SqliteSearchIndex : SearchIndex
{
    private const string Texts = "SELECT rowid AS text_row, -bm25(search_texts, 0, 10.0, 8.0, 3.0, 5.0, 3.0, 1.0) AS score FROM search_texts WHERE search_texts MATCH @Match";

    /// <remarks>Ids come from <c>search_rows</c>: the full text has them beside the READMEs, all of which would be read for them.</remarks>
    public override string Matches => $"SELECT r.plugin_id, f.score FROM ({Texts}) f CROSS JOIN search_rows r ON r.text_row = f.text_row";

    public override string BestMatches => $"SELECT r.plugin_id, f.score FROM ({Texts} ORDER BY score DESC LIMIT @Best) f CROSS JOIN search_rows r ON r.text_row = f.text_row";

    public override string MatchOf(IEnumerable<string> words) => string.Join(' ', words.Select(word => $"\"{word}\"*"));

    /// <summary>By their rows: by the plugin's id, which is no word, all texts would be read.</summary>
    public override async Task RemoveAsync(Sql sql, PluginId id)
    {
        var values = new { Id = id.ToString() };
        await sql.ExecuteAsync("DELETE FROM search_texts WHERE rowid = (SELECT text_row FROM search_rows WHERE plugin_id = @Id)", values);
        await sql.ExecuteAsync("DELETE FROM search_names WHERE rowid = (SELECT name_row FROM search_rows WHERE plugin_id = @Id)", values);
        await sql.ExecuteAsync("DELETE FROM search_rows WHERE plugin_id = @Id", values);
    }

    protected override async Task AddAsync(Sql sql, SearchText text)
    {
        var textRow = await sql.FirstAsync<long>("INSERT INTO search_texts (plugin_id, name, title, publisher, keywords, description, readme) VALUES (@Id, @Name, @Title, @Publisher, @Keywords, @Description, @Readme); SELECT last_insert_rowid()", text);
        var nameRow = await sql.FirstAsync<long>("INSERT INTO search_names (plugin_id, name) VALUES (@Id, @FullName); SELECT last_insert_rowid()", text);
        await sql.ExecuteAsync("INSERT INTO search_rows (plugin_id, text_row, name_row) VALUES (@Id, @textRow, @nameRow)", new { text.Id, textRow, nameRow });
    }

    protected override Task<IReadOnlyList<NameRow>> WithTrigramsAsync(Sql sql, string[] trigrams, int count) => sql.ListAsync<NameRow>(
        "SELECT plugin_id, name FROM search_names WHERE search_names MATCH @Match ORDER BY bm25(search_names) LIMIT @count",
        new { Match = string.Join(" OR ", trigrams.Select(trigram => $"\"{trigram}\"")), count });
}
