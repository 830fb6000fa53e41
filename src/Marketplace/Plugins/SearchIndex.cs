using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Marketplace.Plugins;

/// <summary>The words that plugins are found by.</summary>
internal static class SearchIndex
{
    public static async Task AddAsync(Sql sql, PluginId id, PluginManifest manifest, string publisher, string readme)
    {
        var name = id.ToString()[(id.Publisher.Length + 1)..];
        await sql.ExecuteAsync(
            "INSERT INTO search_texts (plugin_id, name, title, publisher, keywords, description, readme) VALUES (@Id, @name, @DisplayName, @Publisher, @Keywords, @Description, @readme)",
            new { Id = id.ToString(), name, manifest.DisplayName, Publisher = $"{id.Publisher} {publisher}", Keywords = string.Join(' ', manifest.Keywords.Concat(manifest.Categories)), manifest.Description, readme });
        await sql.ExecuteAsync("INSERT INTO search_names (plugin_id, name) VALUES (@Id, @Name)", new { Id = id.ToString(), Name = $"{id} {manifest.DisplayName}".ToLowerInvariant() });
    }

    public static async Task RemoveAsync(Sql sql, PluginId id)
    {
        await sql.ExecuteAsync("DELETE FROM search_texts WHERE plugin_id = @Id", new { Id = id.ToString() });
        await sql.ExecuteAsync("DELETE FROM search_names WHERE plugin_id = @Id", new { Id = id.ToString() });
    }
}
