using System.Collections.Immutable;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Plugins;

/// <summary>What the marketplace offers, as scanners compare submissions with it.</summary>
internal static class Catalog
{
    /// <summary>The most installed plugins that are live, without those of a publisher and those that not everybody sees, which findings would name.</summary>
    public static async Task<ImmutableArray<KnownPlugin>> OfAsync(Sql sql, string without, int count) => [.. (await sql.ListAsync<Row>(
        $"""
        SELECT p.id, p.display_name, p.installs, t.readme_sketch, t.icon
        FROM plugins p JOIN version_texts t ON t.plugin_id = p.id AND t.version_key = p.latest
        WHERE p.publisher <> @without AND {Sight.OfEverybody} ORDER BY p.installs DESC, p.id LIMIT @count
        """, new { without, count })).Select(row => new KnownPlugin(
            PluginId.Parse(row.Id), row.DisplayName, row.Installs, VersionTexts.ToSketch(row.ReadmeSketch), Digest.TryParse(row.Icon, out var icon) ? icon : null))];

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string DisplayName { get; init; } = "";

        public long Installs { get; init; }

        public string ReadmeSketch { get; init; } = "";

        public string? Icon { get; init; }
    }
}
