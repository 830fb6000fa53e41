using System.Security.Cryptography;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Wasm;

namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>
/// One running instance of a plugin: one linear memory, one turn at a time. It can reach nothing but
/// <see cref="GuestOptions.Call"/>.
/// </summary>
/// <remarks>
/// Thread safe. A guest never throws at its host: whatever the code inside does comes back as a
/// <see cref="GuestReply.Failed"/>. Disposing interrupts a running turn and ends calls in flight as cancelled.
/// </remarks>
public interface IGuest : IAsyncDisposable
{
    /// <summary>Delivers a message and waits for its answer, its failure or its deadline.</summary>
    /// <remarks>JavaScript takes up to <see cref="GuestLimits.MessagesInFlight"/> at once, WebAssembly one; more wait their turn.</remarks>
    ValueTask<GuestReply> SendAsync(Envelope message, CancellationToken cancellationToken);

    /// <summary>What the instance has used so far.</summary>
    GuestUsage Usage { get; }

    /// <summary>Completes when the instance is gone: with the fault that ended it, or null when it was disposed.</summary>
    Task<GuestFault?> Ended { get; }
}

/// <summary>What became of a message.</summary>
public abstract record GuestReply
{
    private GuestReply() { }

    /// <summary>The guest answered with this UTF-8 JSON.</summary>
    public sealed record Answered(ReadOnlyMemory<byte> Json) : GuestReply;

    /// <summary>The message failed.</summary>
    public sealed record Failed(GuestFault Fault) : GuestReply;
}

/// <summary>Why a message failed.</summary>
/// <param name="Kind">The cause.</param>
/// <param name="Message">For the plugin's panel and log.</param>
/// <param name="Stack">The guest's stack, when it has one.</param>
/// <param name="InstanceLost">The instance is gone and must be started anew.</param>
public sealed record GuestFault(GuestFaultKind Kind, string Message, string? Stack = null, bool InstanceLost = false);

public enum GuestFaultKind
{
    /// <summary>The guest threw, or rejected the message's promise.</summary>
    Threw,

    /// <summary>WebAssembly trapped.</summary>
    Trapped,

    /// <summary>A turn used up its CPU budget and was interrupted.</summary>
    Interrupted,

    /// <summary>The message's wall time ran out while the guest was waiting.</summary>
    Deadline,

    /// <summary>The guest ran into its memory limit.</summary>
    OutOfMemory,

    /// <summary>The answer is not what the message asks for, or larger than a message may be.</summary>
    InvalidAnswer,

    /// <summary>The host cancelled the message or disposed the guest.</summary>
    Cancelled,

    /// <summary>The code could not be loaded.</summary>
    LoadFailed,

    /// <summary>The message is larger than <see cref="Envelope.MaxBytes"/>; the guest has not seen it.</summary>
    TooLarge,
}

/// <summary>Counters of one instance.</summary>
/// <param name="Cpu">CPU time spent inside the guest.</param>
/// <param name="MemoryBytes">Linear memory now, in bytes.</param>
/// <param name="Messages">Messages delivered.</param>
/// <param name="Calls">Host calls made.</param>
/// <param name="Faults">Messages that failed by the guest's doing.</param>
public readonly record struct GuestUsage(TimeSpan Cpu, long MemoryBytes, long Messages, long Calls, long Faults);

/// <summary>Answers a guest's host call. The broker behind it decides; it never throws for a refusal.</summary>
public delegate ValueTask<Answer> HostCallHandler(HostCall call, CancellationToken cancellationToken);

/// <summary>A host call that was refused before it was made.</summary>
/// <param name="Name">As the guest named it; empty when it named none.</param>
/// <param name="Error">What it was answered.</param>
/// <param name="IsBroken">What came was no call: it has not the form that one has.</param>
public readonly record struct RefusedCall(string Name, CallError Error, bool IsBroken = false);

/// <summary>What an instance is made of.</summary>
public sealed record GuestOptions
{
    /// <summary>For thread names, stacks and log lines.</summary>
    public required string Name { get; init; }

    /// <summary>The manifest's <c>main</c>: a JavaScript bundle in UTF-8, or a WebAssembly module.</summary>
    public required ReadOnlyMemory<byte> Code { get; init; }

    /// <summary>Source map of a JavaScript bundle, UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte>? SourceMap { get; init; }

