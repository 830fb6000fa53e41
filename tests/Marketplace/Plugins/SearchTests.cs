using System.Net;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Plugins;

/// <summary>Finding plugins in a marketplace with a few.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class SearchTests : IAsyncLifetime
{
    private MarketFixture _market = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        var owner = await _market.OwnerAsync();
        await _market.LiveAsync(owner, SamplePlugin.Package("acme.prometheus", name: "Prometheus charts", permissions: """{"network":{"connect":["https://metrics.example.com"]}}""", more: ""","license":"MIT","description":"Draws metrics of pods","categories":["monitoring"],"keywords":["graphs"]""", readme: "# Charts\nShows *latency* quantiles."));
        await _market.LiveAsync(owner, SamplePlugin.Package("acme.secrets", name: "Secret viewer", permissions: """{"kubernetes":[{"apiGroups":[""],"resources":["secrets"],"verbs":["get"]}]}""", more: ""","license":"Apache-2.0","description":"Decodes secrets","categories":["security","monitoring"]"""));
        await _market.LiveAsync(owner, SamplePlugin.Package("acme.notes", name: "Notes", permissions: """{"storage":"1MiB"}""", more: ""","license":"MIT","description":"Keeps notes about prometheus and other things" """));
    }

    public async Task DisposeAsync() => await _market.DisposeAsync();

    [Theory]
    [InlineData("prometheus", new[] { "acme.prometheus", "acme.notes" })]
    [InlineData("prom", new[] { "acme.prometheus", "acme.notes" })]
    [InlineData("latency", new[] { "acme.prometheus" })]
    [InlineData("graphs metrics", new[] { "acme.prometheus" })]
    [InlineData("Décodes", new[] { "acme.secrets" })]
    [InlineData("nothing-like-that", new string[0])]
    [InlineData("\" OR 1=1 --", new string[0])]
    [InlineData("name:notes NEAR(", new string[0])]
    [InlineData("*", new[] { "acme.notes", "acme.prometheus", "acme.secrets" })]
    public async Task Search_ByWords_FindsTheBestFirst(string text, string[] expected)
    {
        var found = await FindAsync(new SearchQuery { Text = text });
        Assert.Equal(expected, found.Plugins.Select(plugin => plugin.Id.ToString()));
        Assert.Equal(expected.Length, found.Total);
    }

    [Theory]
    [InlineData("promethues")]
    [InlineData("prometeus")]
    [InlineData("promtheus")]
    public async Task Search_ForAMistypedName_FindsIt(string text)
    {
        var found = await FindAsync(new SearchQuery { Text = text });
        Assert.True(found.IsFuzzy);
        Assert.Equal("acme.prometheus", found.Plugins[0].Id.ToString());
    }

    [Fact]
    public async Task Search_WithFilters_FindsWhatHasAll()
    {
        Assert.Equal(["acme.notes", "acme.prometheus"], await IdsAsync(new SearchQuery { License = "MIT" }));
        Assert.Equal(["acme.prometheus", "acme.secrets"], await IdsAsync(new SearchQuery { Category = "monitoring" }));
        Assert.Equal(["acme.prometheus"], await IdsAsync(new SearchQuery { Category = "monitoring", UsesNot = "secrets" }));
        Assert.Equal(["acme.secrets"], await IdsAsync(new SearchQuery { Uses = "kubernetes" }));
        Assert.Equal(["acme.notes", "acme.secrets"], await IdsAsync(new SearchQuery { UsesNot = "network" }));
        Assert.Equal(3, (await IdsAsync(new SearchQuery { HostApi = "1.0.0", Publisher = "acme" })).Length);
        Assert.Empty(await IdsAsync(new SearchQuery { HostApi = "9.0.0" }));
        Assert.Empty(await IdsAsync(new SearchQuery { UpdatedSince = _market.Clock.GetUtcNow().AddDays(1) }));
        Assert.Equal(3, (await IdsAsync(new SearchQuery { UpdatedSince = _market.Clock.GetUtcNow().AddDays(-1), MinRating = 3 })).Length);
        Assert.Empty(await IdsAsync(new SearchQuery { MinRating = 3.5 }));
    }

    [Fact]
    public async Task Counts_OfAnybodysSearch_AreKept_UntilSomethingIsListedOtherwise()
    {
        var counts = (SearchCounts)_market.Server.Services.GetService(typeof(SearchCounts))!;
        var member = _market.Client(Value(await _market.Client().SignInAsync(new Credentials { Name = "alice", Password = Password }, default)).Token);
        var query = new SearchQuery { License = "MIT" };
        Assert.Equal((2L, 1L), await CountAsync(_market.Client(), query));
        // In another order it is the same; of an account, it is counted anew, for it may see more.
        Assert.Equal((2L, 0L), await CountAsync(_market.Client(), query with { Sort = SearchSort.Recent }));
        Assert.Equal((2L, 1L), await CountAsync(member, query));
        Assert.Equal((2L, 1L), await CountAsync(member, query));

        await _market.LiveAsync(member, SamplePlugin.Package("acme.more", more: ",\"license\":\"MIT\""));
        Assert.Equal((3L, 1L), await CountAsync(_market.Client(), query));
        Value(await member.SetPluginVisibilityAsync(SamplePlugin.Package("acme.more").Manifest.Id, new NewVisibility { Teams = [] }, default));
        Assert.Equal((2L, 1L), await CountAsync(_market.Client(), query));
        Assert.Equal((2L, 0L), await CountAsync(_market.Client(), query));

        // What another node has changed is seen when their time is over.
        _market.Clock.Advance(MarketLimits.Default.SearchTime + MarketLimits.Default.OldSearchTime);
        Assert.Equal((2L, 1L), await CountAsync(_market.Client(), query));

        async Task<(long Total, long Counted)> CountAsync(MarketClient client, SearchQuery asked)
        {
            var before = counts.Counted;
            var total = Value(await client.SearchAsync(asked, default)).Total;
            return (total, counts.Counted - before);
        }
    }

    [Fact]
    public async Task Pages_OfAnybodysSearch_AreKept_UntilSomethingIsListedOtherwise()
    {
        var search = _market.Server.Services.GetRequiredService<PluginSearch>();
        var member = _market.Client(Value(await _market.Client().SignInAsync(new Credentials { Name = "alice", Password = Password }, default)).Token);
        Assert.Equal(1, await LookedUpAsync(_market.Client(), new SearchQuery { Text = "charts" }));
        Assert.Equal(0, await LookedUpAsync(_market.Client(), new SearchQuery { Text = " Charts" }));
        Assert.Equal(1, await LookedUpAsync(_market.Client(), new SearchQuery { Text = "charts", Sort = SearchSort.Recent }));
        Assert.Equal(1, await LookedUpAsync(member, new SearchQuery { Text = "charts" }));

        Value(await member.DeprecateAsync(SamplePlugin.Package("acme.prometheus").Manifest.Id, new NewDeprecation { Reason = "has no users" }, default));
        Assert.Equal(1, await LookedUpAsync(_market.Client(), new SearchQuery { Text = "charts" }));
        _market.Clock.Advance(MarketLimits.Default.SearchTime + MarketLimits.Default.OldSearchTime);
        Assert.Equal(1, await LookedUpAsync(_market.Client(), new SearchQuery { Text = "charts" }));

        async Task<long> LookedUpAsync(MarketClient client, SearchQuery asked)
        {
            var before = search.LookedUp;
            Value(await client.SearchAsync(asked, default));
            return search.LookedUp - before;
        }
    }

    [Fact]
    public async Task Memory_OfWhatIsBeingFoundOut_LetsOthersWaitForIt_AndKeepsNoFailure()
    {
        var database = _market.Server.Services.GetRequiredService<Data.Database>();
        var memory = new ListingMemory<string, int>(database, _market.Clock, MarketLimits.Default);
        var (found, calls) = (new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        Task<int> Find()
        {
            Interlocked.Increment(ref calls);
            return found.Task;
        }

        var waiting = Enumerable.Range(0, 20).Select(_ => memory.OfAsync("pod", Find)).ToArray();
        found.SetException(new InvalidOperationException("the database is gone"));
        foreach (var one in waiting) await Assert.ThrowsAsync<InvalidOperationException>(() => one);
        Assert.Equal(1, calls);

        found = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        found.SetResult(7);
        Assert.Equal((7, 7, 2), (await memory.OfAsync("pod", Find), await memory.OfAsync("pod", Find), calls));
    }

    [Fact]
    public async Task Memory_OfWhatIsALittleOld_TellsItOnceMore_AndHasItFoundOutAnew()
    {
        var database = _market.Server.Services.GetRequiredService<Data.Database>();
        var memory = new ListingMemory<string, int>(database, _market.Clock, MarketLimits.Default) { OldTime = MarketLimits.Default.OldSearchTime };
        var (found, calls) = (Task.FromResult(1), 0);
        Task<int> Find()
        {
            Interlocked.Increment(ref calls);
            return found;
        }

        Assert.Equal(1, await memory.OfAsync("pod", Find));
        _market.Clock.Advance(MarketLimits.Default.SearchTime);
        var slow = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        found = slow.Task;
        // Nobody waits for what takes long, and it is begun once.
        for (var i = 0; i < 20; i++) Assert.Equal(1, await memory.OfAsync("pod", Find));
        slow.SetResult(2);
        await UntilAsync(async () => await memory.OfAsync("pod", Find) == 2);
        Assert.Equal(2, calls);

        // What fails is not hidden from the next who asks.
        _market.Clock.Advance(MarketLimits.Default.SearchTime);
        found = Task.FromException<int>(new InvalidOperationException("the database is gone"));
        Assert.Equal(2, await memory.OfAsync("pod", Find));
        await UntilAsync(async () =>
        {
            try
            {
                return await memory.OfAsync("pod", Find) != 2;
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        });

        // Too old is as good as nothing.
        found = Task.FromResult(3);
        Assert.Equal(3, await memory.OfAsync("pod", Find));
        _market.Clock.Advance(MarketLimits.Default.SearchTime + MarketLimits.Default.OldSearchTime);
        found = Task.FromResult(4);
        Assert.Equal(4, await memory.OfAsync("pod", Find));
    }

    [Fact]
    public async Task Counts_BeyondTheLimit_SayThatThereAreMore()
    {
        await using var small = await MarketFixture.StartAsync(MarketLimits.Default with { MaxCounted = 2 }, []);
        var owner = await small.OwnerAsync();
        foreach (var name in (string[])["acme.one", "acme.two"]) await small.LiveAsync(owner, SamplePlugin.Package(name, more: ",\"license\":\"MIT\""));
        var whole = Value(await small.Client().SearchAsync(new SearchQuery(), default));
        Assert.Equal((2L, false), (whole.Total, whole.IsTotalLeast));

        await small.LiveAsync(owner, SamplePlugin.Package("acme.three", more: ",\"license\":\"MIT\""));
        var part = Value(await small.Client().SearchAsync(new SearchQuery(), default));
        Assert.Equal((2L, true, 3), (part.Total, part.IsTotalLeast, part.Plugins.Length));
        Assert.Contains("2+ plugins", WebUtility.HtmlDecode(await small.Http.GetStringAsync(new Uri(small.Url, "/search"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_ForVerifiedPublishers_FindsThoseWhoseProofCounts()
    {
        Assert.Empty(await IdsAsync(new SearchQuery { Verified = true }));
        Assert.Equal(0, (await FindAsync(new SearchQuery())).Facets.Verified);

        var database = (Data.Database)_market.Server.Services.GetService(typeof(Data.Database))!;
        await database.WriteAsync(sql =>
        {
            sql.MarkListing();
            return sql.ExecuteAsync("INSERT INTO publisher_domains (publisher, domain, proof, created, verified) VALUES ('acme', 'acme.example', 'x', 0, @Now)", new { Now = _market.Clock.GetUtcNow().ToUnixTimeMilliseconds() });
        }, default);

        Assert.Equal(["acme.prometheus"], await IdsAsync(new SearchQuery { Verified = true, Uses = "network" }));
        Assert.Equal(["acme.prometheus"], (await FindAsync(new SearchQuery { Verified = true, Text = "promethues" })).Plugins.Select(plugin => plugin.Id.ToString()));
        Assert.Equal(3, (await FindAsync(new SearchQuery())).Facets.Verified);
        _market.Clock.Advance(MarketLimits.Default.DomainProofTime);
        Assert.Empty(await IdsAsync(new SearchQuery { Verified = true }));
    }

    [Fact]
    public async Task Search_CountsWhatThereIs()
    {
        var facets = (await FindAsync(new SearchQuery())).Facets;

        Assert.Equal([new FacetCount("monitoring", 2), new FacetCount("security", 1)], facets.Categories.ToArray());
        Assert.Equal([new FacetCount("MIT", 2), new FacetCount("Apache-2.0", 1)], facets.Licenses.ToArray());
        Assert.Equal([new FacetCount("1.0.0", 3)], facets.HostApis.ToArray());
        Assert.Contains(new FacetCount("secrets", 1), facets.Permissions);
    }

    [Theory]
    [InlineData(SearchSort.Relevance)]
    [InlineData(SearchSort.Installs)]
    [InlineData(SearchSort.Recent)]
    [InlineData(SearchSort.Rating)]
    public async Task Search_PageByPage_ShowsEachOnce(SearchSort sort)
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await FindAsync(new SearchQuery { Sort = sort, Limit = 1, Cursor = cursor });
            Assert.Equal(3, page.Total);
            seen.AddRange(page.Plugins.Select(plugin => plugin.Id.ToString()));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal((await FindAsync(new SearchQuery { Sort = sort })).Plugins.Select(plugin => plugin.Id.ToString()), seen);
        Assert.Equal(3, seen.Distinct().Count());
    }

    [Theory]
    [InlineData("sort=stars", "sort")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("cursor=zzz", "cursor")]
    [InlineData("uses=everything", "uses")]
    [InlineData("updatedSince=yesterday", "updatedSince")]
    [InlineData("minRating=NaN", "minRating")]
    [InlineData("verified=1", "verified")]
    [InlineData("order=1", "query")]
    public async Task Search_ThatMakesNoSense_IsRefused(string query, string field)
    {
        using var response = await _market.Http.GetAsync(new Uri(_market.Url, $"v1/api/search?{query}"));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains($"\"field\":\"{field}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAPlugin_HasWhatPeopleAsk()
    {
        var info = Value(await _market.Client().PluginAsync(LazyOC.Plugins.Contracts.PluginId.Parse("acme.prometheus"), default));

        Assert.Equal("# Charts\nShows *latency* quantiles.", info.Readme);
        Assert.Equal(["graphs"], info.Keywords.ToArray());
        var version = Assert.Single(info.Versions);
        Assert.Equal("network", Assert.Single(version.PermissionsInWords).Reach);
        Assert.Equal("pass", Assert.Single(version.Scans).Verdict);
        Assert.NotNull(version.VerdictDigest);
        Refusal(ProblemTypes.NotFound, await _market.Client().PluginAsync(LazyOC.Plugins.Contracts.PluginId.Parse("acme.nothing"), default));
    }

    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("prometheus", "prometheus", 0)]
    [InlineData("prometheus", "promethues", 1)]
    [InlineData("prometheus", "prometeus", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void EditDistance_OfTwoWords_CountsMistakes(string left, string right, int expected)
    {
        Assert.Equal(expected, EditDistance.AtMost(left, right, 10));
        Assert.Equal(expected, EditDistance.AtMost(right, left, 10));
    }

    private async Task<SearchResults> FindAsync(SearchQuery query) => Value(await _market.Client().SearchAsync(query, default));

    private async Task<string[]> IdsAsync(SearchQuery query) => [.. (await FindAsync(query)).Plugins.Select(plugin => plugin.Id.ToString()).Order(StringComparer.Ordinal)];

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition()) await Task.Delay(10, patience.Token);
    }
}
