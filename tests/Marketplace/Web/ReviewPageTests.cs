using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Marketplace.Tests.Web;

/// <summary>Reviews by browser.</summary>
public sealed class ReviewPageTests : IAsyncLifetime
{
    private const string Page = "/plugins/acme.demo";

    private MarketFixture _market = null!;
    private Browser _owner = null!;
    private Browser _bob = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        await _market.LiveAsync(await _market.OwnerAsync(), SamplePlugin.Package());
        _owner = await new Browser(_market).SignInAsync("alice");
        _bob = await new Browser(_market).RegisterAsync("bob");
        await _market.InstallAsync(SamplePlugin.Id, SemanticVersion.Parse("1.0.0"), MarketFixture.Value(await _market.Client(_bob.Session).CreateTokenAsync(new NewToken { Name = "t", Scopes = [TokenScope.Read] }, default)).Token);
    }

    public async Task DisposeAsync()
    {
        _owner.Dispose();
        _bob.Dispose();
        await _market.DisposeAsync();
    }

    [Fact]
    public async Task Review_IsWrittenEditedAnsweredAndWithdrawn()
    {
        var written = await _bob.DoAsync(Page, $"{Page}/review", ("stars", "4"), ("text", "It does\r\nwhat it says"));
        var review = await ReviewAsync();
        Assert.Equal("It does\nwhat it says", review.Text);
        Assert.Contains("aria-label=\"4 of 5 stars\"", written, StringComparison.Ordinal);
        Assert.Contains("Change your review", written, StringComparison.Ordinal);

        Assert.Contains("Thank you", await _owner.DoAsync(Page, $"/reviews/{review.Id}/reply", ("text", "Thank you")), StringComparison.Ordinal);
        Assert.Contains("edited", await _bob.DoAsync(Page, $"{Page}/review", ("stars", "5"), ("text", "Even better")), StringComparison.Ordinal);
        var past = WebUtility.HtmlDecode(await _owner.PageAsync($"/reviews/{review.Id}/history"));
        Assert.Contains("Even better", past, StringComparison.Ordinal);
        Assert.Contains("It does\nwhat it says", past, StringComparison.Ordinal);
        Assert.Contains("Top rated", await _bob.PageAsync("/"), StringComparison.Ordinal);
        Assert.Contains("Nobody has reviewed it yet", await _bob.DoAsync(Page, $"{Page}/review/withdrawal"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Review_OfSomebodyWhoHasNotInstalledIt_IsRefused()
    {
        using var carol = await new Browser(_market).RegisterAsync("carol");
        using var response = await carol.SubmitAsync(Page, $"{Page}/review", ("stars", "1"), ("text", "bad"));

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("while signed in may review it", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // The publisher's own people have no form at all.
        Assert.DoesNotContain($"action=\"{Page}/review\"", await _owner.PageAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Review_IsVotedForReportedAndHidden()
    {
        await _bob.DoAsync(Page, $"{Page}/review", ("stars", "1"), ("text", "buy my pills"));
        var review = await ReviewAsync();
        using var carol = await new Browser(_market).RegisterAsync("carol");
        Assert.Contains("Helpful (1)", await carol.DoAsync(Page, $"/reviews/{review.Id}/helpful"), StringComparison.Ordinal);
        Assert.Contains("Helpful (0)", await carol.DoAsync(Page, $"/reviews/{review.Id}/helpful", ("helpful", "no")), StringComparison.Ordinal);
        await carol.DoAsync(Page, $"/reviews/{review.Id}/reports", ("reason", "it is spam"));

        await _market.ModeratorAsync("mona");
        using var mona = await new Browser(_market).SignInAsync("mona");
        Assert.Contains("it is spam", await mona.PageAsync("/moderation"), StringComparison.Ordinal);
        await mona.DoAsync("/moderation", $"/moderation/reviews/{review.Id}/hidden", ("reason", "an advertisement"));

        Assert.DoesNotContain("buy my pills", await carol.PageAsync(Page), StringComparison.Ordinal);
        await carol.PageAsync($"/reviews/{review.Id}/history", HttpStatusCode.NotFound);
        Assert.Contains("an advertisement", await _bob.PageAsync(Page), StringComparison.Ordinal);
        await mona.DoAsync(Page, $"/moderation/reviews/{review.Id}/hidden", ("decision", "take-back"));
        Assert.Contains("buy my pills", await carol.PageAsync(Page), StringComparison.Ordinal);
    }

    private async Task<Review> ReviewAsync() => Assert.Single(MarketFixture.Value(await _market.Client().ReviewsAsync(SamplePlugin.Id, null, default)).Reviews);
}
