using System.Collections.Immutable;
using System.Runtime.InteropServices;
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

/// <summary>What the cluster serves and permits: <c>kubernetes.discover</c>, <c>schema</c> and <c>canI</c>. Any plugin may ask.</summary>
/// <param name="cluster">The way to the cluster.</param>
/// <param name="answerBytes">What an answer may hold.</param>
/// <param name="limits">Bounds of the calls.</param>
internal sealed class KubernetesQueries(ClusterAccess cluster, int answerBytes, RuntimeLimits limits)
{
    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<KubernetesDiscoverRequest, KubernetesDiscoverAnswer>
        {
            Name = "kubernetes.discover",
            Errors = [ErrorCode.Timeout, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "The resources that the cluster serves.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesDiscoverRequest,
            Answer = static () => ContractJson.Default.KubernetesDiscoverAnswer,
            Check = r => r.Group is { Length: > 0 } group ? KubernetesCalls.CheckWord("group", group) : null,
            Target = r => r.Group ?? "",
            Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesDiscoverAnswer>(plugin, async client => Discover(await client.Discovery.GetAsync(cancellationToken), r.Group)),
        },
        new HostCallRow<KubernetesSchemaRequest, KubernetesSchemaAnswer>
        {
            Name = "kubernetes.schema",
            Errors = [ErrorCode.NotFound, ErrorCode.Timeout, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "The OpenAPI v3 schema of a kind, with the definitions that it refers to.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesSchemaRequest,
            Answer = static () => ContractJson.Default.KubernetesSchemaAnswer,
            Check = r => (r.Group.Length == 0 ? null : KubernetesCalls.CheckWord("group", r.Group)) ?? KubernetesCalls.CheckWord("kind", r.Kind) ?? KubernetesCalls.CheckWord("version", r.Version),
            Target = r => ClusterAccess.Target(r.Group, r.Kind, null, null),
            Handler = (plugin, r, cancellationToken) => cluster.CallAsync<KubernetesSchemaAnswer>(plugin, async client =>
            {
                var catalog = await client.Discovery.GetAsync(cancellationToken);
                return catalog.FindKind(r.Group, r.Kind) is { } kind
                    ? await SchemaAsync(client.Resources, kind with { Version = r.Version ?? kind.Version }, cancellationToken)
                    : new CallError(ErrorCode.NotFound, $"the cluster serves no `{r.Kind}`{(r.Group.Length == 0 ? "" : $" in `{r.Group}`")}");
            }),
        },
        new HostCallRow<KubernetesCanIRequest, KubernetesCanIAnswer>
        {
            Name = "kubernetes.canI",
            Errors = [ErrorCode.NotFound, ErrorCode.Timeout, ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "Whether the plugin's permissions and its user's RBAC both give something.",
            Quota = QuotaClass.Kubernetes,
            Request = static () => ContractJson.Default.KubernetesCanIRequest,
            Answer = static () => ContractJson.Default.KubernetesCanIAnswer,
            Check = r => ObjectName.Check(r.Group, r.Resource, r.Namespace, r.Name) ?? KubernetesCalls.CheckWord("verb", r.Verb) ?? KubernetesCalls.CheckWord("subresource", r.Subresource),
            Target = r => $"{r.Verb} {ClusterAccess.Target(r.Group, r.Subresource is null ? r.Resource : $"{r.Resource}/{r.Subresource}", r.Namespace, r.Name)}",
            Handler = CanIAsync,
        },
    ];

    private static KubernetesDiscoverAnswer Discover(ResourceCatalog catalog, string? group) => new()
    {
        Resources =
        [
            .. catalog.Kinds.Where(kind => group is null || kind.Group == group).Select(kind => new KubernetesResource
            {
                Group = kind.Group,
                Version = kind.Version,
                Kind = kind.Kind,
                Plural = kind.Plural,
                Namespaced = kind.Namespaced,
                Verbs = kind.Verbs,
            }),
        ],
    };

    private async ValueTask<CallOutcome<KubernetesCanIAnswer>> CanIAsync(PluginPrincipal plugin, KubernetesCanIRequest request, CancellationToken cancellationToken)
    {
        var demand = new Demand.Kubernetes(request.Group, request.Resource, request.Subresource, request.Verb, request.Namespace);
        // What the plugin may not do itself it is not told of its user either.
        if (plugin.Decide(demand) == Decision.Denied) return new KubernetesCanIAnswer { Allowed = false, Reason = $"this plugin has no permission to {demand}" };
        if (demand.IsWrite && plugin.ReadOnly) return new KubernetesCanIAnswer { Allowed = false, Reason = "this session is read-only" };
        return await cluster.CallAsync<KubernetesCanIAnswer>(plugin, request.Group, request.Resource, request.Namespace, async (client, kind) =>
        {
            var decision = await client.Access.CanIAsync(request.Verb, kind, request.Namespace, request.Name, request.Subresource, cancellationToken);
            return new KubernetesCanIAnswer { Allowed = decision.Allowed, Reason = decision.Reason is { Length: > 0 } reason ? reason : null };
        }, cancellationToken);
    }

    private async Task<CallOutcome<KubernetesSchemaAnswer>> SchemaAsync(ResourceClient resources, ResourceKind kind, CancellationToken cancellationToken)
    {
        var path = kind.Group.Length == 0 ? $"openapi/v3/api/{kind.Version}" : $"openapi/v3/apis/{kind.Group}/{kind.Version}";
        using var document = JsonDocument.Parse(await resources.GetRawAsync(path, cancellationToken), new JsonDocumentOptions { MaxDepth = limits.SchemaDepth });
        if (document.RootElement.At("components", "schemas") is not { ValueKind: JsonValueKind.Object } schemas
            || schemas.EnumerateObject().FirstOrDefault(schema => IsOf(schema.Value, kind)) is not { Value.ValueKind: JsonValueKind.Object } found)
        {
            return new CallError(ErrorCode.NotFound, $"the cluster has no schema of `{kind.Kind}` in `{kind.ApiVersion}`");
        }
        var definitions = ImmutableDictionary.CreateBuilder<string, JsonElement>(StringComparer.Ordinal);
        long left = answerBytes - JsonMarshal.GetRawUtf8Value(found.Value).Length;
        var waiting = new Queue<string>();
        AddReferences(found.Value, waiting);
        while (left >= 0 && waiting.TryDequeue(out var name))
        {
            if (definitions.ContainsKey(name) || !schemas.TryGetProperty(name, out var definition)) continue;
            left -= JsonMarshal.GetRawUtf8Value(definition).Length + name.Length;
            definitions.Add(name, definition.Clone());
            AddReferences(definition, waiting);
        }
        return left >= 0
            ? new KubernetesSchemaAnswer { Schema = found.Value.Clone(), Definitions = definitions.ToImmutable() }
            : new CallError(ErrorCode.TooLarge, $"the schema of `{kind.Kind}` with its definitions is more than an answer may hold\nhint: read the cluster's documentation of this kind");
    }

    private static bool IsOf(JsonElement schema, ResourceKind kind) =>
        schema.Items("x-kubernetes-group-version-kind").Any(k => k.Text("group") == kind.Group && k.Text("version") == kind.Version && k.Text("kind") == kind.Kind);

    private static void AddReferences(JsonElement element, Queue<string> references)
    {
        const string prefix = "#/components/schemas/";
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray()) AddReferences(item, references);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in element.EnumerateObject())
            {
                if (member.Name == "$ref" && member.Value.ValueKind == JsonValueKind.String && member.Value.GetString() is { } reference && reference.StartsWith(prefix, StringComparison.Ordinal))
                    references.Enqueue(reference[prefix.Length..]);
                else
                    AddReferences(member.Value, references);
            }
        }
    }
}
