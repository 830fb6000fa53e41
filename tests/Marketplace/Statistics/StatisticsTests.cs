using System.Net;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Statistics;
using LazyOC.Marketplace.Tests.Nodes;
using LazyOC.Marketplace.Tests.Web;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Statistics;

/// <summary>Who is told which numbers, over the API and on pages.</summary>
[Trait(Pair.Trait, Pair.Both)]
public sealed class StatisticsTests : IAsyncLifetime
{
    private MarketFixture _market = null!;
    private MarketClient _owner = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync(new MarketLimits { MaxSearchMisses = 5 }, []);
        _owner = await _market.OwnerAsync();
        await _market.LiveAsync(_owner, SamplePlugin.Package());
        await _market.InstallAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"));
        await _market.Server.Services.GetRequiredService<DownloadCounts>().FlushAsync(default);
    }

    public async Task DisposeAsync() => await _market.DisposeAsync();

    [Fact]
    public async Task Programs_AreToldToMembersOnly()
    {
        var bob = await _market.RegisterAsync("bob");
        foreach (var stranger in new[] { _market.Client(), bob })
        {
            var stats = Value(await stranger.PluginStatsAsync(SamplePlugin.Id, null, default));
            Assert.Equal(new NamedDownloads("1.0.0", 1, 1), Assert.Single(stats.Versions));
            Assert.Null(stats.Clients);
            Refusal(ProblemTypes.NotFound, await stranger.DownloadRowsAsync(SamplePlugin.Id, null, default));
            Refusal(ProblemTypes.NotFound, await stranger.PublisherStatsAsync("acme", null, default));
        }

        Assert.Equal(new NamedDownloads("lazyoc/1.0", 1, 1), Assert.Single(Value(await _owner.PluginStatsAsync(SamplePlugin.Id, null, default)).Clients!.Value));
        Assert.Equal(("1.0.0", "lazyoc/1.0", 1L, 1L), Assert.Single(Value(await _owner.DownloadRowsAsync(SamplePlugin.Id, 1, default)).Rows) is var row ? (row.Version, row.Client, row.Installs, row.Downloads) : default);
        Assert.Equal(new NamedDownloads("acme.demo", 1, 1), Assert.Single(Value(await _owner.PublisherStatsAsync("acme", null, default)).Plugins));
        Refusal(ProblemTypes.InvalidRequest, await _owner.PluginStatsAsync(SamplePlugin.Id, 0, default));
        Refusal(ProblemTypes.InvalidRequest, await _owner.PluginStatsAsync(SamplePlugin.Id, 367, default));
        Refusal(ProblemTypes.NotFound, await _owner.PluginStatsAsync(PluginId.Parse("acme.none"), null, default));
    }

    [Fact]
    public async Task Dashboard_HasChartsTablesAndExports()
    {
        using var browser = await new Browser(_market).SignInAsync("alice");

        var publisher = await browser.PageAsync("/portal/publishers/acme/stats");
        var plugin = await browser.PageAsync("/portal/plugins/acme.demo/stats?days=30");
        var open = await browser.PageAsync("/plugins/acme.demo");
        var csv = await browser.PageAsync("/portal/plugins/acme.demo/stats.csv");
        var json = await browser.PageAsync("/portal/plugins/acme.demo/stats.json");

        Assert.Contains("href=\"/portal/publishers/acme/stats\"", await browser.PageAsync("/portal/publishers/acme"), StringComparison.Ordinal);
        Assert.Contains("href=\"/portal/plugins/acme.demo/stats?days=90\"", publisher, StringComparison.Ordinal);
        foreach (var page in new[] { publisher, plugin, open })
        {
            Assert.Contains("role=\"img\" aria-labelledby=\"downloads-title\" aria-describedby=\"downloads-desc\"", page, StringComparison.Ordinal);
            Assert.Contains("<desc id=\"downloads-desc\">1 download, at most 1 on a day; 1 when each user counts once a day.</desc>", page, StringComparison.Ordinal);
            Assert.Contains("<th scope=\"col\">Downloads</th>", page, StringComparison.Ordinal);
            Assert.Contains("<rect class=\"bar\"", page, StringComparison.Ordinal);
        }
        Assert.Contains("Downloads a day in the last 30 days", plugin, StringComparison.Ordinal);
        Assert.Contains("lazyoc/1.0", plugin, StringComparison.Ordinal);
        Assert.DoesNotContain("lazyoc/1.0", open, StringComparison.Ordinal);
        Assert.Matches("^day,version,client,installs,downloads\r\n[0-9]{4}-[0-9]{2}-[0-9]{2},1.0.0,lazyoc/1.0,1,1\r\n$", csv);
        Assert.Contains("\"client\":\"lazyoc/1.0\"", json, StringComparison.Ordinal);

        using var bob = await new Browser(_market).RegisterAsync("bob");
        foreach (var path in new[] { "/portal/publishers/acme/stats", "/portal/plugins/acme.demo/stats", "/portal/plugins/acme.demo/stats.csv", "/portal/plugins/acme.demo/stats.json" }) await bob.PageAsync(path, HttpStatusCode.NotFound);
        await browser.PageAsync("/portal/plugins/acme.demo/stats?days=x", HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Searches_WithoutResults_AreKeptForAdmins_FewAndOfNobody()
    {
        foreach (var text in new[] { "argo rollouts", "Argo  Rollouts", "bert@example.com", "10.1.2.3", "555 0100", "one two three four five", new string('x', 61), "demo" }) Value(await _market.Client().SearchAsync(new SearchQuery { Text = text }, default));
        Value(await _market.Client().SearchAsync(new SearchQuery { Text = "tekton", License = "MIT" }, default));
        var misses = _market.Server.Services.GetRequiredService<SearchMisses>();
        await misses.FlushAsync(default);

        var admin = await AdminAsync();
        var kept = Value(await admin.SearchMissesAsync(default)).Searches;

        Assert.Equal(("argo rollouts", 2L), Assert.Single(kept) is var miss ? (miss.Words, miss.Searches) : default);
        Refusal(ProblemTypes.Forbidden, await (await _market.ModeratorAsync()).SearchMissesAsync(default));
        Refusal(ProblemTypes.Unauthenticated, await _market.Client().SearchMissesAsync(default));
        using var browser = await new Browser(_market).SignInAsync("ada");
        Assert.Contains("argo rollouts", await browser.PageAsync("/moderation/searches"), StringComparison.Ordinal);
        Assert.Contains("/moderation/searches", await browser.PageAsync("/moderation"), StringComparison.Ordinal);

        // A flood leaves what was searched for often, and no more than there may be.
        for (var flood = 0; flood < 3; flood++)
        {
            for (var i = 0; i < 20; i++) misses.Add("", [$"flood{flood}x{i}"]);
            await misses.FlushAsync(default);
        }
        kept = Value(await admin.SearchMissesAsync(default)).Searches;
        Assert.Equal(5, kept.Length);
        Assert.Equal("argo rollouts", kept[0].Words);
        _market.Clock.Advance(MarketLimits.Default.SearchMissTime + TimeSpan.FromDays(1));
        misses.Add("", ["new"]);
        await misses.FlushAsync(default);
        Assert.Equal(1, await _market.Server.Services.GetRequiredService<Database>().ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) FROM missed_searches"), default));
    }

    private async Task<MarketClient> AdminAsync()
    {
        var admin = await _market.RegisterAsync("ada");
        Assert.True(await _market.Server.Services.GetRequiredService<AccountStore>().SetRoleAsync("ada", SiteRole.Admin, default));
        return admin;
    }
}
