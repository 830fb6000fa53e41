using LazyOC.Plugins.Contracts.Calls;
using Microsoft.AspNetCore.Http;
using static LazyOC.Plugins.Sandbox.Tests.Network.NetworkFixture;

namespace LazyOC.Plugins.Sandbox.Tests.Network;

/// <summary>What the host adds to requests, and where it must not go.</summary>
public sealed class CredentialsTests
{
    [Fact]
    public async Task Fetch_RuleWithASecret_CarriesItAndOthersDoNot()
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();
        fixture.Secrets["token"] = "s3cret";
        var url = $"http://127.0.0.1:{server.Port}/";

        await fixture.GetAsync(Plugin(To($"http://127.0.0.1:{server.Port}", "secret:token")), url);
        await fixture.GetAsync(PluginWithSetting(url, credentials: "secret:token"), url);
        await fixture.GetAsync(Plugin(To($"http://127.0.0.1:{server.Port}")), url);

        Assert.Equal(["Bearer s3cret", "Bearer s3cret", ""], server.Authorizations);
    }

    [Theory]
    [InlineData(null, "unavailable: the secret setting `token` is not set")]
    [InlineData("", "unavailable: the secret setting `token` is not set")]
    [InlineData("a\r\nX-Evil: b", "unavailable: the credentials for this server have characters that no header may have")]
    public async Task Fetch_SecretThatCannotBeSent_IsRefusedUnsent(string? secret, string expected)
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();
        if (secret is not null) fixture.Secrets["token"] = secret;

        Assert.Equal(expected, await fixture.GetAsync(Plugin(To($"http://127.0.0.1:{server.Port}", "secret:token")), $"http://127.0.0.1:{server.Port}/"));
        Assert.Empty(server.Reached);
    }

    [Theory]
    [InlineData("Authorization")]
    [InlineData("authorization")]
    public async Task Fetch_WithItsOwnAuthorization_IsRefusedWhereTheHostAddsOne(string header)
    {
        await using var server = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture();
        fixture.Secrets["token"] = "s3cret";
        var request = new HttpFetchRequest { Url = $"http://127.0.0.1:{server.Port}/", Headers = new() { [header] = "Bearer mine" } };

        AssertRefused("invalid: `headers.Authorization` is set by the host", Show(await fixture.FetchAsync(Plugin(To($"http://127.0.0.1:{server.Port}", "secret:token")), request)));
        Assert.Empty(server.Reached);
        Assert.Equal("hello", Show(await fixture.FetchAsync(Plugin(To($"http://127.0.0.1:{server.Port}")), request)));
        Assert.Equal("Bearer mine", Assert.Single(server.Authorizations));
    }

    [Fact]
    public async Task Fetch_RuleWithTheClustersToken_CarriesItToTheExactServerByHttpsOnly()
    {
        await using var secure = await TestServer.StartAsync(tls: true);
        await using var plain = await TestServer.StartAsync();
        await using var fixture = new NetworkFixture(configure: options => WithoutAddressCheck(options) with { CertificateAuthorities = [secure.Certificate!] });
        var url = $"https://secure.test:{secure.Port}/";

        Assert.Equal("hello", await fixture.GetAsync(Plugin(To($"https://secure.test:{secure.Port}", "cluster")), url));
        AssertRefused("permission-denied: the cluster's token goes only to a server that a permission names exactly", await fixture.GetAsync(Plugin(To($"https://*.test:{secure.Port}", "cluster")), url));
        AssertRefused("permission-denied: the cluster's token goes only over https", await fixture.GetAsync(Plugin(To($"http://plain.test:{plain.Port}", "cluster")), $"http://plain.test:{plain.Port}/"));

        Assert.Equal(["Bearer cluster-token"], secure.Authorizations);
        Assert.Empty(plain.Reached);
    }

    [Fact]
    public async Task Fetch_RedirectedToASubdomain_DoesNotCarryTheClustersToken()
    {
        TestServer? secure = null;
        await using var started = secure = await TestServer.StartAsync(
            http => http.Request.Host.Host == "secure.test" ? TestServer.RedirectTo($"https://evil.secure.test:{secure!.Port}/")(http) : http.Response.WriteAsync("hello"), tls: true);
        await using var fixture = new NetworkFixture(configure: options => WithoutAddressCheck(options) with { CertificateAuthorities = [secure.Certificate!] });

        Assert.Equal("hello", await fixture.GetAsync(Plugin(To($"https://secure.test:{secure.Port}", "cluster"), To($"https://*.secure.test:{secure.Port}")), $"https://secure.test:{secure.Port}/"));

        Assert.Equal(["Bearer cluster-token", ""], secure.Authorizations);
    }

    [Fact]
    public async Task Fetch_CertificateOfNobodyKnown_IsRefused()
    {
        await using var secure = await TestServer.StartAsync(tls: true);
        await using var fixture = new NetworkFixture(configure: WithoutAddressCheck);
        await using var wrongName = new NetworkFixture(configure: options => WithoutAddressCheck(options) with { CertificateAuthorities = [secure.Certificate!] });

        AssertRefused("unavailable: the server's certificate or its TLS is not accepted", await fixture.GetAsync(Plugin(To($"https://secure.test:{secure.Port}")), $"https://secure.test:{secure.Port}/"));
        AssertRefused("unavailable: the server's certificate or its TLS is not accepted", await wrongName.GetAsync(Plugin(To($"https://other.test:{secure.Port}")), $"https://other.test:{secure.Port}/"));
        Assert.Empty(secure.Reached);
    }
}
