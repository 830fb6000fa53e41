using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts.Versions;
using Markdig;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>What people store is shown to others as text, wherever it is shown.</summary>
public sealed class StoredTextTests : IAsyncLifetime
{
    private const string Attack = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'";

    private MarketFixture _market = null!;
    private Browser _browser = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        _browser = Browser.Of(_market);
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _market.DisposeAsync();
    }

    [Fact]
    public async Task Readme_WithATag_IsShownAsText()
    {
        await _market.LiveAsync(await _market.OwnerAsync(), SamplePlugin.Package(readme: $"Hello\n\n{Attack}\n"));

        AssertHarmless(await _browser.PageAsync("/plugins/acme.demo"));

        Assert.Contains("<script>", Markdown.ToHtml(Attack), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReviewReplyAndReport_WithATag_AreShownAsText()
    {
        var owner = await _market.OwnerAsync();
        await _market.LiveAsync(owner, SamplePlugin.Package());
        var bob = await _market.RegisterAsync("bob");
        await _market.InstallAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), MarketFixture.Value(await bob.CreateTokenAsync(new NewToken { Name = "t", Scopes = [TokenScope.Read] }, default)).Token);
        var review = MarketFixture.Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 1, Text = Attack }, default));
        MarketFixture.Value(await owner.ReplyAsync(review.Id, new NewReply { Text = Attack }, default));
        MarketFixture.Value(await owner.ReportReviewAsync(review.Id, new Reason { Text = Attack }, default));
        await _market.ModeratorAsync("mona");
        using var moderator = await new Browser(_market).SignInAsync("mona");

        AssertHarmless(await _browser.PageAsync("/plugins/acme.demo"));
        AssertHarmless(await moderator.PageAsync("/moderation"));
    }

    [Fact]
    public async Task NamesReasonsAndSearches_WithATag_AreShownAsText()
    {
        var owner = await _market.RegisterAsync("alice");
        MarketFixture.Value(await owner.CreatePublisherAsync(new NewPublisher { Name = "acme", DisplayName = Attack }, default));
        MarketFixture.Value(await owner.AddKeyAsync("acme", new NewAuthorKey { Key = _market.Author.PublicKey, Comment = Attack }, default));
        await _market.LiveAsync(owner, SamplePlugin.Package());
        MarketFixture.Value(await owner.YankAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), new Reason { Text = Attack }, default));
        using var portal = await new Browser(_market).SignInAsync("alice");

        AssertHarmless(await _browser.PageAsync("/publishers/acme"));
        AssertHarmless(await _browser.PageAsync("/plugins/acme.demo"));
        AssertHarmless(await _browser.PageAsync($"/search?q={Uri.EscapeDataString(Attack)}"));
        AssertHarmless(await _browser.PageAsync($"/search?category={Uri.EscapeDataString(Attack)}"));
        AssertHarmless(await portal.PageAsync("/portal/publishers/acme"));
        await _market.ModeratorAsync("mona");
        using var moderator = await new Browser(_market).SignInAsync("mona");
        AssertHarmless(await moderator.PageAsync("/moderation/audit"));
    }

    /// <summary>The text is there, and nothing of it is a tag.</summary>
    private static void AssertHarmless(string html)
    {
        Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img src=x", html, StringComparison.OrdinalIgnoreCase);
    }
}
