using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Quotas;
using Microsoft.AspNetCore.Http;
using static LazyOC.Plugins.Sandbox.Tests.Network.NetworkFixture;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

/// <summary>Every redirect is a request of its own.</summary>
public sealed class RedirectTests
{
    [Theory]
    [InlineData("http://169.254.169.254/latest/meta-data/", "this plugin has no permission to connect to http://169.254.169.254:80")]
    [InlineData("http://[::ffff:169.254.169.254]/", "this plugin has no permission")]
    [InlineData("http://metadata.test:PORT/", "`metadata.test` leads to a link-local address")]
    [InlineData("http://127.0.0.1:PORT/inside", "this plugin has no permission to connect to http://127.0.0.1")]
    [InlineData("http://ada:secret@home.test:PORT/inside", "`home.test` redirects to a URL that has a user name or password")]
    [InlineData("file:///etc/passwd", "`home.test` redirects to a URL that is neither `http` nor `https`")]
    public async Task Fetch_RedirectedToWhereThePluginMayNotGo_IsRefused(string location, string reason)
    {
        TestServer? server = null;
        await using var started = server = await TestServer.StartAsync(http => TestServer.RedirectTo(location.Replace("PORT", $"{server!.Port}", StringComparison.Ordinal))(http));
        await using var fixture = new NetworkFixture();
        fixture.Names["metadata.test"] = () => [System.Net.IPAddress.Parse("169.254.169.254")];
        // The user's server, and every public one: what the rules say of `metadata.test` is that it must be public.
        var plugin = PluginWithSetting($"http://home.test:{server.Port}");
        plugin = plugin with { Granted = plugin.Granted with { Network = new() { Connect = [.. plugin.Granted.Network.Connect, To("http://*"), To($"http://*:{server.Port}")] } } };

        AssertRefused($"permission-denied: {reason}", await fixture.GetAsync(plugin, $"http://home.test:{server.Port}/start"));

        Assert.Equal("GET /start", Assert.Single(server.Reached));
        Assert.Equal(0, fixture.Violations.CountsOf(plugin.Id).PermissionRefused);
    }

