using System.Text.Json;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Teams;

namespace LazyOC.Marketplace.Plugins;

/// <summary>What versions did when they were tried.</summary>
internal static class Behaviours
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/plugins/{id}/{version}/behaviour", FindAsync).WithTags("plugins").Gives<Behaviour>().WithSummary("What a version did when it was tried");

    /// <summary>Keeps it, in the place of what was seen before.</summary>
    public static Task SaveAsync(Sql sql, VersionKey key, Behaviour behaviour) => sql.ExecuteAsync(
        "INSERT INTO behaviours (plugin_id, version_key, content) VALUES (@PluginId, @Key, @Content) ON CONFLICT (plugin_id, version_key) DO UPDATE SET content = excluded.content",
        new { key.PluginId, key.Key, Content = JsonSerializer.Serialize(behaviour, ApiJson.Default.Behaviour) });

    /// <summary>Of a version that is public; null when it was not tried.</summary>
    public static async Task<Behaviour?> OfAsync(Sql sql, VersionKey key) =>
        await sql.FirstAsync<string>("SELECT b.content FROM behaviours b JOIN versions v ON v.plugin_id = b.plugin_id AND v.version_key = b.version_key WHERE b.plugin_id = @PluginId AND b.version_key = @Key AND v.state = 'live'", key) is { } content
            ? JsonSerializer.Deserialize(content, ApiJson.Default.Behaviour)
            : null;

    private static async Task<IResult> FindAsync(string id, string version, HttpContext context, Database database, CancellationToken cancellationToken)
    {
        if (!PublishEndpoints.Parse(id, version).TryGet(out var address, out var refusal)) return refusal;
        var behaviour = await database.ReadAsync(async sql => await Sight.Of(context).OfAsync(sql, address.Id) == Visible.No ? null : await OfAsync(sql, address.Key), cancellationToken);
        return behaviour is null ? Refusal.NotFound($"behaviour of `{address.Id}` {address.Version}") : Results.Json(behaviour, ApiJson.Default.Behaviour);
    }
}
