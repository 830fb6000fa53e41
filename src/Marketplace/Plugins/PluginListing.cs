using System.Collections.Immutable;
using System.Text;
using LazyOC.Marketplace.Data;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Brings what is listed and searched of a plugin up to date with its versions, in the transaction that changes them.</summary>
internal sealed class PluginListing
{
    public async Task RefreshAsync(Sql sql, PluginId id)
    {
        sql.MarkListing();
        var versions = (await sql.ListAsync<Row>("SELECT version_key, version, published, (CASE WHEN yanked IS NULL AND quarantined IS NULL AND kill IS NULL THEN 1 ELSE 0 END) AS is_offered, manifest FROM versions WHERE plugin_id = @Id AND state = 'live'", new { Id = id.ToString() }))
            .Select(row => (Row: row, Version: SemanticVersion.Parse(row.Version)))
            .ToImmutableArray();
        await sql.ExecuteAsync("DELETE FROM plugin_categories WHERE plugin_id = @Id", new { Id = id.ToString() });
        await sql.ExecuteAsync("DELETE FROM plugin_permissions WHERE plugin_id = @Id", new { Id = id.ToString() });
        await sql.ExecuteAsync("DELETE FROM plugin_host_apis WHERE plugin_id = @Id", new { Id = id.ToString() });
        await sql.Dialect.Search.RemoveAsync(sql, id);

        // What a new user gets: a release before a prerelease, and nothing that was taken back.
        var latest = versions.Where(version => version.Row.IsOffered != 0).OrderBy(version => version.Version.IsPrerelease).ThenByDescending(version => version.Version).FirstOrDefault();
        if (latest.Row is null)
        {
            await sql.ExecuteAsync("UPDATE plugins SET latest = NULL WHERE id = @Id", new { Id = id.ToString() });
            return;
        }
        var manifest = ManifestReader.Read(Encoding.UTF8.GetBytes(latest.Row.Manifest)).OrThrow();
        await sql.ExecuteAsync(
            "UPDATE plugins SET latest = @Latest, display_name = @DisplayName, description = @Description, license = @License, categories = @Categories, updated = @Updated WHERE id = @Id",
            new { Id = id.ToString(), Latest = latest.Row.VersionKey, manifest.DisplayName, manifest.Description, manifest.License, Categories = Stored.Lines(manifest.Categories), Updated = latest.Row.Published });
        foreach (var category in manifest.Categories.Distinct(StringComparer.Ordinal)) await sql.ExecuteAsync("INSERT INTO plugin_categories (plugin_id, category) VALUES (@Id, @category)", new { Id = id.ToString(), category });
        foreach (var permission in PermissionNames.Of(manifest.Permissions)) await sql.ExecuteAsync("INSERT INTO plugin_permissions (plugin_id, permission) VALUES (@Id, @permission)", new { Id = id.ToString(), permission });
        foreach (var api in HostApiHistory.All.Select(row => row.HostApi).Where(manifest.Engines.Lazyoc.Contains)) await sql.ExecuteAsync("INSERT INTO plugin_host_apis (plugin_id, host_api) VALUES (@Id, @Api)", new { Id = id.ToString(), Api = api.ToString() });
        var readme = await sql.FirstAsync<string>("SELECT readme FROM version_texts WHERE plugin_id = @Id AND version_key = @VersionKey", new { Id = id.ToString(), latest.Row.VersionKey });
        var publisher = await sql.FirstAsync<string>("SELECT display_name FROM publishers WHERE name = @Publisher", new { id.Publisher });
        await sql.Dialect.Search.AddAsync(sql, id, manifest, publisher ?? "", readme ?? "");
    }

    private sealed record Row
    {
        public string VersionKey { get; init; } = "";

        public string Version { get; init; } = "";

        public long Published { get; init; }

        public long IsOffered { get; init; }

        public string Manifest { get; init; } = "";
    }
}
