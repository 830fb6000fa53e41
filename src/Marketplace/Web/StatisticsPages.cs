using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Statistics;
using LazyOC.Marketplace.Web.Pages;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Web;

/// <summary>Numbers of downloads for members of publishers, and of searches for admins.</summary>
internal static class StatisticsPages
{
    public const string SearchesPath = $"{ModerationSite.Path}/searches";

    /// <summary>What is counted, beside every chart.</summary>
    public const string Explanation = "An install is a user's first download of a version on a day. Who it was is kept nowhere.";

    private const string CsvSuffix = ".csv";
    private const string JsonSuffix = ".json";

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet($"{Portal.PublishersPath}/{{name}}/stats", PublisherAsync);
        pages.MapGet("/portal/plugins/{id}/stats", PluginAsync);
        pages.MapGet($"/portal/plugins/{{id}}/stats{CsvSuffix}", (string id, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken) => ExportAsync(id, context, statistics, limits, StatisticsEndpoints.Csv, cancellationToken));
        pages.MapGet($"/portal/plugins/{{id}}/stats{JsonSuffix}", (string id, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken) => ExportAsync(id, context, statistics, limits, (_, rows) => Results.Json(rows, ApiJson.Default.DownloadRows), cancellationToken));
        pages.MapGet(SearchesPath, SearchesAsync);
    }

    public static string AddressOf(string publisher) => $"{PublisherPortal.AddressOf(publisher)}/stats";

    public static string AddressOf(PluginId plugin) => $"/portal/plugins/{plugin}/stats";

    private static async Task<IResult> PublisherAsync(string name, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!StatisticsEndpoints.TryDays(context, limits, out var days, out refusal)) return refusal;
        if (!(await statistics.OfPublisherAsync(caller, name, days, cancellationToken)).TryGet(out var stats, out refusal)) return refusal;
        return new PageResult<PublisherStatsView>($"{name}: downloads", new(StringComparer.Ordinal) { [nameof(PublisherStatsView.Stats)] = stats, [nameof(PublisherStatsView.Days)] = days });
    }

    private static async Task<IResult> PluginAsync(string id, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.NotFound("plugin of this name");
        if (!StatisticsEndpoints.TryDays(context, limits, out var days, out refusal)) return refusal;
        if (!(await statistics.OfPluginAsync(caller, plugin, days, cancellationToken)).TryGet(out var stats, out refusal)) return refusal;
        // What is not for everybody is all there is to this page.
        if (stats.Clients is null) return Refusal.NotFound("plugin of a publisher that you are a member of");
        return new PageResult<PluginStatsView>($"{id}: downloads", new(StringComparer.Ordinal) { [nameof(PluginStatsView.Stats)] = stats, [nameof(PluginStatsView.Days)] = days });
    }

    private static async Task<IResult> ExportAsync(string id, HttpContext context, DownloadStatistics statistics, MarketLimits limits, Func<PluginId, DownloadRows, IResult> write, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.NotFound("plugin of this name");
        if (!StatisticsEndpoints.TryDays(context, limits, out var days, out refusal)) return refusal;
        return (await statistics.RowsAsync(caller, plugin, days, cancellationToken)).TryGet(out var rows, out refusal) ? write(plugin, rows) : refusal;
    }

    private static async Task<IResult> SearchesAsync(HttpContext context, SearchMisses misses, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        if (!(await misses.ListAsync(caller, cancellationToken)).TryGet(out var list, out refusal)) return refusal;
        return new PageResult<SearchMissesView>("Searches", new(StringComparer.Ordinal) { [nameof(SearchMissesView.Searches)] = list.Searches });
    }
}
