using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Generating;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Plugins.Contracts;
using Microsoft.Extensions.DependencyInjection;

namespace LazyOC.Marketplace.Tests.Plugins;

/// <summary>Plugins that are made up for measurements are, for all who ask, as any.</summary>
public sealed class GeneratedPluginsTests : IAsyncLifetime
{
    private MarketFixture _market = null!;

    public async Task InitializeAsync() => _market = await MarketFixture.StartAsync();

    public async Task DisposeAsync() => await _market.DisposeAsync();

    [Fact]
    public async Task Fill_Again_AddsWhatIsMissingAndAllOfItIsFoundAndSigned()
    {
        await FillAsync(30);
        await FillAsync(70);

        var results = MarketFixture.Value(await _market.Client().SearchAsync(new SearchQuery(), default));
        Assert.Equal(70, results.Total);
        var one = results.Plugins[0];
        Assert.Contains(MarketFixture.Value(await _market.Client().SearchAsync(new SearchQuery { Text = one.DisplayName }, default)).Plugins, found => found.Id == one.Id);
        // Clients believe its index, and the version that the page shows is in it.
        var index = MarketFixture.Value(await _market.Registry().IndexAsync(one.Id, default)).Value!;
        Assert.Contains(index.Lines, line => line.Version.ToString() == one.Version);
        // The checks have left what they leave, so nothing is looked at again.
        Assert.Equal(0, await Get<Publication>().RescanOutdatedAsync(default));
    }

    /// <summary>Versions that come later replace what is searched: the full text finds what there is, once.</summary>
    [Fact]
    public async Task Publish_OfAnotherVersion_ReplacesWhatIsSearchedOfThatPluginOnly()
    {
        var owner = await _market.OwnerAsync();
        await _market.LiveAsync(owner, SamplePlugin.Package(name: "Zebra", version: "1.0.0"));
        await _market.LiveAsync(owner, SamplePlugin.Package("acme.demo-two", name: "Zebra two"));

        await _market.LiveAsync(owner, SamplePlugin.Package(name: "Okapi", version: "1.1.0"));

        Assert.Equal("acme.demo-two", Assert.Single(await FoundAsync("zebra")).ToString());
        Assert.Equal("acme.demo", Assert.Single(await FoundAsync("okapi")).ToString());
        Assert.Equal(0, await Get<Database>().ReadAsync(sql => sql.FirstAsync<long>("SELECT COUNT(*) - COUNT(DISTINCT plugin_id) FROM search_names"), default));
    }

    private T Get<T>()
        where T : notnull => _market.Server.Services.GetRequiredService<T>();

    private async Task<IEnumerable<PluginId>> FoundAsync(string text) => MarketFixture.Value(await _market.Client().SearchAsync(new SearchQuery { Text = text }, default)).Plugins.Select(plugin => plugin.Id);

    private Task FillAsync(int count) =>
        new GeneratedPlugins(Get<Database>(), Get<SignedDocuments>(), Get<PluginListing>(), Get<RequiredScanners>(), _market.Clock).FillAsync(count, _ => { }, default);
}
