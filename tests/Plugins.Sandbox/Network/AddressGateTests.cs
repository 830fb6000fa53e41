using System.Net;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Network;
using static LazyOC.Plugins.Sandbox.Tests.Network.NetworkFixture;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

/// <summary>Ways to addresses that a rule does not open, each beside the way that is open.</summary>
public sealed class AddressGateTests
{
    [Theory]
    [InlineData("http://*:PORT")]
    [InlineData("http://*.test:PORT")]
    [InlineData("http://inside.test:PORT")]
    public async Task Fetch_NameThatLeadsToThisComputer_IsRefusedUnlessTheCheckIsOff(string rule)
    {
        await using var server = await TestServer.StartAsync();
        await using var guarded = new NetworkFixture();
        await using var open = new NetworkFixture(configure: WithoutAddressCheck);
        var plugin = Plugin(To(AtPort(rule, server)));

        AssertRefused("permission-denied: `inside.test` leads to this computer", await guarded.GetAsync(plugin, $"http://inside.test:{server.Port}/"));
        Assert.Empty(server.Reached);
        Assert.Equal("hello", await open.GetAsync(plugin, $"http://inside.test:{server.Port}/"));
    }

    [Fact]
    public async Task Fetch_NameThatTheUserHasSet_LeadsWhereItLeadsButNotToLinkLocal()
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();
        fixture.Names["metadata.test"] = () => [IPAddress.Parse("169.254.169.254")];
        fixture.Names["many.test"] = () => [IPAddress.Parse("224.0.0.1")];

