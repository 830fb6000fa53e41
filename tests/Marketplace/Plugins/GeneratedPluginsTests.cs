using LazyOC.Marketplace.Data;
using LazyOC.Marketplace.Generating;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Registry;
using LazyOC.Marketplace.Teams;
using LazyOC.Plugins.Contracts;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using SQLitePCL;

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

    /// <summary>What is done for one plugin takes as many steps of the database's machine when there are eight times as many others.</summary>
    [Fact]
    public async Task WorkOnOnePlugin_DoesNotGrowWithTheOthers()
    {
        await FillAsync(50);
        var few = await StepsAsync();
        await FillAsync(400);
        var many = await StepsAsync();
        await Get<Database>().WriteAsync(sql => sql.ExecuteAsync("DROP INDEX versions_of_plugin"), default);
        var without = await StepsAsync();

        Assert.All(few, work => Assert.InRange(many[work.Key], work.Value / 2, work.Value * 2));
        // The control: with that index gone, the versions of all are looked through.
        Assert.True(without["page"] > few["page"] * 2 && without["index"] > few["index"] * 2, string.Join(", ", without));
    }

    /// <summary>A first page is made out of the best alone: it must be what a look at all would have made.</summary>
    [Fact]
    public async Task FirstPage_OfAWordThatManyPluginsHave_IsTheFirstOfAll()
    {
        await FillAsync(900);
        var search = Get<Database>().Dialect.Search;
        foreach (var word in (string[])["pod", "log", "backup"])
        {
            var all = await Get<Database>().ReadAsync(sql => sql.ListAsync<string>($"SELECT m.plugin_id FROM ({search.Matches}) m ORDER BY m.score DESC, m.plugin_id", new { Match = search.MatchOf([word]) }), default);
            Assert.True(word != "pod" || all.Count > 500, "the word is too rare to show anything");
            Assert.Equal(all.Take(MarketLimits.Default.PageEntries), (await FoundAsync(word)).Select(id => id.ToString()));
        }
    }

    /// <summary>Steps of SQLite's machine by what is done for a plugin.</summary>
    private async Task<Dictionary<string, long>> StepsAsync()
    {
        var database = Get<Database>();
        var id = PluginId.Parse((await database.ReadAsync(sql => sql.FirstAsync<string>("SELECT id FROM plugins ORDER BY id LIMIT 1"), default))!);
        var steps = new Dictionary<string, long>(StringComparer.Ordinal);
        await CountAsync("page", sql => PluginPage.FindAsync(sql, _market.Clock, id, Sight.Of(null, isPrivate: false)));
        await CountAsync("listing", sql => Get<PluginListing>().RefreshAsync(sql, id));
        await CountAsync("index", sql => Get<SignedDocuments>().WriteIndexAsync(sql, id));
        await CountAsync("counts of a rare word", sql => new SearchCounts(database, _market.Clock, MarketLimits.Default).OfAsync(sql, OneWord("okapi"), Sight.Of(null, isPrivate: false), SearchSource.OfWords(sql.Dialect.Search, OneWord("okapi"), Sight.Of(null, isPrivate: false), 0)));
        await CountAsync("package", sql => PackageRecord.FindAsync(sql, Digest.Of("none"u8), Sight.Of(null, isPrivate: false)));
        return steps;

        async Task CountAsync(string work, Func<Sql, Task> run)
        {
            await using var connection = (SqliteConnection)await database.Dialect.OpenAsync(default);
            await using var transaction = await connection.BeginTransactionAsync();
            var counter = new long[1];
            raw.sqlite3_progress_handler(connection.Handle, 1, Count, counter);
            await run(new Sql(database.Dialect, connection, transaction, default));
            raw.sqlite3_progress_handler(connection.Handle, 0, null, null);
            steps.Add(work, counter[0]);
        }

        static int Count(object counter)
        {
            ((long[])counter)[0]++;
            return 0;
        }
    }

    private static SearchRequest OneWord(string word) => new(new SearchQuery { Text = word }, [word], null, 1);

    private T Get<T>()
        where T : notnull => _market.Server.Services.GetRequiredService<T>();

    private async Task<IEnumerable<PluginId>> FoundAsync(string text) => MarketFixture.Value(await _market.Client().SearchAsync(new SearchQuery { Text = text }, default)).Plugins.Select(plugin => plugin.Id);

    private Task FillAsync(int count) =>
        new GeneratedPlugins(Get<Database>(), Get<SignedDocuments>(), Get<PluginListing>(), Get<RequiredScanners>(), _market.Clock).FillAsync(count, _ => { }, default);
}
