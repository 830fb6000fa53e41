using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Broker;

/// <summary>One capability: everything the broker must know of a host call. The table of rows is all a plugin can do.</summary>
public abstract class HostCallRow
{
    /// <summary>Views nest deeper than other arguments; none deeper than a message's answer may.</summary>
    private protected static readonly JsonLimits ArgumentLimits = new(MaxDepth: 128);

    private protected HostCallRow() { }

    /// <summary>Such as <c>kubernetes.list</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for the generated reference.</summary>
    public required string Description { get; init; }

    /// <summary>What must be permitted, as the manifest names it, such as <c>kubernetes: list</c>; null for a call that any plugin may make.</summary>
    public string? Permission { get; init; }

    /// <summary>Whether a permission is asked for at all; then <see cref="Permission"/> says which, for the reference.</summary>
    public abstract bool NeedsPermission { get; }

    /// <summary>Codes of <see cref="ErrorCode"/> that the handler itself can answer with, for the reference.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    /// <summary>What it draws on besides <see cref="QuotaClass.HostCalls"/>; null for nothing else.</summary>
    public QuotaClass? Quota { get; init; }

    /// <summary>It changes the cluster: refused in read-only sessions, audited before and after.</summary>
    public bool IsWrite { get; init; }

    /// <summary>It reaches beyond the host and the cluster: what it does by a permission is audited before and after, like a write.</summary>
    public bool IsAudited { get; init; }

    /// <summary>It takes what the user does or looks at: only while something goes on that the user started.</summary>
    public bool NeedsGesture { get; init; }

    /// <summary>It is answered when the user answers: no message's wall time runs meanwhile.</summary>
    public bool WaitsForUser { get; init; }

    /// <summary>Its handler neither waits nor works for long: it runs on the guest's own thread, which spares two changes of threads.</summary>
    public bool AnswersAtOnce { get; init; }

    /// <summary>It works and will be taken away; null for a call that stays.</summary>
    public DeprecatedCall? Deprecated { get; init; }

    /// <summary>What becomes of it before the plugin's instance has taken over from the one before.</summary>
    public StagedRule WhileStaged { get; init; }

    /// <summary>The arguments, for the reference.</summary>
    public abstract JsonTypeInfo RequestType { get; }

    /// <summary>The answer, for the reference.</summary>
    public abstract JsonTypeInfo AnswerType { get; }

    /// <param name="arguments">As the plugin sent them.</param>
    /// <param name="isStrict">False only in a test of what strictness is good for.</param>
    /// <param name="isEscape">Whether they are an attempt to break out, should they be refused.</param>
    internal abstract Outcome<ParsedCall> Parse(ReadOnlyMemory<byte> arguments, bool isStrict, out bool isEscape);
}

/// <summary>A call that will be taken away.</summary>
/// <param name="Since">The host API version from which on it should not be used.</param>
/// <param name="RemovedIn">The host API version without it.</param>
/// <param name="Instead">What to use in its place, for the author; a sentence without full stop.</param>
public sealed record DeprecatedCall(string Since, string RemovedIn, string Instead)
{
    /// <summary>For the author: what happens to the call, and what to do.</summary>
    public string Warning(string call) => $"`{call}` is deprecated since host API {Since} and is gone in {RemovedIn}: {Instead}";
}

/// <summary>What becomes of a call whose plugin instance has not yet taken over from the one before.</summary>
public enum StagedRule
{
    /// <summary>It would have an effect outside: refused.</summary>
    Refused,

    /// <summary>It only asks.</summary>
    Allowed,

    /// <summary>It shows something: done when the instance takes over. Its answer is <c>{}</c>.</summary>
    Recorded,
}

