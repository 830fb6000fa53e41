using System.Net;
using System.Net.Http.Headers;
using LazyOC.Marketplace.Accounts;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Teams;

/// <summary>What is kept for a team: to others it is as if it were not there, wherever they look.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class VisibilityTests
{
    private static readonly Digest NoDigest = Digest.Of("nothing"u8);

    [Fact]
    public async Task Plugin_KeptForATeam_IsToOthersAsOneThatIsNotThere()
    {
        await using var market = await MarketFixture.StartAsync();
        var scene = await SceneAsync(market);
        var (kept, none) = (PathsOf("acme.demo", scene.Package.Digest), PathsOf("acme.none", NoDigest));
        // The control: before, strangers see it.
        foreach (var path in kept) Assert.Equal(HttpStatusCode.OK, (await AskAsync(market, path, scene.Stranger)).Status);

        Value(await scene.Owner.SetPluginVisibilityAsync(SamplePlugin.Id, new NewVisibility { Teams = ["platform"] }, default));

        foreach (var (hidden, missing) in kept.Zip(none))
        {
            foreach (var who in new[] { null, scene.Stranger })
            {
                var (answer, expected) = (await AskAsync(market, hidden, who), await AskAsync(market, missing, who));
                Assert.Equal(expected.Status, answer.Status);
                Assert.Equal(expected.CacheControl, answer.CacheControl);
                Assert.Equal(Neutral(expected.Body), Neutral(answer.Body));
            }
            foreach (var who in new[] { scene.Member, scene.OwnerToken })
            {
                var seen = await AskAsync(market, hidden, who);
                Assert.Equal(HttpStatusCode.OK, seen.Status);
                Assert.DoesNotContain("public", seen.CacheControl, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Plugin_KeptForATeam_IsInNoListAndNoCount()
    {
        await using var market = await MarketFixture.StartAsync();
        var scene = await SceneAsync(market);
        await market.LiveAsync(scene.Owner, SamplePlugin.Package("acme.needs", more: ""","categories":["rare"],"dependencies":{"acme.open":"^1.0"}"""));
        var (stranger, member) = (market.Client(scene.Stranger), market.Client(scene.Member));
        Assert.Equal(3, Value(await stranger.SearchAsync(new SearchQuery(), default)).Total);
        Assert.Equal("acme.needs", Assert.Single(Value(await stranger.PluginAsync(PluginId.Parse("acme.open"), default)).Dependents).ToString());

        foreach (var id in new[] { "acme.demo", "acme.needs" }) Value(await scene.Owner.SetPluginVisibilityAsync(PluginId.Parse(id), new NewVisibility { Teams = ["platform"] }, default));

        foreach (var client in new[] { stranger, market.Client() })
        {
            var all = Value(await client.SearchAsync(new SearchQuery(), default));
            Assert.Equal((1, "acme.open"), (all.Total, Assert.Single(all.Plugins).Id.ToString()));
            Assert.DoesNotContain(all.Facets.Categories, facet => facet.Value == "rare");
            Assert.Equal(0, Value(await client.SearchAsync(new SearchQuery { Text = "demonstration" }, default)).Total);
            // Nor when something is mistyped.
            Assert.Empty(Value(await client.SearchAsync(new SearchQuery { Text = "demonstratoin" }, default)).Plugins);
            Assert.Equal("acme.open", Assert.Single(Value(await client.PublisherAsync("acme", default)).Plugins).Id.ToString());
            Assert.Empty(Value(await client.PluginAsync(PluginId.Parse("acme.open"), default)).Dependents);
        }
        Assert.Contains("market_plugins 1\n", await market.Http.GetStringAsync(new Uri(market.Url, "metrics")), StringComparison.Ordinal);
        foreach (var page in new[] { "", "search?q=demonstration", "search?q=demonstratoin", "publishers/acme", "plugins/acme.open" })
        {
            var body = (await AskAsync(market, page, scene.Stranger)).Body;
            Assert.DoesNotContain("acme.demo", body, StringComparison.Ordinal);
            Assert.DoesNotContain("acme.needs", body, StringComparison.Ordinal);
        }
        var seen = Value(await member.SearchAsync(new SearchQuery(), default));
        Assert.Equal(3, seen.Total);
        Assert.Contains(seen.Facets.Categories, facet => facet.Value == "rare");
        Assert.Equal("acme.demo", Value(await member.SearchAsync(new SearchQuery { Text = "demonstratoin" }, default)).Plugins[0].Id.ToString());
    }

    [Fact]
    public async Task Publisher_KeptForATeam_IsToOthersAsANameThatIsReserved()
    {
        await using var market = await MarketFixture.StartAsync();
        var scene = await SceneAsync(market);
        Value(await scene.Owner.SetPublisherVisibilityAsync("acme", new NewVisibility { Teams = ["platform"] }, default));
        var stranger = market.Client(scene.Stranger);

        foreach (var (hidden, missing) in new[] { ("v1/publishers/acme.json", "v1/publishers/nowhere.json"), ("v1/api/publishers/acme", "v1/api/publishers/nowhere"), ("publishers/acme", "publishers/nowhere"), ("v1/index/acme/open", "v1/index/nowhere/open"), ("v1/api/publishers/acme/visibility", "v1/api/publishers/nowhere/visibility") })
        {
            var (answer, expected) = (await AskAsync(market, hidden, scene.Stranger), await AskAsync(market, missing, scene.Stranger));
            Assert.Equal((HttpStatusCode.NotFound, expected.Status), (answer.Status, answer.Status));
            Assert.Equal(expected.Body.Replace("nowhere", "acme", StringComparison.Ordinal), answer.Body);
        }
        var reserved = Refusal(ProblemTypes.NameTaken, await stranger.CreatePublisherAsync(new NewPublisher { Name = "openshift" }, default));
        foreach (var name in new[] { "acme", "acrne" }) Assert.Equal(reserved, Refusal(ProblemTypes.NameTaken, await stranger.CreatePublisherAsync(new NewPublisher { Name = name }, default)));
        Refusal(ProblemTypes.NotFound, await scene.Owner.DeprecateAsync(PluginId.Parse("acme.open"), new NewDeprecation { Reason = "old", Successor = PluginId.Parse("acme.none") }, default));

        Assert.Equal(2, Value(await market.Client(scene.Member).PublisherAsync("acme", default)).Plugins.Length);
        await market.InstallAsync(SamplePlugin.Id, scene.Package.Manifest.Version, scene.Member);

        Assert.Null(Value(await scene.Owner.SetPublisherVisibilityAsync("acme", new NewVisibility(), default)).Teams);
        Value(await stranger.PublisherAsync("acme", default));
    }

    [Fact]
    public async Task Team_ThatIsRemoved_OpensNothing()
    {
        await using var market = await MarketFixture.StartAsync();
        var scene = await SceneAsync(market);
        Value(await scene.Owner.SetPluginVisibilityAsync(SamplePlugin.Id, new NewVisibility { Teams = ["platform"] }, default));
        Value(await market.Client(scene.Member).PluginAsync(SamplePlugin.Id, default));

        Value(await scene.Admin.RemoveTeamMemberAsync("platform", "bert", default));
        Refusal(ProblemTypes.NotFound, await market.Client(scene.Member).PluginAsync(SamplePlugin.Id, default));
        Value(await scene.Admin.AddTeamMemberAsync("platform", "bert", default));
        Value(await market.Client(scene.Member).PluginAsync(SamplePlugin.Id, default));

        Value(await scene.Admin.DeleteTeamAsync("platform", default));
        Refusal(ProblemTypes.NotFound, await market.Client(scene.Member).PluginAsync(SamplePlugin.Id, default));
        Assert.Empty(Value(await scene.Owner.PluginVisibilityAsync(SamplePlugin.Id, default)).Teams!.Value);
    }

    [Fact]
    public async Task Teams_AreMadeByAdministrators_AndVisibilityIsSetByOwners()
    {
        await using var market = await MarketFixture.StartAsync();
        var scene = await SceneAsync(market);
        var stranger = market.Client(scene.Stranger);
        Refusal(ProblemTypes.Forbidden, await stranger.CreateTeamAsync("mine", default));
        Refusal(ProblemTypes.Forbidden, await stranger.AddTeamMemberAsync("platform", "carl", default));
        Assert.Empty(Value(await stranger.TeamsAsync(default)).Teams);
        Refusal(ProblemTypes.Forbidden, await stranger.SetPluginVisibilityAsync(SamplePlugin.Id, new NewVisibility { Teams = [] }, default));
        Refusal(ProblemTypes.NotFound, await stranger.PluginVisibilityAsync(SamplePlugin.Id, default));
        // A team that is there and is not hers is answered like one that is not there.
        Value(await scene.Admin.CreateTeamAsync("others", default));
        var foreign = Refusal(ProblemTypes.NotFound, await scene.Owner.SetPluginVisibilityAsync(SamplePlugin.Id, new NewVisibility { Teams = ["others"] }, default));
        Assert.Equal(foreign, Refusal(ProblemTypes.NotFound, await scene.Owner.SetPluginVisibilityAsync(SamplePlugin.Id, new NewVisibility { Teams = ["nowhere"] }, default)));
        // What was refused has changed nothing.
        Value(await stranger.PluginAsync(SamplePlugin.Id, default));
        Assert.Equal(["alice", "bert"], Assert.Single(Value(await scene.Owner.TeamsAsync(default)).Teams).Members.AsEnumerable());
    }

    [Fact]
    public async Task Finding_OfALookalike_NamesNothingThatIsKept()
    {
        var seen = new List<string>();
        await using var market = await MarketFixture.StartAsync(new TestScanner("lists", (submission, _) =>
        {
            lock (seen) seen.AddRange(submission.Catalog.Plugins.Select(plugin => plugin.Id.ToString()));
            return Task.FromResult(new Marketplace.Scanning.ScanResult(Marketplace.Scanning.Verdict.Pass, []));
        }));
        var scene = await SceneAsync(market);
        Value(await scene.Owner.SetPluginVisibilityAsync(SamplePlugin.Id, new NewVisibility { Teams = ["platform"] }, default));
        seen.Clear();
        var other = market.Client(scene.Stranger);
        Value(await other.CreatePublisherAsync(new NewPublisher { Name = "other" }, default));
        Value(await other.AddKeyAsync("other", new NewAuthorKey { Key = market.Author.PublicKey }, default));

        await market.LiveAsync(other, SamplePlugin.Package("other.demo"));

        Assert.Equal(["acme.open"], seen);
    }

    [Fact]
    public async Task Registry_ThatIsPrivate_ShowsATokenWhatItIsFor()
    {
        await using var market = await MarketFixture.StartAsync(null, [], change: options => options with { IsPrivate = true });
        var scene = await SceneAsync(market);
        async Task<string> TokenAsync(TokenScope scope, string plugins) => Value(await scene.Owner.CreateTokenAsync(new NewToken { Name = "t", Scopes = [scope], Plugins = plugins }, default)).Token;
        var (narrow, publish, whole) = (await TokenAsync(TokenScope.Read, "acme.open"), await TokenAsync(TokenScope.Publish, "*"), await TokenAsync(TokenScope.Read, "*"));

        foreach (var path in PathsOf("acme.demo", scene.Package.Digest).Where(path => path.StartsWith("v1/", StringComparison.Ordinal) && !path.EndsWith("reviews", StringComparison.Ordinal)))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(market, path, null)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(market, path, narrow)).Status);
            Assert.True((await AskAsync(market, path, publish)).Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound);
            Assert.Equal(HttpStatusCode.OK, (await AskAsync(market, path, whole)).Status);
        }
        Assert.Equal(1, Value(await market.Client(narrow).SearchAsync(new SearchQuery(), default)).Total);
        Assert.Equal(0, Value(await market.Client(publish).SearchAsync(new SearchQuery(), default)).Total);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(market, "v1/index/acme/open", narrow)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(market, "v1/publishers/acme.json", narrow)).Status);
        await market.InstallAsync(SamplePlugin.Id, scene.Package.Manifest.Version, whole);
    }

    [Fact]
    public async Task Metrics_OfAPrivateRegistry_AreForModerators()
    {
        await using var market = await MarketFixture.StartAsync(null, [], change: options => options with { IsPrivate = true });
        var scene = await SceneAsync(market);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(market, "metrics", null)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(market, "metrics", scene.OwnerToken)).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(market, "metrics", scene.AdminToken)).Status);
        // The pages are for those who have signed in.
        using var page = await market.Http.GetAsync(new Uri(market.Url, "plugins/acme.demo"));
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    private static string[] PathsOf(string id, Digest digest) =>
    [
        $"v1/index/{id.Replace('.', '/')}", $"v1/packages/{digest}.lzp", $"v1/packages/{digest}.lzp.dsse.json",
        $"v1/api/plugins/{id}", $"v1/api/plugins/{id}/reviews", $"plugins/{id}", $"v1/api/plugins/{id}/stats", $"v1/feeds/plugins/{id}.atom",
    ];

    private static string Neutral(string body) => body.Replace("acme.demo", "ID", StringComparison.Ordinal).Replace("acme.none", "ID", StringComparison.Ordinal);

    private static async Task<(HttpStatusCode Status, string Body, string CacheControl)> AskAsync(MarketFixture market, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(market.Url, path));
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await market.Http.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.CacheControl?.ToString() ?? "");
    }

    /// <summary>Alice owns acme with two plugins; bert and she are in the team platform; carl is a stranger.</summary>
    private static async Task<Scene> SceneAsync(MarketFixture market)
    {
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package(more: ""","description":"A demonstration" """, name: "Demonstration"));
        await market.LiveAsync(owner, SamplePlugin.Package("acme.open", name: "Open"));
        var (member, stranger, admin) = (await SessionAsync(market, "bert"), await SessionAsync(market, "carl"), await SessionAsync(market, "adam"));
        Assert.True(await market.Server.Services.GetRequiredService<AccountStore>().SetRoleAsync("adam", SiteRole.Admin, default));
        var administrator = market.Client(admin);
        Value(await administrator.CreateTeamAsync("platform", default));
        foreach (var name in new[] { "alice", "bert" }) Value(await administrator.AddTeamMemberAsync("platform", name, default));
        return new Scene(owner, await SignInAsync(market, "alice"), member, stranger, administrator, admin, package);
    }

    private static async Task<string> SessionAsync(MarketFixture market, string name)
    {
        await market.RegisterAsync(name);
        return await SignInAsync(market, name);
    }

    private static async Task<string> SignInAsync(MarketFixture market, string name) => Value(await market.Client().SignInAsync(new Credentials { Name = name, Password = Password }, default)).Token;

    private sealed record Scene(MarketClient Owner, string OwnerToken, string Member, string Stranger, MarketClient Admin, string AdminToken, PluginPackage Package);
}