    [Fact]
    public async Task Fetch_RedirectedToWhereThePluginMayGo_ArrivesAndIsAudited()
    {
        await using var second = await TestServer.StartAsync();
        await using var first = await TestServer.StartAsync(TestServer.RedirectTo($"http://127.0.0.1:{second.Port}/there?token=secret"));
        await using var fixture = new NetworkFixture();
        var plugin = Plugin(To($"http://127.0.0.1:{first.Port}"), To($"http://127.0.0.1:{second.Port}"));

        Assert.Equal("hello", await fixture.GetAsync(plugin, $"http://127.0.0.1:{first.Port}/here?also=secret"));

        var line = Assert.Single(await fixture.AuditedAsync());
        Assert.Equal(
            (AuditDecision.Intent, "http.fetch", $"http://127.0.0.1:{second.Port}/there", $"redirected from http://127.0.0.1:{first.Port}/here"),
            (line.Decision, line.Call, line.Target, line.Reason));
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task Fetch_MoreRedirectsThanTheLimit_EndsThere(int redirects, bool arrives)
    {
        await using var server = await TestServer.StartAsync(http =>
        {
            var step = int.Parse(http.Request.Path.Value![1..], System.Globalization.CultureInfo.InvariantCulture);
            return step == 0 ? http.Response.WriteAsync("arrived") : TestServer.RedirectTo($"/{step - 1}")(http);
        });
        var url = $"http://127.0.0.1:{server.Port}/{redirects}";
        var plugin = Plugin(To($"http://127.0.0.1:{server.Port}"));
        await using var fixture = new NetworkFixture();
        await using var control = new NetworkFixture(new SandboxLimits { NetworkRedirects = 6 });

        Assert.Equal(arrives ? "arrived" : "unavailable: there are more than 5 redirects", await fixture.GetAsync(plugin, url));
        Assert.Equal(6, server.Reached.Count);
        Assert.Equal("arrived", await control.GetAsync(plugin, url));
    }

    [Fact]
    public async Task Fetch_Redirects_DrawOnTheQuotaOfRequests()
    {
        await using var server = await TestServer.StartAsync(http => TestServer.RedirectTo("/again")(http));
        await using var fixture = new NetworkFixture(new SandboxLimits { Network = new QuotaRate(PerSecond: 1, Burst: 2) });

        AssertRefused("quota-exceeded: the quota of HTTP requests is used up", await fixture.GetAsync(Plugin(To($"http://127.0.0.1:{server.Port}")), $"http://127.0.0.1:{server.Port}/"));
        Assert.Equal(3, server.Reached.Count);
    }

    [Theory]
    [InlineData("/there?a=b", "GET /there?a=b")]
    [InlineData("there", "GET /folder/there")]
    [InlineData("../there#part", "GET /there")]
    [InlineData("?a=b", "GET /folder/here?a=b")]
    [InlineData("//127.0.0.1:PORT/there", "GET /there")]
    public async Task Fetch_RedirectedRelatively_GoesThere(string location, string expected)
    {
        TestServer? server = null;
        await using var started = server = await TestServer.StartAsync(http => server!.Reached.Count > 1 ? http.Response.WriteAsync("hello") : TestServer.RedirectTo(location.Replace("PORT", $"{server.Port}", StringComparison.Ordinal))(http));
        await using var fixture = new NetworkFixture();

        Assert.Equal("hello", await fixture.GetAsync(Plugin(To($"http://127.0.0.1:{server.Port}")), $"http://127.0.0.1:{server.Port}/folder/here"));
        Assert.Equal(expected, server.Reached.Last());
    }

    [Theory]
    [InlineData(301, "POST", "GET ")]
    [InlineData(302, "POST", "GET ")]
    [InlineData(303, "POST", "GET ")]
    [InlineData(303, "PUT", "GET ")]
    [InlineData(302, "PUT", "PUT body")]
    [InlineData(307, "POST", "POST body")]
    [InlineData(308, "POST", "POST body")]
    public async Task Fetch_Redirected_KeepsMethodAndBodyAsTheStatusSays(int status, string method, string expected)
    {
        await using var server = await TestServer.StartAsync(async http =>
        {
            if (http.Request.Path == "/there") await http.Response.WriteAsync($"{http.Request.Method} {await new StreamReader(http.Request.Body).ReadToEndAsync()}{http.Request.ContentType}");
            else await TestServer.RedirectTo("there", status)(http);
        });
        await using var fixture = new NetworkFixture();
        var request = new HttpFetchRequest { Url = $"http://127.0.0.1:{server.Port}/here", Method = method, Body = new TextOrBytes("body"u8.ToArray()), Headers = new() { ["Content-Type"] = "text/x" } };

        var outcome = await fixture.FetchAsync(Plugin(To($"http://127.0.0.1:{server.Port}")), request);

        Assert.Equal(expected.EndsWith("body", StringComparison.Ordinal) ? expected + "text/x" : expected, Show(outcome));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_RedirectedWithCredentials_CarriesThemOnlyToTheSameOrigin(bool leaves)
    {
        await using var other = await TestServer.StartAsync();
        TestServer? home = null;
        await using var started = home = await TestServer.StartAsync(http =>
            http.Request.Path == "/there" ? http.Response.WriteAsync("hello") : TestServer.RedirectTo(leaves ? $"http://127.0.0.1:{other.Port}/there" : "/there")(http));
        await using var fixture = new NetworkFixture();
        fixture.Secrets["token"] = "s3cret";
        // The other server has credentials of its own: they are not the first one's to ask for.
        var plugin = Plugin(To($"http://127.0.0.1:{home.Port}", "secret:token"), To($"http://127.0.0.1:{other.Port}", "secret:token"));

        Assert.Equal("hello", await fixture.GetAsync(plugin, $"http://127.0.0.1:{home.Port}/here"));

        Assert.Equal(leaves ? ["Bearer s3cret"] : ["Bearer s3cret", "Bearer s3cret"], home.Authorizations);
        Assert.Equal(leaves ? [""] : [], other.Authorizations);
    }

    [Fact]
    public async Task Fetch_RedirectedToAnotherOriginAndBack_CarriesNothingAnyMore()
    {
        TestServer? home = null;
        await using var other = await TestServer.StartAsync(http => TestServer.RedirectTo($"http://127.0.0.1:{home!.Port}/back")(http));
        await using var started = home = await TestServer.StartAsync(http =>
            http.Request.Path == "/back" ? http.Response.WriteAsync("back") : TestServer.RedirectTo($"http://127.0.0.1:{other.Port}/")(http));
        await using var fixture = new NetworkFixture();
        fixture.Secrets["token"] = "s3cret";

        Assert.Equal("back", await fixture.GetAsync(Plugin(To($"http://127.0.0.1:{home.Port}", "secret:token"), To($"http://127.0.0.1:{other.Port}")), $"http://127.0.0.1:{home.Port}/"));

        Assert.Equal(["Bearer s3cret", ""], home.Authorizations);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_RedirectedWithThePluginsOwnAuthorization_DropsItOnAnotherOrigin(bool leaves)
    {
        await using var other = await TestServer.StartAsync(http => http.Response.WriteAsync($"{http.Request.Headers.Authorization}{http.Request.Headers.Cookie}{http.Request.Headers["X-Other"]}"));
        TestServer? home = null;
        await using var started = home = await TestServer.StartAsync(http => http.Request.Path == "/there"
            ? http.Response.WriteAsync($"{http.Request.Headers.Authorization}{http.Request.Headers.Cookie}{http.Request.Headers["X-Other"]}")
            : TestServer.RedirectTo(leaves ? $"http://127.0.0.1:{other.Port}/" : "/there")(http));
        await using var fixture = new NetworkFixture();
        var request = new HttpFetchRequest { Url = $"http://127.0.0.1:{home.Port}/", Headers = new() { ["authorization"] = "a", ["Cookie"] = "b", ["X-Other"] = "c" } };

        Assert.Equal(leaves ? "c" : "abc", Show(await fixture.FetchAsync(Plugin(To($"http://127.0.0.1:{home.Port}"), To($"http://127.0.0.1:{other.Port}")), request)));
    }

    [Fact]
    public async Task Fetch_RedirectedFromHttpsToHttp_IsRefusedAndTheOtherWayIsNot()
    {
        await using var plain = await TestServer.StartAsync();
        await using var secure = await TestServer.StartAsync(http => http.Request.Path == "/down" ? TestServer.RedirectTo($"http://secure.test:{plain.Port}/")(http) : http.Response.WriteAsync("safe"), tls: true);
        await using var up = await TestServer.StartAsync(TestServer.RedirectTo($"https://secure.test:{secure.Port}/"));
        await using var fixture = new NetworkFixture(configure: options => WithoutAddressCheck(options) with { CertificateAuthorities = [secure.Certificate!] });
        var plugin = Plugin(To($"https://secure.test:{secure.Port}"), To($"http://secure.test:{plain.Port}"), To($"http://127.0.0.1:{up.Port}"));

        AssertRefused("permission-denied: `secure.test` redirects from https to http", await fixture.GetAsync(plugin, $"https://secure.test:{secure.Port}/down"));
        Assert.Empty(plain.Reached);
        Assert.Equal("safe", await fixture.GetAsync(plugin, $"http://127.0.0.1:{up.Port}/"));
        Assert.Equal("hello", await fixture.GetAsync(plugin, $"http://secure.test:{plain.Port}/"));
    }
}
