using System.Net;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>Signing in by a browser.</summary>
public sealed class SessionTests : IAsyncLifetime
{
    private MarketFixture _market = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        _browser = Browser.Of(_market);
        await _market.RegisterAsync("bob");
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _market.DisposeAsync();
    }

    [Fact]
    public async Task Register_SignsIn_AndSigningOutEndsTheSession()
    {
        await _browser.RegisterAsync("carol");
        var session = _browser.Session!;
        Assert.Contains("Hello, carol", await _browser.PageAsync("/portal"), StringComparison.Ordinal);

        await _browser.DoAsync("/", "/sign-out");

        Assert.Null(_browser.Session);
        using var thief = new Browser(_market);
        thief.Cookies.Add(_market.Url, new Cookie("lazyoc-session", session));
        using var response = await thief.SendAsync(HttpMethod.Get, "/portal");
        Assert.Equal("/sign-in?return=%2Fportal", response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Cookie_IsOutOfReachOfScriptsAndOtherSites()
    {
        using var response = await _browser.SubmitAsync("/sign-in", "/sign-in", ("name", "bob"), ("password", MarketFixture.Password));

        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("lazyoc-session=lzs_", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task SignIn_WithAWrongPassword_SaysTheSameAsForAWrongName()
    {
        foreach (var name in new[] { "bob", "nobody-at-all" })
        {
            using var response = await _browser.SubmitAsync("/sign-in", "/sign-in", ("name", name), ("password", "not the password"));
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains("The name or the password is wrong", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Null(_browser.Session);
        }
    }

    [Fact]
    public async Task SignIn_WithASessionThatSomebodyHasPlanted_MakesAnotherAndEndsThatOne()
    {
        // The attacker's own session, put into the victim's browser.
        using var attacker = await new Browser(_market).RegisterAsync("mallory");
        var planted = attacker.Session!;
        _browser.Cookies.Add(_market.Url, new Cookie("lazyoc-session", planted));
        Assert.Contains("mallory", await _browser.PageAsync("/portal"), StringComparison.Ordinal);

        await _browser.SignInAsync("bob");

        Assert.NotEqual(planted, _browser.Session);
        Assert.Contains("Hello, bob", await _browser.PageAsync("/portal"), StringComparison.Ordinal);
        // What the attacker knows is nobody's.
        using var response = await attacker.SendAsync(HttpMethod.Get, "/portal");
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
    }

    [Fact]
    public async Task Session_OfTheBrowser_IsNotOneOfTheApi()
    {
        await _browser.SignInAsync("bob");

        using var byCookie = await _browser.SendAsync(HttpMethod.Get, "/v1/api/account");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_market.Url, "/v1/api/account"));
        request.Headers.Authorization = new("Bearer", _browser.Session);
        using var byToken = await _market.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, byCookie.StatusCode);
        Assert.Equal(HttpStatusCode.OK, byToken.StatusCode);
    }

    [Theory]
    [InlineData("/portal/tokens?a=b", "/portal/tokens?a=b")]
    [InlineData("https://evil.example/", "/")]
    [InlineData("//evil.example/", "/")]
    [InlineData("/\\evil.example/", "/")]
    [InlineData("/\t/evil.example/", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("portal", "/")]
    public async Task SignIn_LeadsBackWithinThisSiteOnly(string back, string leadsTo)
    {
        using var response = await _browser.SubmitAsync($"/sign-in?return={Uri.EscapeDataString(back)}", "/sign-in", ("name", "bob"), ("password", MarketFixture.Password), ("return", back));

        Assert.Equal(HttpStatusCode.SeeOther, response.StatusCode);
        Assert.Equal(leadsTo, response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task SignIn_TooOften_IsRefusedForAWhile()
    {
        var token = Browser.TokenOf(await _browser.PageAsync("/sign-in"), "/sign-in");
        for (var i = 0; i < MarketLimits.Default.SignInsPerTenMinutes; i++)
        {
            using var wrong = await _browser.PostAsync("/sign-in", ("form-token", token), ("name", "bob"), ("password", "not the password"));
        }

        using var response = await _browser.PostAsync("/sign-in", ("form-token", token), ("name", "bob"), ("password", MarketFixture.Password));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Null(_browser.Session);
    }

    [Fact]
    public async Task PrivateMarketplace_ShowsNothingToStrangers()
    {
        await using var market = await MarketFixture.StartAsync(null, [TestScanner.Passing], change: options => options with { IsPrivate = true });
        using var stranger = new Browser(market);
        foreach (var path in new[] { "/", "/search", "/plugins/acme.demo", "/publishers/acme", "/none" })
        {
            using var response = await stranger.SendAsync(HttpMethod.Get, path);
            Assert.Equal(HttpStatusCode.Found, response.StatusCode);
            Assert.StartsWith("/sign-in", response.Headers.Location!.ToString(), StringComparison.Ordinal);
        }
        await stranger.PageAsync("/sign-in");
        using var registering = await stranger.SubmitAsync("/register", "/register", ("name", "eve"), ("password", MarketFixture.Password));
        Assert.Equal(HttpStatusCode.Forbidden, registering.StatusCode);
    }
}
