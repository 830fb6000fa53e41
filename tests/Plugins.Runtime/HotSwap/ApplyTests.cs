using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

public sealed class ApplyTests : IDisposable
{
    private const string Id = "acme.test";
    private const string Unattended = """{ "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments", "deployments/scale"], "verbs": ["get", "update"], "unattended": true }] }""";
    private const string Other = "acme.other";
    private const string OnStartup = "onStartup";

    private readonly string _home = Directory.CreateTempSubdirectory("lazyoc-apply-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public async Task Apply_AddedPlugin_IsOfferedAndActivatedAsItSays()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, Answers("one")).StartAsync();
        var version = fixture.Extensions.Version;
        var before = fixture.Extensions.Contributions;
        var added = fixture.Package(Other, "1.0.0", Permissions.None, Answers("other"), OnStartup);

        var changes = await ApplyAsync(fixture, fixture.Package(Id, "1.0.0", Permissions.None, Answers("one")), added);

        Assert.Equal((PluginChange[])[new PluginChange.Added(PluginId.Parse(Other), "1.0.0"), new PluginChange.Unchanged(PluginId.Parse(Id), "1.0.0")], changes);
        Assert.NotSame(before, fixture.Extensions.Contributions);
        Assert.Single(before.Tabs);
        Assert.True(fixture.Extensions.Version > version);
        await fixture.UntilAsync(() => fixture.Status(Other).State == PluginState.Active);
        Assert.Equal("other", Text(await fixture.OpenTabAsync(Other)));
    }

