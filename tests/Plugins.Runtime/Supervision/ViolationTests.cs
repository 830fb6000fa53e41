using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Tests.Supervision;

/// <summary>What others hear, and what the user sees, of a plugin that is refused.</summary>
public sealed class ViolationTests
{
    private const string Evil = "acme.evil";
    private const string Monitor = "acme.monitor";
    private const string MayHear = """{ "events": { "subscribe": ["plugin.violation"] } }""";
    private const string Forbidden = """{"resource":"pods","namespace":"bookstore","name":"cart"}""";

    private readonly System.Collections.Concurrent.ConcurrentQueue<PluginViolation> _heard = [];
    private readonly ScriptedUser _user = new();

    [Fact]
    public async Task Refusals_WithoutConsequence_AreFewEventsThatCountThem()
    {
        await using var fixture = await StartAsync(turn => CallAsync(turn, 20, "kubernetes.get", Forbidden));

        await RunAsync(fixture);

        await HeardAsync(fixture, 5);
        Assert.Equal(5, _heard.Count);
        Assert.All(_heard, told => Assert.Equal((Violation.PermissionRefused, ViolationConsequence.None, "kubernetes.get", Evil, "1.0.0"), (told.Violation, told.Consequence, told.Call, told.Plugin, told.Version)));
        Assert.Empty(_user.Shown);
        Assert.Equal(PluginState.Active, fixture.Status(Evil).State);
    }

    [Fact]
    public async Task Refusals_TooManyOfPermission_AreOneNoticeAndOneEventThatNameTheAct()
    {
        await using var fixture = await StartAsync(turn => CallAsync(turn, 40, "kubernetes.get", Forbidden));

        await RunAsync(fixture);

        await fixture.UntilAsync(() => fixture.Status(Evil).State == PluginState.Suspended);
        await HeardAsync(fixture, 6);
        var told = Assert.Single(_heard, told => told.Consequence == ViolationConsequence.Suspended);
        Assert.Equal(16, told.Count); // of 21, the first five had an event each
        Assert.Equal("more than 20 refused calls within a minute, the last `kubernetes.get`", told.Reason);
        Assert.Equal($"{Evil} (Plugin {Evil}) is suspended: {told.Reason} (Error)", Assert.Single(_user.Shown));
        Assert.Single(await fixture.AuditedAsync(Evil), line => line.Call == "plugin.violation" && line.Target == "kubernetes.get" && line.Reason!.StartsWith("suspended: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Refusals_TooManyOfQuota_AreOneNoticeHoweverLongItGoesOn()
    {
        await using var fixture = await StartAsync(
            turn => CallAsync(turn, 500, "host.info", "{}"), new SandboxLimits { HostCalls = new QuotaRate(PerSecond: 0.001, Burst: 1) });

        await RunAsync(fixture);

        await HeardAsync(fixture, 6);
        Assert.Single(_heard, told => told.Consequence == ViolationConsequence.Throttled);
        Assert.Equal($"{Evil} (Plugin {Evil}) is throttled: more than 100 calls above its quotas within a minute, the last `host.info` (Warn)", Assert.Single(_user.Shown));
        Assert.Single(await fixture.AuditedAsync(Evil), line => line.Call == "plugin.violation");
    }

    [Fact]
    public async Task ForgedGesture_Again_IsOneNoticeAndOneEvent()
    {
        await using var fixture = await StartAsync(async turn =>
        {
            for (var i = 0; i < 3; i++) await turn.TryCallAsync("kubernetes.get", Forbidden, "00000000000000000000000000000000");
        });

        await RunAsync(fixture);

        await HeardAsync(fixture, 1);
        Assert.Equal(Violation.ForgedGesture, Assert.Single(_heard).Violation);
        Assert.Equal($"{Evil} (Plugin {Evil}) is quarantined: `kubernetes.get` came with a forged gesture token (Error)", Assert.Single(_user.Shown));
    }

    [Fact]
    public async Task Faults_TooMany_AreANoticeWithoutTheGuestsWords()
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Supervision = fixture.Supervision with { FaultsBeforeRestart = 1, RestartsBeforeQuarantine = 1 };
        await using var started = await fixture.With(Evil, Permissions.None, turn => turn.Message.Type == MessageType.Command ? throw new GuestException("call 555-0100") : Task.FromResult("{}")).StartAsync();
        fixture.Extensions.UserPrompts = _user;

        while (fixture.Status(Evil).State != PluginState.Quarantined) await RunAsync(fixture);

        var notice = Assert.Single(_user.Shown);
        Assert.Equal($"{Evil} (Plugin {Evil}) is quarantined: it failed too often, the last time by `threw` (Error)", notice);
    }

    private static async Task CallAsync(Turn turn, int times, string call, string arguments)
    {
        for (var i = 0; i < times; i++) await turn.TryCallAsync(call, arguments, null);
    }

    private async Task<HostFixture> StartAsync(Func<Turn, Task> act, SandboxLimits? sandbox = null)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Sandbox = sandbox ?? new SandboxLimits();
        await fixture
            .With(Monitor, MayHear, HearAsync, "onStartup")
            .With(Evil, Permissions.None, async turn =>
            {
                if (turn.Message.Type == MessageType.Command) await act(turn);
                return "{}";
            })
            .StartAsync();
        fixture.Extensions.UserPrompts = _user;
        await fixture.UntilAsync(() => fixture.Status(Monitor).State == PluginState.Active);
        return fixture;
    }

    private async Task<string> HearAsync(Turn turn)
    {
        if (turn.Message.Type == MessageType.Activate) await turn.CallAsync("events.subscribe", """{"topics":["plugin.violation"]}""");
        if (turn.Message.Type == MessageType.Event) _heard.Enqueue(turn.Payload.GetProperty("data").Deserialize(ContractJson.Default.PluginViolation)!);
        return "{}";
    }

    private static async Task RunAsync(HostFixture fixture) => await fixture.Extensions.RunCommandAsync($"{Evil}.command");

    private async Task HeardAsync(HostFixture fixture, int events)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (_heard.Count < events)
        {
            Assert.False(patience.IsCancellationRequested, $"{_heard.Count} of {events}: {string.Join(" | ", _heard)}; {fixture.Status(Evil)}");
            await Task.Delay(10);
        }
    }
}
