using System.Net;
using System.Text.Json.Nodes;
using LazyOC.Marketplace.Accounts.OAuth;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Tests.Web;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Accounts;

/// <summary>Signing in with an account elsewhere, at a real authorization server, and what others try with that.</summary>
public sealed class OAuthTests : IAsyncLifetime
{
    private OAuthServer _elsewhere = null!;
    private MarketFixture _market = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _elsewhere = await OAuthServer.StartAsync();
        _market = await StartAsync(_elsewhere.Provider());
        _browser = Browser.Of(_market);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _market.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task FirstTime_TakesAName_AndThenNothing()
    {
        Assert.Contains("Sign in with Corp", await _browser.PageAsync("/sign-in"), StringComparison.Ordinal);
        var choose = await GoAsync(_browser, "/sign-in/with/corp?return=%2Fportal%2Ftokens");
        Assert.StartsWith("/sign-in/name", choose, StringComparison.Ordinal);
        // What it is there is no name here; nobody is signed in yet.
        Assert.Null(_browser.Session);
        Assert.Contains("You are Alice.A there", await _browser.PageAsync(choose), StringComparison.Ordinal);
        using (var registered = await _browser.SubmitAsync(choose, "/sign-in/name", ("name", "alice"), ("return", "/portal/tokens"))) Assert.Equal("/portal/tokens", registered.Headers.Location!.ToString());
        Assert.Contains("Hello, alice", await _browser.PageAsync("/portal"), StringComparison.Ordinal);

        using var later = new Browser(_market);
        Assert.Equal("/", await GoAsync(later, "/sign-in/with/corp"));

        Assert.Contains("Hello, alice", await later.PageAsync("/portal"), StringComparison.Ordinal);
        Assert.NotEqual(_browser.Session, later.Session);
        // It has no password, which no password is.
        Refusal(ProblemTypes.Unauthenticated, await _market.Client().SignInAsync(new Credentials { Name = "alice", Password = "" }, default));
        var alice = _market.Client(later.Session);
        Refusal(ProblemTypes.WrongState, await alice.UnlinkAsync("corp", default));
    }

    [Fact]
    public async Task Account_OfTheSameName_IsNotTakenOver()
    {
        await _market.RegisterAsync("alice");
        _elsewhere.User = JsonNode.Parse("""{"sub":"u-2","preferred_username":"alice","email":"alice@acme.example"}""");

        var choose = await GoAsync(_browser, "/sign-in/with/corp");
        using var taken = await _browser.SubmitAsync(choose, "/sign-in/name", ("name", "alice"));

        Assert.Equal(HttpStatusCode.Conflict, taken.StatusCode);
        Assert.Null(_browser.Session);
    }

    [Fact]
    public async Task Link_SignsInToTheAccount_AndEndsWithIt()
    {
        await _market.RegisterAsync("bob");
        await _browser.SignInAsync("bob");
        await LinkAsync(_browser);
        Assert.Contains("as Alice.A", await _browser.PageAsync("/portal/account"), StringComparison.Ordinal);
        using var other = new Browser(_market);
        await GoAsync(other, "/sign-in/with/corp");
        Assert.Contains("Hello, bob", await other.PageAsync("/portal"), StringComparison.Ordinal);
        // One identity is of one account.
        using var carol = await new Browser(_market).RegisterAsync("carol");
        using (var refused = await FollowAsync(carol, await StartLinkAsync(carol))) Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Empty(Value(await _market.Client(carol.Session).IdentitiesAsync(default)).Identities);

        await _browser.DoAsync("/portal/account", "/portal/account/identities/corp/removal");

        using var stranger = new Browser(_market);
        Assert.StartsWith("/sign-in/name", await GoAsync(stranger, "/sign-in/with/corp"), StringComparison.Ordinal);
        var token = _market.Client(Value(await _market.Client(carol.Session).CreateTokenAsync(new NewToken { Name = "t", Scopes = [.. Enum.GetValues<TokenScope>()] }, default)).Token);
        Refusal(ProblemTypes.TokenScope, await token.IdentitiesAsync(default));
    }

