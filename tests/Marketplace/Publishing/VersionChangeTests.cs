using System.Net;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Publishing;

/// <summary>What is said of versions after they went live, as users' clients read it.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class VersionChangeTests
{
    private static readonly SemanticVersion One = SemanticVersion.Parse("1.0.0");
    private static readonly SemanticVersion Two = SemanticVersion.Parse("2.0.0");

    [Fact]
    public async Task Yank_IsInTheIndexWithItsReason_AndThePackageStays()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());

        Value(await owner.YankAsync(SamplePlugin.Id, One, new Reason { Text = "it loses data" }, default));
        var before = await LineAsync(market);
        await market.InstallAsync(SamplePlugin.Id, One);
        Value(await owner.UnyankAsync(SamplePlugin.Id, One, default));

        Assert.Equal("it loses data", before.Yanked);
        Assert.Null((await LineAsync(market)).Yanked);
        Assert.Equal(3, Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Header.Sequence);
    }

    [Fact]
    public async Task Yank_ByStrangersOrWithAnotherScope_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());
        var stranger = await market.RegisterAsync("mallory");
        var publish = market.Client(Value(await owner.CreateTokenAsync(new NewToken { Name = "p", Scopes = [TokenScope.Publish] }, default)).Token);
        var yank = market.Client(Value(await owner.CreateTokenAsync(new NewToken { Name = "y", Scopes = [TokenScope.Yank], Plugins = "acme.demo" }, default)).Token);
        var reason = new Reason { Text = "because" };

        Refusal(ProblemTypes.Unauthenticated, await market.Client().YankAsync(SamplePlugin.Id, One, reason, default));
        Refusal(ProblemTypes.Forbidden, await stranger.YankAsync(SamplePlugin.Id, One, reason, default));
        Refusal(ProblemTypes.TokenScope, await publish.YankAsync(SamplePlugin.Id, One, reason, default));
        Assert.Null((await LineAsync(market)).Yanked);
        Value(await yank.YankAsync(SamplePlugin.Id, One, reason, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\nlines")]
    [InlineData("\u202Ereversed")]
    public async Task Yank_WithAReasonThatCannotBeShown_IsRefused(string reason)
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());

        Assert.Equal("reason", Refusal(ProblemTypes.InvalidRequest, await owner.YankAsync(SamplePlugin.Id, One, new Reason { Text = reason }, default)).Field);
    }

    [Fact]
    public async Task Deprecation_IsInEveryLine_WithItsSuccessor()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());
        await market.LiveAsync(owner, SamplePlugin.Package(version: "2.0.0"));
        await market.LiveAsync(owner, SamplePlugin.Package(id: "acme.next"));

        var info = Value(await owner.DeprecateAsync(SamplePlugin.Id, new NewDeprecation { Reason = "use the next one", Successor = PluginId.Parse("acme.next") }, default));

        Assert.True(info.Summary.IsDeprecated);
        var lines = Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines;
        Assert.All(lines, line => Assert.Equal(PluginId.Parse("acme.next"), line.Deprecated?.Successor));
        Refusal(ProblemTypes.NotFound, await owner.DeprecateAsync(SamplePlugin.Id, new NewDeprecation { Reason = "x", Successor = PluginId.Parse("acme.nothing") }, default));
        Value(await owner.UndeprecateAsync(SamplePlugin.Id, default));
        Assert.Null((await LineAsync(market)).Deprecated);
    }

    [Fact]
    public async Task Quarantine_TakesThePackageAway_UntilItIsLetGo()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package());
        var moderator = await market.ModeratorAsync();
        var reason = new Reason { Text = "somebody reported it" };
        Refusal(ProblemTypes.Forbidden, await owner.QuarantineAsync(SamplePlugin.Id, One, reason, default));

        Value(await moderator.QuarantineAsync(SamplePlugin.Id, One, reason, default));

        Assert.Equal("somebody reported it", (await LineAsync(market)).Quarantined);
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(market, package));
        Assert.Empty(Value(await market.Client().SearchAsync(new SearchQuery(), default)).Plugins);
        Value(await moderator.ReleaseAsync(SamplePlugin.Id, One, default));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(market, package));
        var log = Value(await moderator.AuditAsync(null, default)).Records;
        Assert.Contains(log, record => record is { Account: "mona", Action: "version.quarantine", Reason: "somebody reported it" });
        Refusal(ProblemTypes.Forbidden, await owner.AuditAsync(null, default));
    }

    [Fact]
    public async Task Kill_IsInTheIndexForGood()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package());
        var moderator = await market.ModeratorAsync();

        Value(await moderator.KillAsync(SamplePlugin.Id, One, new Reason { Text = "it steals tokens" }, default));

        Assert.Equal("it steals tokens", (await LineAsync(market)).Kill);
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(market, package));
        Assert.Equal("it steals tokens", Value(await market.Client().PluginAsync(SamplePlugin.Id, default)).Versions.Single().Kill);
    }

    [Fact]
    public async Task Unpublish_WithinItsTime_TakesTheVersionBackAndUsesItUp()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package());
        await market.LiveAsync(owner, SamplePlugin.Package(version: "2.0.0"));

        Value(await owner.UnpublishAsync(SamplePlugin.Id, One, default));

        Assert.Equal([Two], Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines.Select(line => line.Version));
        Assert.Equal(HttpStatusCode.Gone, await StatusAsync(market, package));
        Refusal(ProblemTypes.VersionExists, await market.PublishAsync(owner, SamplePlugin.Package(code: "export { };")));
        Assert.Equal(VersionState.Unpublished, Value(await market.PublishAsync(owner, package)).State);
        market.Clock.Advance(TimeSpan.FromHours(73));
        var again = market.Client(Value(await market.Client().SignInAsync(new Credentials { Name = "alice", Password = Password }, default)).Token);
        Refusal(ProblemTypes.WrongState, await again.UnpublishAsync(SamplePlugin.Id, Two, default));
    }

    [Fact]
    public async Task Unpublish_OfWhatOthersDependOn_IsRefused()
    {
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());
        await market.LiveAsync(owner, SamplePlugin.Package(version: "2.0.0"));
        await market.LiveAsync(owner, SamplePlugin.Package(id: "acme.user", more: ""","dependencies":{"acme.demo":"^1.0"}"""));

        var problem = Refusal(ProblemTypes.WrongState, await owner.UnpublishAsync(SamplePlugin.Id, One, default));

        Assert.Contains("acme.user depends on", problem.Detail, StringComparison.Ordinal);
        Value(await owner.UnpublishAsync(SamplePlugin.Id, Two, default));
        Assert.Equal([PluginId.Parse("acme.user")], Value(await owner.PluginAsync(SamplePlugin.Id, default)).Dependents.ToArray());
    }

    [Fact]
    public async Task Moderator_LetsThroughWhatIsHeld_ButNotWhatNobodyHasSeen()
    {
        var fails = true;
        await using var market = await MarketFixture.StartAsync(
            TestScanner.Of("asks", Verdict.Hold),
            new TestScanner("fails", (_, _) => fails ? throw new InvalidOperationException("down") : Task.FromResult(ScanResult.Passed)));
        var owner = await market.OwnerAsync();
        Assert.Equal(VersionState.Held, (await market.SettleAsync(owner, SamplePlugin.Package())).State);
        var moderator = await market.ModeratorAsync();
        var pass = new NewVerdict { Decision = HumanDecision.Pass, Reason = "the warning is about a comment" };
        Assert.Equal(SamplePlugin.Id, Assert.Single(Value(await moderator.QueueAsync(default)).Versions).Id);
        Refusal(ProblemTypes.Forbidden, await owner.JudgeAsync(SamplePlugin.Id, One, pass, default));

        var still = Value(await moderator.JudgeAsync(SamplePlugin.Id, One, pass, default));
        fails = false;
        Value(await moderator.RescanAsync(SamplePlugin.Id, One, default));
        await market.DecidedAsync();
        var judged = Value(await moderator.JudgeAsync(SamplePlugin.Id, One, pass, default));

        Assert.Equal(VersionState.Held, still.State);
        Assert.Equal(["the scanner `fails` failed"], still.Reasons.ToArray());
        Assert.Equal(VersionState.Live, judged.State);
        await market.InstallAsync(SamplePlugin.Id, One);
    }

    [Fact]
    public async Task NewRules_ThatRejectALiveVersion_QuarantineIt_AndThoseThatFailDoNot()
    {
        await using var market = await MarketFixture.StartAsync(TestScanner.Of("rules", Verdict.Pass));
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());

        await market.RunAsync(null, new([TestScanner.Of("rules", Verdict.Error, rulesVersion: 2)], _ => Marketplace.Publishing.PackageLooks.None));
        await market.DecidedAsync();
        var afterFailure = (await LineAsync(market)).Quarantined;
        await market.RunAsync(null, new([TestScanner.Of("rules", Verdict.Reject, rulesVersion: 3)], _ => Marketplace.Publishing.PackageLooks.None));
        await market.DecidedAsync();

        Assert.Null(afterFailure);
        Assert.Equal("the scanner `rules` rejects it", (await LineAsync(market)).Quarantined);
    }

    [Fact]
    public async Task Update_ThatMayDoMuch_CoolsDown_AndTheFirstVersionDoesNot()
    {
        const string network = """{"network":{"connect":["https://api.example.com"]}}""";
        await using var market = await MarketFixture.StartAsync();
        var owner = await market.OwnerAsync();

        await market.LiveAsync(owner, SamplePlugin.Package(permissions: network));
        await market.LiveAsync(owner, SamplePlugin.Package(version: "2.0.0", permissions: network));
        await market.LiveAsync(owner, SamplePlugin.Package(version: "3.0.0"));

        Assert.Equal([0, 24, 0], Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines.Select(line => line.CooldownHours));
    }

    private static async Task<IndexLine> LineAsync(MarketFixture market) => Value(await market.Registry(home: Guid.NewGuid().ToString("N")).IndexAsync(SamplePlugin.Id, default)).Value!.Lines[0];

    private static async Task<HttpStatusCode> StatusAsync(MarketFixture market, PluginPackage package)
    {
        using var response = await market.Http.GetAsync(new Uri(market.Url, $"v1/packages/{package.Digest}.lzp"));
        return response.StatusCode;
    }
}
