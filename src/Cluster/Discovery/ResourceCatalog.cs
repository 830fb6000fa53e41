using System.Collections.Immutable;

namespace LazyOC.Cluster.Discovery;

/// <summary>What one API server serves, at its preferred versions. Immutable.</summary>
public sealed class ResourceCatalog
{
    /// <summary>All kinds, core group first, then in the server's order.</summary>
    public ImmutableArray<ResourceKind> Kinds { get; }

    /// <summary>API groups whose discovery failed; their kinds are missing or old, all others are right.</summary>
    public ImmutableArray<string> StaleGroups { get; }

    /// <summary>Whether the OpenShift groups routes and projects need are served.</summary>
    public bool IsOpenShift => throw new NotImplementedException();

    /// <summary>Whether a group (and, when given, one of its versions) is served: <c>tekton.dev/v1</c> or <c>tekton.dev</c>.</summary>
    public bool HasApi(string groupVersion) => throw new NotImplementedException();

    /// <summary>The kind of a group: <c>Find("apps", "Deployment")</c>; null when not served.</summary>
    public ResourceKind? FindKind(string group, string kind) => throw new NotImplementedException();

    /// <summary>The kind of a group by its plural: <c>FindPlural("apps", "deployments")</c>; null when not served.</summary>
    public ResourceKind? FindPlural(string group, string plural) => throw new NotImplementedException();

    /// <summary>
    /// The kind a user means: plural, singular, short name or kind, in any case, optionally followed by
    /// <c>.group</c> or <c>.version.group</c>. Null when nothing matches; the first group wins when several do.
    /// </summary>
    public ResourceKind? Resolve(string word) => throw new NotImplementedException();
}
