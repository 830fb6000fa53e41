using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Tests.Web;
using LazyOC.Plugins.Contracts.Versions;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Publishing;

/// <summary>What publishers say to a verdict, what a person makes of it, and looking at live versions again.</summary>
public sealed class AppealTests
{
    private static readonly SemanticVersion One = SemanticVersion.Parse("1.0.0");
    private static readonly NewAppeal Text = new() { Text = "js-obfuscated: the table is of Unicode blocks" };
    private static readonly NewVerdict Pass = new() { Decision = HumanDecision.Pass, Reason = "it is such a table" };

    [Fact]
    public async Task Rejection_IsAPersonsToOverrule_OnlyOnAnAppeal_AndOnlyWhatHeHasSeen()
    {
        var found = "a table";
        await using var market = await MarketFixture.StartAsync(new TestScanner("rejects", (_, _) => Task.FromResult(new ScanResult(Verdict.Reject, [new Finding("rule", "plugin.js", 1, found)]))));
        var owner = await market.OwnerAsync();
        Assert.Equal(VersionState.Rejected, (await market.SettleAsync(owner, SamplePlugin.Package())).State);
        var moderator = await market.ModeratorAsync();
        Refusal(ProblemTypes.WrongState, await moderator.JudgeAsync(SamplePlugin.Id, One, Pass, default));
        Assert.Empty(Value(await moderator.QueueAsync(default)).Appeals);
        Value(await owner.AppealAsync(SamplePlugin.Id, One, Text, default));
        Refusal(ProblemTypes.WrongState, await owner.AppealAsync(SamplePlugin.Id, One, Text, default));
        Assert.Equal(Text.Text, Assert.Single(Value(await moderator.QueueAsync(default)).Appeals).Appeal!.Text);

        var judged = Value(await moderator.JudgeAsync(SamplePlugin.Id, One, Pass, default));

        Assert.Equal((VersionState.Live, Pass.Reason), (judged.State, judged.Verdict!.Reason));
        Assert.NotNull(judged.Appeal!.Decided);
        Assert.Empty(Value(await moderator.QueueAsync(default)).Appeals);
        // Looked at again with the same findings it stays; with others it does not.
        Assert.Equal(1, Value(await moderator.RescanAsync(new NewRescan { IsOfAll = true }, default)).Versions);
        await market.DecidedAsync();
        Assert.Null(Value(await market.Client().PluginAsync(SamplePlugin.Id, default)).Versions.Single().Quarantined);
        found = "a table, and a stolen token";
        Value(await moderator.RescanAsync(new NewRescan { IsOfAll = true }, default));
        await market.DecidedAsync();
        Assert.Equal("the scanner `rejects` rejects it", Value(await market.Client().PluginAsync(SamplePlugin.Id, default)).Versions.Single().Quarantined);
    }

    [Fact]
    public async Task Appeal_DoesNotStandForAScannerThatFailed()
    {
        await using var market = await MarketFixture.StartAsync(
            TestScanner.Of("rejects", Verdict.Reject), new TestScanner("fails", (_, _) => throw new InvalidOperationException("down")));
        var owner = await market.OwnerAsync();
        await market.SettleAsync(owner, SamplePlugin.Package());
        Value(await owner.AppealAsync(SamplePlugin.Id, One, Text, default));
        var moderator = await market.ModeratorAsync();

        var judged = Value(await moderator.JudgeAsync(SamplePlugin.Id, One, Pass, default));

        Assert.Equal((VersionState.Held, "the scanner `fails` failed"), (judged.State, judged.Reasons.Single()));
    }

    [Fact]
    public async Task Appeal_IsForThePublisher_AboutWhatIsHeldOrRejected()
    {
        var verdict = Verdict.Pass;
        await using var market = await MarketFixture.StartAsync(new TestScanner("says", (_, _) => Task.FromResult(new ScanResult(verdict, []))));
        var owner = await market.OwnerAsync();
        await market.LiveAsync(owner, SamplePlugin.Package());
        Refusal(ProblemTypes.WrongState, await owner.AppealAsync(SamplePlugin.Id, One, Text, default));
        verdict = Verdict.Reject;
        var two = SemanticVersion.Parse("2.0.0");
        await market.SettleAsync(owner, SamplePlugin.Package(version: "2.0.0"));
        var stranger = await market.RegisterAsync("mallory");
        Refusal(ProblemTypes.Forbidden, await stranger.AppealAsync(SamplePlugin.Id, two, Text, default));
        Refusal(ProblemTypes.Forbidden, await stranger.RescanAsync(new NewRescan(), default));
        Refusal(ProblemTypes.Forbidden, await owner.RescanAsync(new NewRescan { IsOfAll = true }, default));
        Assert.Equal("text", Refusal(ProblemTypes.InvalidRequest, await owner.AppealAsync(SamplePlugin.Id, two, new NewAppeal { Text = " " }, default)).Field);
        // Nobody judges his own, appealed or not.
        Value(await owner.AppealAsync(SamplePlugin.Id, two, Text, default));
        var moderator = await market.ModeratorAsync();
        await market.JoinAsync(owner, moderator, "mona", PublisherRole.Reviewer);
        Refusal(ProblemTypes.Forbidden, await moderator.JudgeAsync(SamplePlugin.Id, two, Pass, default));
    }

    [Fact]
    public async Task Portal_AppealsAndModeratorsAnswer_BothReadWhy()
    {
        await using var market = await MarketFixture.StartAsync(new MarketLimits { SignInsPerTenMinutes = 1000 }, [TestScanner.Of("rejects", Verdict.Reject)]);
        var owner = await market.OwnerAsync();
        await market.SettleAsync(owner, SamplePlugin.Package());
        await market.ModeratorAsync();
        using var alice = await new Browser(market).SignInAsync("alice");
        using var mona = await new Browser(market).SignInAsync("mona");

        await alice.DoAsync("/portal/publishers/acme", "/portal/plugins/acme.demo/1.0.0/appeal", ("text", "it is <b>not</b> that"));
        Assert.Contains("it is &lt;b&gt;not&lt;/b&gt; that", await mona.PageAsync("/moderation"), StringComparison.Ordinal);
        await mona.DoAsync("/moderation", "/moderation/plugins/acme.demo/1.0.0/verdict", ("decision", "reject"), ("reason", "it is just that"));

        var page = await alice.PageAsync("/portal/publishers/acme");
        Assert.Contains("it is just that", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Ask a person to look", page, StringComparison.Ordinal);
        await mona.DoAsync("/moderation", "/moderation/scans", ("all", "yes"));
    }
}
