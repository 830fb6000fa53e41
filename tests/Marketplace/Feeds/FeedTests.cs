using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml.Linq;
using LazyOC.Marketplace.Feeds;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Tests.Nodes;
using LazyOC.Marketplace.Tests.Web;
using LazyOC.Plugins.Contracts.Versions;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Feeds;

/// <summary>Feeds of plugins and publishers, held against RFC 4287.</summary>
[Trait(Pair.Trait, Pair.Both)]
public sealed class FeedTests : IAsyncLifetime
{
    private const string Hostile = "<script>alert(1)</script> ]]> &amp; \"'";

    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private MarketFixture _market = null!;
    private MarketClient _owner = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync(new MarketLimits { MaxFeedEntries = 3 }, []);
        _owner = await _market.RegisterAsync("alice");
        Value(await _owner.CreatePublisherAsync(new NewPublisher { Name = "acme", DisplayName = Hostile }, default));
        Value(await _owner.AddKeyAsync("acme", new NewAuthorKey { Key = _market.Author.PublicKey }, default));
    }

    public async Task DisposeAsync() => await _market.DisposeAsync();

    [Fact]
    public async Task Feeds_HaveWhatRfc4287Asks_NewestFirst()
    {
        foreach (var version in new[] { "1.0.0", "1.1.0" })
        {
            await PublishAsync("acme.demo", version);
            _market.Clock.Advance(TimeSpan.FromMinutes(5));
        }
        await PublishAsync("acme.other", "2.0.0");
        Value(await _owner.YankAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = Hostile }, default));

        var plugin = Check(await ReadAsync("/v1/feeds/plugins/acme.demo.atom"), "/v1/feeds/plugins/acme.demo.atom", "/plugins/acme.demo");
        var publisher = Check(await ReadAsync("/v1/feeds/publishers/acme.atom"), "/v1/feeds/publishers/acme.atom", "/publishers/acme");

        Assert.Equal([$"{Hostile} 1.1.0", $"{Hostile} 1.0.0 (withdrawn)"], Titles(plugin));
        Assert.Equal($"Withdrawn: {Hostile}", plugin.Elements(Atom + "entry").Last().Element(Atom + "summary")!.Value);
        Assert.Equal([$"{Hostile} 2.0.0", $"{Hostile} 1.1.0", $"{Hostile} 1.0.0 (withdrawn)"], Titles(publisher));
        Assert.Equal(Hostile, publisher.Element(Atom + "author")!.Element(Atom + "name")!.Value);
        // An entry is the same one in both.
        Assert.Equal(plugin.Elements(Atom + "entry").First().Element(Atom + "id")!.Value, publisher.Elements(Atom + "entry").ElementAt(1).Element(Atom + "id")!.Value);
        await PublishAsync("acme.other", "2.1.0");
        Assert.Equal(3, (await ReadAsync("/v1/feeds/publishers/acme.atom")).Elements(Atom + "entry").Count());
    }

    [Fact]
    public async Task Feed_HasNoWordOfWhatWasTakenDownOrIsNotLive()
    {
        await PublishAsync("acme.demo", "1.0.0");
        await PublishAsync("acme.demo", "1.1.0");
        var moderator = await _market.ModeratorAsync();
        Value(await moderator.QuarantineAsync(SamplePlugin.Id, SemanticVersion.Parse("1.1.0"), new Reason { Text = "odd" }, default));

        Assert.Equal([$"{Hostile} 1.0.0"], Titles(await ReadAsync("/v1/feeds/plugins/acme.demo.atom")));

        Value(await moderator.KillAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = "mines coins" }, default));
        foreach (var path in new[] { "plugins/acme.demo.atom", "plugins/acme.none.atom", "plugins/acme.demo", "plugins/..%2f.atom", "publishers/none.atom", "publishers/acme", "publishers/.atom" })
        {
            using var response = await _market.Http.GetAsync(new Uri(_market.Url, $"v1/feeds/{path}"));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Equal(ApiProblem.MediaType, response.Content.Headers.ContentType!.MediaType);
        }
        // A publisher without plugins has a feed that is empty and good.
        Assert.Empty(Check(await ReadAsync("/v1/feeds/publishers/acme.atom"), "/v1/feeds/publishers/acme.atom", "/publishers/acme").Elements(Atom + "entry"));
    }

    [Fact]
    public async Task Feed_ThatIsAsBefore_IsNotSentAgain()
    {
        await PublishAsync("acme.demo", "1.0.0");
        using var first = await GetAsync(null);
        using var same = await GetAsync(first.Headers.ETag);
        await PublishAsync("acme.demo", "1.1.0");
        using var other = await GetAsync(first.Headers.ETag);

        Assert.Equal("application/atom+xml", first.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.NotEqual(first.Headers.ETag, other.Headers.ETag);

        // Nothing that a request says is in it.
        using var forged = new HttpRequestMessage(HttpMethod.Get, new Uri(_market.Url, "v1/feeds/plugins/acme.demo.atom"));
        forged.Headers.Host = "evil.example";
        using var answer = await _market.Http.SendAsync(forged);
        Assert.Equal(other.Headers.ETag, answer.Headers.ETag);
        Assert.DoesNotContain("evil", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        async Task<HttpResponseMessage> GetAsync(EntityTagHeaderValue? tag)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_market.Url, "v1/feeds/plugins/acme.demo.atom"));
            if (tag is not null) request.Headers.IfNoneMatch.Add(tag);
            return await _market.Http.SendAsync(request);
        }
    }

    [Fact]
    public async Task Pages_NameTheirFeeds()
    {
        await PublishAsync("acme.demo", "1.0.0");
        using var browser = Browser.Of(_market);

        foreach (var (page, feed) in new[] { ("/plugins/acme.demo", "/v1/feeds/plugins/acme.demo.atom"), ("/publishers/acme", "/v1/feeds/publishers/acme.atom") })
        {
            Assert.Matches($"<link rel=\"alternate\" type=\"application/atom(\\+|&#x2B;)xml\" title=\"[^\"<>]*\" href=\"{feed}\"", await browser.PageAsync(page));
            await ReadAsync(feed);
        }
        Assert.DoesNotContain("rel=\"alternate\"", await browser.PageAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Feeds_OfAPrivateMarketplace_TakeAToken()
    {
        await using var market = await MarketFixture.StartAsync(null, [], change: options => options with { IsPrivate = true });
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());
        var token = Value(await owner.CreateTokenAsync(new NewToken { Name = "reader", Scopes = [TokenScope.Read] }, default)).Token;
        using var stranger = await market.Http.GetAsync(new Uri(market.Url, "v1/feeds/plugins/acme.demo.atom"));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(market.Url, "v1/feeds/plugins/acme.demo.atom"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var known = await market.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        Assert.True(known.Headers.CacheControl!.Private);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("a\u0000b\u0001c\u001bd\ufffee", "abcde")]
    [InlineData("tab\tline\nend", "tab\tline\nend")]
    [InlineData("half HALF pair", "half \ufffd pair")]
    [InlineData("whole \ud83d\ude00 pair", "whole \ud83d\ude00 pair")]
    [InlineData("]]><!-- & <x/> -->", "]]><!-- & <x/> -->")]
    public void Text_OfAuthors_IsTextWhateverIsInIt(string text, string expected)
    {
        // Put in here: it does not come through the test runner.
        text = text.Replace("HALF", "\ud800", StringComparison.Ordinal);
        var feed = new AtomFeed { Id = AtomFeed.IdOf("x"), Title = text, Subtitle = text, Author = text, Updated = DateTimeOffset.UnixEpoch, Self = "/self", Page = "/page", Entries = [new AtomEntry(AtomFeed.IdOf("y"), text, DateTimeOffset.UnixEpoch, "/page", text)] };

        var read = Check(XDocument.Load(new MemoryStream(feed.ToUtf8())).Root!, "/self", "/page");

        foreach (var element in new[] { read.Element(Atom + "title"), read.Element(Atom + "subtitle"), read.Element(Atom + "entry")!.Element(Atom + "title"), read.Element(Atom + "entry")!.Element(Atom + "summary") })
        {
            Assert.Equal(expected, element!.Value);
            Assert.False(element.HasElements);
        }
    }

    /// <summary>Checks what RFC 4287 says of feeds and entries: which elements there have to be, how often, in which form.</summary>
    private static XElement Check(XElement feed, string self, string page)
    {
        Assert.Equal(Atom + "feed", feed.Name);
        Assert.All(feed.DescendantsAndSelf(), element => Assert.Equal(Atom, element.Name.Namespace));
        var ids = new List<string>();
        foreach (var container in feed.Elements(Atom + "entry").Prepend(feed))
        {
            var isFeed = container == feed;
            // 4.1.1, 4.1.2: exactly one of each; an author in the feed stands for its entries.
            foreach (var name in new[] { "id", "title", "updated" }) Assert.Single(container.Elements(Atom + name));
            foreach (var name in new[] { "subtitle", "published", "summary", "generator" }) Assert.True(container.Elements(Atom + name).Count() <= 1);
            ids.Add(container.Element(Atom + "id")!.Value);
            foreach (var date in container.Elements().Where(element => element.Name.LocalName is "updated" or "published"))
                // 3.3: RFC 3339 with capital T and Z.
                Assert.True(DateTimeOffset.TryParseExact(date.Value, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _), date.Value);
            // 4.1.1: no two alternates of one type and language; 4.2.7: every link has a reference.
            var links = container.Elements(Atom + "link").ToArray();
            Assert.All(links, link => Assert.True(Uri.TryCreate(link.Attribute("href")!.Value, UriKind.Relative, out _)));
            Assert.Single(links, link => link.Attribute("rel")!.Value == "alternate");
            if (isFeed) Assert.Equal((self, page), (links.Single(link => link.Attribute("rel")!.Value == "self").Attribute("href")!.Value, links.Single(link => link.Attribute("rel")!.Value == "alternate").Attribute("href")!.Value));
            // 4.2.2: text, which is what it is without a type.
            Assert.All(container.Elements().Where(element => element.Name.LocalName is "title" or "subtitle" or "summary"), text => Assert.True(text.Attribute("type")?.Value is null or "text"));
        }
        // 3.2: a person has a name that is not empty; 4.2.6: ids are absolute IRIs, and no two the same.
        Assert.NotEmpty(Assert.Single(feed.Elements(Atom + "author")).Elements(Atom + "name").Single().Value);
        Assert.All(ids, id => Assert.Matches("^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id));
        Assert.Equal(ids.Count, ids.Distinct().Count());
        return feed;
    }

    private static string[] Titles(XElement feed) => [.. feed.Elements(Atom + "entry").Select(entry => entry.Element(Atom + "title")!.Value)];

    private async Task<XElement> ReadAsync(string path) => XDocument.Parse(await _market.Http.GetStringAsync(new Uri(_market.Url, path.TrimStart('/')))).Root!;

    private async Task PublishAsync(string id, string version) => await _market.LiveAsync(_owner, SamplePlugin.Package(id, version, code: $"export {{}}; // {id} {version}", name: JsonEncodedText.Encode(Hostile).ToString()));
}
