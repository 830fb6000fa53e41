using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Web;
using LazyOC.Plugins.Packages;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>Pictures out of packages: who gets them, and what a hostile one can do.</summary>
public sealed class PictureTests : IAsyncLifetime
{
    private const string Hostile = """<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='owned'"><script>document.title='owned'</script></svg>""";

    private MarketFixture _market = null!;
    private MarketClient _owner = null!;
    private PluginPackage _package = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        _owner = await _market.OwnerAsync();
        _package = await _market.LiveAsync(_owner, SamplePlugin.Package(
            readme: "![The board](screens/board.svg)",
            files: new Dictionary<string, string> { ["screens/board.svg"] = Hostile, ["screens/other.svg"] = "<svg/>", ["secret.html"] = "<script>1</script>" }));
    }

    public async Task DisposeAsync() => await _market.DisposeAsync();

    [Fact]
    public async Task Picture_OfAReadme_IsShownAndKept()
    {
        using var browser = Browser.Of(_market);
        Assert.Contains($"<img src=\"{AddressOf("screens/board.svg")}\"", await browser.PageAsync("/plugins/acme.demo"), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            using var answer = await GetAsync("screens/board.svg");
            Assert.Equal("image/svg+xml", answer.Content.Headers.ContentType!.ToString());
            Assert.Equal(Hostile, await answer.Content.ReadAsStringAsync());
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }
        using var other = await GetAsync("screens/other.svg");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(1, _market.Server.Services.GetRequiredService<PluginPictures>().Opened);
    }

    /// <summary>Opened by itself it is a document of this site: of an origin of its own, which runs nothing. <c>tests/Marketplace.Browser</c> opens it.</summary>
    [Fact]
    public async Task Picture_OpenedByItself_RunsNothing()
    {
        using var answer = await GetAsync("screens/board.svg");

        Assert.Equal(PluginPictures.ContentSecurityPolicy, Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
    }

    [Theory]
    [InlineData("secret.html")]
    [InlineData("plugin.json")]
    [InlineData("screens/none.svg")]
    [InlineData("screens%2F..%2Fplugin.json")]
    public async Task WhatIsNoPictureInThePackage_IsNotGiven(string path)
    {
        using var answer = await GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Picture_OfAVersionThatIsStopped_IsNotGiven()
    {
        var moderator = await _market.ModeratorAsync();
        Value(await moderator.KillAsync(SamplePlugin.Id, _package.Manifest.Version, new Reason { Text = "it steals" }, default));

        using var answer = await GetAsync("screens/board.svg");

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
    }

    [Fact]
    public async Task Picture_OfAVersionThatIsHeld_IsNotGiven()
    {
        var scanner = TestScanner.Of("strict", Verdict.Hold);
        await using var market = await MarketFixture.StartAsync(scanner);
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package(files: new Dictionary<string, string> { ["a.svg"] = "<svg/>" });

        Assert.Equal(VersionState.Held, (await market.SettleAsync(owner, package)).State);

        using var answer = await market.Http.GetAsync(new Uri(market.Url, PluginPictures.AddressOf(package.Digest, "a.svg")));
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private Task<HttpResponseMessage> GetAsync(string path) => _market.Http.GetAsync(new Uri(_market.Url, AddressOf(path)));

    private string AddressOf(string path) => $"{PluginPictures.Path}/{_package.Digest}/{path}";
}
