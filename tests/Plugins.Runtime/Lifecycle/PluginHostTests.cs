using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.Lifecycle;

public sealed class PluginHostTests
{
    private const string Id = "acme.test";
    private const string View = """{"type":"empty","message":"here"}""";

    [Fact]
    public async Task StartAsync_PluginThatIsNotNeeded_DoesNotRun()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, _ => Task.FromResult(View)).StartAsync();
        await fixture.Extensions.WhenSettledAsync();
        Assert.Empty(fixture.Starts);
        Assert.Equal(PluginState.Enabled, fixture.Status(Id).State);

        Assert.IsType<ViewState.Ready>(await fixture.OpenTabAsync(Id));
        Assert.Equal([Id], fixture.Starts);
        Assert.Equal(["plugin.activating", "plugin.active"], (await fixture.AuditedAsync(Id)).Select(l => l.Call));
    }

    [Fact]
    public async Task OpenTab_WhileAnotherPluginHangs_IsAnswered()
    {
        var release = new TaskCompletionSource();
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .With("acme.hanging", Permissions.None, async turn =>
            {
                if (turn.Message.Type == MessageType.Render) await release.Task;
                return View;
            })
            .With(Id, Permissions.None, _ => Task.FromResult(View))
            .StartAsync();
        using var hanging = fixture.Extensions.OpenTab("acme.hanging.tab", HostFixture.Pod(), 80, 20);

        Assert.IsType<ViewState.Ready>(await fixture.OpenTabAsync(Id));

        Assert.IsType<ViewState.Pending>(hanging.State);
        Assert.Contains("tab Tab of Plugin acme.hanging", fixture.Extensions.Pending);
        release.SetResult();
        await fixture.Extensions.WhenSettledAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.IsType<ViewState.Ready>(hanging.State);
    }

    [Fact]
    public async Task OpenTab_PluginThatNeverAnswers_FaultsAtItsDeadline()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = new RuntimeLimits { RenderDeadline = TimeSpan.FromMilliseconds(50) };
        await fixture.With(Id, Permissions.None, async turn =>
        {
            if (turn.Message.Type == MessageType.Render) await Task.Delay(Timeout.Infinite, turn.CancellationToken);
            return "{}";
        }).StartAsync();

        Assert.Equal("deadline", Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure.Code);
        Assert.Equal(PluginState.Active, fixture.Status(Id).State);
    }

    [Fact]
    public async Task OpenTab_AnswerThatIsNoView_Faults()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, _ => Task.FromResult("""{"type":"browser"}""")).StartAsync();

        var failure = Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure;

        Assert.Equal("invalid-answer", failure.Code);
        Assert.Equal(1, fixture.Status(Id).Account.Faults);
    }

    [Fact]
    public async Task OpenTab_ThreeFaults_RestartTheInstanceAndRenderAgain()
    {
        var broken = true;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, turn =>
            turn.Message.Type == MessageType.Render && broken ? throw new GuestException("it broke") : Task.FromResult(View)).StartAsync();
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        for (var i = 1; i < 3; i++)
        {
            await fixture.UntilAsync(() => fixture.Status(Id).Account.Faults == i && view.State is ViewState.Faulted);
            broken = i < 2;
            if (i < 2) view.Refresh();
        }
        broken = true;
        view.Refresh();
        await fixture.UntilAsync(() => fixture.Status(Id).Account.Restarts == 1);
        broken = false;

        await fixture.UntilAsync(() => view.State is ViewState.Ready);
        Assert.Equal([Id, Id], fixture.Starts);
    }

    [Theory]
    [InlineData("permission-denied: no permission to list pods", GuestFaultKind.Threw)]
    [InlineData("gesture-required: needs an action", GuestFaultKind.Threw)]
    [InlineData("quota-exceeded: retry after 10 ms", GuestFaultKind.Threw)]
    [InlineData("unavailable: the server does not answer", GuestFaultKind.Threw)]
    [InlineData("the message has 2,000,000 bytes", GuestFaultKind.TooLarge)]
    public async Task OpenTab_FaultsThatARestartWouldNotMend_RestartNothing(string message, GuestFaultKind kind)
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, turn =>
            turn.Message.Type == MessageType.Render ? throw new GuestException(message, kind) : Task.FromResult(View)).StartAsync();

        for (var i = 0; i < 5; i++) Assert.Equal(message, Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id)).Failure.Message);

        Assert.Equal((PluginState.Active, 0), (fixture.Status(Id).State, fixture.Status(Id).Account.Restarts));
        Assert.Equal(kind == GuestFaultKind.Threw ? 5 : 0, fixture.Status(Id).Account.Faults);
    }

    [Fact]
    public async Task Activate_ThatAlwaysFails_EndsInQuarantineUntilLifted()
    {
        var broken = true;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None,
            _ => broken ? throw new GuestException("no start") : Task.FromResult(View), "onStartup").StartAsync();

        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Quarantined);

        Assert.Equal(1 + new SupervisionLimits().RestartsBeforeQuarantine, fixture.Starts.Count);
        Assert.IsType<StatusItemState.Faulted>(fixture.Extensions.StatusItems[0].State);
        Assert.IsType<ViewState.Faulted>(await fixture.OpenTabAsync(Id));
        broken = false;
        Assert.True(fixture.Host.Lift(PluginId.Parse(Id)));
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
        Assert.False(fixture.Host.Lift(PluginId.Parse(Id)));
    }

    [Fact]
    public async Task Render_InstanceLost_IsReplacedAfterOneFault()
    {
        var first = true;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, turn =>
        {
            if (turn.Message.Type != MessageType.Render || !first) return Task.FromResult(View);
            first = false;
            throw new GuestException("unreachable", GuestFaultKind.Trapped, instanceLost: true);
        }).StartAsync();

        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);

        Assert.Equal([Id, Id], fixture.Starts);
        Assert.Equal(["plugin.activating", "plugin.active", "plugin.fault", "plugin.faulted", "plugin.activating", "plugin.active"], (await fixture.AuditedAsync(Id)).Select(l => l.Call));
    }

    [Fact]
    public async Task Call_ManyRefusals_SuspendThePlugin()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, async turn =>
        {
            for (var i = 0; turn.Message.Type == MessageType.Render && i < 30; i++) await turn.TryCallAsync("kubernetes.list", """{"resource":"pods"}""", null);
            return View;
        }).StartAsync();

        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Suspended && view.State is ViewState.Faulted);

        Assert.Contains("kubernetes.list", fixture.Status(Id).Reason, StringComparison.Ordinal);
        Assert.InRange(fixture.Status(Id).Account.Refused, 21, 30);
        Assert.Single(await fixture.AuditedAsync(Id), l => l.Decision == AuditDecision.Refused && l.Count is null);
    }

    [Fact]
    public async Task UiStatus_OfAQuarantinedInstance_IsNotShown()
    {
        HostCallHandler? keptDoor = null;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.ScaleDeployments, async turn =>
        {
            keptDoor ??= turn.Door;
            if (turn.Message.Type == MessageType.Command)
                await turn.TryCallAsync("kubernetes.scale", """{"resource":"deployments","namespace":"bookstore","name":"catalog","replicas":7}""", new string('0', 32));
            return "{}";
        }).StartAsync();
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Quarantined);

        var late = await keptDoor!(new HostCall("ui.status", System.Text.Encoding.UTF8.GetBytes($$"""{"item":"{{Id}}.status","text":"all is well"}"""), null), CancellationToken.None);

        Assert.Equal(ErrorCode.Cancelled, late.Error?.Code);
        Assert.IsType<StatusItemState.Faulted>(Assert.Single(fixture.Extensions.StatusItems).State);
    }

    [Fact]
    public async Task SwitchSessionAsync_EndsInstancesAndTheirCalls()
    {
        var sessions = new ConcurrentQueue<string>();
        var answers = new ConcurrentQueue<Answer>();
        HostCallHandler? keptDoor = null;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.ReadPods, turn =>
        {
            sessions.Enqueue(turn.Message.Session);
            keptDoor ??= turn.Door;
            return Task.FromResult(View);
        }, "onStartup").StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);

        await fixture.Host.SwitchSessionAsync(fixture.Session() with { Context = "other" });
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);

        Assert.Equal("demo/admin#1", sessions.First());
        Assert.Equal("other/admin#2", sessions.Last());
        Assert.IsType<ViewState.Faulted>(view.State);
        var late = await keptDoor!(new HostCall("kubernetes.list", """{"resource":"pods"}"""u8.ToArray(), null), CancellationToken.None);
        Assert.Equal(ErrorCode.Cancelled, late.Error?.Code);
    }

    [Fact]
    public async Task StartGuest_ThatThrows_IsABugAndAFaultedPlugin()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, Permissions.None, _ => throw new InvalidOperationException("engine bug"), "onStartup").StartAsync();

        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Quarantined);

        Assert.All(fixture.Bugs, b => Assert.Equal("engine bug", b.Message));
        Assert.NotEmpty(fixture.Bugs);
    }
}
