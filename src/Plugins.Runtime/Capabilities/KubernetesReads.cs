using System.Collections.Immutable;
using System.Text.Json;
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

/// <summary>Objects and logs: <c>kubernetes.list</c>, <c>get</c> and <c>logs</c>.</summary>
/// <param name="cluster">The way to the cluster.</param>
/// <param name="instanceOf">The instance of a principal; null when it has ended.</param>
/// <param name="answerBytes">What an answer may hold.</param>
/// <param name="limits">Bounds of the calls.</param>
internal sealed class KubernetesReads(ClusterAccess cluster, Func<PluginPrincipal, PluginInstance?> instanceOf, int answerBytes, RuntimeLimits limits)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 500;
    private const int DefaultLogLines = 1_000;

    // Room for an answer's braces, keys and token.
    private const int AnswerOverhead = 1024;

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<KubernetesListRequest, KubernetesListAnswer>
        {
            Name = "kubernetes.list",
            Permission = "kubernetes: list",
            Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "A page of objects of one resource, whole or projected to paths.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesListRequest,
            Answer = static () => ContractJson.Default.KubernetesListAnswer,
            Check = r => r.Limit is < 1 or > MaxPage
                ? new Problem("limit", $"is {r.Limit}; expected 1 to {MaxPage}")
                : ObjectName.Check(r.Group, r.Resource, r.Namespace, name: null) ?? Projection.Check(r.Fields, limits.Fields),
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "list", r.Namespace)],
            Target = r => ClusterAccess.Target(r.Group, r.Resource, r.Namespace, null),
            Handler = ListAsync,
        },
        new HostCallRow<KubernetesGetRequest, JsonElement>
        {
            Name = "kubernetes.get",
            Permission = "kubernetes: get",
            Errors = [ErrorCode.NotFound, ErrorCode.Timeout, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "One object, whole or projected to paths.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesGetRequest,
            Answer = static () => ContractJson.Default.JsonElement,
            Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name) ?? Projection.Check(r.Fields, limits.Fields),
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "get", r.Namespace)],
            Target = r => ClusterAccess.Target(r.Group, r.Resource, r.Namespace, r.Name),
            Handler = GetAsync,
        },
        new HostCallRow<KubernetesLogsRequest, KubernetesLogsAnswer>
        {
            Name = "kubernetes.logs",
            Permission = "kubernetes: get of pods/log",
            Errors = [ErrorCode.NotFound, ErrorCode.Timeout, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "The latest lines that a container has written; followed, those it writes from then on too, as `watch` messages.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesLogsRequest,
            Answer = static () => ContractJson.Default.KubernetesLogsAnswer,
            Check = CheckLogs,
            Demands = r => [new Demand.Kubernetes("", "pods", "log", "get", r.Namespace)],
            Target = r => ClusterAccess.Target("", "pods/log", r.Namespace, r.Pod),
            Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesLogsAnswer>(plugin, async client => r.Follow ? await FollowAsync(client.Resources, plugin, r, cancellationToken) : await LogsAsync(client.Resources, r, cancellationToken)),
        },
    ];

    private Problem? CheckLogs(KubernetesLogsRequest request) =>
        request.TailLines is { } tail && (tail < 1 || tail > limits.LogLines) ? new Problem("tailLines", $"is {tail}; expected 1 to {limits.LogLines}")
        : request is { Follow: true, Previous: true } ? new Problem("follow", "is given beside `previous`, whose log has ended")
        : request.SinceSeconds < 1 ? new Problem("sinceSeconds", $"is {request.SinceSeconds}; expected 1 or more")
        : ObjectName.Check("", "pods", request.Namespace, request.Pod) ?? KubernetesCalls.CheckWord("container", request.Container);

    private ValueTask<CallOutcome<KubernetesListAnswer>> ListAsync(PluginPrincipal plugin, KubernetesListRequest request, CancellationToken cancellationToken) =>
        cluster.CallAsync<KubernetesListAnswer>(plugin, request.Group, request.Resource, request.Namespace, async (client, kind) =>
        {
            var projection = Projection.Of(request.Fields, answerBytes - AnswerOverhead);
            for (var limit = request.Limit ?? DefaultPage; ; limit /= 2)
            {
                var options = new ListOptions { Selector = new Selector(request.LabelSelector, request.FieldSelector), Limit = limit, Continue = request.Continue };
                using var page = await client.Resources.ListAsync(kind, request.Namespace, options, cancellationToken);
                if (projection.TryApply(page.Items) is { } items) return new KubernetesListAnswer { Items = items, Continue = page.Continue };
                // A page that is too large is asked for again, half as long.
                if (limit == 1) return ClusterAccess.TooLarge;
            }
        }, cancellationToken);

    private ValueTask<CallOutcome<JsonElement>> GetAsync(PluginPrincipal plugin, KubernetesGetRequest request, CancellationToken cancellationToken) =>
        cluster.CallAsync<JsonElement>(plugin, request.Group, request.Resource, request.Namespace, async (client, kind) =>
        {
            using var found = await client.Resources.GetAsync(kind, request.Namespace, request.Name, cancellationToken: cancellationToken);
            return Projection.Of(request.Fields, answerBytes).TryApply([found.RootElement]) is [var item] ? item : ClusterAccess.TooLarge;
        }, cancellationToken);

    private async Task<KubernetesLogsAnswer> LogsAsync(ResourceClient resources, KubernetesLogsRequest request, CancellationToken cancellationToken)
    {
        var lines = ImmutableArray.CreateBuilder<string>();
        var left = answerBytes - AnswerOverhead;
        await foreach (var line in resources.LogsAsync(request.Namespace, request.Pod, OptionsOf(request), cancellationToken))
        {
            // In JSON, with its quotes and comma: a control character takes six bytes.
            left -= JsonEncodedText.Encode(line).EncodedUtf8Bytes.Length + 3;
            if (left < 0 || lines.Count == limits.LogLines) return new KubernetesLogsAnswer { Lines = lines.DrainToImmutable(), Truncated = true };
            lines.Add(line);
        }
        return new KubernetesLogsAnswer { Lines = lines.DrainToImmutable() };
    }

    private async Task<CallOutcome<KubernetesLogsAnswer>> FollowAsync(ResourceClient resources, PluginPrincipal plugin, KubernetesLogsRequest request, CancellationToken cancellationToken)
    {
        var options = OptionsOf(request);
        // Who follows tries again whatever is wrong; asked once, the cluster says what will not get right by itself.
        await foreach (var _ in resources.LogsAsync(request.Namespace, request.Pod, options with { TailLines = 1 }, cancellationToken)) break;
        if (instanceOf(plugin) is not { } instance) return ClusterAccess.Ended;
        var (id, error) = instance.Watches.Add((watch, owner, context, arrived) => new LogWatch(watch, new LogSubject(request.Namespace, request.Pod, options), owner, context, arrived));
        return id is null ? error! : new KubernetesLogsAnswer { Lines = [], Watch = id };
    }

    private static LogOptions OptionsOf(KubernetesLogsRequest request) => new()
    {
        Container = request.Container,
        Previous = request.Previous,
        TailLines = request.TailLines ?? DefaultLogLines,
        Since = request.SinceSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };
}
