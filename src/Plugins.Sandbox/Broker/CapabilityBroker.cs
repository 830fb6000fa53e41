using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Broker;

/// <summary>What a <see cref="CapabilityBroker"/> decides with.</summary>
public sealed record BrokerOptions
{
    /// <summary>All a plugin can do.</summary>
    public required ImmutableArray<HostCallRow> Calls { get; init; }

    public required SandboxLimits Limits { get; init; }
    public required QuotaLedger Quotas { get; init; }
    public required GestureRegistry Gestures { get; init; }
    public required ViolationMonitor Violations { get; init; }
    public required AuditLog Audit { get; init; }
    public required TimeProvider Time { get; init; }

    /// <summary>Takes a plugin's secrets out of what is audited of it, and out of the errors that it is given.</summary>
    public Func<PluginId, string, string> Redact { get; init; } = static (_, text) => text;

    /// <summary>Whether this process is the one that may do unattended work for a plugin.</summary>
    public Func<PluginId, bool> Leads { get; init; } = static _ => true;

    /// <summary>Told of a plugin's first call of one that is deprecated, of each package of the plugin, with the warning for its author.</summary>
    public Action<PluginId, string> Deprecated { get; init; } = static (_, _) => { };

    /// <summary>Told of a handler's exception, with the call's name: it is a bug of the host's.</summary>
    public required Action<string, Exception> Bug { get; init; }
}

/// <summary>
/// The one door between plugins and everything else: quota of all calls → known call → size → quota of arguments → schema →
/// quota of the call → permission and gesture → audit intent → handler → audit outcome → answer size. Default deny. Thread
/// safe.
/// </summary>
/// <remarks>Whatever a plugin sends is paid for before the host works on it: neither unknown nor invalid calls are free.</remarks>
public sealed class CapabilityBroker : IAsyncDisposable
{
    /// <summary>The audit's name for calls that are none: a plugin does not choose what its lines say happened.</summary>
    private const string UnknownCall = "(unknown)";

    private readonly BrokerOptions _options;
    private readonly FrozenDictionary<string, HostCallRow> _rows;
    private readonly ConcurrentDictionary<(PluginId Plugin, string Digest, string Call), long> _deprecated = new();
    private Epoch _epoch;

