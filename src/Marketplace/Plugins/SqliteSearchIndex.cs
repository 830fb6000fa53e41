using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Full text of SQLite (FTS5).</summary>
internal sealed class SqliteSearchIndex : SearchIndex
{
    public override string Matches => "SELECT plugin_id, -bm25(search_texts, 0, 10.0, 8.0, 3.0, 5.0, 3.0, 1.0) AS score FROM search_texts WHERE search_texts MATCH @Match";

    public override string MatchOf(IEnumerable<string> words) => string.Join(' ', words.Select(word => $"\"{word}\"*"));

    /// <summary>The full text finds the few with this name; by the plugin's id alone, all texts would be read.</summary>
    public override async Task RemoveAsync(Sql sql, PluginId id)
    {
        await sql.ExecuteAsync("DELETE FROM search_texts WHERE search_texts MATCH @Match AND plugin_id = @Id", new { Id = id.ToString(), Match = $"name : \"{NameOf(id)}\"" });
        await sql.ExecuteAsync("DELETE FROM search_names WHERE search_names MATCH @Match AND plugin_id = @Id", new { Id = id.ToString(), Match = $"\"{id}\"" });
    }

    protected override async Task AddAsync(Sql sql, SearchText text)
    {
        await sql.ExecuteAsync("INSERT INTO search_texts (plugin_id, name, title, publisher, keywords, description, readme) VALUES (@Id, @Name, @Title, @Publisher, @Keywords, @Description, @Readme)", text);
        await sql.ExecuteAsync("INSERT INTO search_names (plugin_id, name) VALUES (@Id, @FullName)", text);
    }

    protected override Task<IReadOnlyList<NameRow>> WithTrigramsAsync(Sql sql, string[] trigrams, int count) => sql.ListAsync<NameRow>(
        "SELECT plugin_id, name FROM search_names WHERE search_names MATCH @Match ORDER BY bm25(search_names) LIMIT @count",
        new { Match = string.Join(" OR ", trigrams.Select(trigram => $"\"{trigram}\"")), count });
}