        Assert.Equal("hello", await fixture.GetAsync(PluginWithSetting($"http://inside.test:{server.Port}/some/path"), $"http://inside.test:{server.Port}/"));
        AssertRefused("permission-denied: `metadata.test` leads to a link-local address, which a setting does not open", await fixture.GetAsync(PluginWithSetting($"http://metadata.test:{server.Port}"), $"http://metadata.test:{server.Port}/"));
        AssertRefused("permission-denied: `many.test` leads to a multicast address", await fixture.GetAsync(PluginWithSetting($"http://many.test:{server.Port}"), $"http://many.test:{server.Port}/"));
        AssertRefused("permission-denied: this plugin has no permission", await fixture.GetAsync(PluginWithSetting("http://other.test"), $"http://inside.test:{server.Port}/"));
    }

    [Theory]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("::1")]
    public async Task Fetch_NameThatLeadsToAnAddressWithinAnother_IsRefused(string address)
    {
        await using var fixture = new NetworkFixture();
        fixture.Names["inside.test"] = () => [IPAddress.Parse(address)];

        AssertRefused("permission-denied: `inside.test` leads to this computer", await fixture.GetAsync(Plugin(To("http://*:8080")), "http://inside.test:8080/"));
    }

    [Theory]
    [InlineData("http://127.0.0.1:PORT/")]
    [InlineData("http://2130706433:PORT/")]
    [InlineData("http://0x7f000001:PORT/")]
    [InlineData("http://0x7f.1:PORT/")]
    [InlineData("http://0177.0.0.1:PORT/")]
    [InlineData("http://017700000001:PORT/")]
    [InlineData("http://127.1:PORT/")]
    public async Task Fetch_AddressHoweverWritten_IsTheAddressAndNoName(string url)
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();

        AssertRefused("permission-denied: this plugin has no permission to connect to http://127.0.0.1", await fixture.GetAsync(Plugin(To(AtPort("http://*:PORT", server))), AtPort(url, server)));
        Assert.Empty(server.Reached);
        Assert.Equal("hello", await fixture.GetAsync(Plugin(To(AtPort("http://127.0.0.1:PORT", server))), AtPort(url, server)));
        Assert.Empty(fixture.Resolved);
    }

    [Fact]
    public async Task Fetch_MappedAddress_NeedsARuleThatNamesIt()
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();
        var url = $"http://[::ffff:127.0.0.1]:{server.Port}/";

        AssertRefused("permission-denied", await fixture.GetAsync(Plugin(To(AtPort("http://*:PORT", server))), url));
        Assert.Empty(server.Reached);
        Assert.Equal("hello", await fixture.GetAsync(Plugin(To(AtPort("http://[::ffff:127.0.0.1]:PORT", server))), url));
    }

    [Theory]
    [InlineData("http://localhost:PORT/")]
    [InlineData("http://localhost.:PORT/")]
    [InlineData("http://LOCALHOST:PORT/")]
    public async Task Fetch_Localhost_NeedsARuleThatNamesIt(string url)
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();

        AssertRefused("permission-denied: `localhost` leads to this computer", await fixture.GetAsync(Plugin(To(AtPort("http://*:PORT", server))), AtPort(url, server)));
        Assert.Empty(server.Reached);
        Assert.Equal("hello", await fixture.GetAsync(Plugin(To(AtPort("http://localhost:PORT", server))), AtPort(url, server)));
        Assert.Empty(fixture.Resolved);
    }

    [Fact]
    public async Task Fetch_NumberWithADotBehindIt_IsANameAndDoesNotReachThisComputer()
    {
        await using var server = await TestServer.StartAsync();
        await using var guarded = new NetworkFixture();
        var url = $"http://2130706433.:{server.Port}/";

        AssertRefused("permission-denied", await guarded.GetAsync(Plugin(To(AtPort("http://*:PORT", server))), url));
        AssertRefused("permission-denied", await guarded.GetAsync(Plugin(To(AtPort("http://2130706433.:PORT", server))), url));
        Assert.Empty(server.Reached);
    }

    /// <summary>127.0.0.2 plays a public server, 127.0.0.1 the one inside.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_AnswerOfTheNameServerChanges_IsConnectedToWhatWasChecked(bool isGuarded)
    {
        var outside = IPAddress.Parse("127.0.0.2");
        await using var honest = await TestServer.StartAsync(http => Write(http, "outside"), address: "127.0.0.2");
        await using var inside = await TestServer.StartAsync(http => Write(http, "inside"), port: honest.Port);
        await using var fixture = new NetworkFixture(configure: options => options with { Permits = (_, address) => !isGuarded || address.Equals(outside) });
        var answers = new Queue<IPAddress>([outside, IPAddress.Loopback, IPAddress.Loopback]);
        fixture.Names["evil.test"] = () => [answers.Dequeue()];
        var plugin = Plugin(To($"http://evil.test:{honest.Port}"));

        // One answer serves the check and the connection.
        Assert.Equal("outside", await fixture.GetAsync(plugin, $"http://evil.test:{honest.Port}/"));
        Assert.Single(fixture.Resolved);

        // The next connection takes the next answer, and is checked by it.
        fixture.Gateway.CloseConnections();
        var second = await fixture.GetAsync(plugin, $"http://evil.test:{honest.Port}/");
        if (isGuarded) AssertRefused("permission-denied", second);
        else Assert.Equal("inside", second);
        Assert.Equal(isGuarded ? 0 : 1, inside.Reached.Count);
    }

    [Fact]
    public async Task Fetch_SomeAddressesOfANameAreClosed_TakesAnother()
    {
        var outside = IPAddress.Parse("127.0.0.2");
        await using var honest = await TestServer.StartAsync(http => Write(http, "outside"), address: "127.0.0.2");
        await using var inside = await TestServer.StartAsync(http => Write(http, "inside"), port: honest.Port);
        await using var fixture = new NetworkFixture(configure: options => options with { Permits = (_, address) => address.Equals(outside) });
        fixture.Names["mixed.test"] = () => [IPAddress.Loopback, outside];

        Assert.Equal("outside", await fixture.GetAsync(Plugin(To($"http://mixed.test:{honest.Port}")), $"http://mixed.test:{honest.Port}/"));
        Assert.Empty(inside.Reached);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fetch_ConnectionThatAnotherPluginsRuleOpened_IsNotUsedUnlessPoolsAreShared(bool isSeparate)
    {
        await using var server = await TestServer.StartAsync();
        var shared = new ConnectionKey(PluginId.Parse("all.together"), null, AddressReach.Chosen);
        await using var fixture = new NetworkFixture(configure: options => isSeparate ? options : options with { Separation = _ => shared });
        var url = $"http://inside.test:{server.Port}/";
        Assert.Equal("hello", await fixture.GetAsync(PluginWithSetting(url, "acme.trusted"), url));

        var other = await fixture.GetAsync(Plugin("acme.other", To($"http://*.test:{server.Port}")), url);
        var same = await fixture.GetAsync(Plugin("acme.trusted", To($"http://*.test:{server.Port}")), url);

        Assert.Equal(isSeparate ? 1 : 3, server.Reached.Count);
        Assert.Equal(isSeparate ? 3 : 1, fixture.Resolved.Count);
        if (!isSeparate) return;
        AssertRefused("permission-denied: `inside.test` leads to this computer", other);
        AssertRefused("permission-denied: `inside.test` leads to this computer", same);
    }

    [Fact]
    public async Task Fetch_SamePluginAndRule_ReusesTheConnection()
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();
        var url = $"http://inside.test:{server.Port}/";
        var plugin = PluginWithSetting(url);

        Assert.Equal("hello", await fixture.GetAsync(plugin, url));
        Assert.Equal("hello", await fixture.GetAsync(plugin, url));

        Assert.Single(fixture.Resolved);
    }

    [Fact]
    public async Task Fetch_ApiServer_NeedsARuleThatNamesIt()
    {
        await using var server = await TestServer.StartAsync();
        var api = new Uri($"https://api.cluster.test:{server.Port}");
        await using var fixture = new NetworkFixture(configure: WithoutAddressCheck, apiServer: api);
        await using var control = new NetworkFixture(configure: WithoutAddressCheck);
        string By(string name) => $"http://{name}:{server.Port}/";
        var glob = Plugin(To(AtPort("http://*:PORT", server)));
        var otherName = Plugin(To(AtPort("http://alias.test:PORT", server)));

        AssertRefused("permission-denied: `api.cluster.test` is the cluster's API server", await fixture.GetAsync(glob, By("api.cluster.test")));
        AssertRefused("permission-denied: `alias.test` is the cluster's API server", await fixture.GetAsync(glob, By("alias.test")));
        AssertRefused("permission-denied: `alias.test` is the cluster's API server", await fixture.GetAsync(otherName, By("alias.test")));
        Assert.Empty(server.Reached);
        Assert.Equal("hello", await fixture.GetAsync(Plugin(To(AtPort("http://api.cluster.test:PORT", server))), By("api.cluster.test")));
        Assert.Equal("hello", await fixture.GetAsync(Plugin(To(AtPort("http://127.0.0.1:PORT", server))), By("127.0.0.1")));
        Assert.Equal("hello", await control.GetAsync(glob, By("alias.test")));
    }

    [Theory]
    [InlineData("http://inside.test:PORT", "is on the blocklist")]
    [InlineData("http://*:PORT", "is on the blocklist")]
    [InlineData("http://127.0.0.1:PORT", "is at an address on the blocklist")]
    public async Task Fetch_ServerOnTheBlocklist_IsRefusedWhateverIsGranted(string blocked, string reason)
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture(configure: options => options with { Blocklist = [OriginPattern.Parse(AtPort(blocked, server))] });
        await using var control = new NetworkFixture();
        var url = $"http://inside.test:{server.Port}/";

        AssertRefused($"permission-denied: `inside.test` {reason}", await fixture.GetAsync(PluginWithSetting(url), url));
        Assert.Empty(server.Reached);
        Assert.Equal("hello", await control.GetAsync(PluginWithSetting(url), url));
    }

    [Fact]
    public async Task Fetch_Refused_CountsAsAViolationOfThePlugin()
    {
        await using var fixture = new NetworkFixture();
        var plugin = Plugin(To("http://*:8080"));

        AssertRefused("permission-denied", await fixture.GetAsync(plugin, "http://inside.test:8080/"));

        Assert.Equal(1, fixture.Violations.CountsOf(plugin.Id).PermissionRefused);
    }

    private static string AtPort(string text, TestServer server) => text.Replace("PORT", $"{server.Port}", StringComparison.Ordinal);

    private static Task Write(Microsoft.AspNetCore.Http.HttpContext http, string text) => Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(http.Response, text);
}
