using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Statistics;

/// <summary>Numbers of downloads and searches over HTTP.</summary>
internal static class StatisticsEndpoints
{
    private const string DaysParameter = "days";
    private const string CsvType = "text/csv";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("statistics");
        group.MapGet("/plugins/{id}/stats", PluginAsync).Gives<PluginStats>().TakesQuery(DaysParameter, "Of so many days").WithSummary("How often a plugin is downloaded; for members of its publisher, by which programs too");
        group.MapGet("/plugins/{id}/stats/rows", RowsAsync).Gives<DownloadRows>().TakesQuery(DaysParameter, "Of so many days").WithSummary("The same by day, version and program; for members of its publisher");
        group.MapGet("/plugins/{id}/stats/rows.csv", CsvAsync).Produces<string>(StatusCodes.Status200OK, CsvType).TakesQuery(DaysParameter, "Of so many days").WithSummary("The same as CSV (RFC 4180)");
        group.MapGet("/publishers/{name}/stats", PublisherAsync).Gives<PublisherStats>().TakesQuery(DaysParameter, "Of so many days").WithSummary("How often the plugins of a publisher are downloaded; for its members");
        group.MapGet("/moderation/searches", SearchesAsync).Gives<SearchMissList>().WithSummary("What was searched for and not found; for admins").WithTags("moderation");
    }

    /// <summary>Reads how many days are asked for.</summary>
    public static bool TryDays(HttpContext context, MarketLimits limits, out int days, [NotNullWhen(false)] out Refusal? refusal)
    {
        (days, refusal) = (DownloadStatistics.DefaultDays, null);
        if (context.Request.Query[DaysParameter] is not [{ Length: > 0 } text]) return true;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out days) && days >= 1 && days <= limits.MaxStatisticsDays) return true;
        refusal = Refusal.Invalid(DaysParameter, $"`{DaysParameter}` is no number from 1 to {limits.MaxStatisticsDays}");
        return false;
    }

    /// <summary>Rows as a file that spreadsheets open. What is in them has no quotes, commas or formulas: days, versions, names of programs and numbers.</summary>
    public static IResult Csv(PluginId id, DownloadRows rows)
    {
        var text = new StringBuilder("day,version,client,installs,downloads\r\n");
        foreach (var row in rows.Rows) text.Append(CultureInfo.InvariantCulture, $"{row.Day:yyyy-MM-dd},{row.Version},{row.Client},{row.Installs},{row.Downloads}\r\n");
        return Results.File(Encoding.UTF8.GetBytes(text.ToString()), $"{CsvType}; charset=utf-8", $"{id}-downloads.csv");
    }

    private static Refusal NoId => Refusal.Invalid("id", "`id` is no plugin id", "`publisher.name` in lower-case letters, digits and hyphens");

    private static async Task<IResult> PluginAsync(string id, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!PluginId.TryParse(id, out var plugin)) return NoId;
        if (!TryDays(context, limits, out var days, out var refusal)) return refusal;
        return (await statistics.OfPluginAsync(context.Caller(), plugin, days, cancellationToken)).Json(ApiJson.Default.PluginStats);
    }

    private static async Task<IResult> RowsAsync(string id, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!PluginId.TryParse(id, out var plugin)) return NoId;
        if (!TryDays(context, limits, out var days, out var refusal)) return refusal;
        return (await statistics.RowsAsync(context.Caller(), plugin, days, cancellationToken)).Json(ApiJson.Default.DownloadRows);
    }

    private static async Task<IResult> CsvAsync(string id, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken)
    {
        if (!PluginId.TryParse(id, out var plugin)) return NoId;
        if (!TryDays(context, limits, out var days, out var refusal)) return refusal;
        return (await statistics.RowsAsync(context.Caller(), plugin, days, cancellationToken)).TryGet(out var rows, out refusal) ? Csv(plugin, rows) : refusal;
    }

    private static async Task<IResult> PublisherAsync(string name, HttpContext context, DownloadStatistics statistics, MarketLimits limits, CancellationToken cancellationToken) =>
        TryDays(context, limits, out var days, out var refusal) ? (await statistics.OfPublisherAsync(context.Caller(), name, days, cancellationToken)).Json(ApiJson.Default.PublisherStats) : refusal;

    private static async Task<IResult> SearchesAsync(HttpContext context, SearchMisses misses, CancellationToken cancellationToken)
    {
        if (!context.RequireCaller().TryGet(out var caller, out var refusal)) return refusal;
        return (await misses.ListAsync(caller, cancellationToken)).Json(ApiJson.Default.SearchMissList);
    }
}
