using System.Text.Json.Nodes;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Tests;
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
        GuardOff = c => c.Also(host => host.GuestLimits = new GuestLimits(MemoryBytes: 256 << 20)),
    }).RunAsync();

    [Fact]
    public Task TableThatGrows() => (Faulting("grow-table.wasm", "threw", "returned 1") with
    {
        Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 60_000),
        GuardOff = c => c with { Setup = host => host.GuestLimits = new GuestLimits(TurnCpuMs: 60_000, TableElements: 4_000_000) },
    }).RunAsync();

    /// <summary>Of a recursion without end the control is one that has an end: no stack is deep enough for the other.</summary>
    [Fact]
    public Task RecursionWithoutEnd() => (Faulting("deep-recursion.js", "threw", "Maximum call stack size exceeded") with
    {
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
    }).RunAsync();

    [Fact]
    public Task DeepRecursion() => (Faulting("deep-recursion.js", "threw", "Maximum call stack size exceeded") with
    {
        Attack = arena => arena.ActionAsync(),
        Setup = host => host.GuestLimits = new GuestLimits(JavaScriptStackBytes: 64 << 10),
        GuardOff = c => c with { Setup = static _ => { } },
    }).RunAsync();

    [Fact]
    public Task RecursionWithoutEndInWebAssembly() => (Faulting("wasm-recursion.wasm", "trapped", "stack") with
    {
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
    }).RunAsync();

    [Fact]
    public Task DeepRecursionInWebAssembly() => (Faulting("wasm-recursion.wasm", "trapped", "stack") with
    {
        Attack = arena => arena.ActionAsync(),
        Setup = host => host.GuestLimits = new GuestLimits(StackBytes: 1 << 20),
        GuardOff = c => c with { Setup = static _ => { } },
    }).RunAsync();

    /// <summary>The bounds of the host's blocks cannot be off: what lies beyond them is the host's own memory. So the control is what the guest finds where it was given something.</summary>
    [Fact]
    public Task OffsetsThatWereNeverGiven() => new HostileCase("wild-offsets.wasm")
    {
        Failed = arena =>
        {
            arena.AssertDone();
            Assert.Equal(["Info nothing there", "Info its own block whole"], arena.Printed);
        },
        Audited = null,
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
        Succeeded = arena => Assert.Equal(["Info something there", "Info its own block written to"], arena.Printed),
    }.RunAsync();

    /// <summary>A function of another type cannot be called at all; the control calls one that fits.</summary>
    [Fact]
    public Task ExportsOfWrongSignature() => (Faulting("wrong-signature.wasm", "threw", "has type") with
    {
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
    }).RunAsync();

    [Fact]
    public Task AnswerOfHundredMegabytes() => (Faulting("giant-answer.js", "invalid-answer", "at most 1048576") with
    {
        Size = 100_000_000,
        Setup = host => host.GuestLimits = Roomy,
        Attack = arena => arena.RenderAsync(),
        // A reader that had not the same limit shows that nothing else stands before it.
        GuardOff = c => (c with { Size = 2_000_000 }).Also(host =>
        {
            host.GuestLimits = Roomy with { AnswerBytes = int.MaxValue };
            host.Limits = host.Limits with { ReadsViewsBy = ReadCarelessly };
        }),
        Succeeded = arena => Assert.Equal(2_000_000, arena.TextOfView().Length),
    }).RunAsync();

    [Fact]
    public Task AnswerThatIsTooDeep() => (Faulting("deep-answer.js", "invalid-answer", "depth of 128") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c.Also(host =>
        {
            host.GuestLimits = new GuestLimits(AnswerDepth: 1_000);
            host.Limits = host.Limits with { Views = new ViewLimits(MaxDepth: 200) };
        }),
        Succeeded = arena => Assert.IsType<ViewState.Ready>(arena.Shown),
    }).RunAsync();

    [Fact]
    public Task HalfACharacter() => (Faulting("lone-surrogate.js", "invalid-answer") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { ReadsViewsBy = ReadCarelessly }),
        Succeeded = arena => Assert.Contains("\\ud800", arena.TextOfView(), StringComparison.Ordinal),
    }).RunAsync();

    [Fact]
    public Task ViewOfTooManyNodes() => (Faulting("huge-view.js", "invalid-answer", "5,000") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { Views = new ViewLimits(MaxNodes: 10_000) }),
        Succeeded = arena => Assert.IsType<ViewState.Ready>(arena.Shown),
    }).RunAsync();

    [Fact]
    public Task BytesForTheTerminal() => (Faulting("unknown-view.js", "invalid-answer", "type") with
    {
        Attack = arena => arena.RenderAsync(),
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { ReadsViewsBy = ReadCarelessly }),
        Succeeded = arena => Assert.Contains("\\u001b[2J", arena.TextOfView(), StringComparison.Ordinal),
    }).RunAsync();

    [Fact]
    public Task StateOfHundredMegabytes() => new HostileCase("huge-state.js")
    {
        Size = 100_000_000,
        Setup = host => host.GuestLimits = Roomy,
        Attack = SwapAsync,
        // The version before goes on.
        Failed = arena => Assert.Equal("here", arena.TextOfView()),
        Audited = "plugin.swap-failed",
        Decision = AuditDecision.Transition,
        // Its answer, what is kept of it and the message that hands it on have a limit each.
        GuardOff = c => (c with { Size = 2_000_000 }).Also(host =>
        {
            host.GuestLimits = Roomy with { AnswerBytes = int.MaxValue, MessageBytes = int.MaxValue };
            host.Limits = host.Limits with { StateBytes = int.MaxValue };
        }),
        Succeeded = arena => arena.AssertPrinted("was handed 2000000"),
    }.RunAsync();

    [Fact]
    public Task StateOfTooManyBytes() => new HostileCase("huge-state.js")
    {
        Size = 900_000,
        Attack = SwapAsync,
        Failed = arena => Assert.Equal("here", arena.TextOfView()),
        Audited = "plugin.swap-failed",
        Decision = AuditDecision.Transition,
        GuardOff = c => c.Also(host => host.Limits = host.Limits with { StateBytes = 1 << 20 }),
        Succeeded = arena => arena.AssertPrinted("was handed 900000"),
    }.RunAsync();

    private static GuestLimits Roomy { get; } = new(MemoryBytes: Large, TurnCpuMs: 60_000);

    private static async Task SwapAsync(Arena arena)
    {
        await arena.RenderAsync();
        var attacker = arena.Host.Plugins[^1];
        await arena.Host.Host.ApplyAsync([arena.Host.Plugins[0], HostFixture.Installed(attacker.Manifest, [.. attacker.Main.Span, .. "\n// next"u8])]);
        await arena.RenderAsync();
    }

    /// <summary>Shows whatever it is given, as it is given.</summary>
    private static Outcome<ViewNode> ReadCarelessly(ReadOnlyMemory<byte> json)
    {
        var text = System.Text.Encoding.UTF8.GetString(json.Span);
        return new ViewNode.Badge { Label = text is ['{', ..] && JsonNode.Parse(text) is JsonObject { Count: 2 } view && view["type"]?.GetValue<string>() == "badge" && !text.Contains('\\', StringComparison.Ordinal) ? view["label"]!.GetValue<string>() : text };
    }

    private static HostileCase Faulting(string plugin, string code, string says = "") => new(plugin)
    {
        Failed = arena => arena.AssertFailed(code, says),
        Audited = "plugin.fault",
        Decision = AuditDecision.Fault,
        GuardOff = c => c,
        Succeeded = arena => arena.AssertDone(),
    };
}
