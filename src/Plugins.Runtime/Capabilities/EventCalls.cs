using System.Collections.Immutable;
using System.Runtime.InteropServices;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary><c>events.publish</c> and <c>events.unsubscribe</c>.</summary>
/// <param name="bus">Where events go.</param>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="limits">The runtime's.</param>
internal sealed class EventCalls(EventBus bus, Func<PluginPrincipal, PluginInstance?> instanceOf, RuntimeLimits limits)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<EventsPublishRequest, Nothing>
        {
            Name = "events.publish",
            AnswersAtOnce = true,
            Permission = "events.publish",
            Description = "Tells subscribers of an event of a topic below the plugin's own id.",
            Quota = QuotaClass.Events,
            Request = static () => ContractJson.Default.EventsPublishRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = CheckPublish,
            Demands = request => [new Demand.PublishEvents(request.Topic)],
            Target = request => request.Topic,
            Handler = (plugin, request, _) => Answered(Publish(plugin, request)),
        },
        new HostCallRow<EventsUnsubscribeRequest, Nothing>
        {
            Name = "events.unsubscribe",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "Ends the delivery of topics; what still waits of them is not delivered.",
            Request = static () => ContractJson.Default.EventsUnsubscribeRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => request.Topics.Length <= limits.Subscriptions ? null : new Problem("topics", $"has {request.Topics.Length} topics; at most {limits.Subscriptions} are taken"),
            Target = request => string.Join(", ", request.Topics),
            Handler = (plugin, request, _) => Answered(Unsubscribe(plugin, request)),
        },
    ];

    private Problem? CheckPublish(EventsPublishRequest request)
    {
        if (!IsTopic(request.Topic)) return new Problem("topic", $"is no topic: names of letters, digits, `-` and `_` with dots between them, at most {limits.TopicChars} characters");
        if (request.Key is { } key && (key.Length == 0 || key.Length > limits.TopicChars)) return new Problem("key", $"has {key.Length} characters; expected 1 to {limits.TopicChars}");
        var bytes = JsonMarshal.GetRawUtf8Value(request.Data).Length;
        return bytes > limits.EventBytes ? new Problem("data", $"has {bytes:N0} bytes; at most {limits.EventBytes:N0} are passed on") : null;
    }

    private bool IsTopic(string topic) => topic.Length <= limits.TopicChars
        && topic.Split('.').All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));

    private CallOutcome<Nothing> Publish(PluginPrincipal plugin, EventsPublishRequest request)
    {
        if (instanceOf(plugin) is null) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
        if (!limits.AnybodyPublishes && !request.Topic.StartsWith($"{plugin.Id}.", StringComparison.Ordinal)) return new CallError(ErrorCode.PermissionDenied, $"a plugin publishes under its own id, `{plugin.Id}.…`");
        return bus.TryPublish(plugin.Id, request.Topic, JsonMarshal.GetRawUtf8Value(request.Data).ToArray(), request.Key, limits.PublishedTopics)
            ? new Nothing()
            : new CallError(ErrorCode.QuotaExceeded, $"this plugin has published {limits.PublishedTopics} different topics; put what differs into the data");
    }

    private CallOutcome<Nothing> Unsubscribe(PluginPrincipal plugin, EventsUnsubscribeRequest request)
    {
        if (instanceOf(plugin) is not { } instance) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
        foreach (var topic in request.Topics) instance.Subscriptions.Remove(topic);
        return new Nothing();
    }

    private static ValueTask<CallOutcome<Nothing>> Answered(CallOutcome<Nothing> outcome) => ValueTask.FromResult(outcome);
}
