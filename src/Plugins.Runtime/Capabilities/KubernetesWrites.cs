using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>What changes objects: <c>kubernetes.create</c>, <c>apply</c>, <c>patch</c>, <c>scale</c> and <c>delete</c>.</summary>
/// <param name="cluster">The way to the cluster.</param>
/// <param name="answerBytes">What an answer may hold.</param>
/// <param name="limits">Bounds of the calls.</param>
internal sealed class KubernetesWrites(ClusterAccess cluster, int answerBytes, RuntimeLimits limits)
{
    // Room for the reference beside the object.
    private const int AnswerOverhead = 2048;

    public ImmutableArray<HostCallRow> Rows => [Create, Apply, Patch, Scale, Delete];

    private HostCallRow Create => new HostCallRow<KubernetesCreateRequest, KubernetesWriteAnswer>
    {
        Name = "kubernetes.create",
        Permission = "kubernetes: create",
        Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
        Description = "Creates one object.",
        Quota = QuotaClass.Kubernetes,
        IsWrite = true,
        Request = static () => ContractJson.Default.KubernetesCreateRequest,
        Answer = static () => ContractJson.Default.KubernetesWriteAnswer,
        Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name) ?? Projection.Check(r.Fields, limits.Fields),
        Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "create", r.Namespace)],
        Target = r => TargetOf(r.Group, r.Resource, r.Namespace, r.Name, r.DryRun),
        Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesWriteAnswer>(plugin, r.Group, r.Resource, r.Namespace, async (client, kind) =>
        {
            if ((CheckScope(kind, r.Namespace) ?? ObjectBody.CheckWhole(r.Object, kind, r.Namespace, r.Name)) is { } problem) return Invalid(problem);
            using var written = await client.Resources.CreateAsync(kind, r.Namespace, BytesOf(r.Object), OptionsOf(plugin, r.DryRun), cancellationToken);
            return AnswerOf(plugin, kind, r.Namespace, r.Name, written.RootElement, r.Fields);
        }, cancellationToken),
    };

    private HostCallRow Apply => new HostCallRow<KubernetesApplyRequest, KubernetesWriteAnswer>
    {
        Name = "kubernetes.apply",
        Permission = "kubernetes: create and patch",
        Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
        Description = "Sets the fields that the plugin owns, by server-side apply; creates the object when there is none.",
        Quota = QuotaClass.Kubernetes,
        IsWrite = true,
        Request = static () => ContractJson.Default.KubernetesApplyRequest,
        Answer = static () => ContractJson.Default.KubernetesWriteAnswer,
        Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name) ?? Projection.Check(r.Fields, limits.Fields),
        // It may do either.
        Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "create", r.Namespace), new Demand.Kubernetes(r.Group, r.Resource, null, "patch", r.Namespace)],
        Target = r => TargetOf(r.Group, r.Resource, r.Namespace, r.Name, r.DryRun),
        Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesWriteAnswer>(plugin, r.Group, r.Resource, r.Namespace, async (client, kind) =>
        {
            if ((CheckScope(kind, r.Namespace) ?? ObjectBody.CheckWhole(r.Object, kind, r.Namespace, r.Name)) is { } problem) return Invalid(problem);
            var options = OptionsOf(plugin, r.DryRun) with { Force = r.Force };
            using var written = await client.Resources.PatchAsync(kind, r.Namespace, r.Name, PatchType.Apply, BytesOf(r.Object), options, cancellationToken: cancellationToken);
            return AnswerOf(plugin, kind, r.Namespace, r.Name, written.RootElement, r.Fields);
        }, cancellationToken),
    };

    private HostCallRow Patch => new HostCallRow<KubernetesPatchRequest, KubernetesWriteAnswer>
    {
        Name = "kubernetes.patch",
        Permission = "kubernetes: patch of RESOURCE or RESOURCE/SUBRESOURCE",
        Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
        Description = "Changes fields of an object that is there, or of one of its subresources.",
        Quota = QuotaClass.Kubernetes,
        IsWrite = true,
        Request = static () => ContractJson.Default.KubernetesPatchRequest,
        Answer = static () => ContractJson.Default.KubernetesWriteAnswer,
        Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name) ?? KubernetesCalls.CheckWord("subresource", r.Subresource) ?? Projection.Check(r.Fields, limits.Fields),
        Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, r.Subresource, "patch", r.Namespace)],
        Target = r => TargetOf(r.Group, r.Subresource is null ? r.Resource : $"{r.Resource}/{r.Subresource}", r.Namespace, r.Name, r.DryRun),
        Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesWriteAnswer>(plugin, r.Group, r.Resource, r.Namespace, async (client, kind) =>
        {
            if (r.Subresource is { } sub && !kind.Subresources.Contains(sub)) return new CallError(ErrorCode.NotFound, $"`{r.Resource}` have no subresource `{sub}`");
            if ((CheckScope(kind, r.Namespace) ?? ObjectBody.CheckPatch(r.Type, r.Patch, kind, r.Subresource is not null, r.Namespace, r.Name)) is { } problem) return Invalid(problem);
            using var written = await client.Resources.PatchAsync(kind, r.Namespace, r.Name, TypeOf(r.Type), BytesOf(r.Patch), OptionsOf(plugin, r.DryRun), r.Subresource, cancellationToken);
            return AnswerOf(plugin, kind, r.Namespace, r.Name, written.RootElement, r.Fields);
        }, cancellationToken),
    };

    private HostCallRow Scale => new HostCallRow<KubernetesScaleRequest, Nothing>
    {
        Name = "kubernetes.scale",
        Permission = "kubernetes: update of RESOURCE/scale",
        Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
        Description = "Sets `spec.replicas` through the scale subresource.",
        Quota = QuotaClass.Kubernetes,
        IsWrite = true,
        Request = static () => ContractJson.Default.KubernetesScaleRequest,
        Answer = static () => ContractJson.Default.Nothing,
        Check = r => r.Replicas < 0 ? new Problem("replicas", $"is {r.Replicas}; expected 0 or more") : ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name),
        Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, "scale", "update", r.Namespace)],
        Target = r => $"{ClusterAccess.Target(r.Group, r.Resource, r.Namespace, r.Name)} to {r.Replicas}",
        Handler = (plugin, r, cancellationToken) => cluster.CallAsync<Nothing>(plugin, r.Group, r.Resource, r.Namespace, async (client, kind) =>
        {
            await client.Resources.ScaleAsync(kind, r.Namespace, r.Name, r.Replicas, OptionsOf(plugin, dryRun: false), cancellationToken);
            return new Nothing();
        }, cancellationToken),
    };

    private HostCallRow Delete => new HostCallRow<KubernetesDeleteRequest, Nothing>
    {
        Name = "kubernetes.delete",
        Permission = "kubernetes: delete",
        Errors = [ErrorCode.NotFound, ErrorCode.Conflict, ErrorCode.Timeout, ErrorCode.Unavailable],
        Description = "Deletes one object.",
        Quota = QuotaClass.Kubernetes,
        IsWrite = true,
        Request = static () => ContractJson.Default.KubernetesDeleteRequest,
        Answer = static () => ContractJson.Default.Nothing,
        Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name),
        Demands = r => [new Demand.Kubernetes(r.Group, r.Resource, null, "delete", r.Namespace)],
        Target = r => ClusterAccess.Target(r.Group, r.Resource, r.Namespace, r.Name),
        Handler = (plugin, r, cancellationToken) => cluster.CallAsync<Nothing>(plugin, r.Group, r.Resource, r.Namespace, async (client, kind) =>
        {
            (await client.Resources.DeleteAsync(kind, r.Namespace, r.Name, new DeleteOptions { Uid = r.Uid }, cancellationToken)).Dispose();
            return new Nothing();
        }, cancellationToken),
    };

    private static string TargetOf(string group, string resource, string? @namespace, string name, bool dryRun) =>
        $"{ClusterAccess.Target(group, resource, @namespace, name)}{(dryRun ? " (dry run)" : "")}";

    // Without its namespace an object's path is that of a collection over all of them.
    private static Problem? CheckScope(ResourceKind kind, string? @namespace) =>
        kind.Namespaced && @namespace is null ? new Problem("namespace", $"is missing: `{kind.Plural}` are in a namespace") : null;

    private static CallError Invalid(Problem problem) => new(ErrorCode.Invalid, problem.ToString());

    private static ReadOnlyMemory<byte> BytesOf(JsonElement body) => Encoding.UTF8.GetBytes(body.GetRawText());

    private static WriteOptions OptionsOf(PluginPrincipal plugin, bool dryRun) => new() { FieldManager = $"lazyoc.plugin.{plugin.Id}", DryRun = dryRun };

    private static PatchType TypeOf(KubernetesPatchType type) => type switch
    {
        KubernetesPatchType.Merge => PatchType.Merge,
        KubernetesPatchType.Json => PatchType.Json,
        KubernetesPatchType.Strategic => PatchType.Strategic,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "no type of patch has this number"),
    };

    // Who may write an object may not read it for that: the API server answers with all of it.
    private CallOutcome<KubernetesWriteAnswer> AnswerOf(PluginPrincipal plugin, ResourceKind kind, string? @namespace, string name, JsonElement written, ImmutableArray<string> fields)
    {
        var answer = new KubernetesWriteAnswer { Reference = new ObjectReference { Group = kind.Group, Kind = kind.Kind, Namespace = @namespace, Name = name, Uid = written.Text("metadata", "uid") } };
        if (!plugin.MayReceive(new Demand.Kubernetes(kind.Group, kind.Plural, null, "get", @namespace))) return answer;
        // It is written: an object that no answer holds is left out, which is no reason to say that it is not.
        return Projection.Of(fields, answerBytes - AnswerOverhead).TryApply([written]) is [var item] ? answer with { Object = item } : answer;
    }
}
