using LazyOC.Plugins.Runtime.Lifecycle;
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
        Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 10_000),
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
        Audited = null,
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
        Failed = arena => Assert.InRange(arena.Printed.Count(line => line.Contains("xxx", StringComparison.Ordinal)), 1, 60),
        Audited = null,
        GuardOff = c => c with { Setup = host => host.Sandbox = host.Sandbox with { LogBytes = Unlimited } },
        Succeeded = arena => Assert.Equal(100, arena.Printed.Count(line => line.Contains("xxx", StringComparison.Ordinal))),
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
}
