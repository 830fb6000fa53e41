using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Tests;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks by quantity: each stops at its quota, and without it goes through.</summary>
[Collection(HostileCollection.Name)]
public sealed class FloodTests
{
    private static readonly QuotaRate Unlimited = new(1e9, 1e9);

    [Fact]
    public Task HostCalls() => new HostileCase("call-flood.js")
    {
        Failed = arena => arena.AssertPrinted("\"quota-exceeded\":"),
        Audited = "host.info",
        GuardOff = c => c with { Setup = host => host.Sandbox = host.Sandbox with { HostCalls = Unlimited } },
        Succeeded = arena => arena.AssertPrinted("answered 300, refused {}"),
    }.RunAsync();

    [Fact]
    public Task Arguments() => new HostileCase("argument-flood.js")
    {
        // What a slow machine fills up again while the plugin copies is less than what it wants.
        Setup = host =>
        {
            host.GuestLimits = new GuestLimits(TurnCpuMs: 10_000);
            host.Sandbox = host.Sandbox with { ArgumentRate = new QuotaRate(PerSecond: 1, Burst: 8 << 20) };
        },
        Failed = arena => arena.AssertPrinted("refused quota-exceeded"),
        Audited = "log.write",
        GuardOff = c => c with
        {
            Setup = host =>
            {
                host.GuestLimits = new GuestLimits(TurnCpuMs: 10_000);
                host.Sandbox = host.Sandbox with { ArgumentRate = Unlimited };
            },
        },
        Succeeded = arena => arena.AssertPrinted("taken 12, refused "),
    }.RunAsync();

    [Fact]
    public Task OpenCalls() => new HostileCase("open-calls.js")
    {
        Permissions = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list"] }] }""",
        Setup = host =>
        {
            host.Sandbox = host.Sandbox with { Kubernetes = Unlimited };
            host.GuestLimits = new GuestLimits(CallsInFlight: 4);
        },
        Failed = arena => arena.AssertPrinted("\"quota-exceeded\":"),
        Audited = "kubernetes.list",
        GuardOff = c => c with
        {
            Setup = host =>
            {
                host.Sandbox = host.Sandbox with { Kubernetes = Unlimited };
                host.GuestLimits = new GuestLimits(CallsInFlight: 1_000);
            },
        },
        Succeeded = arena => arena.AssertPrinted("codes {}"),
    }.RunAsync();

    [Fact]
    public Task LogLines() => new HostileCase("log-flood.js")
    {
        Failed = arena =>
        {
            var printed = arena.Printed.Count(line => line.Contains("xxx", StringComparison.Ordinal));
            Assert.InRange(printed, 1, 60);
            // What comes through next says how much did not.
            arena.AssertPrinted($"Warn lazyoc: {200 - printed} lines were dropped here");
        },
        Audited = "log.write",
        GuardOff = c => c with { Setup = host => host.Sandbox = host.Sandbox with { LogBytes = Unlimited } },
        Succeeded = arena => Assert.Equal(200, arena.Printed.Count(line => line.Contains("xxx", StringComparison.Ordinal))),
    }.RunAsync();

    [Fact]
    public Task Notices() => new HostileCase("notice-flood.js")
    {
        Failed = arena =>
        {
            Assert.InRange(arena.User.Shown.Count, 1, 39);
            arena.AssertPrinted("failed: quota-exceeded");
        },
        Audited = "ui.notify",
        GuardOff = c => c with { Setup = host => host.Sandbox = host.Sandbox with { Attention = Unlimited } },
        Succeeded = arena => Assert.Equal(40, arena.User.Shown.Count),
    }.RunAsync();

    [Fact]
    public Task Refusals() => new HostileCase("refusal-flood.js")
    {
        Attack = arena => arena.RenderAsync(),
        Failed = arena =>
        {
            Assert.Equal(PluginState.Suspended, arena.State);
            arena.AssertFailed("permission-denied", "suspended");
        },
        Audited = "kubernetes.get",
        GuardOff = c => c with { Setup = host => host.Sandbox = host.Sandbox with { PermissionRefusalsPerMinute = 1_000 } },
        Succeeded = arena => Assert.Equal("went on", arena.TextOfView()),
    }.RunAsync();

