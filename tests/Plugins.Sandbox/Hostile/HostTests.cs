using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Plugins.Sandbox.Hostile;

/// <summary>
/// Attacks on the process itself: what the host does for a guest outside of the guest's own code must not fail where nobody
/// catches it. None of these guards can be off: without them the process that runs the test ends. So the control of each is the
/// same as far as it is lawful.
/// </summary>
[Collection(HostileCollection.Name)]
public sealed class HostTests
{
    [Fact]
    public Task PreparationOfAnotherType() => (NotLoaded("initialize-of-wrong-type.wasm", "_initialize") with { GuardOff = Prepared }).RunAsync();

    [Fact]
    public Task ExitDuringPreparation() => (NotLoaded("exits-at-start.wasm", "exited with code 3") with { GuardOff = Prepared }).RunAsync();

    [Fact]
    public Task ExitDuringAMessage() => (NotLoaded("exits.wasm", "exited with code 0") with
    {
        Failed = arena => arena.AssertFailed("trapped", "exited with code 0"),
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
    }).RunAsync();

    [Fact]
    public Task AbortWithoutMemory() => (NotLoaded("aborts-without-memory.wasm", "") with
    {
        Failed = arena => arena.AssertFailed("trapped", "a module without memory called `abort`"),
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
        Succeeded = arena => arena.AssertFailed("trapped", "(:7:9)"),
    }).RunAsync();

    [Fact]
    public Task AnswerWhereNothingIs() => new HostileCase("output-of-nothing.wasm")
    {
        IsOverAtOnce = true,
        // An answer of no bytes is one, wherever it lies.
        Failed = arena => arena.AssertDone(),
        Audited = null,
        GuardOff = c => c with { Attack = arena => arena.ActionAsync() },
        Succeeded = arena => arena.AssertDone(),
    }.RunAsync();

    private static HostileCase Prepared(HostileCase attack) => attack with { Plugin = "initializes.wasm" };

    private static HostileCase NotLoaded(string plugin, string says) => new(plugin)
    {
        IsOverAtOnce = true,
        Failed = arena => arena.AssertFailed("load-failed", says),
        Audited = "plugin.fault",
        Decision = AuditDecision.Fault,
        GuardOff = c => c,
        Succeeded = arena => arena.AssertDone(),
    };
}