/// <summary>A capability with its types.</summary>
public sealed class HostCallRow<TRequest, TAnswer> : HostCallRow
    where TRequest : class
{
    /// <summary>Gives the type of the arguments when the first call is made: building all of them would cost each start half a second.</summary>
    public required Func<JsonTypeInfo<TRequest>> Request { get; init; }

    /// <summary>Gives the type of the answer, likewise.</summary>
    public required Func<JsonTypeInfo<TAnswer>> Answer { get; init; }

    public override JsonTypeInfo RequestType => Request();

    public override bool NeedsPermission => Demands != None;

    public override JsonTypeInfo AnswerType => Answer();

    /// <summary>What the request's type cannot say: null, or what is wrong with it.</summary>
    public Func<TRequest, Problem?> Check { get; init; } = static _ => null;

    /// <summary>Whether a request, if it is refused, was an attempt to break out that nobody makes by mistake.</summary>
    public Func<TRequest, bool> IsEscape { get; init; } = static _ => false;

    /// <summary>What must be permitted, all of it; empty for a call that any plugin may make.</summary>
    public Func<TRequest, ImmutableArray<Demand>> Demands { get; init; } = None;

    /// <summary>What the audit names: never a body or a secret.</summary>
    public Func<TRequest, string> Target { get; init; } = static _ => "";

    /// <summary>Does it. Expected failures are outcomes; what it throws is a bug.</summary>
    public required Func<PluginPrincipal, TRequest, CancellationToken, ValueTask<CallOutcome<TAnswer>>> Handler { get; init; }

    private static ImmutableArray<Demand> None(TRequest request) => [];

    internal override Outcome<ParsedCall> Parse(ReadOnlyMemory<byte> arguments, bool isStrict, out bool isEscape)
    {
        isEscape = false;
        if (!isStrict) return ParseAnyhow(arguments.Span);
        if (!StrictJson.Read(arguments.Span, Request(), ArgumentLimits).TryGet(out var request, out var problems)) return problems;
        isEscape = IsEscape(request);
        if (Check(request) is { } problem) return problem;
        return new Parsed(this, request);
    }

    private Outcome<ParsedCall> ParseAnyhow(ReadOnlySpan<byte> arguments)
    {
        var careless = new JsonSerializerOptions(Request().Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, AllowDuplicateProperties = true };
        try
        {
            return JsonSerializer.Deserialize(arguments, (JsonTypeInfo<TRequest>)careless.GetTypeInfo(typeof(TRequest))) is { } request ? new Parsed(this, request) : new Problem("", "the arguments are null");
        }
        catch (JsonException wrong)
        {
            return new Problem("", wrong.Message);
        }
    }

    private sealed class Parsed(HostCallRow<TRequest, TAnswer> row, TRequest request) : ParsedCall
    {
        public override ImmutableArray<Demand> Demands { get; } = row.Demands(request);

        public override string Target { get; } = row.Target(request);

        public override async ValueTask<Answer> RunAsync(PluginPrincipal plugin, CancellationToken cancellationToken) =>
            await row.Handler(plugin, request, cancellationToken) switch
            {
                CallOutcome<TAnswer>.Done done => Contracts.Messages.Answer.Success(JsonSerializer.SerializeToUtf8Bytes(done.Answer, row.Answer())),
                CallOutcome<TAnswer>.Failed failed => Contracts.Messages.Answer.Failure(failed.Error.Code, failed.Error.Message),
                var other => throw new InvalidOperationException($"`{row.Name}` ended in {other}."),
            };
    }
}

/// <summary>What became of a handler's work.</summary>
public abstract record CallOutcome<T>
{
    private CallOutcome() { }

    public sealed record Done(T Answer) : CallOutcome<T>;

    public sealed record Failed(CallError Error) : CallOutcome<T>;

    public static implicit operator CallOutcome<T>(T answer) => new Done(answer);

    public static implicit operator CallOutcome<T>(CallError error) => new Failed(error);
}

/// <summary>A call whose arguments have the right shape.</summary>
internal abstract class ParsedCall
{
    public abstract ImmutableArray<Demand> Demands { get; }

    public abstract string Target { get; }

    public abstract ValueTask<Answer> RunAsync(PluginPrincipal plugin, CancellationToken cancellationToken);
}
