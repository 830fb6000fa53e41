using System.Collections.Immutable;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Api;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Feeds;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishers;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Reviews;
using LazyOC.Marketplace.Teams;
using LazyOC.Marketplace.Web.Pages;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Web;

/// <summary>The pages for everybody: home, what was found, plugins and publishers.</summary>
internal static class Browsing
{
    private const int Listed = 6;

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapMethods("/", Reading, HomeAsync);
        pages.MapMethods("/search", Reading, SearchAsync);
        pages.MapMethods("/plugins/{id}", Reading, PluginAsync);
        pages.MapMethods("/publishers/{name}", Reading, PublisherAsync);
    }

    /// <summary>Where a plugin's page is.</summary>
    public static string AddressOf(PluginId id) => $"/plugins/{id}";

    private static async Task<IResult> HomeAsync(HttpContext context, PluginSearch search, MarketOptions options, RootKey root, CancellationToken cancellationToken)
    {
        var recent = await FirstAsync(search, SearchSort.Recent, Sight.Of(context), cancellationToken);
        var rated = await FirstAsync(search, SearchSort.Rating, Sight.Of(context), cancellationToken);
        return new PageResult<Home>("", new(StringComparer.Ordinal)
        {
            [nameof(Home.Site)] = options.Name,
            [nameof(Home.Url)] = $"{context.Request.Scheme}://{context.Request.Host}",
            [nameof(Home.Fingerprint)] = root.PublicKey.Id.Fingerprint,
            [nameof(Home.Total)] = recent.Total,
            [nameof(Home.IsTotalLeast)] = recent.IsTotalLeast,
            [nameof(Home.Categories)] = recent.Facets.Categories,
            [nameof(Home.Recent)] = recent.Plugins,
            // A plugin that nobody has rated stands nowhere.
            [nameof(Home.Rated)] = rated.Plugins.RemoveAll(plugin => plugin.Rating.Count == 0),
        });
    }

    private static Task<SearchResults> FirstAsync(PluginSearch search, SearchSort sort, Sight sight, CancellationToken cancellationToken) =>
        search.FindAsync(new SearchRequest(new SearchQuery { Sort = sort }, [], null, Listed), sight, cancellationToken);

    private static async Task<IResult> SearchAsync(HttpContext context, PluginSearch search, MarketLimits limits, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!SearchRequest.Read(context.Request.Query, limits).TryGet(out var request, out var refusal)) return refusal;
        var results = await search.FindAsync(request, Sight.Of(context), cancellationToken);
        return new PageResult<Found>(request.Query.Text.Length > 0 ? request.Query.Text : "Plugins", new(StringComparer.Ordinal)
        {
            [nameof(Found.Query)] = request.Query,
            [nameof(Found.Results)] = results,
            [nameof(Found.Today)] = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime),
        })
        {
            Search = request.Query.Text,
        };
    }

    private static async Task<IResult> PluginAsync(string id, HttpContext context, Database database, ReviewStore reviews, AccountStore accounts, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!PluginId.TryParse(id, out var plugin)) return Refusal.NotFound("plugin of this name");
        var query = context.Request.Query;
        // The form with the two versions leads to an address that can be passed on.
        if (query["from"] is [{ Length: > 0 } from] && query["to"] is [{ Length: > 0 } to])
            return Results.Redirect($"{AddressOf(plugin)}?compare={Uri.EscapeDataString(from)}...{Uri.EscapeDataString(to)}#compare");
        if (!(await PluginPage.FindAsync(database, time, plugin, Sight.Of(context), cancellationToken)).TryGet(out var info, out var refusal)) return refusal;
        var cursor = query["reviews"] is [{ Length: > 0 } value] ? value : null;
        if (!(await reviews.ListAsync(context.Caller(), plugin, cursor, cancellationToken)).TryGet(out var list, out refusal)) return refusal;
        VersionComparison? comparison = null;
        if (query["compare"] is [{ Length: > 0 } compared] && (comparison = VersionComparison.Of(info, compared)) is null)
            return Refusal.Invalid("compare", "`compare` does not name two versions that this plugin has", "such as `1.0.0...1.1.0`");
        var shown = new VersionKey(plugin.ToString(), Submissions.KeyOf(SemanticVersion.Parse(PluginView.ShownOf(info).Version)));
        var observed = await database.ReadAsync(sql => Behaviours.OfAsync(sql, shown), cancellationToken);
        return new PageResult<PluginView>(info.Summary.DisplayName, new(StringComparer.Ordinal)
        {
            [nameof(PluginView.Info)] = info,
            [nameof(PluginView.Reviews)] = list,
            [nameof(PluginView.Comparison)] = comparison,
            [nameof(PluginView.Observed)] = observed,
            [nameof(PluginView.MyRole)] = await RoleAsync(context, accounts, plugin.Publisher, cancellationToken),
            [nameof(PluginView.Today)] = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime),
        })
        {
            Feed = FeedEndpoints.AddressOf(plugin),
        };
    }

    private static async Task<IResult> PublisherAsync(string name, HttpContext context, PublisherStore publishers, PublisherDomains domains, AccountStore accounts, CancellationToken cancellationToken)
    {
        if (!(await publishers.InfoAsync(name, Sight.Of(context), cancellationToken)).TryGet(out var info, out var refusal)) return refusal;
        return new PageResult<PublisherView>(info.DisplayName, new(StringComparer.Ordinal)
        {
            [nameof(PublisherView.Info)] = info,
            [nameof(PublisherView.Domains)] = (await domains.ListAsync(null, name, cancellationToken)).Domains,
            [nameof(PublisherView.IsMine)] = await RoleAsync(context, accounts, name, cancellationToken) is not null,
        })
        {
            Feed = FeedEndpoints.AddressOf(name),
        };
    }

    private static async Task<PublisherRole?> RoleAsync(HttpContext context, AccountStore accounts, string publisher, CancellationToken cancellationToken)
    {
        if (context.Caller() is not { } caller || !(await accounts.InfoAsync(caller, cancellationToken)).TryGet(out var account, out _)) return null;
        return account.Publishers.FirstOrDefault(membership => membership.Publisher == publisher)?.Role;
    }
}

