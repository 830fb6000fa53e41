using LazyOC.Fuzz.Plugins.Simulation;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Tests.Supervision;

public sealed class ThrottleTests
{
    private const string Id = "acme.test";
    private const string View = """{"type":"empty","message":"here"}""";

    // A share so small that nothing flows in while a test runs.
    private static readonly SandboxLimits Tight = new() { Cpu = new QuotaRate(PerSecond: 0.000_001, Burst: 2) };

    [Fact]
    public async Task Render_AfterTooMuchCpu_WaitsAndSaysWhy()
    {
        await using var fixture = await StartAsync(Tight);
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);

        view.Refresh();

        await fixture.UntilAsync(() => fixture.Status(Id).Reason is not null);
        Assert.Equal("throttled: it used more CPU than its share, 0 % of a core with 2 s at once", fixture.Status(Id).Reason!.Replace("0%", "0 %", StringComparison.Ordinal));
        Assert.Equal(PluginState.Active, fixture.Status(Id).State);
        Assert.Equal(1, fixture.Status(Id).Timings.Single(t => t.Type == MessageType.Render).Latency.Count);
        Assert.Single(await fixture.AuditedAsync(Id), line => line.Call == "plugin.throttled");
    }

    [Fact]
    public async Task Render_AfterTheSameCpuWithoutTheLimit_IsAnswered()
    {
        await using var fixture = await StartAsync(new SandboxLimits { Cpu = new QuotaRate(PerSecond: 1, Burst: 1_000) });
        using var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => view.State is ViewState.Ready);

        view.Refresh();

        await fixture.UntilAsync(() => fixture.Status(Id).Timings.Any(t => t is { Type: MessageType.Render, Latency.Count: 2 }));
        Assert.Null(fixture.Status(Id).Reason);
    }

    [Fact]
    public async Task RunCommand_WhileThrottled_IsNotHeldBack()
    {
        await using var fixture = await StartAsync(Tight);
        await fixture.OpenTabAsync(Id);
        using var held = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20);
        await fixture.UntilAsync(() => fixture.Status(Id).Reason is not null);

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));
        Assert.IsType<ViewState.Pending>(held.State);
    }

    [Fact]
    public void MessageTimes_OfAHundredMessages_GiveTheirPercentiles()
    {
        var times = new MessageTimes(new RuntimeLimits(), new SimulatedTime());
        for (var ms = 100; ms >= 1; ms--) times.Add(ms % 2 == 0 ? "render" : "event", TimeSpan.FromMilliseconds(ms));

        Assert.Equal(new PluginLatency(100, 50, 99), times.Latency);
        Assert.Equal([new MessageTiming("event", new PluginLatency(50, 49, 99)), new MessageTiming("render", new PluginLatency(50, 50, 100))], times.ByType.AsEnumerable());
    }

    [Fact]
    public void MessageTimes_OfMoreMessagesThanAreKept_AreOfTheLatest()
    {
        var times = new MessageTimes(new RuntimeLimits { TimedMessages = 3 }, new SimulatedTime());
        for (var ms = 1; ms <= 5; ms++) times.Add("render", TimeSpan.FromMilliseconds(ms));

        Assert.Equal(new PluginLatency(3, 4, 5), times.Latency);
    }

    private static async Task<HostFixture> StartAsync(SandboxLimits sandbox)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Sandbox = sandbox;
        return await fixture.With(Id, Permissions.None, turn =>
        {
            if (turn.Message.Type == MessageType.Render) turn.Burn(TimeSpan.FromSeconds(3));
            return Task.FromResult(View);
        }).StartAsync();
    }
}
