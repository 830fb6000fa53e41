using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Marketplace.Plugins;

/// <summary>The words that plugins are found by: full text of SQLite (FTS5), which nothing outside this file knows.</summary>
internal static class SearchIndex
{
    private const int TrigramChars = 3;

    /// <summary>A query for the columns <c>plugin_id</c> and <c>score</c> of what has the words in <c>@Match</c>; a higher score fits better.</summary>
    /// <remarks>Weights: a word of the name says more than one of the README.</remarks>
    public const string Matches = "SELECT plugin_id, -bm25(search_texts, 0, 10.0, 8.0, 3.0, 5.0, 3.0, 1.0) AS score FROM search_texts WHERE search_texts MATCH @Match";

    /// <summary>What <see cref="Matches"/> takes for some words, each of which has to begin a word of the plugin.</summary>
    /// <param name="words">Letters and digits only.</param>
    public static string MatchOf(IEnumerable<string> words) => string.Join(' ', words.Select(word => $"\"{word}\"*"));

    /// <summary>Plugins whose names have much in common with some words, the most similar first.</summary>
    public static async Task<IReadOnlyList<(string Id, string Name)>> SimilarAsync(Sql sql, IEnumerable<string> words, int count)
    {
        var trigrams = words.SelectMany(word => Enumerable.Range(0, Math.Max(0, word.Length - TrigramChars + 1)).Select(i => word.Substring(i, TrigramChars))).Distinct(StringComparer.Ordinal).ToArray();
        if (trigrams.Length == 0) return [];
        var rows = await sql.ListAsync<NameRow>(
            "SELECT plugin_id, name FROM search_names WHERE search_names MATCH @Match ORDER BY bm25(search_names) LIMIT @count",
            new { Match = string.Join(" OR ", trigrams.Select(trigram => $"\"{trigram}\"")), count });
        return [.. rows.Select(row => (row.PluginId, row.Name))];
    }

    public static async Task AddAsync(Sql sql, PluginId id, PluginManifest manifest, string publisher, string readme)
    {
        await sql.ExecuteAsync(
            "INSERT INTO search_texts (plugin_id, name, title, publisher, keywords, description, readme) VALUES (@Id, @Name, @DisplayName, @Publisher, @Keywords, @Description, @readme)",
            new { Id = id.ToString(), Name = NameOf(id), manifest.DisplayName, Publisher = $"{id.Publisher} {publisher}", Keywords = string.Join(' ', manifest.Keywords.Concat(manifest.Categories)), manifest.Description, readme });
        await sql.ExecuteAsync("INSERT INTO search_names (plugin_id, name) VALUES (@Id, @Name)", new { Id = id.ToString(), Name = $"{id} {manifest.DisplayName}".ToLowerInvariant() });
    }

    public static async Task RemoveAsync(Sql sql, PluginId id)
    {
        // The full text finds the few with this name; by the plugin's id alone all texts would be read.
        await sql.ExecuteAsync("DELETE FROM search_texts WHERE search_texts MATCH @Match AND plugin_id = @Id", new { Id = id.ToString(), Match = $"name : {Phrase(NameOf(id))}" });
        await sql.ExecuteAsync("DELETE FROM search_names WHERE search_names MATCH @Match AND plugin_id = @Id", new { Id = id.ToString(), Match = Phrase(id.ToString()) });
    }

    private static string NameOf(PluginId id) => id.ToString()[(id.Publisher.Length + 1)..];

    /// <summary>Words that follow each other.</summary>
    private static string Phrase(string text) => $"\"{text}\"";

    private sealed record NameRow
    {
        public string PluginId { get; init; } = "";

        public string Name { get; init; } = "";
    }
}
