using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Api;

/// <content>Numbers of downloads and searches.</content>
public sealed partial class MarketClient
{
    /// <summary>How often a plugin is downloaded.</summary>
    /// <param name="id">The plugin.</param>
    /// <param name="days">Of so many days; null for the server's choice.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<ApiResult<PluginStats>> PluginStatsAsync(PluginId id, int? days, CancellationToken cancellationToken) => GetAsync($"plugins/{id}/stats{Days(days)}", Json.PluginStats, cancellationToken);

    /// <summary>The same by day, version and program; for members of its publisher.</summary>
    public Task<ApiResult<DownloadRows>> DownloadRowsAsync(PluginId id, int? days, CancellationToken cancellationToken) => GetAsync($"plugins/{id}/stats/rows{Days(days)}", Json.DownloadRows, cancellationToken);

    /// <summary>How often the plugins of a publisher are downloaded; for its members.</summary>
    public Task<ApiResult<PublisherStats>> PublisherStatsAsync(string publisher, int? days, CancellationToken cancellationToken) => GetAsync($"publishers/{Escape(publisher)}/stats{Days(days)}", Json.PublisherStats, cancellationToken);

    /// <summary>What was searched for and not found; for admins.</summary>
    public Task<ApiResult<SearchMissList>> SearchMissesAsync(CancellationToken cancellationToken) => GetAsync("moderation/searches", Json.SearchMissList, cancellationToken);

    private static string Days(int? days) => days is null ? "" : FormattableString.Invariant($"?days={days}");
}
