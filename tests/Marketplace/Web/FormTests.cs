using System.Net;
using System.Text;
using LazyOC.Marketplace.Protocol.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>Another site that has the browser of somebody who has signed in send forms.</summary>
public sealed class FormTests : IAsyncLifetime
{
    private MarketFixture _market = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        await _market.OwnerAsync();
        _browser = await new Browser(_market).SignInAsync("alice");
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _market.DisposeAsync();
    }

    [Fact]
    public async Task Form_WithoutItsToken_ChangesNothing()
    {
        using var forged = await _browser.PostAsync("/portal/publishers", ("name", "forged"));
        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Contains("load the page again", await forged.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        MarketFixture.Refusal(ProblemTypes.NotFound, await _market.Client().PublisherAsync("forged", default));

        // With it, the same form is taken.
        await _browser.DoAsync("/portal", "/portal/publishers", ("name", "forged"));
        Assert.Equal("forged", MarketFixture.Value(await _market.Client().PublisherAsync("forged", default)).Name);
    }

    [Fact]
    public async Task Form_WithATokenOfAnother_ChangesNothing()
    {
        using var mallory = await new Browser(_market).RegisterAsync("mallory");
        var theirs = Browser.TokenOf(await mallory.PageAsync("/portal"), "/portal/publishers");
        var ofAnotherForm = Browser.TokenOf(await _browser.PageAsync("/portal/tokens"), "/portal/tokens");
        foreach (var token in new[] { theirs, ofAnotherForm, "", new string('0', 64) })
        {
            using var forged = await _browser.PostAsync("/portal/publishers", ("form-token", token), ("name", "forged"));
            Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        }
        MarketFixture.Refusal(ProblemTypes.NotFound, await _market.Client().PublisherAsync("forged", default));
    }

    [Fact]
    public async Task SignIn_ThatAnotherSiteSends_DoesNotSignIn()
    {
        using var victim = new Browser(_market);
        using var forged = await victim.PostAsync("/sign-in", ("name", "alice"), ("password", MarketFixture.Password));

        Assert.Equal(HttpStatusCode.Forbidden, forged.StatusCode);
        Assert.Null(victim.Session);
    }

    [Fact]
    public async Task EveryAddressThatTakesForms_WantsAToken()
    {
        var addresses = _market.Server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Contains(HttpMethods.Post) is true && !endpoint.RoutePattern.RawText!.StartsWith("/v1", StringComparison.Ordinal))
            .Select(endpoint => endpoint.RoutePattern.RawText!.Replace("{id}", "acme.demo", StringComparison.Ordinal).Replace("{version}", "1.0.0", StringComparison.Ordinal).Replace("{name}", "acme", StringComparison.Ordinal).Replace("{review}", "r1", StringComparison.Ordinal).Replace("{provider}", "corp", StringComparison.Ordinal))
            .ToList();
        Assert.True(addresses.Count >= 20, $"{addresses.Count}");
        foreach (var address in addresses)
        {
            using var forged = await _browser.PostAsync(address, ("name", "x"), ("reason", "x"), ("text", "x"));
            Assert.True(forged.StatusCode == HttpStatusCode.Forbidden, $"{address}: {forged.StatusCode}");
            Assert.Contains("this site gave you", await forged.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Form_ThatIsNoneOrTooLarge_IsRefused()
    {
        using var json = await _browser.SendAsync(HttpMethod.Post, "/portal/publishers", new StringContent("{}", Encoding.UTF8, "application/json"));
        using var large = await _browser.PostAsync("/portal/publishers", ("name", new string('x', MarketLimits.Default.MaxJsonBytes)));
        using var many = await _browser.PostAsync("/portal/publishers", [.. Enumerable.Range(0, 2000).Select(i => ($"n{i}", "x"))]);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, json.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        // The browser is not to send what comes next where nobody listens any more.
        Assert.True(large.Headers.ConnectionClose);
        Assert.Equal(HttpStatusCode.BadRequest, many.StatusCode);
    }
}
