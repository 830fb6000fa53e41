using System.Collections.Immutable;
using LazyOC.Marketplace.Protocol.Api;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Audit;

namespace LazyOC.Marketplace.Trial;

/// <summary>What the audit says of one plugin, with what is alike counted. Thread safe.</summary>
internal sealed class CallRecord(PluginId plugin, TrialLimits limits)
{
    private const string Transitions = "plugin.";

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Call, string Target, string Outcome, string? Reason), long> _calls = [];
    private long _leftOut;
    private string? _activationFailure;
    private string? _stopped;

    /// <summary>Takes a line of the audit.</summary>
    public void Add(AuditLine line)
    {
        var happened = line.Event;
        if (happened.Plugin != plugin) return;
        lock (_gate)
        {
            switch (happened.Decision)
            {
                case AuditDecision.Transition:
                    Move(happened);
                    break;
                // What came of an intent follows; a fault is told where it was visited.
                case AuditDecision.Intent or AuditDecision.Fault:
                    break;
                case AuditDecision.Refused:
                    Count(happened, "refused");
                    break;
                case AuditDecision.Failed or AuditDecision.Bug:
                    Count(happened, "failed");
                    break;
                default:
                    Count(happened, "done");
                    break;
            }
        }
    }

    public TrialReport ToReport(ImmutableArray<VisitedPart> visits)
    {
        lock (_gate)
        {
            return new TrialReport
            {
                Visits = visits,
                Calls = [.. _calls.OrderBy(call => call.Key.Call, StringComparer.Ordinal).ThenBy(call => call.Key.Target, StringComparer.Ordinal).Select(call => new ObservedCall(call.Key.Call, call.Key.Target, call.Key.Outcome, call.Value, call.Key.Reason))],
                CallsLeftOut = _leftOut,
                ActivationFailure = _activationFailure,
                Stopped = _stopped,
            };
        }
    }

    private void Move(AuditEvent moved)
    {
        var reason = Cut(moved.Reason ?? "no reason is given");
        if (moved is { Call: Transitions + "faulted", Target: "from activating" }) _activationFailure ??= reason;
        if (moved.Call is Transitions + "suspended" or Transitions + "quarantined") _stopped ??= reason;
    }

    private void Count(AuditEvent happened, string outcome)
    {
        var key = (Cut(happened.Call), Cut(TargetOf(happened.Call, happened.Target)), outcome, happened.Reason is { } reason && outcome != "done" ? Cut(reason) : null);
        if (_calls.TryGetValue(key, out var count)) _calls[key] = count + (happened.Count ?? 1);
        else if (_calls.Count < limits.Calls) _calls.Add(key, happened.Count ?? 1);
        else _leftOut++;
    }

    /// <summary>The target without what is another one each time.</summary>
    private static string TargetOf(string call, string target) => call switch
    {
        "ui.update" or "kubernetes.unwatch" => "",
        "kubernetes.get" or "kubernetes.logs" or "kubernetes.create" or "kubernetes.apply" or "kubernetes.patch" or "kubernetes.delete" or "kubernetes.scale" or "kubernetes.exec" => WithoutName(target),
        _ => target,
    };

    /// <summary><c>pods/web-1 in bookstore</c> becomes <c>pods/* in bookstore</c>: the name is what follows the last slash.</summary>
    private static string WithoutName(string target)
    {
        var end = target.AsSpan().IndexOfAny(' ', ':');
        var words = end < 0 ? target : target[..end];
        var slash = words.LastIndexOf('/');
        return slash < 0 ? target : $"{words[..(slash + 1)]}*{(end < 0 ? "" : target[end..])}";
    }

    private string Cut(string text)
    {
        if (text.Length <= limits.TextChars) return text;
        // Half of a surrogate pair is no text that JSON could hold.
        var end = limits.TextChars - (char.IsHighSurrogate(text[limits.TextChars - 2]) ? 2 : 1);
        return text[..end] + "…";
    }
}
