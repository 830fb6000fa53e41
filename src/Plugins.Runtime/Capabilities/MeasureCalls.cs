using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>What plugins tell their authors: <c>metrics.record</c> and <c>trace.span</c>.</summary>
/// <param name="actorOf">The plugin of a principal; null when its instance has ended.</param>
/// <param name="limits">The runtime's.</param>
internal sealed class MeasureCalls(Func<PluginPrincipal, PluginActor?> actorOf, RuntimeLimits limits)
{
    private static CallError Ended => new(ErrorCode.Cancelled, "this plugin instance has ended");

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<MetricsRecordRequest, Nothing>
        {
            Name = "metrics.record",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "Records a value that the plugin measured of itself, for its author.",
            Request = static () => ContractJson.Default.MetricsRecordRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => CheckName(request.Name)
                ?? (double.IsFinite(request.Value) ? null : new Problem("value", "is no finite number"))
                ?? (request.Unit is { } unit ? CheckText("unit", unit) : null),
            Handler = (plugin, request, _) => Answered(
                actorOf(plugin) is not { } actor ? Ended
                : actor.Metrics.TryRecord(request.Name, request.Value, request.Unit) ? null
                : new CallError(ErrorCode.QuotaExceeded, $"{limits.Metrics} metrics of other names are recorded already")),
        },
        new HostCallRow<TraceSpanRequest, Nothing>
        {
            Name = "trace.span",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "Says that something the plugin did has ended, for profiles.",
            Request = static () => ContractJson.Default.TraceSpanRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = CheckSpan,
            Handler = (plugin, request, _) =>
            {
                if (actorOf(plugin) is not { } actor) return Answered(Ended);
                actor.Profile?.Add(ProfileKind.Span, NameOf(request), TimeSpan.FromMilliseconds(request.DurationMs));
                return Answered(null);
            },
        },
    ];

    private static string NameOf(TraceSpanRequest span) => span.Attributes.IsEmpty
        ? span.Name
        : $"{span.Name} ({string.Join(", ", span.Attributes.OrderBy(attribute => attribute.Key, StringComparer.Ordinal).Select(attribute => $"{attribute.Key}={attribute.Value}"))})";

    private Problem? CheckSpan(TraceSpanRequest request)
    {
        if (CheckText("name", request.Name) is { } wrong) return wrong;
        if (!(request.DurationMs >= 0 && request.DurationMs <= limits.MaxSpan.TotalMilliseconds)) return new Problem("durationMs", $"is {request.DurationMs}; expected 0 to {limits.MaxSpan.TotalMilliseconds:0}");
        if (request.Attributes.Count > limits.SpanAttributes) return new Problem("attributes", $"has {request.Attributes.Count} entries; at most {limits.SpanAttributes} are taken");
        foreach (var (key, value) in request.Attributes)
        {
            if (CheckText("attributes", key) is { } badKey) return badKey;
            if (CheckLength($"attributes.{key}", value) is { } badValue) return badValue;
        }
        return null;
    }

    private Problem? CheckName(string name) => CheckText("name", name)
        ?? (name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ? null : new Problem("name", $"is `{name}`; expected letters, digits, dots, hyphens and underscores"));

    private Problem? CheckText(string key, string text) =>
        text.Length == 0 ? new Problem(key, "is empty") : CheckLength(key, text);

    private Problem? CheckLength(string key, string text) =>
        text.Length > limits.MeasureChars ? new Problem(key, $"has {text.Length} characters; at most {limits.MeasureChars} are taken")
        : null;

    private static ValueTask<CallOutcome<Nothing>> Answered(CallError? error) =>
        ValueTask.FromResult<CallOutcome<Nothing>>(error is null ? new Nothing() : error);
}
