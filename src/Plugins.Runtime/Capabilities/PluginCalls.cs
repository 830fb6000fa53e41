using System.Collections.Immutable;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The calls about the plugin itself: <c>log.write</c>, <c>host.info</c> and <c>events.subscribe</c>.</summary>
/// <param name="log">The plugins' log.</param>
/// <param name="time">The clock.</param>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="maxTopics">Topics in one call.</param>
internal sealed class PluginCalls(PluginLog log, TimeProvider time, Func<PluginPrincipal, PluginInstance?> instanceOf, int maxTopics)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<LogWriteRequest, Nothing>
        {
            Name = "log.write",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "Writes a line to the plugin's own log.",
            Request = static () => ContractJson.Default.LogWriteRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Handler = (plugin, request, _) =>
            {
                log.Write(plugin.Id, request.Level ?? PluginLogLevel.Info, request.Message);
                return Done(new Nothing());
            },
        },
        new HostCallRow<HostInfoRequest, HostInfoAnswer>
        {
            Name = "host.info",
            AnswersAtOnce = true,
            WhileStaged = StagedRule.Allowed,
            Description = "The host API version and clock.",
            Request = static () => ContractJson.Default.HostInfoRequest,
            Answer = static () => ContractJson.Default.HostInfoAnswer,
            Handler = (_, _, _) => Done(new HostInfoAnswer { HostApiVersion = PluginManifest.HostApiVersion, Now = Coarsened(time.GetUtcNow()) }),
        },
        new HostCallRow<EventsSubscribeRequest, Nothing>
        {
            Name = "events.subscribe",
            Errors = [ErrorCode.NotFound, ErrorCode.Unavailable],
            Permission = "events.subscribe, and audit for audit.*",
            WhileStaged = StagedRule.Allowed,
            Description = "Delivers events of topics from now on; of resources, first those that are there.",
            Request = static () => ContractJson.Default.EventsSubscribeRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = request => request.Topics.Length <= maxTopics ? null : new Problem("topics", $"has {request.Topics.Length} topics; at most {maxTopics} are taken"),
            Demands = request => [.. request.Topics.SelectMany(topic => HostTopics.DemandsOf(topic))],
            Target = request => string.Join(", ", request.Topics),
            Handler = SubscribeAsync,
        },
    ];

    private static ValueTask<CallOutcome<T>> Done<T>(T answer) => ValueTask.FromResult<CallOutcome<T>>(answer);

    // A finer clock would help plugins measure what others do.
    private static DateTimeOffset Coarsened(DateTimeOffset now) => new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMillisecond), now.Offset);

    private async ValueTask<CallOutcome<Nothing>> SubscribeAsync(PluginPrincipal plugin, EventsSubscribeRequest request, CancellationToken cancellationToken)
    {
        if (instanceOf(plugin) is not { } instance) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
        try
        {
            foreach (var topic in request.Topics)
                if (await instance.Subscriptions.AddAsync(topic, cancellationToken) is { } error) return error;
        }
        catch (ClusterException)
        {
            return new CallError(ErrorCode.Unavailable, "the cluster cannot be asked now");
        }
        return new Nothing();
    }
}
