using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Web;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>The pages for everybody show what is there.</summary>
public sealed class PageTests : IAsyncLifetime
{
    private const string Reads = """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"],"namespaces":["*"]}]}""";
    private const string Writes = """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"],"namespaces":["*"]},{"apiGroups":[""],"resources":["configmaps"],"verbs":["update"],"namespaces":["shop"]}]}""";
    private const string More = ""","description":"Shows what ails","license":"MIT","categories":["observability"]""";

    private MarketFixture _market = null!;
    private Browser _browser = null!;
    private MarketClient _owner = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        _browser = Browser.Of(_market);
        _owner = await _market.OwnerAsync();
        await _market.LiveAsync(_owner, SamplePlugin.Package(version: "1.0.0", permissions: Reads, more: More, readme: "# Hello\n\nIt has **a table**."));
        await _market.LiveAsync(_owner, SamplePlugin.Package(version: "1.1.0", permissions: Writes, more: More, readme: "# Hello\n\nIt has **a table**."));
        await _market.LiveAsync(_owner, SamplePlugin.Package("acme.other", name: "Other", more: ""","license":"Apache-2.0","dependencies":{"acme.demo":"^1.0.0"}"""));
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _market.DisposeAsync();
    }

    [Fact]
    public async Task Home_ShowsSearchCategoriesAndWhatIsNew()
    {
        var html = await _browser.PageAsync("/");

        Assert.Contains("action=\"/search\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/search?category=observability\"", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/plugins/acme.demo\"", html, StringComparison.Ordinal);
        // Nobody has rated anything.
        Assert.DoesNotContain("Top rated", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_HaveFacetsThatAreLinks()
    {
        var all = await _browser.PageAsync("/search");
        var found = await _browser.PageAsync("/search?q=ails");
        var filtered = await _browser.PageAsync("/search?usesNot=kubernetes");

        Assert.Contains("2 plugins", all, StringComparison.Ordinal);
        Assert.Contains("href=\"/search?license=MIT", all, StringComparison.Ordinal);
        Assert.Contains("href=\"/search?uses=kubernetes-write", all, StringComparison.Ordinal);
        Assert.Contains("1 plugin<", found, StringComparison.Ordinal);
        Assert.Contains("/plugins/acme.demo", found, StringComparison.Ordinal);
        Assert.DoesNotContain("/plugins/acme.demo", filtered, StringComparison.Ordinal);
        Assert.Contains("/plugins/acme.other", filtered, StringComparison.Ordinal);
        Assert.Contains("Nothing fits", await _browser.PageAsync("/search?q=zzzzzzzz"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plugin_ShowsReadmePermissionsChecksAndWhoNeedsIt()
    {
        var html = await _browser.PageAsync("/plugins/acme.demo");

        Assert.Contains("lazyoc plugin install acme.demo", html, StringComparison.Ordinal);
        Assert.Contains("<strong>a table</strong>", html, StringComparison.Ordinal);
        Assert.Contains("<h3>Hello</h3>", html, StringComparison.Ordinal);
        Assert.Contains("Update configmaps in shop", html, StringComparison.Ordinal);
        Assert.Contains("reach-writes", html, StringComparison.Ordinal);
        Assert.Contains("verdict-pass", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/plugins/acme.other\"", html, StringComparison.Ordinal);
        Assert.Contains("0 downloads in 90 days", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/plugins/acme.demo\"", await _browser.PageAsync("/plugins/acme.other"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_ShowsWhatTheSecondVersionMayBeyondTheFirst()
    {
        using var form = await _browser.SendAsync(HttpMethod.Get, "/plugins/acme.demo?from=1.0.0&to=1.1.0");
        var wider = Section(await _browser.PageAsync(form.Headers.Location!.ToString()));
        var narrower = Section(await _browser.PageAsync("/plugins/acme.demo?compare=1.1.0...1.0.0"));

        Assert.Equal("/plugins/acme.demo?compare=1.0.0...1.1.0#compare", form.Headers.Location!.ToString());
        Assert.Matches("(?s)class=\"added\">.*Update configmaps in shop.*class=\"removed\">.*Nothing\\.", wider);
        Assert.DoesNotContain("pods", wider, StringComparison.Ordinal);
        Assert.Matches("(?s)class=\"added\">.*asks for no consent.*class=\"removed\">.*Update configmaps in shop", narrower);
        Assert.Contains("does not name two versions", await _browser.PageAsync("/plugins/acme.demo?compare=1.0.0...9.9.9", HttpStatusCode.BadRequest), StringComparison.Ordinal);

        static string Section(string html) => html[html.IndexOf("id=\"compare\"", StringComparison.Ordinal)..html.IndexOf("id=\"readme\"", StringComparison.Ordinal)];
    }

    [Fact]
    public async Task Plugin_ThatWasWithdrawnDeprecatedAndStopped_SaysSo()
    {
        var moderator = await _market.ModeratorAsync();
        MarketFixture.Value(await _owner.YankAsync(SamplePlugin.Id, SemanticVersion.Parse("1.1.0"), new Reason { Text = "it loses data" }, default));
        MarketFixture.Value(await _owner.DeprecateAsync(SamplePlugin.Id, new NewDeprecation { Reason = "nobody has time", Successor = PluginId.Parse("acme.other") }, default));
        var withdrawn = await _browser.PageAsync("/plugins/acme.demo");
        MarketFixture.Value(await moderator.KillAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = "it mines coins" }, default));
        var stopped = await _browser.PageAsync("/plugins/acme.demo");

        Assert.Contains("it loses data", withdrawn, StringComparison.Ordinal);
        Assert.Contains("nobody has time", withdrawn, StringComparison.Ordinal);
        Assert.Contains("lazyoc plugin install", withdrawn, StringComparison.Ordinal);
        Assert.Contains("it mines coins", stopped, StringComparison.Ordinal);
        Assert.DoesNotContain("lazyoc plugin install", stopped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publisher_ShowsPluginsAndKeys()
    {
        var html = await _browser.PageAsync("/publishers/acme");

        Assert.Contains("href=\"/plugins/acme.demo\"", html, StringComparison.Ordinal);
        Assert.Contains(_market.Author.PublicKey.Id.Fingerprint, html, StringComparison.Ordinal);
        Assert.Contains("alice", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/plugins/acme.none", HttpStatusCode.NotFound, "There is no plugin")]
    [InlineData("/publishers/none", HttpStatusCode.NotFound, "There is no publisher")]
    [InlineData("/no/such/page", HttpStatusCode.NotFound, "There is no such address")]
    [InlineData("/search?minRating=9", HttpStatusCode.BadRequest, "<code>minRating</code>")]
    public async Task Problems_AreReadablePages(string path, HttpStatusCode status, string says)
    {
        using var response = await _browser.SendAsync(HttpMethod.Get, path);
        var html = await response.Content.ReadAsStringAsync();

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains(says, html, StringComparison.OrdinalIgnoreCase);
        // The API's stay what they are.
        using var api = await _browser.SendAsync(HttpMethod.Get, "/v1/api/plugins/acme.none");
        Assert.Equal(ApiProblem.MediaType, api.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task EveryPage_BoundsWhatItCanDo_AndIsSmall()
    {
        using var moderator = new Browser(_market);
        await _market.ModeratorAsync("mona");
        await moderator.SignInAsync("mona");
        using var owner = new Browser(_market);
        await owner.SignInAsync("alice");
        foreach (var (browser, path) in new[]
        {
            (_browser, "/"), (_browser, "/search"), (_browser, "/plugins/acme.demo"), (_browser, "/plugins/acme.demo?compare=1.0.0...1.1.0"), (_browser, "/publishers/acme"), (_browser, "/sign-in"), (_browser, "/register"), (_browser, "/none"),
            (owner, "/portal"), (owner, "/portal/tokens"), (owner, "/portal/publishers/acme"), (owner, "/plugins/acme.demo"),
            (moderator, "/moderation"), (moderator, "/moderation/audit"), (moderator, "/plugins/acme.demo"),
        })
        {
            using var response = await browser.SendAsync(HttpMethod.Get, path);
            var html = await response.Content.ReadAsStringAsync();
            Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal(SitePipeline.ContentSecurityPolicy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("same-origin", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
            Assert.DoesNotMatch("(?i)<script|<style|\\sstyle=|\\son[a-z]+=|javascript:", html);
            Assert.Contains("<main id=\"content\"", html, StringComparison.Ordinal);
            Assert.Contains("href=\"#content\"", html, StringComparison.Ordinal);
            Assert.Equal(1, html.Split("<h1").Length - 1);
            Assert.InRange(html.Length, 500, 150_000);
        }
    }

    [Fact]
    public async Task StyleSheet_IsKeptByBrowsers_UntilItIsAnother()
    {
        var address = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(await _browser.PageAsync("/"), "/assets/site.css[^\"]*", System.Text.RegularExpressions.RegexOptions.NonBacktracking).Value);
        using var response = await _browser.SendAsync(HttpMethod.Get, address);
        using var again = new HttpRequestMessage(HttpMethod.Get, new Uri(_market.Url, address));
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var same = await _market.Http.SendAsync(again);

        Assert.Equal("text/css", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains("prefers-color-scheme: dark", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True(response.Headers.CacheControl!.MaxAge > TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }
}
