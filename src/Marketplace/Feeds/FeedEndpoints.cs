using System.Collections.Immutable;
using Dapper;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;
using Microsoft.Net.Http.Headers;

namespace LazyOC.Marketplace.Feeds;

/// <summary>The versions of a plugin, or of all plugins of a publisher, as they go live: for programs that people read news with.</summary>
internal static class FeedEndpoints
{
    private const string Suffix = ".atom";

    /// <summary>What is live and was not taken down; a version that was withdrawn stays and says so.</summary>
    private const string Select =
        """
        SELECT v.plugin_id, v.version_key, v.version, v.published, v.yanked, p.display_name, p.description, b.display_name AS publisher
        FROM versions v JOIN plugins p ON p.id = v.plugin_id JOIN publishers b ON b.name = p.publisher
        WHERE v.state = 'live' AND v.quarantined IS NULL AND v.kill IS NULL
        """;

    private static readonly TimeSpan Age = TimeSpan.FromMinutes(5);
    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/v1/feeds").ExcludeFromDescription();
        group.MapMethods("/plugins/{file}", Reading, PluginAsync);
        group.MapMethods("/publishers/{file}", Reading, PublisherAsync);
    }

    public static string AddressOf(PluginId plugin) => $"/v1/feeds/plugins/{plugin}{Suffix}";

    public static string AddressOf(string publisher) => $"/v1/feeds/publishers/{publisher}{Suffix}";

    private static Refusal NoFeed => Refusal.NotFound("such feed");

    private static async Task<IResult> PluginAsync(string file, HttpContext context, Database database, RootKey root, MarketOptions options, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!file.EndsWith(Suffix, StringComparison.Ordinal) || !PluginId.TryParse(file[..^Suffix.Length], out var id)) return NoFeed;
        var feed = await database.ReadAsync(async sql =>
        {
            if (await Sight.Of(context).OfAsync(sql, id) == Visible.No) return null;
            var rows = await sql.ListAsync<EntryRow>($"{Select} AND v.plugin_id = @Id ORDER BY v.published DESC, v.version_key LIMIT @MaxFeedEntries", new { Id = id.ToString(), limits.MaxFeedEntries });
            if (rows.Count == 0) return null;
            return new AtomFeed
            {
                Id = IdOf(root, "plugin", id.ToString()),
                Title = NameOf(rows[0]),
                Subtitle = $"Versions of {id} on {options.Name}",
                Author = rows[0].Publisher,
                Updated = Stored.Time(rows[0].Published),
                Self = AddressOf(id),
                Page = $"/plugins/{id}",
                Entries = Entries(root, rows),
            };
        }, cancellationToken);
        return feed is null ? NoFeed : Answer(context, options, feed);
    }

    private static async Task<IResult> PublisherAsync(string file, HttpContext context, Database database, RootKey root, MarketOptions options, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!file.EndsWith(Suffix, StringComparison.Ordinal) || file[..^Suffix.Length] is not { } name || !AccountStore.IsName(name)) return NoFeed;
        var feed = await database.ReadAsync(async sql =>
        {
            var sight = Sight.Of(context);
            if (await sight.OfAsync(sql, name) == Visible.No || await sql.FirstAsync<PublisherRow>("SELECT display_name, created FROM publishers WHERE name = @name", new { name }) is not { } publisher) return null;
            var rows = await sql.ListAsync<EntryRow>($"{Select} AND p.publisher = @name AND {sight.Condition} ORDER BY v.published DESC, v.plugin_id, v.version_key LIMIT @MaxFeedEntries", sight.AddTo(new DynamicParameters(new { name, limits.MaxFeedEntries })));
            return new AtomFeed
            {
                Id = IdOf(root, "publisher", name),
                Title = publisher.DisplayName,
                Subtitle = $"Plugins of {name} on {options.Name}",
                Author = publisher.DisplayName,
                Updated = Stored.Time(rows.Count > 0 ? rows[0].Published : publisher.Created),
                Self = AddressOf(name),
                Page = $"/publishers/{name}",
                Entries = Entries(root, rows),
            };
        }, cancellationToken);
        return feed is null ? NoFeed : Answer(context, options, feed);
    }

    private static ImmutableArray<AtomEntry> Entries(RootKey root, IEnumerable<EntryRow> rows) => [.. rows.Select(row => new AtomEntry(
        IdOf(root, "version", $"{row.PluginId} {row.VersionKey}"),
        $"{NameOf(row)} {row.Version}{(row.Yanked is null ? "" : " (withdrawn)")}",
        Stored.Time(row.Published),
        $"/plugins/{row.PluginId}",
        row.Yanked is null ? row.Description : $"Withdrawn: {row.Yanked}"))];

    private static string NameOf(EntryRow row) => row.DisplayName.Length > 0 ? row.DisplayName : row.PluginId;

    private static string IdOf(RootKey root, string kind, string name) => AtomFeed.IdOf(root.PublicKey.Id.ToString(), kind, name);

    private static IResult Answer(HttpContext context, MarketOptions options, AtomFeed feed)
    {
        var bytes = feed.ToUtf8();
        context.Response.Headers.CacheControl = $"{(options.IsPrivate || context.Caller() is not null ? "private" : "public")}, max-age={Age.TotalSeconds:0}";
        // A browser that shows it runs nothing of it.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return Results.Bytes(bytes, $"{AtomFeed.MediaType}; charset=utf-8", entityTag: new EntityTagHeaderValue($"\"{Digest.Of(bytes)}\""));
    }

    private sealed record EntryRow
    {
        public string PluginId { get; init; } = "";

        public string VersionKey { get; init; } = "";

        public string Version { get; init; } = "";

        public long Published { get; init; }

        public string? Yanked { get; init; }

        public string DisplayName { get; init; } = "";

        public string Description { get; init; } = "";

        public string Publisher { get; init; } = "";
    }

    private sealed record PublisherRow
    {
        public string DisplayName { get; init; } = "";

        public long Created { get; init; }
    }
}
