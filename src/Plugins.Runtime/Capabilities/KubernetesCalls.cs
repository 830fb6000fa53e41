using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>kubernetes.*</c> calls, done as the session's user.</summary>
/// <param name="scopeOf">The session of a principal's instance; null when that has ended.</param>
/// <param name="answerBytes">What a page may hold.</param>
internal sealed class KubernetesCalls(Func<PluginPrincipal, SessionScope?> scopeOf, int answerBytes)
{
    private const int DefaultPage = 100;
    private const int MaxPage = 500;
    private const int MaxFields = 32;

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<KubernetesListRequest, KubernetesListAnswer>
        {
            Name = "kubernetes.list",
            Permission = "kubernetes: list",
            WhileStaged = StagedRule.Allowed,
            Description = "A page of objects of one resource, whole or projected to paths.",
            Quota = QuotaClass.Kubernetes,
            Request = ContractJson.Default.KubernetesListRequest,
            Answer = ContractJson.Default.KubernetesListAnswer,
            Check = r => r.Limit is < 1 or > MaxPage
                ? new Problem("limit", $"is {r.Limit}; expected 1 to {MaxPage}")
                : ObjectName.Check(r.Group, r.Resource, r.Namespace, name: null) ?? Projection.Check(r.Fields, MaxFields),
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "list", r.Namespace)],
            Target = r => Target(r.Group, r.Resource, r.Namespace, null),
            Handler = ListAsync,
        },
        new HostCallRow<KubernetesGetRequest, JsonElement>
        {
            Name = "kubernetes.get",
            Permission = "kubernetes: get",
            WhileStaged = StagedRule.Allowed,
            Description = "One object, whole or projected to paths.",
            Quota = QuotaClass.Kubernetes,
            Request = ContractJson.Default.KubernetesGetRequest,
            Answer = ContractJson.Default.JsonElement,
            Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name) ?? Projection.Check(r.Fields, MaxFields),
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "get", r.Namespace)],
            Target = r => Target(r.Group, r.Resource, r.Namespace, r.Name),
            Handler = GetAsync,
        },
        new HostCallRow<KubernetesScaleRequest, Nothing>
        {
            Name = "kubernetes.scale",
            Permission = "kubernetes: update of RESOURCE/scale",
            Description = "Sets `spec.replicas` through the scale subresource.",
            Quota = QuotaClass.Kubernetes,
            IsWrite = true,
            Request = ContractJson.Default.KubernetesScaleRequest,
            Answer = ContractJson.Default.Nothing,
            Check = r => r.Replicas < 0 ? new Problem("replicas", $"is {r.Replicas}; expected 0 or more") : ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name),
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, "scale", "update", r.Namespace)],
            Target = r => $"{Target(r.Group, r.Resource, r.Namespace, r.Name)} to {r.Replicas}",
            Handler = (plugin, r, cancellationToken) => CallAsync<Nothing>(plugin, r.Group, r.Resource, r.Namespace, async (client, kind) =>
            {
                await client.ScaleAsync(kind, r.Namespace, r.Name, r.Replicas, cancellationToken: cancellationToken);
                return new Nothing();
            }, cancellationToken),
        },
        new HostCallRow<KubernetesDeleteRequest, Nothing>
        {
            Name = "kubernetes.delete",
            Permission = "kubernetes: delete",
            Description = "Deletes one object.",
            Quota = QuotaClass.Kubernetes,
            IsWrite = true,
            Request = ContractJson.Default.KubernetesDeleteRequest,
            Answer = ContractJson.Default.Nothing,
            Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name),
            Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "delete", r.Namespace)],
            Target = r => Target(r.Group, r.Resource, r.Namespace, r.Name),
            Handler = (plugin, r, cancellationToken) => CallAsync<Nothing>(plugin, r.Group, r.Resource, r.Namespace, async (client, kind) =>
            {
                (await client.DeleteAsync(kind, r.Namespace, r.Name, new DeleteOptions { Uid = r.Uid }, cancellationToken)).Dispose();
                return new Nothing();
            }, cancellationToken),
        },
    ];

    private ValueTask<CallOutcome<KubernetesListAnswer>> ListAsync(PluginPrincipal plugin, KubernetesListRequest request, CancellationToken cancellationToken) =>
        CallAsync<KubernetesListAnswer>(plugin, request.Group, request.Resource, request.Namespace, async (client, kind) =>
        {
            var projection = Projection.Of(request.Fields, answerBytes - 1024);
            for (var limit = request.Limit ?? DefaultPage; ; limit /= 2)
            {
                var options = new ListOptions { Selector = new Selector(request.LabelSelector, request.FieldSelector), Limit = limit, Continue = request.Continue };
                using var page = await client.ListAsync(kind, request.Namespace, options, cancellationToken);
                if (projection.TryApply(page.Items) is { } items) return new KubernetesListAnswer { Items = items, Continue = page.Continue };
                // A page that is too large is asked for again, half as long.
                if (limit == 1) return TooLarge;
            }
        }, cancellationToken);

    private ValueTask<CallOutcome<JsonElement>> GetAsync(PluginPrincipal plugin, KubernetesGetRequest request, CancellationToken cancellationToken) =>
        CallAsync<JsonElement>(plugin, request.Group, request.Resource, request.Namespace, async (client, kind) =>
        {
            using var found = await client.GetAsync(kind, request.Namespace, request.Name, cancellationToken: cancellationToken);
            return Projection.Of(request.Fields, answerBytes).TryApply([found.RootElement]) is [var item] ? item : TooLarge;
        }, cancellationToken);

    private async ValueTask<CallOutcome<T>> CallAsync<T>(
        PluginPrincipal plugin, string group, string resource, string? @namespace, Func<ResourceClient, ResourceKind, Task<CallOutcome<T>>> call, CancellationToken cancellationToken)
    {
        // The session is looked up once: what was permitted in one cluster never acts in another.
        if (scopeOf(plugin) is not { } scope) return new CallError(ErrorCode.Cancelled, "this plugin instance has ended");
        var client = scope.Cluster.Client;
        try
        {
            var catalog = await client.Discovery.GetAsync(cancellationToken);
            if (catalog.FindPlural(group, resource) is not { } kind)
                return new CallError(ErrorCode.NotFound, $"the cluster serves no `{resource}`{(group.Length == 0 ? "" : $" in `{group}`")}");
            // A permission for one namespace must not reach what lies in none.
            if (!kind.Namespaced && @namespace is not null)
                return new CallError(ErrorCode.Invalid, $"`{resource}` are not in a namespace: leave `namespace` out");
            return await call(client.Resources, kind);
        }
        catch (ClusterException failure)
        {
            return ErrorOf(failure);
        }
    }

    // What the host knows of the way to the cluster is not the plugin's to know.
    private static CallError ErrorOf(ClusterException failure) => failure switch
    {
        ForbiddenException => new CallError(ErrorCode.PermissionDenied, $"the cluster refuses it to its user: {failure.Message}"),
        NotFoundException => new CallError(ErrorCode.NotFound, failure.Message),
        ConflictException => new CallError(ErrorCode.Conflict, failure.Message),
        ExpiredException => new CallError(ErrorCode.Conflict, "the page's token is too old: list again from the beginning"),
        InvalidRequestException => new CallError(ErrorCode.Invalid, failure.Message),
        ClusterTimeoutException => new CallError(ErrorCode.Timeout, "the cluster did not answer in time"),
        TooManyRequestsException => new CallError(ErrorCode.Unavailable, "the cluster asks to slow down: try again later"),
        _ => new CallError(ErrorCode.Unavailable, "the cluster cannot be asked now"),
    };

    private static CallError TooLarge => new(ErrorCode.TooLarge, "one object alone is more than an answer may hold: ask for fewer or narrower fields");

    private static string Target(string group, string resource, string? @namespace, string? name) =>
        $"{resource}{(group.Length == 0 ? "" : "." + group)}{(name is null ? "" : "/" + name)}{(@namespace is null ? "" : " in " + @namespace)}";
}
