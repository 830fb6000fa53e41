using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>Attacks on memory, stacks and tables, and answers that are too much.</summary>
[Collection(HostileCollection.Name)]
public sealed class MemoryTests
{
    private const long Small = 24 << 20;
    private const long Large = 512L << 20;

    [Fact]
    public Task AllocationBomb() => (Faulting("allocation-bomb.js", "out-of-memory") with
    {
        Setup = host => host.GuestLimits = new GuestLimits(MemoryBytes: Small, TurnCpuMs: 10_000),
        GuardOff = c => c with { Setup = host => host.GuestLimits = new GuestLimits(MemoryBytes: 64 << 20, TurnCpuMs: 10_000) },
        Succeeded = arena => arena.AssertPrinted("holds 40 MiB"),
    }).RunAsync();

    [Fact]
    public Task MemoryThatGrows() => (Faulting("grow-memory.wasm", "threw", "returned 1") with
    {
        GuardOff = c => c with { Setup = host => host.GuestLimits = new GuestLimits(MemoryBytes: 256 << 20) },
    }).RunAsync();

    [Fact]
    public Task TableThatGrows() => (Faulting("grow-table.wasm", "threw", "returned 1") with { GuardOff = Action }).RunAsync();

    [Fact]
    public Task DeepRecursion() => (Faulting("deep-recursion.js", "threw", "Maximum call stack size exceeded") with { GuardOff = Action }).RunAsync();

    [Fact]
    public Task DeepRecursionInWebAssembly() => (Faulting("wasm-recursion.wasm", "trapped", "stack") with { GuardOff = Action }).RunAsync();

    [Fact]
    public Task OffsetsThatWereNeverGiven() => new HostileCase("wild-offsets.wasm")
    {
        Attack = arena => arena.CommandAsync(),
        // Nothing was there to read: the guest finds zeros, and its stores went nowhere.
        Failed = arena => arena.AssertDone(),
        Audited = null,
        GuardOff = Action,
        Succeeded = arena => arena.AssertDone(),
    }.RunAsync();

    [Fact]
    public Task ExportsOfWrongSignature() => (Faulting("wrong-signature.wasm", "threw", "has type") with { GuardOff = Action }).RunAsync();

    [Fact]
    public Task AnswerOfHundredMegabytes() => (Faulting("giant-answer.js", "invalid-answer", "at most 1048576") with
    {
        Setup = host => host.GuestLimits = new GuestLimits(MemoryBytes: Large, TurnCpuMs: 60_000),
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c with { Plugin = "small-answer.js" },
        Succeeded = arena => Assert.Equal(900_000, arena.TextOfView().Length),
    }).RunAsync();

    [Fact]
    public Task AnswerThatIsTooDeep() => (Faulting("deep-answer.js", "invalid-answer") with { GuardOff = Action }).RunAsync();

    [Fact]
    public Task HalfACharacter() => (Faulting("lone-surrogate.js", "invalid-answer") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c with { Plugin = "whole-text.js" },
        Succeeded = arena => Assert.Equal("a\ud83d\ude00b", arena.TextOfView()),
    }).RunAsync();

    [Fact]
    public Task ViewOfTooManyNodes() => (Faulting("huge-view.js", "invalid-answer", "5,000") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c with { Plugin = "large-view.js" },
        Succeeded = arena => Assert.IsType<ViewState.Ready>(arena.Shown),
    }).RunAsync();

    [Fact]
    public Task BytesForTheTerminal() => (Faulting("unknown-view.js", "invalid-answer", "type") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c with { Plugin = "whole-text.js" },
        Succeeded = arena => Assert.IsType<ViewState.Ready>(arena.Shown),
    }).RunAsync();

    [Fact]
    public Task StateOfTooManyBytes() => new HostileCase("huge-state.js")
    {
        Setup = host => host.Limits = host.Limits with { StateBytes = 64 << 10 },
        Attack = async arena =>
        {
            await arena.RenderAsync();
            var next = Runtime.Tests.HostFixture.Installed(arena.Host.Plugins[^1].Manifest, [.. arena.Host.Plugins[^1].Main.Span, .. "\n// next"u8]);
            await arena.MeanwhileAsync(arena.Host.Host.ApplyAsync([arena.Host.Plugins[0], next]));
            await arena.RenderAsync();
        },
        // The version before goes on.
        Failed = arena => Assert.Equal("here", arena.TextOfView()),
        Audited = "plugin.swap-failed",
        Decision = AuditDecision.Transition,
        GuardOff = c => c with { Setup = host => host.Limits = host.Limits with { StateBytes = 1 << 20 } },
        Succeeded = arena => Assert.Equal(2, arena.Host.Starts.Count(name => name == Arena.Attacker)),
    }.RunAsync();

    private static HostileCase Action(HostileCase attack) => attack with { Attack = arena => arena.ActionAsync() };

    private static HostileCase Faulting(string plugin, string code, string says = "") => new(plugin)
    {
        Failed = arena => arena.AssertFailed(code, says),
        Audited = "plugin.fault",
        Decision = AuditDecision.Fault,
        GuardOff = c => c,
        Succeeded = arena => arena.AssertDone(),
    };
}