    /// <param name="options">What to decide with.</param>
    /// <param name="session">The session whose plugins may call.</param>
    public CapabilityBroker(BrokerOptions options, PluginSession session)
    {
        _options = options;
        _rows = options.Calls.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);
        _epoch = new Epoch(session, new CancellationTokenSource());
    }

    /// <summary>Ends the session before: its calls in flight, and later ones of its plugins, end <c>cancelled</c>.</summary>
    public async Task EnterSessionAsync(PluginSession session)
    {
        var ended = Interlocked.Exchange(ref _epoch, new Epoch(session, new CancellationTokenSource()));
        await ended.Ended.CancelAsync();
        ended.Ended.Dispose();
    }

    /// <summary>Whether a call is answered when the user answers.</summary>
    public bool WaitsForUser(string call) => _rows.GetValueOrDefault(call)?.WaitsForUser ?? false;

    /// <summary>Whether a call is answered without waiting for anything; false for one that there is not.</summary>
    public bool AnswersAtOnce(string call) => _rows.GetValueOrDefault(call)?.AnswersAtOnce ?? false;

    /// <summary>Decides a call and, when it is permitted, does it. Never throws for anything a plugin does.</summary>
    public async ValueTask<Answer> InvokeAsync(PluginPrincipal plugin, HostCall call, CancellationToken cancellationToken)
    {
        var epoch = _epoch;
        var row = _rows.GetValueOrDefault(call.Name);
        var attempt = new Attempt(plugin, row?.Name ?? UnknownCall, _options.Time.GetTimestamp(), _options.Redact);
        // No violation: it cannot know.
        if (epoch.Session != plugin.Session) return Refuse(attempt, ErrorCode.Cancelled, "the session that this plugin instance belongs to has ended");
        if (plugin.IsCallMetered && CheckQuota(attempt, QuotaClass.HostCalls, 1) is { } tooMany) return tooMany;
        if (row is null) return Refuse(attempt with { Target = Cut(call.Name) }, ErrorCode.NotFound, $"there is no host call `{Cut(call.Name)}`");
        if (call.Arguments.Length > _options.Limits.ArgumentBytes)
            return Refuse(attempt, ErrorCode.TooLarge, $"the arguments are {call.Arguments.Length:N0} bytes, at most {_options.Limits.ArgumentBytes:N0} are taken");
        if (plugin.IsCallMetered && CheckQuota(attempt, QuotaClass.ArgumentBytes, call.Arguments.Length) is { } tooLong) return tooLong;

        if (Parse(attempt, row, call.Arguments, out var isEscape) is not { } outcome) return HostFault(row.Name);
        if (!outcome.TryGet(out var parsed, out var problems))
            return RefuseInvalid(attempt, isEscape, $"the arguments of `{row.Name}` are not valid: {problems[0]}");
        attempt = attempt with { Target = parsed.Target, IsEscape = isEscape };
        if (row.Quota is { } quota && CheckQuota(attempt, quota, 1) is { } overdrawn) return overdrawn;
        if (CheckPermission(attempt, row, parsed, call.Gesture) is { } refused) return refused;

        if (row.Deprecated is { } deprecated) CountDeprecated(plugin, row.Name, deprecated);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, epoch.Token);
        var answer = await RunAuditedAsync(attempt, row, parsed, ends.Token);
        return answer.Ok.Length <= _options.Limits.AnswerBytes
            ? answer
            : Answer.Failure(ErrorCode.TooLarge, $"the answer is {answer.Ok.Length:N0} bytes, at most {_options.Limits.AnswerBytes:N0} are passed on: ask for fewer objects or fields");
    }

    /// <summary>A call that something on its way to the door refuses: audited as if the door had.</summary>
    /// <param name="plugin">Whose call it is.</param>
    /// <param name="call">As the plugin named it.</param>
    /// <param name="error">What it is answered.</param>
    /// <param name="violation">What it is besides; null for what a plugin cannot know.</param>
    public Answer Refuse(PluginPrincipal plugin, string call, CallError error, Violation? violation = null)
    {
        var row = _rows.GetValueOrDefault(call);
        var attempt = new Attempt(plugin, row?.Name ?? UnknownCall, _options.Time.GetTimestamp(), _options.Redact, row is null ? Cut(call) : "");
        if (violation is { } counted) _options.Violations.Record(plugin.Id, counted, attempt.Call);
        return Refuse(attempt, error.Code, error.Message);
    }

    /// <summary>How often a plugin has called what is deprecated, all its packages together.</summary>
    public long DeprecatedCallsOf(PluginId plugin) => _deprecated.Where(counted => counted.Key.Plugin == plugin).Sum(counted => counted.Value);

    /// <summary>What becomes of a call before its plugin's instance has taken over; a call that there is not is refused here.</summary>
    public StagedRule StagedRuleOf(string call) => _rows.TryGetValue(call, out var row) ? row.WhileStaged : StagedRule.Allowed;

    /// <summary>
    /// Whether data of this kind may be pushed to a plugin: the same permissions as when it asks for it. Neither counted nor
    /// audited; what is left out is no refusal.
    /// </summary>
    public bool MayReceive(PluginPrincipal plugin, Demand demand) =>
        _epoch.Session == plugin.Session && plugin.MayReceive(demand);

    /// <summary>
    /// Whether an answer of a plugin may bring about what it asks for, such as to refuse a change. A refusal is counted and
    /// audited like that of a call, and so is what comes about.
    /// </summary>
    /// <param name="plugin">Whose answer it is.</param>
    /// <param name="act">The audit's name for it.</param>
    /// <param name="target">On what.</param>
    /// <param name="demand">What it takes.</param>
    public bool TryPermit(PluginPrincipal plugin, string act, string target, Demand demand)
    {
        var attempt = new Attempt(plugin, act, _options.Time.GetTimestamp(), _options.Redact, target);
        if (_epoch.Session != plugin.Session)
        {
            Refuse(attempt, ErrorCode.Cancelled, "the session that this plugin instance belongs to has ended");
            return false;
        }
        if (plugin.MayReceive(demand))
        {
            _options.Audit.Record(attempt.Audit(AuditDecision.Done, demand.ToString()));
            return true;
        }
        plugin.Demanded(plugin, demand, DemandOutcome.Refused);
        RefusePermission(attempt, ErrorCode.PermissionDenied, $"this plugin has no permission to {demand}");
        return false;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _epoch.Ended.CancelAsync();
        _epoch.Ended.Dispose();
    }

    private void CountDeprecated(PluginPrincipal plugin, string call, DeprecatedCall deprecated)
    {
        if (_deprecated.AddOrUpdate((plugin.Id, plugin.Digest, call), 1, static (_, count) => count + 1) == 1) _options.Deprecated(plugin.Id, deprecated.Warning(call));
    }

    private Answer? CheckQuota(Attempt attempt, QuotaClass quota, double tokens)
    {
        var plugin = attempt.Plugin.Id;
        if (_options.Quotas.TryTake(plugin, quota, tokens, out var retryAfter)) return null;
        _options.Violations.Record(plugin, Violation.QuotaRefused, attempt.Call);
        return Refuse(attempt, ErrorCode.QuotaExceeded, QuotaMessage(quota, retryAfter));
    }

    /// <summary>The call's arguments, or what is wrong with them; null when reading them is a bug, which is told.</summary>
    private Outcome<ParsedCall>? Parse(Attempt attempt, HostCallRow row, ReadOnlyMemory<byte> arguments, out bool isEscape)
    {
        isEscape = false;
        try
        {
            return row.Parse(arguments, !_options.Limits.Off.ArgumentChecks, out isEscape);
        }
#pragma warning disable CA1031 // As in RunAsync.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            TellBug(attempt, bug);
            return null;
        }
    }

    private Answer? CheckPermission(Attempt attempt, HostCallRow row, ParsedCall parsed, string? token)
    {
        var plugin = attempt.Plugin;
        var gesture = token is null ? GestureState.Ended : _options.Gestures.Check(plugin, token);
        if (gesture is GestureState.Forged or GestureState.Foreign)
        {
            _options.Violations.Record(plugin.Id, Violation.ForgedGesture, row.Name);
            return Refuse(attempt, ErrorCode.GestureRequired, "the gesture token was not given to this plugin");
        }
        foreach (var demand in parsed.Demands)
        {
            var decision = plugin.Decide(demand);
            plugin.Demanded(plugin, demand, OutcomeOf(demand, decision, gesture));
            if (decision == Decision.Denied)
                return RefusePermission(attempt, ErrorCode.PermissionDenied, $"this plugin has no permission to {demand}");
            if (decision == Decision.NeedsGesture && gesture != GestureState.Live)
                return RefusePermission(attempt, ErrorCode.GestureRequired, $"to {demand} needs an action or command that the user has started and that has not ended");
        }
        if (row.NeedsGesture && gesture != GestureState.Live && !_options.Limits.Off.GestureNeeds)
            return RefusePermission(attempt, ErrorCode.GestureRequired, $"`{row.Name}` needs an action, command or input that the user has started and that has not ended");
        if (row.IsWrite && plugin.ReadOnly)
            return RefusePermission(attempt, ErrorCode.PermissionDenied, $"`{row.Name}` changes the cluster and this session is read-only");
        // Two that do the same by themselves would do it twice; no violation, for the plugin cannot know.
        return row.IsWrite && gesture != GestureState.Live && !_options.Leads(plugin.Id)
            ? Refuse(attempt, ErrorCode.Conflict, "another LazyOC of this home does the unattended work of this plugin")
            : null;
    }

    private static DemandOutcome OutcomeOf(Demand demand, Decision decision, GestureState gesture) => decision switch
    {
        Decision.Denied => DemandOutcome.Refused,
        Decision.NeedsGesture when gesture != GestureState.Live => DemandOutcome.NeedsGesture,
        _ => demand is Demand.Kubernetes { IsWrite: true } && gesture != GestureState.Live ? DemandOutcome.Unattended : DemandOutcome.Permitted,
    };

    private async ValueTask<Answer> RunAuditedAsync(Attempt attempt, HostCallRow row, ParsedCall parsed, CancellationToken cancellationToken)
    {
        var sensitive = row.IsWrite || (row.IsAudited && !parsed.Demands.IsEmpty) || parsed.Demands.Any(d => d is Demand.Kubernetes { Group: "", Resource: "secrets" });
        try
        {
            if (sensitive) await _options.Audit.RecordDurablyAsync(attempt.Audit(AuditDecision.Intent, null), cancellationToken);
        }
        catch (IOException error)
        {
            return Answer.Failure(ErrorCode.Unavailable, error.Message);
        }
        catch (OperationCanceledException)
        {
            // The intent may be written already; a line must say that nothing followed it.
            _options.Audit.Record(attempt.Audit(AuditDecision.Failed, $"{ErrorCode.Cancelled}: nothing was done"));
            return Cancelled();
        }
        var answer = await RunAsync(attempt, parsed, cancellationToken);
        var latencyMs = _options.Time.GetElapsedTime(attempt.Arrived).TotalMilliseconds;
        // What a handler has no room for is one of the plugin's excesses, like what the door had no tokens for.
        if (answer.Error is { Code: ErrorCode.QuotaExceeded }) _options.Violations.Record(attempt.Plugin.Id, Violation.QuotaRefused, attempt.Call);
        if (answer.Error is { Code: ErrorCode.PermissionDenied or ErrorCode.QuotaExceeded } refused)
            _options.Audit.RecordRefusal(attempt.Audit(AuditDecision.Refused, ReasonOf(refused.Code, refused.Message), latencyMs));
        else if (sensitive && answer.Error is { } error)
            _options.Audit.Record(attempt.Audit(AuditDecision.Failed, $"{error.Code}: {error.Message}", latencyMs));
        else if (sensitive)
            _options.Audit.Record(attempt.Audit(AuditDecision.Done, null, latencyMs));
        else if (parsed.Demands.Any(d => d is Demand.ReadAudit))
            // Or whoever reads the audit would fill it.
            _options.Audit.CountRead(attempt.Audit(AuditDecision.Counted, null));
        else
            _options.Audit.RecordRead(answer.Error is { } failed ? attempt.Audit(AuditDecision.Failed, $"{failed.Code}: {failed.Message}", latencyMs) : attempt.Audit(AuditDecision.Done, null, latencyMs));
        // What a server answered may hold what the host has sent it.
        return answer.Error is { } failure ? Answer.Failure(failure.Code, _options.Redact(attempt.Plugin.Id, failure.Message)) : answer;
    }

    private async ValueTask<Answer> RunAsync(Attempt attempt, ParsedCall parsed, CancellationToken cancellationToken)
    {
        try
        {
            return await parsed.RunAsync(attempt.Plugin, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return Cancelled();
        }
#pragma warning disable CA1031 // The guest gets `internal`, the bug is told and audited: nothing is swallowed.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            TellBug(attempt, bug);
            return HostFault(attempt.Call);
        }
    }

    private void TellBug(Attempt attempt, Exception bug)
    {
        _options.Audit.Record(attempt.Audit(AuditDecision.Bug, $"{bug.GetType().Name}: {bug.Message}"));
        _options.Bug(attempt.Call, bug);
    }

    private Answer RefusePermission(Attempt attempt, string code, string message)
    {
        _options.Violations.Record(attempt.Plugin.Id, attempt.IsEscape ? Violation.EscapeAttempt : Violation.PermissionRefused, attempt.Call);
        return Refuse(attempt, code, message);
    }

    private Answer RefuseInvalid(Attempt attempt, bool isEscape, string message)
    {
        if (isEscape) _options.Violations.Record(attempt.Plugin.Id, Violation.EscapeAttempt, attempt.Call);
        return Refuse(attempt, ErrorCode.Invalid, message);
    }

    private Answer Refuse(Attempt attempt, string code, string message)
    {
        _options.Audit.RecordRefusal(attempt.Audit(AuditDecision.Refused, ReasonOf(code, message), _options.Time.GetElapsedTime(attempt.Arrived).TotalMilliseconds));
        return Answer.Failure(code, message);
    }

    // The wait in a quota's message differs from one refusal to the next; the audit tells them alike.
    private static string ReasonOf(string code, string message) => code == ErrorCode.QuotaExceeded ? code : $"{code}: {message}";

    private static Answer HostFault(string call) => Answer.Failure(ErrorCode.Internal, $"`{call}` failed by a fault of the host; its log says which");

    private static Answer Cancelled() => Answer.Failure(ErrorCode.Cancelled, "the call was cancelled");

    internal static string QuotaMessage(QuotaClass quota, TimeSpan retryAfter) =>
        $"the quota of {NameOf(quota)} is used up: retry after {Math.Ceiling(retryAfter.TotalMilliseconds):0} ms";

    /// <summary>A quota class in words.</summary>
    public static string NameOf(QuotaClass quota) => quota switch
    {
        QuotaClass.HostCalls => "host calls",
        QuotaClass.ArgumentBytes => "argument bytes",
        QuotaClass.Kubernetes => "Kubernetes calls",
        QuotaClass.LogBytes => "log bytes",
        QuotaClass.Attention => "calls for the user's attention",
        QuotaClass.Events => "published events",
        QuotaClass.Network => "HTTP requests",
        QuotaClass.NetworkBytes => "network bytes",
        _ => throw new ArgumentOutOfRangeException(nameof(quota), quota, "this class has no name"),
    };

    private static string Cut(string name) => name.Length <= 100 ? name : name[..100] + "…";

    private sealed record Epoch(PluginSession Session, CancellationTokenSource Ended)
    {
        // Taken while the source lives; a token outlasts its source.
        public CancellationToken Token { get; } = Ended.Token;
    }

    private readonly record struct Attempt(PluginPrincipal Plugin, string Call, long Arrived, Func<PluginId, string, string> Redact, string Target = "", bool IsEscape = false)
    {
        public AuditEvent Audit(AuditDecision decision, string? reason, double? latencyMs = null) => new()
        {
            Plugin = Plugin.Id,
            Version = Plugin.Version,
            Digest = Plugin.Digest,
            Call = Call,
            Target = Redact(Plugin.Id, Target),
            Decision = decision,
            Reason = reason is null ? null : Redact(Plugin.Id, reason),
            LatencyMs = latencyMs,
        };
    }
}