/// <summary>What one version may do and another may not.</summary>
/// <param name="From">The one that is compared with.</param>
/// <param name="To">The one that is looked at.</param>
/// <param name="Added">What the second may do beyond the first: what an update asks consent for.</param>
/// <param name="Removed">What only the first may do.</param>
public sealed record VersionComparison(PluginVersion From, PluginVersion To, ImmutableArray<PermissionWords> Added, ImmutableArray<PermissionWords> Removed)
{
    private const string Between = "...";

    /// <summary>Reads <c>1.0.0...1.1.0</c>; null when it is not that, or the plugin has not both.</summary>
    public static VersionComparison? Of(PluginInfo plugin, string compared)
    {
        if (compared.Split(Between) is not [var first, var second]) return null;
        var from = plugin.Versions.FirstOrDefault(version => version.Version == first);
        var to = plugin.Versions.FirstOrDefault(version => version.Version == second);
        return from is null || to is null ? null : new VersionComparison(from, to, Beyond(to, from), Beyond(from, to));
    }

    private static ImmutableArray<PermissionWords> Beyond(PluginVersion wide, PluginVersion narrow) =>
    [
        .. wide.Permissions.Widening(narrow.Permissions).InWords().Select(word =>
        {
            var reach = word.Reach.ToString();
            // Places in a difference are others than in the manifest; the sentence finds the reason.
            return new PermissionWords(word.Path, char.ToLowerInvariant(reach[0]) + reach[1..], word.Text, wide.PermissionsInWords.FirstOrDefault(known => known.Text == word.Text)?.Reason);
        }),
    ];
}
