using System.Collections.Immutable;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary><c>kubernetes.watch</c> and <c>unwatch</c>.</summary>
/// <param name="cluster">The way to the cluster.</param>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="limits">Bounds of the calls.</param>
internal sealed class KubernetesWatchCalls(ClusterAccess cluster, Func<PluginPrincipal, PluginInstance?> instanceOf, RuntimeLimits limits)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<KubernetesWatchRequest, KubernetesWatchAnswer>
        {
            Name = "kubernetes.watch",
            Permission = "kubernetes: list and watch",
            Errors = [ErrorCode.NotFound, ErrorCode.Timeout, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "Tells of the objects that are there, then of what happens to them, as `watch` messages.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesWatchRequest,
            Answer = static () => ContractJson.Default.KubernetesWatchAnswer,
            Check = r => r.Fields.IsEmpty ? new Problem("fields", "is empty", "name the paths of each object to be told of") : ObjectName.Check(r.Group, r.Resource, r.Namespace, name: null) ?? Projection.Check(r.Fields, limits.Fields),
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "list", r.Namespace), new Demand.Kubernetes(r.Group, r.Resource, null, "watch", r.Namespace)],
            Target = r => ClusterAccess.Target(r.Group, r.Resource, r.Namespace, null),
            Handler = WatchAsync,
        },
        new HostCallRow<KubernetesUnwatchRequest, Nothing>
        {
            Name = "kubernetes.unwatch",
            Errors = [ErrorCode.NotFound],
            WhileStaged = StagedRule.Allowed,
            Description = "Ends a watch or a followed log.",
            Request = static () => ContractJson.Default.KubernetesUnwatchRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = r => ObjectName.CheckWord("watch", r.Watch),
            Target = r => r.Watch,
            Handler = (plugin, r, _) => ValueTask.FromResult<CallOutcome<Nothing>>(
                instanceOf(plugin) is not { } instance ? ClusterAccess.Ended
                : instance.Watches.Remove(r.Watch) ? new Nothing()
                : new CallError(ErrorCode.NotFound, $"there is no watch `{r.Watch}`")),
        },
    ];

    private ValueTask<CallOutcome<KubernetesWatchAnswer>> WatchAsync(PluginPrincipal plugin, KubernetesWatchRequest request, CancellationToken cancellationToken) =>
        cluster.CallAsync<KubernetesWatchAnswer>(plugin, request.Group, request.Resource, request.Namespace, async (client, kind) =>
        {
            if (!kind.Supports("list") || !kind.Supports("watch")) return new CallError(ErrorCode.Invalid, $"the cluster offers no watch of `{request.Resource}`");
            var selector = new Selector(request.LabelSelector, request.FieldSelector);
            // A reflector tries again whatever is wrong; asked once, the cluster says what will not get right by itself.
            (await client.Resources.ListAsync(kind, request.Namespace, new ListOptions { Selector = selector, Limit = 1 }, cancellationToken)).Dispose();
            if (!(await client.Access.CanIAsync("watch", kind, request.Namespace, cancellationToken: cancellationToken)).Allowed)
                return new CallError(ErrorCode.PermissionDenied, $"the cluster refuses it to its user: you may not watch `{kind.QualifiedName}`");
            if (instanceOf(plugin) is not { } instance) return ClusterAccess.Ended;
            var subject = new WatchSubject(kind, request.Namespace, selector, [.. request.Fields.Select(JsonPath.Parse)]);
            var (id, error) = instance.Watches.Add((watch, owner, context, arrived) => new ObjectWatch(watch, subject, owner, context, arrived));
            return id is null ? error! : new KubernetesWatchAnswer { Watch = id };
        }, cancellationToken);
}
