using LazyOC.Marketplace.Downloads;
using LazyOC.Marketplace.Plugins;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts.Versions;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Reviews;

/// <summary>Reviews, by those who have installed what they review.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class ReviewTests : IAsyncLifetime
{
    private static readonly SemanticVersion One = SemanticVersion.Parse("1.0.0");

    private MarketFixture _market = null!;
    private MarketClient _owner = null!;

    public async Task InitializeAsync()
    {
        _market = await MarketFixture.StartAsync();
        _owner = await _market.OwnerAsync();
        await _market.LiveAsync(_owner, SamplePlugin.Package());
    }

    public async Task DisposeAsync() => await _market.DisposeAsync();

    [Fact]
    public async Task Review_ByWhoHasNotInstalledIt_IsRefused_AndAfterwardsTaken()
    {
        var (bob, token) = await UserAsync("bob");
        Refusal(ProblemTypes.Forbidden, await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 5 }, default));
        // Installing without saying who one is does not count.
        await _market.InstallAsync(SamplePlugin.Id, One);
        Refusal(ProblemTypes.Forbidden, await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 5 }, default));

        await _market.InstallAsync(SamplePlugin.Id, One, token);
        var review = Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 4, Text = "works\nwell" }, default));

        Assert.Equal(("bob", 4, "works\nwell", "1.0.0"), (review.Author, review.Stars, review.Text, review.Version));
        Assert.Equal(review, Assert.Single(Value(await _market.Client().ReviewsAsync(SamplePlugin.Id, null, default)).Reviews));
    }

    [Fact]
    public async Task Review_Changed_KeepsWhatItWas()
    {
        var bob = await InstalledAsync("bob");
        var first = Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 5, Text = "great" }, default));
        var second = Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 1, Text = "not any more" }, default));

        var list = Value(await bob.ReviewsAsync(SamplePlugin.Id, null, default));

        Assert.Equal(first.Id, second.Id);
        Assert.NotNull(second.Edited);
        Assert.Equal(1, list.Rating.Count);
        Assert.Equal([1, 0, 0, 0, 0], list.Rating.Stars.ToArray());
        Assert.Equal((5, "great"), (Assert.Single(Value(await bob.ReviewHistoryAsync(first.Id, default)).Edits) is var edit ? (edit.Stars, edit.Text) : default));
        Value(await bob.WithdrawReviewAsync(SamplePlugin.Id, default));
        Assert.Equal(0, Value(await bob.ReviewsAsync(SamplePlugin.Id, null, default)).Rating.Count);
    }

    [Fact]
    public async Task Review_OfOnesOwnPublisher_IsRefused()
    {
        var token = Value(await _owner.CreateTokenAsync(new NewToken { Name = "read", Scopes = [TokenScope.Read] }, default)).Token;
        await _market.InstallAsync(SamplePlugin.Id, One, token);

        Assert.Contains("of his own", Refusal(ProblemTypes.Forbidden, await _owner.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 5 }, default)).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "", "stars")]
    [InlineData(6, "", "stars")]
    [InlineData(5, "\u0007bell", "text")]
    public async Task Review_ThatCannotBeShown_IsRefused(int stars, string text, string field)
    {
        var bob = await InstalledAsync("bob");
        Assert.Equal(field, Refusal(ProblemTypes.InvalidRequest, await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = stars, Text = text }, default)).Field);
    }

    [Fact]
    public async Task Reply_IsTheOwners()
    {
        var bob = await InstalledAsync("bob");
        var review = Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 2, Text = "slow" }, default));

        Refusal(ProblemTypes.Forbidden, await bob.ReplyAsync(review.Id, new NewReply { Text = "no" }, default));
        var answered = Value(await _owner.ReplyAsync(review.Id, new NewReply { Text = "2.0 is faster" }, default));

        Assert.Equal("2.0 is faster", answered.Reply?.Text);
    }

    [Fact]
    public async Task Votes_CountOnceForEachAccount_AndOrderTheList()
    {
        var bob = await InstalledAsync("bob");
        var carol = await InstalledAsync("carol");
        var first = Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 2, Text = "first" }, default));
        Value(await carol.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 3, Text = "second" }, default));

        Value(await carol.VoteHelpfulAsync(first.Id, default));
        Value(await carol.VoteHelpfulAsync(first.Id, default));
        Refusal(ProblemTypes.Forbidden, await bob.VoteHelpfulAsync(first.Id, default));

        Assert.Equal([("first", 1L), ("second", 0L)], Value(await _market.Client().ReviewsAsync(SamplePlugin.Id, null, default)).Reviews.Select(review => (review.Text, review.Helpful)));
        Value(await carol.TakeVoteBackAsync(first.Id, default));
        Assert.All(Value(await _market.Client().ReviewsAsync(SamplePlugin.Id, null, default)).Reviews, review => Assert.Equal(0, review.Helpful));
    }

    [Fact]
    public async Task Moderator_HidesWhatWasReported_AndItDoesNotCountAnyMore()
    {
        var bob = await InstalledAsync("bob");
        var carol = await InstalledAsync("carol");
        var moderator = await _market.ModeratorAsync();
        var review = Value(await bob.ReviewAsync(SamplePlugin.Id, new NewReview { Stars = 1, Text = "buy my pills" }, default));
        Value(await carol.ReportReviewAsync(review.Id, new Reason { Text = "spam" }, default));
        Assert.Equal(["spam"], Assert.Single(Value(await moderator.QueueAsync(default)).Reviews).Reasons.ToArray());
        Refusal(ProblemTypes.Forbidden, await carol.HideReviewAsync(review.Id, new Reason { Text = "spam" }, default));

        Value(await moderator.HideReviewAsync(review.Id, new Reason { Text = "it is an advertisement" }, default));

        Assert.Empty(Value(await _market.Client().ReviewsAsync(SamplePlugin.Id, null, default)).Reviews);
        Assert.Empty(Value(await carol.ReviewsAsync(SamplePlugin.Id, null, default)).Reviews);
        Refusal(ProblemTypes.NotFound, await carol.ReviewHistoryAsync(review.Id, default));
        Assert.Equal("it is an advertisement", Assert.Single(Value(await bob.ReviewsAsync(SamplePlugin.Id, null, default)).Reviews).Hidden);
        Assert.Equal(0, Value(await bob.ReviewsAsync(SamplePlugin.Id, null, default)).Rating.Count);
        Assert.Empty(Value(await moderator.QueueAsync(default)).Reviews);
        Value(await moderator.ShowReviewAsync(review.Id, default));
        Assert.Equal(1, Value(await carol.ReviewsAsync(SamplePlugin.Id, null, default)).Rating.Count);
    }

    [Fact]
    public async Task Downloads_AreCountedOnceForEachUserADay_AndAllOfThem()
    {
        var (_, token) = await UserAsync("bob");
        for (var i = 0; i < 3; i++) await _market.InstallAsync(SamplePlugin.Id, One);
        for (var i = 0; i < 2; i++) await _market.InstallAsync(SamplePlugin.Id, One, token);
        await CountAsync();
        _market.Clock.Advance(TimeSpan.FromDays(1));
        await _market.InstallAsync(SamplePlugin.Id, One);
        await CountAsync();

        var info = Value(await _market.Client().PluginAsync(SamplePlugin.Id, default));

        Assert.Equal([(2L, 5L), (1L, 1L)], info.Downloads.Select(day => (day.Installs, day.Downloads)));
        Assert.Equal(3, info.Summary.Installs);
        Assert.Equal(3, info.Versions.Single().Installs);
    }

    [Fact]
    public async Task Downloads_ThatGoOnInTheMiddle_AreNotCounted()
    {
        var digest = Value(await _market.Client().PluginAsync(SamplePlugin.Id, default)).Versions.Single().Digest;
        foreach (var (from, method) in new[] { (10, HttpMethod.Get), (0, HttpMethod.Head), (0, HttpMethod.Get) })
        {
            using var request = new HttpRequestMessage(method, new Uri(_market.Url, $"v1/packages/{digest}.lzp"));
            request.Headers.Range = new(from, null);
            using var response = await _market.Http.SendAsync(request);
            await response.Content.ReadAsByteArrayAsync();
        }
        await CountAsync();

        Assert.Equal(1, Assert.Single(Value(await _market.Client().PluginAsync(SamplePlugin.Id, default)).Downloads).Downloads);
    }

    [Fact]
    public void Bayesian_OfOneReview_IsBelowThatOfMany()
    {
        Assert.True(Ratings.Of([0, 0, 0, 0, 1]).Bayesian < Ratings.Of([0, 0, 0, 20, 80]).Bayesian);
        Assert.Equal(3, Ratings.Of([0, 0, 0, 0, 0]).Bayesian);
        Assert.Equal(4.5, Ratings.Of([0, 0, 0, 1, 1]).Average);
    }

    private async Task<(MarketClient Client, string Token)> UserAsync(string name)
    {
        var client = await _market.RegisterAsync(name);
        return (client, Value(await client.CreateTokenAsync(new NewToken { Name = "laptop", Scopes = [TokenScope.Read] }, default)).Token);
    }

    private async Task<MarketClient> InstalledAsync(string name)
    {
        var (client, token) = await UserAsync(name);
        await _market.InstallAsync(SamplePlugin.Id, One, token);
        return client;
    }

    /// <summary>Counts what was downloaded.</summary>
    private async Task CountAsync() => await _market.Server.Services.GetRequiredService<DownloadCounts>().FlushAsync(default);
}