    [Fact]
    public Task Watches() => new HostileCase("watch-flood.js")
    {
        Permissions = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"] }] }""",
        Setup = host => host.Sandbox = host.Sandbox with { Kubernetes = Unlimited },
        Failed = arena => arena.AssertPrinted("""watches {"open":50,"quota-exceeded":10}"""),
        Audited = "kubernetes.watch",
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { Watches = 100 }),
        Succeeded = arena => arena.AssertPrinted("""watches {"open":60}"""),
    }.RunAsync();

    [Fact]
    public async Task Processor()
    {
        string? heldBackFor = null;
        await new HostileCase("burns-cpu.js")
        {
            Spins = true,
            Setup = host => host.Sandbox = host.Sandbox with { Cpu = new QuotaRate(PerSecond: 0.2, Burst: 0.001) },
            Attack = async arena =>
            {
                await arena.RenderAsync();
                var again = arena.RenderAsync();
                await Arena.PollAsync(() => again.IsCompleted || (heldBackFor = arena.Host.Status(Arena.Attacker).Reason) is not null);
                await again;
            },
            Failed = _ => Assert.Contains("it used more CPU than its share", heldBackFor, StringComparison.Ordinal),
            Audited = "plugin.throttled",
            Decision = AuditDecision.Transition,
            GuardOff = c =>
            {
                heldBackFor = null;
                return c.Also(host => host.Sandbox = host.Sandbox with { Cpu = Unlimited });
            },
            Succeeded = arena =>
            {
                Assert.Null(heldBackFor);
                Assert.Equal("burnt", arena.TextOfView());
            },
        }.RunAsync();
    }

    [Fact]
    public async Task ViewUpdates()
    {
        var shown = "";
        await new HostileCase("update-flood.js")
        {
            Setup = host => host.Limits = host.Limits with { ViewUpdateInterval = TimeSpan.FromHours(1) },
            Attack = async arena =>
            {
                using var view = arena.Host.Extensions.OpenTab($"{Arena.Attacker}.tab", HostFixture.Pod(), 80, 20);
                await arena.UntilAsync(() => view.State is ViewState.Ready);
                await arena.CommandAsync();
                shown = Assert.IsType<ViewNode.Badge>(Assert.IsType<ViewState.Ready>(view.State).Content).Label;
            },
            // The first is shown, the latest waits for its time; none is refused.
            Failed = _ => Assert.Equal("update 1", shown),
            Audited = null,
            GuardOff = c => c.Also(host => host.Limits = host.Limits with { ViewUpdateInterval = TimeSpan.Zero }),
            Succeeded = _ => Assert.Equal("update 100", shown),
        }.RunAsync();
    }

    [Fact]
    public Task MessagesToAnother() => new HostileCase("huge-message.js")
    {
        Permissions = """{ "services": { "call": ["friend.plugin/length"] } }""",
        Setup = host => host.WithJavaScript(
            "friend.plugin",
            """ "exports": { "services": { "length": { "input": { "type": "string" }, "output": { "type": "integer" } } } },""",
            """lazyoc.on("service", ({ input }) => input.length);"""),
        Failed = arena =>
        {
            arena.AssertPrinted("failed: unavailable");
            arena.AssertPrinted("too-large");
            // It is not the fault of the one that was to be handed it.
            Assert.Equal(0, arena.Host.Status("friend.plugin").Account.Faults);
        },
        Audited = "services.call",
        Decision = AuditDecision.Counted,
        GuardOff = c => c.Also(host => host.GuestLimits = new GuestLimits(MessageBytes: 4 << 20)),
        Succeeded = arena => arena.AssertPrinted("friend counted 1048450"),
    }.RunAsync();
}
