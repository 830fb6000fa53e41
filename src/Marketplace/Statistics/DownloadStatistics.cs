using System.Collections.Immutable;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Statistics;

/// <summary>What the counts of downloads say. Programs and regions are told to members of the publisher only: with few users, they say who.</summary>
internal sealed class DownloadStatistics(Database database, TimeProvider time, MarketLimits limits, MarketOptions options)
{
    public const int DefaultDays = 90;

    private const int MaxNames = 200;

    private const string Sums = "CAST(SUM(d.installs) AS BIGINT) AS installs, CAST(SUM(d.downloads) AS BIGINT) AS downloads";
    private const string OfVersions = "FROM downloads d JOIN versions v ON v.plugin_id = d.plugin_id AND v.version_key = d.version_key";

    /// <summary>Of a plugin; one of which nothing ever went live is as one that is not there.</summary>
    public Task<Answer<PluginStats>> OfPluginAsync(Caller? viewer, PluginId id, int days, CancellationToken cancellationToken) => database.ReadAsync<Answer<PluginStats>>(async sql =>
    {
        if (await Sight.Of(viewer, options.IsPrivate).OfAsync(sql, id) == Visible.No || !await IsPublicAsync(sql, id)) return Refusal.NotFound($"plugin `{id}`");
        var values = new { Id = id.ToString(), Since = SinceOf(days), MaxNames };
        var isMember = await PublisherStore.SeesAllAsync(sql, viewer, id.Publisher);
        return new PluginStats
        {
            Id = id,
            Downloads = Sum(days, await sql.ListAsync<DayRow>($"SELECT d.day, {Sums} FROM downloads d WHERE d.plugin_id = @Id AND d.day >= @Since GROUP BY d.day ORDER BY d.day", values)),
            Versions = Named(await sql.ListAsync<NameRow>($"SELECT v.version AS name, {Sums} {OfVersions} WHERE d.plugin_id = @Id AND d.day >= @Since GROUP BY v.version ORDER BY downloads DESC, name LIMIT @MaxNames", values)),
            Clients = isMember ? await ByAsync("downloads", "client") : null,
            Regions = isMember ? await ByAsync("download_regions", "region") : null,
        };

        async Task<ImmutableArray<NamedDownloads>> ByAsync(string table, string column) =>
            Named(await sql.ListAsync<NameRow>($"SELECT d.{column} AS name, {Sums} FROM {table} d WHERE d.plugin_id = @Id AND d.day >= @Since GROUP BY d.{column} ORDER BY downloads DESC, name LIMIT @MaxNames", values));
    }, cancellationToken);

    /// <summary>Of a publisher's plugins, for its members.</summary>
    public Task<Answer<PublisherStats>> OfPublisherAsync(Caller? viewer, string publisher, int days, CancellationToken cancellationToken) => database.ReadAsync<Answer<PublisherStats>>(async sql =>
    {
        if (!await PublisherStore.SeesAllAsync(sql, viewer, publisher)) return NotYours;
        var values = new { publisher, Since = SinceOf(days), MaxNames };
        return new PublisherStats
        {
            Publisher = publisher,
            Downloads = Sum(days, await sql.ListAsync<DayRow>($"SELECT d.day, {Sums} FROM downloads d JOIN plugins p ON p.id = d.plugin_id WHERE p.publisher = @publisher AND d.day >= @Since GROUP BY d.day ORDER BY d.day", values)),
            Plugins = Named(await sql.ListAsync<NameRow>($"SELECT p.id AS name, {Sums} FROM downloads d JOIN plugins p ON p.id = d.plugin_id WHERE p.publisher = @publisher AND d.day >= @Since GROUP BY p.id ORDER BY downloads DESC, name LIMIT @MaxNames", values)),
        };
    }, cancellationToken);

    /// <summary>Of a plugin as they are kept, for members of its publisher.</summary>
    public Task<Answer<DownloadRows>> RowsAsync(Caller? viewer, PluginId id, int days, CancellationToken cancellationToken) => database.ReadAsync<Answer<DownloadRows>>(async sql =>
    {
        if (!await PublisherStore.SeesAllAsync(sql, viewer, id.Publisher)) return NotYours;
        if (!await IsPublicAsync(sql, id)) return Refusal.NotFound($"plugin `{id}`");
        var rows = await sql.ListAsync<Row>(
            $"SELECT d.day, v.version, d.client, d.installs, d.downloads {OfVersions} WHERE d.plugin_id = @Id AND d.day >= @Since ORDER BY d.day, v.version_key, d.client LIMIT @Count",
            new { Id = id.ToString(), Since = SinceOf(days), Count = limits.MaxStatisticsRows + 1 });
        return new DownloadRows([.. rows.Take(limits.MaxStatisticsRows).Select(row => new DownloadRow(DateOf(row.Day), row.Version, row.Client, row.Installs, row.Downloads))], rows.Count > limits.MaxStatisticsRows);
    }, cancellationToken);

    internal static DateOnly DateOf(long day) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(day));

    private static Refusal NotYours => Refusal.NotFound("publisher that you are a member of");

    private static async Task<bool> IsPublicAsync(Sql sql, PluginId id) => await sql.FirstAsync<string>("SELECT version FROM versions WHERE plugin_id = @Id AND state = 'live' LIMIT 1", new { Id = id.ToString() }) is not null;

    private static ImmutableArray<NamedDownloads> Named(IEnumerable<NameRow> rows) => [.. rows.Select(row => new NamedDownloads(row.Name, row.Installs, row.Downloads))];

    private long SinceOf(int days) => DownloadCounts.DayOf(time) - days + 1;

    private DownloadStats Sum(int days, IReadOnlyList<DayRow> rows) => new()
    {
        From = DateOf(SinceOf(days)),
        To = DateOf(DownloadCounts.DayOf(time)),
        Installs = rows.Sum(row => row.Installs),
        Downloads = rows.Sum(row => row.Downloads),
        Days = [.. rows.Select(row => new DailyDownloads(DateOf(row.Day), row.Installs, row.Downloads))],
    };

    private sealed record DayRow
    {
        public long Day { get; init; }

        public long Installs { get; init; }

        public long Downloads { get; init; }
    }

    private sealed record NameRow
    {
        public string Name { get; init; } = "";

        public long Installs { get; init; }

        public long Downloads { get; init; }
    }

    private sealed record Row
    {
        public long Day { get; init; }

        public string Version { get; init; } = "";

        public string Client { get; init; } = "";

        public long Installs { get; init; }

        public long Downloads { get; init; }
    }
}
