using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Plugins;

/// <summary>Plugins over HTTP.</summary>
internal static class PluginEndpoints
{
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(30);

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("plugins");
        group.MapGet("/search", SearchAsync).Gives<SearchResults>().WithSummary("Finds plugins by words and filters")
            .TakesQuery("q", "Words").TakesQuery("category", "A category").TakesQuery("publisher", "A publisher").TakesQuery("license", "An SPDX expression")
            .TakesQuery("uses", $"A permission that is asked for: {string.Join(", ", PermissionNames.All)}").TakesQuery("usesNot", "A permission that is not asked for").TakesQuery("hostApi", "A version of the host API")
            .TakesQuery("updatedSince", "A time, RFC 3339").TakesQuery("minRating", "The least Bayesian average").TakesQuery("verified", "`true` for publishers that have shown that a domain is theirs").TakesQuery("sort", "relevance, rating, installs or recent")
            .TakesQuery("cursor", "`next` of the page before").TakesQuery("limit", "Plugins of a page");
        group.MapGet("/plugins/{id}", FindAsync).Gives<PluginInfo>().WithSummary("Everything about a plugin");
    }

    private static async Task<IResult> SearchAsync(HttpContext context, PluginSearch search, MarketLimits limits, MarketOptions options, CancellationToken cancellationToken)
    {
        if (!SearchRequest.Read(context.Request.Query, limits).TryGet(out var request, out var refusal)) return refusal;
        var results = await search.FindAsync(request, Sight.Of(context), cancellationToken);
        Cache(context, options);
        return Results.Json(results, ApiJson.Default.SearchResults);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, Database database, TimeProvider time, MarketOptions options, CancellationToken cancellationToken)
    {
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.Invalid("id", "`id` is no plugin id", "`publisher.name` in lower-case letters, digits and hyphens");
        var page = await PluginPage.FindAsync(database, time, plugin, Sight.Of(context), cancellationToken);
        if (page.TryGet(out _, out _)) Cache(context, options);
        return page.Json(ApiJson.Default.PluginInfo);
    }

    // What is seen by one who says who he is may be more than others see.
    private static void Cache(HttpContext context, MarketOptions options) => context.Response.Headers.CacheControl = $"{(options.IsPrivate || context.Caller() is not null ? "private" : "public")}, max-age={Age.TotalSeconds:0}";
}