    public required GuestLimits Limits { get; init; }

    /// <summary>The only way out.</summary>
    public required HostCallHandler Call { get; init; }

    /// <summary>Told of calls that do not come to <see cref="Call"/>, because too many are open, they are too large, or they are none. Called on the guest's thread; must return at once.</summary>
    public Action<RefusedCall> Refused { get; init; } = static _ => { };

    /// <summary>Whether a host call is answered when the user answers: no message's deadline runs meanwhile.</summary>
    public Predicate<string> WaitsForUser { get; init; } = static _ => false;

    /// <summary>Whether a host call is answered without waiting for anything: such a one is made on the guest's own thread.</summary>
    public Predicate<string> AnswersAtOnce { get; init; } = static _ => false;

    /// <summary>What the guest prints (<c>console.*</c>, Extism's log functions).</summary>
    public required Action<PluginLogLevel, string> Log { get; init; }

    /// <summary>Told of a fault of the host's own while the guest ran, which costs the instance; called on the guest's thread, must return at once and not throw. Without it the fault is logged as the guest's lines are.</summary>
    public Action<Exception>? Bug { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>What Extism's <c>config_get</c> answers: the present value of a setting, or null.</summary>
    public Func<string, string?> Configuration { get; init; } = static _ => null;

    /// <summary>Told of each turn as it ends: the type of the message that it was for, and the <see cref="Time"/> stamp of its beginning. Must return at once.</summary>
    public Action<string, long>? TurnEnded { get; init; }

    /// <summary>Who samples the guest's stack just now; null for nobody. Asked on the guest's thread, every few thousand operations: must return at once.</summary>
    public Func<IStackSampler?>? Sampler { get; init; }

    /// <summary>Digest of the package, which names its start image; null when none is to be used.</summary>
    public string? CodeDigest { get; init; }

    /// <summary>Where start images are; null when none is to be used.</summary>
    public StartImages? Images { get; init; }

    /// <summary>What the WASI imports of a WebAssembly guest open; null for nothing.</summary>
    public PluginFiles? Files { get; init; }

    /// <summary>Fills a buffer with random bytes.</summary>
    public Action<Span<byte>> FillRandom { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Lets JavaScript make code of text, which nothing but a test of what prevents it may do.</summary>
    internal bool CompilesAtRunTime { get; init; }

    /// <summary>Changes the text of the host's own part of a JavaScript context, to show what its care is good for; null leaves it as it is. Nothing but a test may.</summary>
    internal Func<string, string>? ChangesPrelude { get; init; }
}

/// <summary>Bounds of one instance.</summary>
/// <param name="MemoryBytes">Linear memory.</param>
/// <param name="TurnCpuMs">Guest CPU a turn, in milliseconds.</param>
/// <param name="StartCpuMs">Guest CPU for loading and evaluating the code, in milliseconds.</param>
/// <param name="MessagesInFlight">Messages a JavaScript guest may have open at once.</param>
/// <param name="CallsInFlight">Host calls that may be open at once.</param>
/// <param name="MessageBytes">A message with its envelope.</param>
/// <param name="AnswerBytes">The answer to a message.</param>
/// <param name="AnswerDepth">Objects and arrays in one another in an answer, as in <see cref="Contracts.ContractJson"/>.</param>
/// <param name="JavaScriptStackBytes">Stack of JavaScript; more than about 900 KiB would run off QuickJS's own 1 MiB and trap instead of throwing <c>RangeError</c>.</param>
/// <param name="StackBytes">Stack of WebAssembly, the host's own frames included; that of a guest's thread is a ceiling.</param>
/// <param name="TableElements">Elements of all tables of a WebAssembly module.</param>
public sealed record GuestLimits(
    long MemoryBytes = 64L << 20,
    int TurnCpuMs = 250,
    int StartCpuMs = 2_000,
    int MessagesInFlight = 32,
    int CallsInFlight = 64,
    int MessageBytes = Envelope.MaxBytes,
    int AnswerBytes = Envelope.MaxBytes,
    int AnswerDepth = 128,
    int JavaScriptStackBytes = 512 << 10,
    long StackBytes = 32L << 20,
    int TableElements = GuestBounds.TableElements)
{
    /// <summary>What a WebAssembly module may ask for.</summary>
    internal WasmLimits Module { get; init; } = WasmLimits.Default;
}
