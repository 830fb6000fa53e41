using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on the processor: each is stopped by its budget, and with a larger one it goes its way.</summary>
[Collection(HostileCollection.Name)]
public sealed class ProcessorTests
{
    private const string Fault = "plugin.fault";

    [Fact]
    public Task EndlessLoop() => Stopped("endless-loop.js", "interrupted").RunAsync();

    [Fact]
    public Task PromiseFlood() => Stopped("promise-flood.js", "interrupted").RunAsync();

    [Fact]
    public Task EndlessRegularExpression() => Stopped("endless-regex.js", "interrupted").RunAsync();

    [Fact]
    public Task BigIntegers() => (Stopped("bigint-bomb.js", "interrupted") with { Spins = false, Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 30) }).RunAsync();

    [Fact]
    public Task ModuleThatNeverLoads() => new HostileCase("never-loads.js")
    {
        Setup = host => host.GuestLimits = new GuestLimits(StartCpuMs: 200),
        Failed = arena => arena.AssertFailed("interrupted"),
        Audited = Fault,
        Decision = AuditDecision.Fault,
        GuardOff = c => c with { Setup = host => host.GuestLimits = new GuestLimits(StartCpuMs: 60_000) },
        Succeeded = arena => arena.AssertDone(),
    }.RunAsync();

    [Fact]
    public Task PromiseThatNeverSettles() => new HostileCase("never-settles.js")
    {
        Setup = host => host.Limits = host.Limits with { RenderDeadline = TimeSpan.FromMilliseconds(200) },
        Attack = async arena =>
        {
            await arena.RenderAsync();
            await arena.CommandAsync();
        },
        Failed = arena => Assert.Equal("deadline", Assert.IsType<ViewState.Faulted>(arena.Shown).Failure.Code),
        Audited = Fault,
        Decision = AuditDecision.Fault,
        GuardOff = c => c with
        {
            Setup = static _ => { },
            Attack = async arena =>
            {
                var shown = arena.RenderAsync();
                await arena.UntilAsync(() => arena.State == PluginState.Active);
                do
                {
                    // `render` is in the guest before `command` is.
                    await arena.CommandAsync();
                }
                while (!shown.IsCompleted && arena.Ended is InvocationResult.Faulted);
                await shown;
            },
        },
        Succeeded = arena => Assert.Equal("settled", arena.TextOfView()),
    }.RunAsync();

    [Fact]
    public Task EndlessWebAssembly() => Stopped("wasm-loop.wasm", "interrupted").RunAsync();

    [Fact]
    public Task ActivationThatNeverEnds() => new HostileCase("hangs-at-start.js")
    {
        Setup = host => host.Limits = host.Limits with { ActivateDeadline = TimeSpan.FromMilliseconds(200) },
        Attack = arena => arena.RenderAsync(),
        Failed = arena => arena.AssertFailed("deadline"),
        Audited = Fault,
        Decision = AuditDecision.Fault,
        GuardOff = c => c with
        {
            Setup = static _ => { },
            Attack = async arena =>
            {
                using var view = arena.Host.Extensions.OpenTab($"{Arena.Attacker}.tab", Runtime.Tests.HostFixture.Pod(), 80, 20);
                for (var i = 0; i < 50; i++) await arena.AskBystanderAsync();
                Assert.IsType<ViewState.Pending>(view.State);
            },
        },
        Succeeded = arena => Assert.Equal(PluginState.Activating, arena.State),
    }.RunAsync();

    [Fact]
    public Task CrashLoop() => new HostileCase("crash-loop.js")
    {
        Attack = async arena =>
        {
            await arena.RenderAsync();
            await arena.UntilAsync(() => arena.State == PluginState.Quarantined);
            await arena.RenderAsync();
        },
        Failed = arena => arena.AssertFailed("threw"),
        Audited = "plugin.quarantined",
        Decision = AuditDecision.Transition,
        GuardOff = c => c with
        {
            Setup = host => host.Supervision = host.Supervision with { RestartsBeforeQuarantine = 1_000_000 },
            Attack = async arena =>
            {
                await arena.RenderAsync();
                await arena.UntilAsync(() => arena.Host.Starts.Count(name => name == Arena.Attacker) > 20);
            },
        },
        Succeeded = arena => Assert.NotEqual(PluginState.Quarantined, arena.State),
    }.RunAsync();

    private static HostileCase Stopped(string plugin, string code) => new(plugin)
    {
        Spins = true,
        // Long enough that others are asked in the midst of it on a busy machine, too.
        Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 1_000),
        Failed = arena => arena.AssertFailed(code),
        Audited = Fault,
        Decision = AuditDecision.Fault,
        GuardOff = c => c with { Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 60_000) },
        Succeeded = arena => arena.AssertDone(),
    };
}
