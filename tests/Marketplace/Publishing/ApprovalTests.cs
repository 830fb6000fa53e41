using System.Net;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Tests.Web;
using LazyOC.Plugins.Contracts.Versions;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Publishing;

/// <summary>Versions that wait for a second owner, and those who would go round him.</summary>
public sealed class ApprovalTests
{
    private static readonly SemanticVersion One = SemanticVersion.Parse("1.0.0");
    private static readonly SemanticVersion Two = SemanticVersion.Parse("2.0.0");

    [Fact]
    public async Task Version_GoesLive_OnceAnOtherOwnerApproves()
    {
        await using var market = await MarketFixture.StartAsync();
        var (alice, bob) = await OwnersAsync(market);
        var carol = await market.RegisterAsync("carol");
        await market.JoinAsync(alice, carol, "carol", PublisherRole.Maintainer);
        var staged = await market.SettleAsync(alice, SamplePlugin.Package());
        Assert.Equal((VersionState.Staged, "a second owner has to approve it"), (staged.State, staged.Reasons.Single()));
        Refusal(ProblemTypes.NotFound, await market.Client().PluginAsync(SamplePlugin.Id, default));
        Refusal(ProblemTypes.Forbidden, await alice.ApproveAsync(SamplePlugin.Id, One, default));
        Refusal(ProblemTypes.Forbidden, await carol.ApproveAsync(SamplePlugin.Id, One, default));
        Refusal(ProblemTypes.Unauthenticated, await market.Client().ApproveAsync(SamplePlugin.Id, One, default));
        var token = market.Client(Value(await bob.CreateTokenAsync(new NewToken { Name = "all", Scopes = [.. Enum.GetValues<TokenScope>()] }, default)).Token);
        Refusal(ProblemTypes.TokenScope, await token.ApproveAsync(SamplePlugin.Id, One, default));

        Assert.Equal(VersionState.Live, Value(await bob.ApproveAsync(SamplePlugin.Id, One, default)).State);

        await market.InstallAsync(SamplePlugin.Id, One);
        Refusal(ProblemTypes.WrongState, await bob.ApproveAsync(SamplePlugin.Id, One, default));
        // The approval is of that version only.
        Assert.Equal(VersionState.Staged, (await market.SettleAsync(carol, SamplePlugin.Package(version: "2.0.0"))).State);
        Value(await alice.ApproveAsync(SamplePlugin.Id, Two, default));
    }

    [Fact]
    public async Task Rule_IsForOwnersInASession_WithASecondOne_AndStaysWhileSomethingWaits()
    {
        await using var market = await MarketFixture.StartAsync();
        var alice = await market.OwnerAsync();
        var on = new ApprovalRule { IsNeeded = true };
        Refusal(ProblemTypes.WrongState, await alice.SetApprovalAsync("acme", on, default));
        var bob = await market.RegisterAsync("bob");
        await market.JoinAsync(alice, bob, "bob", PublisherRole.Maintainer);
        Refusal(ProblemTypes.Forbidden, await bob.SetApprovalAsync("acme", on, default));
        Value(await alice.SetMemberAsync("acme", "bob", new MemberRole { Role = PublisherRole.Owner }, default));
        var token = market.Client(Value(await alice.CreateTokenAsync(new NewToken { Name = "all", Scopes = [.. Enum.GetValues<TokenScope>()] }, default)).Token);
        Refusal(ProblemTypes.TokenScope, await token.SetApprovalAsync("acme", on, default));
        Value(await alice.SetApprovalAsync("acme", on, default));
        Assert.True(Value(await market.Client().PublisherAsync("acme", default)).NeedsApproval);
        await market.SettleAsync(alice, SamplePlugin.Package());

        Refusal(ProblemTypes.WrongState, await alice.SetApprovalAsync("acme", new ApprovalRule { IsNeeded = false }, default));

        Value(await alice.UnpublishAsync(SamplePlugin.Id, One, default));
        Value(await alice.SetApprovalAsync("acme", new ApprovalRule { IsNeeded = false }, default));
        // The control: without the rule it goes live by its checks.
        await market.LiveAsync(alice, SamplePlugin.Package(version: "2.0.0"));
    }

    [Fact]
    public async Task Approval_DoesNotStandForTheChecks()
    {
        var verdict = Verdict.Hold;
        await using var market = await MarketFixture.StartAsync(new TestScanner("asks", (_, _) => Task.FromResult(new ScanResult(verdict, []))));
        var (alice, bob) = await OwnersAsync(market);
        Assert.Equal(VersionState.Held, (await market.SettleAsync(alice, SamplePlugin.Package())).State);
        Refusal(ProblemTypes.WrongState, await bob.ApproveAsync(SamplePlugin.Id, One, default));
        var moderator = await market.ModeratorAsync();
        // Nor does a moderator for the owner.
        Assert.Equal(VersionState.Staged, Value(await moderator.JudgeAsync(SamplePlugin.Id, One, new NewVerdict { Decision = HumanDecision.Pass, Reason = "in order" }, default)).State);
        verdict = Verdict.Reject;
        Value(await moderator.RescanAsync(SamplePlugin.Id, One, default));
        await market.DecidedAsync();

        Refusal(ProblemTypes.WrongState, await bob.ApproveAsync(SamplePlugin.Id, One, default));

        Refusal(ProblemTypes.NotFound, await market.Client().PluginAsync(SamplePlugin.Id, default));
    }

    [Fact]
    public async Task Portal_ApprovesByAForm()
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { SignInsPerTenMinutes = 1000 }, []);
        var (alice, _) = await OwnersAsync(market);
        await market.SettleAsync(alice, SamplePlugin.Package());
        using var own = await new Browser(market).SignInAsync("alice");
        using var other = await new Browser(market).SignInAsync("bob");
        using (var refused = await own.SubmitAsync("/portal/publishers/acme", "/portal/plugins/acme.demo/1.0.0/approval")) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        var page = await other.DoAsync("/portal/publishers/acme", "/portal/plugins/acme.demo/1.0.0/approval");

        Assert.Contains("state-live", page, StringComparison.Ordinal);
    }

    private static async Task<(MarketClient Alice, MarketClient Bob)> OwnersAsync(MarketFixture market)
    {
        var alice = await market.OwnerAsync();
        var bob = await market.RegisterAsync("bob");
        await market.JoinAsync(alice, bob, "bob", PublisherRole.Owner);
        Value(await alice.SetApprovalAsync("acme", new ApprovalRule { IsNeeded = true }, default));
        return (alice, bob);
    }
}
