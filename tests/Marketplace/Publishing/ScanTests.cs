using System.Net;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Publishing;
using LazyOC.Marketplace.Scanning;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Publishing;

/// <summary>Nothing goes live that not every scanner has passed.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class ScanTests
{
    private static readonly SemanticVersion One = SemanticVersion.Parse("1.0.0");

    public static TheoryData<string, string> Scanners => new()
    {
        { "hold", "asks for a person" },
        { "reject", "rejects it" },
        { "throws", "failed" },
        { "cancels", "failed" },
        { "nothing", "failed" },
        { "unknown", "failed" },
        { "hangs", "did not end in its time" },
        { "blocks", "did not end in its time" },
    };

    [Theory]
    [MemberData(nameof(Scanners))]
    public async Task Version_WithAScannerThatDoesNotPass_IsNotPublic(string what, string reason)
    {
        using var end = new ManualResetEventSlim();
        await using var market = await MarketFixture.StartAsync(new MarketLimits { ScanTime = TimeSpan.FromMilliseconds(200) }, [TestScanner.Passing, Bad(what, end)]);
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package();

        var submission = await market.SettleAsync(owner, package);

        Assert.Equal(what == "reject" ? VersionState.Rejected : VersionState.Held, submission.State);
        Assert.Contains(submission.Reasons, text => text.Contains(reason, StringComparison.Ordinal));
        Assert.Equal(2, submission.Scans.Length);
        await IsNotPublicAsync(market, package);
        end.Set();
    }

    [Fact]
    public async Task Version_WithoutAnyScanners_IsHeld()
    {
        await using var market = await MarketFixture.StartAsync();
        await market.RunAsync(null, new RequiredScanners([], _ => PackageLooks.None));
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package();

        var submission = await market.SettleAsync(owner, package);

        Assert.Equal(VersionState.Held, submission.State);
        Assert.Equal(["no scanners are configured"], submission.Reasons.ToArray());
        await IsNotPublicAsync(market, package);
    }

    [Fact]
    public async Task Version_WhosePackageIsDamagedInTheStorage_IsHeld()
    {
        using var gate = new SemaphoreSlim(0);
        await using var market = await MarketFixture.StartAsync(new MarketLimits { MaxScansAtOnce = 1 }, [new TestScanner("gate", async (_, cancellationToken) =>
        {
            await gate.WaitAsync(cancellationToken);
            return ScanResult.Passed;
        })]);
        var owner = await market.OwnerAsync();
        Value(await market.PublishAsync(owner, SamplePlugin.Package(version: "0.9.0")));
        var package = SamplePlugin.Package();
        Value(await market.PublishAsync(owner, package));
        await market.DamageAsync(package.Digest);

        gate.Release(10);
        await market.DecidedAsync();
        await market.DecidedAsync();

        var submission = Value(await owner.SubmissionAsync(SamplePlugin.Id, One, default));
        Assert.Equal(VersionState.Held, submission.State);
        Assert.Equal(["the scanner `gate` has not run"], submission.Reasons.ToArray());
    }

    [Fact]
    public async Task Version_BeforeItsScansEnd_IsNotPublic()
    {
        using var gate = new SemaphoreSlim(0);
        using var begun = new SemaphoreSlim(0);
        await using var market = await MarketFixture.StartAsync(new TestScanner("gate", async (_, cancellationToken) =>
        {
            begun.Release();
            await gate.WaitAsync(cancellationToken);
            return ScanResult.Passed;
        }));
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package();
        Value(await market.PublishAsync(owner, package));
        await begun.WaitAsync();

        Assert.Equal(VersionState.Scanning, Value(await owner.SubmissionAsync(SamplePlugin.Id, One, default)).State);
        await IsNotPublicAsync(market, package);
        gate.Release();
        await market.DecidedAsync();

        // The control: what was waited for is what made it public.
        await market.InstallAsync(SamplePlugin.Id, One);
    }

    [Fact]
    public async Task Flood_OfSubmissions_LetsThroughOnlyWhatPasses()
    {
        await using var market = await MarketFixture.StartAsync(
            new MarketLimits { MaxOpenSubmissions = 1_000, MaxUploadsAtOnce = 100, PublishesPerHour = 1_000, ApiRequestsPerMinute = 10_000 },
            [new TestScanner("even", (submission, _) => submission.Package.Manifest.Version.Patch.IsEven ? Task.FromResult(ScanResult.Passed) : throw new InvalidOperationException("odd"))]);
        var owner = await market.OwnerAsync();
        var packages = Enumerable.Range(0, 40).Select(i => SamplePlugin.Package(version: $"1.0.{i}")).ToArray();

        await Task.WhenAll(packages.Select(async package => Value(await market.PublishAsync(owner, package))));
        for (var i = 0; i < packages.Length; i++) await market.DecidedAsync();

        var live = Value(await market.Registry().IndexAsync(SamplePlugin.Id, default)).Value!.Lines;
        Assert.Equal(packages.Where(package => package.Manifest.Version.Patch.IsEven).Select(package => package.Digest).Order(Comparer<LazyOC.Plugins.Contracts.Digest>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))), live.Select(line => line.Digest).Order(Comparer<LazyOC.Plugins.Contracts.Digest>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()))));
    }

    [Theory]
    [InlineData("pass", 1, null, VersionState.Live)]
    [InlineData("pass", 2, null, VersionState.Held)]
    [InlineData("PASS", 1, null, VersionState.Held)]
    [InlineData("", 1, null, VersionState.Held)]
    [InlineData("hold", 1, null, VersionState.Held)]
    [InlineData("hold", 1, HumanDecision.Pass, VersionState.Live)]
    [InlineData("error", 1, HumanDecision.Pass, VersionState.Held)]
    [InlineData("timeout", 1, HumanDecision.Pass, VersionState.Held)]
    [InlineData("reject", 1, HumanDecision.Pass, VersionState.Rejected)]
    [InlineData("pass", 1, HumanDecision.Reject, VersionState.Rejected)]
    public void Decision_OfOneScannersRow_FailsClosed(string verdict, int rulesVersion, HumanDecision? human, VersionState expected)
    {
        var row = new ScanReport { Scanner = "one", Verdict = verdict, RulesVersion = rulesVersion, At = DateTimeOffset.UnixEpoch, Findings = [] };
        Assert.Equal(expected, ScanDecision.Of([TestScanner.Of("one", Verdict.Pass)], [row], human).State);
    }

    [Fact]
    public void Decision_WithoutARowOrWithoutScanners_Holds()
    {
        Assert.Equal(VersionState.Held, ScanDecision.Of([TestScanner.Of("one", Verdict.Pass)], [], HumanDecision.Pass).State);
        Assert.Equal(VersionState.Held, ScanDecision.Of([], [], HumanDecision.Pass).State);
    }

    private static TestScanner Bad(string what, ManualResetEventSlim end) => what switch
    {
        "hold" => TestScanner.Of("bad", Verdict.Hold),
        "reject" => TestScanner.Of("bad", Verdict.Reject),
        "throws" => new TestScanner("bad", (_, _) => throw new InvalidOperationException("secret of the server")),
        "cancels" => new TestScanner("bad", (_, _) => Task.FromCanceled<ScanResult>(new CancellationToken(canceled: true))),
        "nothing" => new TestScanner("bad", (_, _) => Task.FromResult<ScanResult>(null!)),
        "unknown" => new TestScanner("bad", (_, _) => Task.FromResult(new ScanResult((Verdict)99, []))),
        "hangs" => new TestScanner("bad", async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return ScanResult.Passed;
        }),
        // It does not listen, and what it says in the end is too late.
        _ => new TestScanner("bad", (_, _) =>
        {
            end.Wait(CancellationToken.None);
            return Task.FromResult(ScanResult.Passed);
        }),
    };

    private static async Task IsNotPublicAsync(MarketFixture market, PluginPackage package)
    {
        Assert.Null(Value(await market.Registry().IndexAsync(package.Manifest.Id, default)).Value);
        foreach (var suffix in new[] { "", ".dsse.json" })
        {
            using var response = await market.Http.GetAsync(new Uri(market.Url, RegistryPaths.Packages.Replace(RegistryConfig.DigestPlace, package.Digest.ToString(), StringComparison.Ordinal) + suffix));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
        Refusal(ProblemTypes.NotFound, await market.Client().SubmissionAsync(package.Manifest.Id, package.Manifest.Version, default));
    }
}