    [Fact]
    public async Task SecondFactor_IsAskedForHereToo()
    {
        var alice = await _market.RegisterAsync("bob");
        await _browser.SignInAsync("bob");
        await LinkAsync(_browser);
        var app = new Authenticator(Value(await alice.EnrolSecondFactorAsync(default)).Secret, _market.Clock);
        Value(await alice.ConfirmSecondFactorAsync(new SecondFactorCode { Code = app.Code }, default));
        using var other = new Browser(_market);

        Assert.StartsWith("/sign-in/code", await GoAsync(other, "/sign-in/with/corp"), StringComparison.Ordinal);

        Assert.Null(other.Session);
        await other.DoAsync("/sign-in/code", "/sign-in/code", ("code", app.NextCode()));
        Assert.Contains("Hello, bob", await other.PageAsync("/portal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_IsGoodOnce_InItsBrowser_ForItsProvider_ForItsTime()
    {
        var callback = await AtProviderAsync(_browser, "/sign-in/with/corp");
        // Sent to another, who would be signed in as who sent it.
        using (var victim = new Browser(_market)) await RefusedAsync(victim, callback);
        // It is used up by that.
        await RefusedAsync(_browser, callback);
        var another = await AtProviderAsync(_browser, "/sign-in/with/corp");
        await RefusedAsync(_browser, another.Replace("/corp/", "/other/", StringComparison.Ordinal));
        var invented = await AtProviderAsync(_browser, "/sign-in/with/corp");
        await RefusedAsync(_browser, invented.Split("&state=")[0] + $"&state={new string('0', 64)}");
        await RefusedAsync(_browser, invented.Split("&state=")[0]);
        var late = await AtProviderAsync(_browser, "/sign-in/with/corp");
        _market.Clock.Advance(MarketLimits.Default.OAuthTime);
        await RefusedAsync(_browser, late);
        Assert.Null(_browser.Session);

        // The control: one that is none of these is taken, and not again.
        var good = await AtProviderAsync(_browser, "/sign-in/with/corp");
        using (var taken = await _browser.SendAsync(HttpMethod.Get, good)) Assert.StartsWith("/sign-in/name", taken.Headers.Location!.ToString(), StringComparison.Ordinal);
        await RefusedAsync(_browser, good);
    }

    [Fact]
    public async Task Code_OfAnotherBrowser_IsRefusedByItsVerifier()
    {
        using var victim = new Browser(_market);
        var theirs = await AtProviderAsync(victim, "/sign-in/with/corp");
        var own = await AtProviderAsync(_browser, "/sign-in/with/corp");

        // A stolen code, in an attempt of the thief's own.
        await RefusedAsync(_browser, $"{theirs.Split("&state=")[0]}&state={own.Split("&state=")[1]}");

        Assert.Null(_browser.Session);
    }

    [Fact]
    public async Task Session_ThatSomebodyHasPlanted_IsOver()
    {
        await _market.RegisterAsync("bob");
        using (var setup = await new Browser(_market).SignInAsync("bob")) await LinkAsync(setup);
        using var attacker = await new Browser(_market).RegisterAsync("mallory");
        _browser.Cookies.Add(_market.Url, new Cookie("lazyoc-session", attacker.Session));

        await GoAsync(_browser, "/sign-in/with/corp");

        Assert.NotEqual(attacker.Session, _browser.Session);
        Assert.Contains("Hello, bob", await _browser.PageAsync("/portal"), StringComparison.Ordinal);
        using var portal = await attacker.SendAsync(HttpMethod.Get, "/portal");
        Assert.Equal(HttpStatusCode.Found, portal.StatusCode);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task SignIn_LeadsBackWithinThisSiteOnly(string back)
    {
        await _market.RegisterAsync("bob");
        using (var setup = await new Browser(_market).SignInAsync("bob")) await LinkAsync(setup);

        Assert.Equal("/", await GoAsync(_browser, $"/sign-in/with/corp?return={Uri.EscapeDataString(back)}"));
    }

    [Fact]
    public async Task Link_TakesAForm_AndTheSameAccountAtItsEnd()
    {
        await _market.RegisterAsync("bob");
        await _browser.SignInAsync("bob");
        // Another site cannot begin one.
        using (var forged = await _browser.PostAsync("/portal/account/identities/corp")) Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        using (var got = await _browser.SendAsync(HttpMethod.Get, "/portal/account/identities/corp")) Assert.Equal(HttpStatusCode.MethodNotAllowed, got.StatusCode);
        var start = await StartLinkAsync(_browser);
        await _browser.DoAsync("/", "/sign-out");
        await _browser.RegisterAsync("carol");

        using var refused = await FollowAsync(_browser, start);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Empty(Value(await _market.Client(_browser.Session).IdentitiesAsync(default)).Identities);
    }

    [Fact]
    public async Task Provider_ThatRefusesOrAnswersNonsense_SignsNobodyIn()
    {
        _elsewhere.User = null;
        using (var denied = await FollowAsync(_browser, await AddressAsync(_browser, "/sign-in/with/corp"))) Assert.Equal(HttpStatusCode.Forbidden, denied.StatusCode);
        _elsewhere.User = JsonNode.Parse("""{"preferred_username":"nobody"}""");
        using (var nameless = await FollowAsync(_browser, await AddressAsync(_browser, "/sign-in/with/corp"))) Assert.Equal(HttpStatusCode.Forbidden, nameless.StatusCode);
        _elsewhere.User = JsonNode.Parse("""{"sub":"u-1"}""");
        foreach (var (answer, status) in new[]
        {
            ("not json", HttpStatusCode.ServiceUnavailable),
            ($$"""{"sub":"{{new string('x', MarketLimits.Default.MaxOAuthAnswerBytes)}}"}""", HttpStatusCode.ServiceUnavailable),
            ("[]", HttpStatusCode.Forbidden),
        })
        {
            _elsewhere.Instead = async context => await context.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(answer));
            using var refused = await FollowAsync(_browser, await AddressAsync(_browser, "/sign-in/with/corp"));
            Assert.Equal(status, refused.StatusCode);
        }
        // A redirect could lead the token elsewhere.
        _elsewhere.Instead = context =>
        {
            context.Response.Redirect("/token");
            return Task.CompletedTask;
        };
        using (var led = await FollowAsync(_browser, await AddressAsync(_browser, "/sign-in/with/corp"))) Assert.Equal(HttpStatusCode.Forbidden, led.StatusCode);
        Assert.Null(_browser.Session);
        _elsewhere.Instead = null;
        Assert.StartsWith("/sign-in/name", await GoAsync(_browser, "/sign-in/with/corp"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PrivateMarketplace_RegistersNobody_UnlessItsProviderDoes()
    {
        await using var closed = await StartAsync(_elsewhere.Provider(), isPrivate: true);
        await using var open = await StartAsync(_elsewhere.Provider(registers: true), isPrivate: true);
        using var stranger = new Browser(closed);
        using (var refused = await FollowAsync(stranger, await AddressAsync(stranger, "/sign-in/with/corp"))) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var colleague = new Browser(open);

        Assert.StartsWith("/sign-in/name", await GoAsync(colleague, "/sign-in/with/corp"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutProviders_NothingIsThere()
    {
        await using var market = await MarketFixture.StartAsync();
        using var browser = await new Browser(market).RegisterAsync("bob");

        Assert.DoesNotContain("elsewhere", await browser.PageAsync("/portal/account"), StringComparison.Ordinal);
        await browser.PageAsync("/sign-in/with/corp", HttpStatusCode.NotFound);
        await browser.PageAsync("/sign-in/with/corp/callback?code=a&state=b", HttpStatusCode.NotFound);
    }

    [Fact]
    public void File_NamesProviders_WithPresetsForThoseThatAreKnown()
    {
        using var directory = new TemporaryDirectory();
        var secret = Path.Combine(directory.Path, "secret");
        File.WriteAllText(secret, "s3cret\n");
        string Write(string json)
        {
            var path = Path.Combine(directory.Path, "oauth.json");
            File.WriteAllText(path, json.Replace("SECRET", secret, StringComparison.Ordinal));
            return path;
        }

        var options = Value(OAuthFile.Read(Write("""
            {"publicUrl":"https://plugins.example","providers":[
              {"name":"github","preset":"github","clientId":"a","clientSecretFile":"SECRET"},
              {"name":"cluster","preset":"openshift","title":"Our cluster","server":"https://oauth.apps.example","apiServer":"https://api.example:6443","clientId":"b","clientSecretFile":"SECRET"},
              {"name":"sso","authorizeUrl":"https://sso.example/a","tokenUrl":"https://sso.example/t","userUrl":"https://sso.example/u","clientId":"c","clientSecretFile":"SECRET","registers":true}]}
            """)));

        Assert.Equal(["GitHub", "Our cluster", "sso"], options.Providers.Select(provider => provider.Title));
        Assert.Equal("https://api.example:6443/apis/user.openshift.io/v1/users/~", options.Find("cluster")!.UserUrl.AbsoluteUri);
        Assert.Equal("metadata.uid", options.Find("cluster")!.SubjectField);
        Assert.Equal(("id", "login", "s3cret"), (options.Find("github")!.SubjectField, options.Find("github")!.NameField, options.Find("github")!.ClientSecret));
        Assert.Equal("openid profile", options.Find("sso")!.Scope);
        Assert.All(
            new[]
            {
                """{"providers":[{"name":"sso","authorizeUrl":"http://sso.example/a","tokenUrl":"https://sso.example/t","userUrl":"https://sso.example/u","clientId":"c","clientSecretFile":"SECRET"}]}""",
                """{"providers":[{"name":"sso","clientId":"c","clientSecretFile":"SECRET"}]}""",
                """{"providers":[{"name":"a b","preset":"github","clientId":"c","clientSecretFile":"SECRET"}]}""",
                """{"providers":[{"name":"github","preset":"gitlab","clientId":"c","clientSecretFile":"SECRET"}]}""",
                """{"providers":[{"name":"github","preset":"github","clientId":"c","clientSecretFile":"/nowhere"}]}""",
                """{"providers":[{"name":"github","preset":"github","clientId":"c","clientSecretFile":"SECRET","secret":"x"}]}""",
                """{"publicUrl":"http://plugins.example","providers":[]}""",
            },
            bad => Assert.False(OAuthFile.Read(Write(bad)).TryGet(out _, out _), bad));
    }

    private static Task<MarketFixture> StartAsync(OAuthProvider provider, bool isPrivate = false) => MarketFixture.StartAsync(
        new MarketLimits { SignInsPerTenMinutes = 1000 }, [], change: options => options with { IsPrivate = isPrivate, OAuth = new OAuthOptions(null, [provider, provider with { Name = "other" }]) });

    /// <summary>Where the browser is sent to sign in.</summary>
    private static async Task<Uri> AddressAsync(Browser browser, string path)
    {
        using var begun = await browser.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.Found, begun.StatusCode);
        return begun.Headers.Location!;
    }

    /// <summary>Goes there, and comes back as far as the address that it leads to.</summary>
    private static async Task<string> CallbackAsync(Browser browser, Uri address)
    {
        using var there = await browser.SendAsync(HttpMethod.Get, address.AbsoluteUri);
        Assert.Equal(HttpStatusCode.Found, there.StatusCode);
        Assert.Equal(browser.Url.Authority, there.Headers.Location!.Authority);
        return there.Headers.Location.PathAndQuery;
    }

    private static async Task<string> AtProviderAsync(Browser browser, string path) => await CallbackAsync(browser, await AddressAsync(browser, path));

    private static async Task<HttpResponseMessage> FollowAsync(Browser browser, Uri address) => await browser.SendAsync(HttpMethod.Get, await CallbackAsync(browser, address));

    /// <summary>Goes all the way, and says where that leads.</summary>
    private static async Task<string> GoAsync(Browser browser, string path)
    {
        using var back = await FollowAsync(browser, await AddressAsync(browser, path));
        Assert.True(back.Headers.Location is not null, $"{back.StatusCode}: {await back.Content.ReadAsStringAsync()}");
        return back.Headers.Location.ToString();
    }

    private static async Task RefusedAsync(Browser browser, string callback)
    {
        using var refused = await browser.SendAsync(HttpMethod.Get, callback);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private static async Task<Uri> StartLinkAsync(Browser browser)
    {
        using var page = await browser.SubmitAsync("/portal/account", "/portal/account/identities/corp");
        var html = await page.Content.ReadAsStringAsync();
        return new Uri(WebUtility.HtmlDecode(html.Split("class=\"button\" href=\"")[1].Split('"')[0]));
    }

    private static async Task LinkAsync(Browser browser)
    {
        using var linked = await FollowAsync(browser, await StartLinkAsync(browser));
        Assert.Equal("/portal/account", linked.Headers.Location!.ToString());
    }
}
