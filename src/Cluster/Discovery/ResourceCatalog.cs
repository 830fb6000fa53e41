using System.Collections.Immutable;

namespace LazyOC.Cluster.Discovery;

/// <summary>What one API server serves, at its preferred versions. Immutable.</summary>
public sealed class ResourceCatalog
{
    private readonly ImmutableHashSet<string> _apis;

    internal ResourceCatalog(IEnumerable<ResourceKind> kinds, IEnumerable<string> apis, IEnumerable<string> staleGroups)
    {
        Kinds = [.. kinds.OrderBy(k => k.Group.Length == 0 ? 0 : 1)];
        StaleGroups = [.. staleGroups];
        _apis = [.. apis];
    }

    /// <summary>All kinds, core group first, then in the server's order.</summary>
    public ImmutableArray<ResourceKind> Kinds { get; }

    /// <summary>API groups whose discovery failed; their kinds are missing or old, all others are right.</summary>
    public ImmutableArray<string> StaleGroups { get; }

    /// <summary>Whether the OpenShift groups of routes or projects are served.</summary>
    public bool IsOpenShift => HasApi("route.openshift.io") || HasApi("project.openshift.io");

    /// <summary>Whether a group (and, when given, one of its versions) is served: <c>tekton.dev/v1</c> or <c>tekton.dev</c>.</summary>
    public bool HasApi(string groupVersion) => _apis.Contains(groupVersion);

    /// <summary>The kind of a group: <c>Find("apps", "Deployment")</c>; null when not served.</summary>
    public ResourceKind? FindKind(string group, string kind) => Kinds.FirstOrDefault(k => k.Group == group && k.Kind == kind);

    /// <summary>The kind of a group by its plural: <c>FindPlural("apps", "deployments")</c>; null when not served.</summary>
    public ResourceKind? FindPlural(string group, string plural) => Kinds.FirstOrDefault(k => k.Group == group && k.Plural == plural);

    /// <summary>
    /// The kind a user means: plural, singular, short name or kind, in any case, optionally followed by
    /// <c>.group</c> or <c>.version.group</c>. Null when nothing matches; the first group wins when several do.
    /// </summary>
    public ResourceKind? Resolve(string word)
    {
        var dot = word.IndexOf('.', StringComparison.Ordinal);
        var name = dot < 0 ? word : word[..dot];
        var suffix = dot < 0 ? null : word[(dot + 1)..];
        if (name.Length == 0)
            return null;
        var candidates = suffix is null ? Kinds : [.. Kinds.Where(k => Is(k.Group, suffix) || Is($"{k.Version}.{k.Group}".TrimEnd('.'), suffix.TrimEnd('.')))];
        return candidates.FirstOrDefault(k => Is(k.Plural, name))
            ?? candidates.FirstOrDefault(k => Is(k.Singular, name) || Is(k.Kind, name))
            ?? candidates.FirstOrDefault(k => k.ShortNames.Any(s => Is(s, name)));
    }

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
