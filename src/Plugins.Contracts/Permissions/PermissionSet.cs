using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>What a plugin may do: the manifest's <c>permissions</c>, a user's grant and an administrator's policy all have this shape.</summary>
/// <remarks>Default deny. The groups listed are those this host version enforces; the list only grows within a major version.</remarks>
public sealed record PermissionSet
{
    /// <summary>Nothing is permitted.</summary>
    public static PermissionSet None { get; } = new();

    public ImmutableArray<KubernetesRule> Kubernetes { get; init => field = value.OrEmpty(); } = [];
    public EventPermissions Events { get; init => field = value ?? new(); } = new();

    /// <summary>Decides a demand. The permission of the answer is as narrow as the rule that gave it.</summary>
    public Decision Decide(Demand demand) => demand switch
    {
        Demand.Nothing => Decision.Permitted,
        Demand.Kubernetes k => DecideKubernetes(k),
        Demand.SubscribeEvents e => TopicPattern.MatchesAny(Events.Subscribe, e.Topic) ? Decision.Permitted : Decision.Denied,
        Demand.PublishEvents e => TopicPattern.MatchesAny(Events.Publish, e.Topic) ? Decision.Permitted : Decision.Denied,
        _ => throw new InvalidOperationException($"No rule decides {demand}."),
    };

    private Decision DecideKubernetes(Demand.Kubernetes demand)
    {
        var decision = Decision.Denied;
        foreach (var rule in Kubernetes)
        {
            if (!rule.Covers(demand)) continue;
            if (!demand.IsWrite || rule.Unattended) return Decision.Permitted;
            decision = Decision.NeedsGesture;
        }
        return decision;
    }
}

/// <summary>Shaped like an RBAC rule, because every user of this tool can read one.</summary>
/// <remarks>See https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources for resource and subresource names.</remarks>
public sealed record KubernetesRule
{
    public required ImmutableArray<string> ApiGroups { get; init; }

    /// <summary>Plural resource names, with subresources as <c>pods/log</c>. <c>*</c> is every resource but <c>secrets</c>.</summary>
    public required ImmutableArray<string> Resources { get; init; }

    public required ImmutableArray<string> Verbs { get; init; }

    /// <summary>Namespace names; <c>*</c> is every namespace and cluster-scoped objects.</summary>
    public ImmutableArray<string> Namespaces { get; init => field = value.IsDefault ? ["*"] : value; } = ["*"];

    /// <summary>Writes are allowed without the user's gesture; marked at consent and refused in read-only contexts.</summary>
    public bool Unattended { get; init; }

    internal bool Covers(Demand.Kubernetes demand) =>
        Has(ApiGroups, demand.Group) && CoversResource(demand) && Has(Verbs, demand.Verb)
        && (Namespaces.Contains("*") || (demand.Namespace is { } ns && Namespaces.Contains(ns)));

    private bool CoversResource(Demand.Kubernetes demand)
    {
        var name = demand.Subresource is null ? demand.Resource : $"{demand.Resource}/{demand.Subresource}";
        var isSecret = demand.Group.Length == 0 && demand.Resource == "secrets";
        return Resources.Contains(name) || (!isSecret && Resources.Contains("*"));
    }

    private static bool Has(ImmutableArray<string> names, string name) => names.Contains(name) || names.Contains("*");
}

/// <summary>Topics a plugin may publish under its own id and subscribe to; a trailing <c>.*</c> is any suffix.</summary>
public sealed record EventPermissions
{
    public ImmutableArray<string> Publish { get; init => field = value.OrEmpty(); } = [];
    public ImmutableArray<string> Subscribe { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>Matching of dotted topics against patterns.</summary>
public static class TopicPattern
{
    /// <summary>True when <paramref name="topic"/> equals the pattern, or the pattern ends in <c>.*</c> and the topic starts with what precedes the star.</summary>
    public static bool Matches(string pattern, string topic) =>
        pattern.EndsWith(".*", StringComparison.Ordinal)
            ? topic.Length > pattern.Length - 1 && topic.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
            : string.Equals(pattern, topic, StringComparison.Ordinal);

    internal static bool MatchesAny(ImmutableArray<string> patterns, string topic)
    {
        foreach (var pattern in patterns)
            if (pattern == topic || Matches(pattern, topic)) return true;
        return false;
    }
}