    [Fact]
    public async Task Apply_RemovedPlugin_EndsItsCallsViewsAndContributions()
    {
        var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, async turn =>
        {
            if (turn.Message.Type == MessageType.Command) await Task.Delay(Timeout.Infinite, turn.CancellationToken);
            return View("one");
        }).StartAsync();
        await using var _ = fixture;
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);
        var running = fixture.Extensions.RunCommandAsync($"{Id}.command");

        var changes = await ApplyAsync(fixture);

        Assert.Equal((PluginChange[])[new PluginChange.Removed(PluginId.Parse(Id), "1.0.0")], changes);
        Assert.Equal(ErrorCode.Cancelled, Assert.IsType<InvocationResult.Faulted>(await running).Failure.Code);
        Assert.Contains("uninstalled or disabled", Assert.IsType<ViewState.Faulted>(view.State).Failure.Message);
        Assert.Empty(fixture.Extensions.Contributions.Tabs);
        Assert.Empty(fixture.Extensions.StatusItems);
        Assert.Empty(fixture.Host.Plugins);
    }

    [Fact]
    public async Task Apply_NarrowerGrant_IsInForceAtOnce()
    {
        Script script = async turn =>
        {
            if (turn.Message.Type == MessageType.Render) await turn.CallAsync("kubernetes.list", """{"resource":"pods","namespace":"bookstore"}""");
            return View("read");
        };
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.ReadPods, script).StartAsync();
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);
        var package = fixture.Package(Id, "1.0.0", Permissions.ReadPods, script);

        var changes = await ApplyAsync(fixture, package with { Entry = package.Entry with { Granted = PermissionSet.None, GrantDigest = PermissionSet.None.ComputeDigest() } });

        Assert.Equal((PluginChange[])[new PluginChange.Regranted(PluginId.Parse(Id), "1.0.0")], changes);
        await fixture.UntilAsync(() => view.State is ViewState.Faulted);
        Assert.Contains(ErrorCode.PermissionDenied, ((ViewState.Faulted)view.State).Failure.ToString());
    }

    [Fact]
    public async Task Apply_QuarantinedPluginTakenOutAndPutBack_IsStillQuarantined()
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Quarantine = new QuarantineFile(Path.Combine(_home, "quarantine.json"), warning => Assert.Fail(warning));
        await using var _ = fixture;
        await fixture.With(Id, Permissions.ScaleDeployments, async turn =>
        {
            await turn.TryCallAsync("kubernetes.scale", """{"group":"apps","resource":"deployments","namespace":"bookstore","name":"cart","replicas":1}""", "0123456789abcdef0123456789abcdef");
            return View("forged");
        }).StartAsync();
        Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id));
        Assert.Equal(PluginState.Quarantined, fixture.Status(Id).State);

        await ApplyAsync(fixture);
        await ApplyAsync(fixture, fixture.Package(Id, "1.0.1", Permissions.None, Answers("harmless"), OnStartup));

        Assert.Equal(PluginState.Quarantined, fixture.Status(Id).State);
        Assert.True(fixture.Host.Lift(PluginId.Parse(Id)));
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
    }

    [Fact]
    public async Task Apply_VersionThatCannotBeActivated_LeavesTheOldOneAndSaysWhy()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, Answers("one")).StartAsync();
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);

        var changes = await ApplyAsync(fixture, fixture.Package(Id, "2.0.0", Permissions.None, turn =>
            turn.Message.Type == MessageType.Activate ? throw new GuestException("no such thing") : Task.FromResult(View("two"))));

        var failed = Assert.IsType<PluginChange.SwapFailed>(Assert.Single(changes));
        Assert.Contains("no such thing", failed.Reason);
        Assert.Equal("1.0.0", fixture.Status(Id).Version);
        Assert.Equal("one", Text(view.State));
        Assert.Equal("one", Text(await fixture.OpenTabAsync(Id)));
        Assert.Contains(await fixture.AuditedAsync(Id), line => line.Call == "plugin.swap-failed" && line.Reason!.Contains("no such thing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_BeforeItTakesOver_AVersionCanShowAndReadButNotWrite()
    {
        var fixture = await HostFixture.CreateAsync();
        await using var _ = fixture;
        await fixture.With(Id, Permissions.None, Answers("one")).StartAsync();
        Assert.Equal("one", Text(await fixture.OpenTabAsync(Id)));
        var replicas = fixture.ReplicasOf("cart");
        var scale = ScaleOf(replicas + 3);
        string? refused = null;
        var package = fixture.Package(Id, "2.0.0", Unattended, async turn =>
        {
            switch (turn.Message.Type)
            {
                case MessageType.Activate:
                    refused = (await turn.TryCallAsync("kubernetes.scale", scale, null)).Error?.Code;
                    await turn.CallAsync("kubernetes.get", """{"group":"apps","resource":"deployments","namespace":"bookstore","name":"cart"}""");
                    await turn.CallAsync("ui.status", $$"""{"item":"{{Id}}.status","text":"two","style":"plain"}""");
                    break;
                case MessageType.Started:
                    await turn.CallAsync("kubernetes.scale", scale);
                    await turn.CallAsync("ui.status", $$"""{"item":"{{Id}}.status","text":"scaled","style":"plain"}""");
                    break;
            }
            return View("two");
        });

        var changes = await ApplyAsync(fixture, package);

        Assert.IsType<PluginChange.Swapped>(Assert.Single(changes));
        Assert.Equal(ErrorCode.Unavailable, refused);
        // The control: the same call by the same rights, once it has taken over.
        await fixture.UntilAsync(() => fixture.Extensions.StatusItems.Single().State is StatusItemState.Set { Text: "scaled" });
        Assert.Equal(replicas + 3, fixture.ReplicasOf("cart"));
    }

    /// <summary>A view whose plugin must ask a server for it, as a scale stands for here.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Apply_VersionWhoseViewIsRefusedACall_TakesOverAndDrawsItThen(bool catches)
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.None, Answers("one")).StartAsync();
        using var view = await OpenAsync(fixture);
        var package = fixture.Package(Id, "2.0.0", Unattended, async turn =>
        {
            if (turn.Message.Type != MessageType.Render) return View("two");
            if (!catches) await turn.CallAsync("kubernetes.scale", ScaleOf(fixture.ReplicasOf("cart")));
            else if ((await turn.TryCallAsync("kubernetes.scale", ScaleOf(fixture.ReplicasOf("cart")), null)).Error is { } refused) return View(refused.Code);
            return View("two");
        });

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await ApplyAsync(fixture, package)));

        // What it showed before, until it can be drawn.
        Assert.Contains(Text(view.State), (string[])["one", "two"]);
        await fixture.UntilAsync(() => Text(view.State) == "two");
    }

    [Fact]
    public async Task Apply_VersionWhoseViewFailsOfItself_LeavesTheOldOne_ThoughItWasRefusedACall()
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.None, Answers("one")).StartAsync();
        using var view = await OpenAsync(fixture);
        var package = fixture.Package(Id, "2.0.0", Unattended, async turn =>
        {
            if (turn.Message.Type != MessageType.Render) return View("two");
            await turn.TryCallAsync("kubernetes.scale", ScaleOf(fixture.ReplicasOf("cart")), null);
            throw new GuestException("no such panel");
        });

        Assert.Contains("no such panel", Assert.IsType<PluginChange.SwapFailed>(Assert.Single(await ApplyAsync(fixture, package))).Reason, StringComparison.Ordinal);
        Assert.Equal("one", Text(view.State));
    }

    [Fact]
    public async Task Apply_MoreStateThanMayBeHandedOn_NamesTheLimit()
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = fixture.Limits with { StateBytes = 100 };
        await using var _ = fixture;
        await fixture.With(Id, Permissions.None, turn => Task.FromResult(turn.Message.Type == MessageType.Dehydrate ? $$"""{"state":"{{new string('x', 200)}}"}""" : View("one"))).StartAsync();
        await fixture.OpenTabAsync(Id);

        var failed = Assert.IsType<PluginChange.SwapFailed>(Assert.Single(await ApplyAsync(fixture, fixture.Package(Id, "2.0.0", Permissions.None, Answers("two")))));

        Assert.Contains("100", failed.Reason);
    }

    [Fact]
    public async Task ReportBuildError_WithOpenView_IsShownThereUntilItIsTakenAway()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, Answers("one")).StartAsync();
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);

        Assert.True(fixture.Host.ReportBuildError(PluginId.Parse(Id), "src/plugin.ts:3: expected `}`"));
        await fixture.UntilAsync(() => view.State is ViewState.Faulted);
        Assert.Contains("src/plugin.ts:3", ((ViewState.Faulted)view.State).Failure.Message);

        fixture.Host.ReportBuildError(PluginId.Parse(Id), null);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);
    }

    [Fact]
    public async Task Apply_SwappedAndRemoved_TellsTheGuestsThatTheyEnd()
    {
        var told = new System.Collections.Concurrent.ConcurrentQueue<string>();
        Script Telling(string version) => turn =>
        {
            if (turn.Message.Type == MessageType.Deactivate) told.Enqueue($"{version}: {turn.Payload.GetProperty("reason").GetString()}");
            return Answers(version)(turn);
        };
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, Telling("one")).StartAsync();
        await fixture.OpenTabAsync(Id);

        await ApplyAsync(fixture, fixture.Package(Id, "2.0.0", Permissions.None, Telling("two")));
        await ApplyAsync(fixture);

        Assert.Equal(["one: 2.0.0 takes over", "two: it was uninstalled or disabled"], told);
    }

    private static Task<System.Collections.Immutable.ImmutableArray<PluginChange>> ApplyAsync(HostFixture fixture, params InstalledPlugin[] plugins) => fixture.Host.ApplyAsync([.. plugins]);

    private static Script Answers(string text) => turn => Task.FromResult(turn.Message.Type == MessageType.Dehydrate ? "{}" : View(text));

    /// <summary>The tab, drawn.</summary>
    private static async Task<ViewSession> OpenAsync(HostFixture fixture)
    {
        var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);
        return view;
    }

    private static string ScaleOf(int replicas) => $$"""{"group":"apps","resource":"deployments","namespace":"bookstore","name":"cart","replicas":{{replicas}}}""";

    private static string View(string text) => $$"""{"type":"empty","message":"{{text}}"}""";

    private static string Text(ViewState state) => Assert.IsType<ViewNode.Empty>(Assert.IsType<ViewState.Ready>(state).Content).Message;
}
