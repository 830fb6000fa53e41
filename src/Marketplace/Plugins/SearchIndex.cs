using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Marketplace.Plugins;

/// <summary>The words that plugins are found by: the full text of a database, which nothing outside of this and what derives from it knows.</summary>
internal abstract class SearchIndex
{
    private const int TrigramChars = 3;

    /// <summary>A query for the columns <c>plugin_id</c> and <c>score</c> of what has the words in <c>@Match</c>; a higher score fits better.</summary>
    /// <remarks>A word of the name says more than one of the README.</remarks>
    public abstract string Matches { get; }

    /// <summary>The same for the <c>@Best</c> that fit best.</summary>
    public abstract string BestMatches { get; }

    /// <summary>What <see cref="Matches"/> takes for some words, each of which has to begin a word of the plugin.</summary>
    /// <param name="words">Letters and digits only.</param>
    public abstract string MatchOf(IEnumerable<string> words);

    /// <summary>Plugins whose names have much in common with some words, the most similar first.</summary>
    public async Task<IReadOnlyList<(string Id, string Name)>> SimilarAsync(Sql sql, IEnumerable<string> words, int count)
    {
        var trigrams = words.SelectMany(TrigramsOf).Distinct(StringComparer.Ordinal).ToArray();
        return trigrams.Length == 0 ? [] : [.. (await WithTrigramsAsync(sql, trigrams, count)).Select(row => (row.PluginId, row.Name))];
    }

    public Task AddAsync(Sql sql, PluginId id, PluginManifest manifest, string publisher, string readme) => AddAsync(sql, new SearchText
    {
        Id = id.ToString(),
        Name = NameOf(id),
        Title = manifest.DisplayName,
        Publisher = $"{id.Publisher} {publisher}",
        Keywords = string.Join(' ', manifest.Keywords.Concat(manifest.Categories)),
        Description = manifest.Description,
        Readme = readme,
        FullName = $"{id} {manifest.DisplayName}".ToLowerInvariant(),
    });

    public abstract Task RemoveAsync(Sql sql, PluginId id);

    protected abstract Task AddAsync(Sql sql, SearchText text);

    protected abstract Task<IReadOnlyList<NameRow>> WithTrigramsAsync(Sql sql, string[] trigrams, int count);

    /// <summary>What of an id is the plugin's own.</summary>
    protected static string NameOf(PluginId id) => id.ToString()[(id.Publisher.Length + 1)..];

    /// <summary>Every three letters of a text that follow each other.</summary>
    protected static IEnumerable<string> TrigramsOf(string text) => Enumerable.Range(0, Math.Max(0, text.Length - TrigramChars + 1)).Select(i => text.Substring(i, TrigramChars));

    /// <summary>What is known of a plugin, by how much it says.</summary>
    protected sealed record SearchText
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public required string Title { get; init; }

        public required string Publisher { get; init; }

        public required string Keywords { get; init; }

        public required string Description { get; init; }

        public required string Readme { get; init; }

        /// <summary>What is compared with what was mistyped.</summary>
        public required string FullName { get; init; }
    }

    protected sealed record NameRow
    {
        public string PluginId { get; init; } = "";

        public string Name { get; init; } = "";
    }
}
