using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>Shaped like an RBAC rule, because every user of this tool can read one.</summary>
/// <remarks>See https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources for resource and subresource names.</remarks>
public sealed record KubernetesRule
{
    /// <summary>Combinations that <see cref="IsWithin"/> compares; a larger rule counts as wider, which only asks the user once more.</summary>
    private const int MaxCombinations = 2_000;

    private static readonly ImmutableArray<string> Entries = ["exec", "attach", "portforward", "proxy", "token", "ephemeralcontainers"];

    private static readonly ImmutableArray<string> Workloads =
        ["pods", "deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers", "jobs", "cronjobs", "deploymentconfigs", "builds", "buildconfigs"];

    private static readonly ImmutableArray<string> AuthorityGroups =
        ["rbac.authorization.k8s.io", "authorization.openshift.io", "security.openshift.io", "admissionregistration.k8s.io"];

    /// <summary>API groups; the core group is the empty text, <c>*</c> is every group.</summary>
    public required ImmutableArray<string> ApiGroups { get; init; }

    /// <summary>
    /// Plural resource names, with subresources as <c>pods/log</c> and <c>*/scale</c>. <c>*</c> is every resource and
    /// subresource but <c>secrets</c> and those that enter the cluster (<c>exec</c>, <c>attach</c>, <c>portforward</c>,
    /// <c>proxy</c>, <c>token</c>, <c>ephemeralcontainers</c>), which need a rule that names them.
    /// </summary>
    public required ImmutableArray<string> Resources { get; init; }

    /// <summary>RBAC verbs, such as <c>get</c>, <c>list</c> and <c>watch</c>.</summary>
    public required ImmutableArray<string> Verbs { get; init; }

    /// <summary>Namespace names; <c>*</c> is every namespace and cluster-scoped objects.</summary>
    public ImmutableArray<string> Namespaces { get; init => field = value.IsDefault ? ["*"] : value; } = ["*"];

    /// <summary>Writes are allowed without the user's gesture; marked at consent and refused in read-only contexts.</summary>
    public bool Unattended { get; init; }

    /// <summary>How far the rule reaches.</summary>
    [JsonIgnore]
    public PermissionReach Reach =>
        Resources.Any(IsFullTrust) || Verbs.Any(v => v is "impersonate" or "bind" or "escalate") ? PermissionReach.FullTrust
        : Resources.Contains("secrets") ? PermissionReach.Secrets
        : Writes ? PermissionReach.Writes
        : PermissionReach.Reads;

    private bool Writes => Verbs.Any(IsWriteVerb);

    internal static bool IsWriteVerb(string verb) => verb is not ("get" or "list" or "watch");

    /// <summary>Whether a subresource runs code, opens a connection or makes a credential, whatever the verb.</summary>
    internal static bool IsEntry(string? subresource) => subresource is not null && Entries.Contains(subresource);

    /// <summary>Whether the objects of an API group say who may do what.</summary>
    internal static bool DecidesOnRights(string group) => AuthorityGroups.Contains(group);

    internal bool Covers(Demand.Kubernetes demand) =>
        Covers(demand.Group, demand.Subresource is null ? demand.Resource : $"{demand.Resource}/{demand.Subresource}", demand.Verb, demand.Namespace ?? "*");

    /// <summary>Whether every combination this rule permits is permitted by one of the others.</summary>
    internal bool IsWithin(ImmutableArray<KubernetesRule> others)
    {
        if (others.Any(IsSameAs)) return true;
        if ((long)ApiGroups.Length * Resources.Length * Verbs.Length * Namespaces.Length > MaxCombinations) return false;
        foreach (var group in ApiGroups)
            foreach (var resource in Resources)
                foreach (var verb in Verbs)
                    foreach (var ns in Namespaces)
                        if (!others.Any(o => o.Covers(group, resource, verb, ns) && (o.Unattended || !Unattended))) return false;
        return true;
    }

    private bool IsSameAs(KubernetesRule other) => Unattended == other.Unattended
        && ApiGroups.SequenceEqual(other.ApiGroups) && Resources.SequenceEqual(other.Resources)
        && Verbs.SequenceEqual(other.Verbs) && Namespaces.SequenceEqual(other.Namespaces);

    /// <summary>Any argument may be <c>*</c>, which only <c>*</c> covers.</summary>
    private bool Covers(string group, string resource, string verb, string ns) =>
        Has(ApiGroups, group) && CoversResource(group, resource) && Has(Verbs, verb) && Has(Namespaces, ns);

    private bool CoversResource(string group, string resource)
    {
        if (Resources.Contains(resource)) return true;
        // A star group may be the core group, and a star resource is secrets nowhere.
        if (resource == "secrets" && (group is "" or "*")) return false;
        var subresource = SubresourceOf(resource);
        return (subresource is not null && Resources.Contains($"*/{subresource}")) || (!IsEntry(subresource) && Resources.Contains("*"));
    }

    private bool IsFullTrust(string resource)
    {
        if (IsEntry(SubresourceOf(resource))) return true;
        return Writes && (resource == "*" || Workloads.Contains(resource) || ApiGroups.Any(AuthorityGroups.Contains));
    }

    private static string? SubresourceOf(string resource) => resource.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? resource[(slash + 1)..] : null;

    private static bool Has(ImmutableArray<string> names, string name) => names.Contains(name) || names.Contains("*");
}
