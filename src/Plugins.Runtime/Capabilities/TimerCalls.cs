using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>timers.*</c> calls.</summary>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="limits">The runtime's.</param>
internal sealed class TimerCalls(Func<PluginPrincipal, PluginInstance?> instanceOf, RuntimeLimits limits)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<TimersSetRequest, Nothing>
        {
            Name = "timers.set",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "Sends the plugin a message after a while, once or again and again. Set by an instance that has not taken over yet, it begins when that does.",
            Request = static () => ContractJson.Default.TimersSetRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => CheckId(request.Id) ?? (request.DelayMs < limits.MinTimerDelay.TotalMilliseconds
                ? new Problem("delayMs", $"is {request.DelayMs}; expected at least {limits.MinTimerDelay.TotalMilliseconds:0}")
                : null),
            Handler = (plugin, request, _) => Answer(plugin, timers => timers.Set(request.Id, TimeSpan.FromMilliseconds(request.DelayMs), request.Repeat)),
        },
        new HostCallRow<TimersClearRequest, Nothing>
        {
            Name = "timers.clear",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "Ends a timer.",
            Request = static () => ContractJson.Default.TimersClearRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => CheckId(request.Id),
            Handler = (plugin, request, _) => Answer(plugin, timers =>
            {
                timers.Clear(request.Id);
                return null;
            }),
        },
    ];

    private Problem? CheckId(string id) =>
        id.Length == 0 ? new Problem("id", "is empty")
        : id.Length > limits.TimerIdChars ? new Problem("id", $"has {id.Length} characters; at most {limits.TimerIdChars} are taken")
        : null;

    private ValueTask<CallOutcome<Nothing>> Answer(PluginPrincipal plugin, Func<Timers, CallError?> change) =>
        ValueTask.FromResult<CallOutcome<Nothing>>(
            instanceOf(plugin) is not { } instance ? new CallError(ErrorCode.Cancelled, "this plugin instance has ended")
            : change(instance.Timers) is { } error ? error
            : new Nothing());
}
