using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;

namespace LazyOC.Tui.Screen;

/// <summary>Which kinds the navigation shows, and under which heading.</summary>
internal static class ResourceGroups
{
    private static readonly ImmutableArray<(string Title, ImmutableArray<string> Kinds)> Known =
    [
        ("Workloads",
            ["pods", "deployments.apps", "deploymentconfigs.apps.openshift.io", "statefulsets.apps", "daemonsets.apps", "replicasets.apps",
             "jobs.batch", "cronjobs.batch", "horizontalpodautoscalers.autoscaling"]),
        ("Networking", ["services", "routes.route.openshift.io", "ingresses.networking.k8s.io", "networkpolicies.networking.k8s.io"]),
        ("Config", ["configmaps", "secrets", "serviceaccounts"]),
        ("Storage", ["persistentvolumeclaims", "persistentvolumes", "storageclasses.storage.k8s.io"]),
        ("Builds", ["buildconfigs.build.openshift.io", "builds.build.openshift.io", "imagestreams.image.openshift.io"]),
        (CustomTitle, []),
        ("Cluster", ["nodes", "projects.project.openshift.io", "namespaces", "events", "clusteroperators.config.openshift.io"]),
    ];

    private const string CustomTitle = "Custom resources";

    /// <summary>The kinds a server serves, by group; <paramref name="current"/>, when there is one, is always among them.</summary>
    public static ImmutableArray<(string Title, ImmutableArray<ResourceKind> Kinds)> Of(IEnumerable<ResourceKind> kinds, ResourceKind? current)
    {
        var byName = kinds.Where(k => k.Supports("list")).DistinctBy(k => k.QualifiedName).ToDictionary(k => k.QualifiedName, StringComparer.Ordinal);
        var groups = Known
            .Select(g => (g.Title, Kinds: g.Title == CustomTitle
                ? byName.Values.Where(IsCustom).OrderBy(k => k.Group, StringComparer.Ordinal).ThenBy(k => k.Kind, StringComparer.Ordinal).ToImmutableArray()
                : [.. g.Kinds.Where(byName.ContainsKey).Select(name => byName[name])]))
            .Where(g => !g.Kinds.IsEmpty)
            .ToImmutableArray();
        return current is null || groups.Any(g => g.Kinds.Contains(current)) ? groups : groups.Add(("Other", [current]));
    }

    /// <summary>The kind in the plural as a title: <c>NetworkPolicies</c>.</summary>
    public static string TitleOf(ResourceKind kind)
    {
        var common = 0;
        while (common < kind.Kind.Length && common < kind.Plural.Length && char.ToLowerInvariant(kind.Kind[common]) == kind.Plural[common])
            common++;
        return common == 0 ? kind.Plural : kind.Kind[..common] + kind.Plural[common..];
    }

    /// <summary>Groups of Kubernetes and OpenShift themselves have no custom resources a user made.</summary>
    private static bool IsCustom(ResourceKind kind) =>
        kind.Group.Contains('.', StringComparison.Ordinal)
        && !kind.Group.EndsWith(".k8s.io", StringComparison.Ordinal)
        && !kind.Group.EndsWith(".openshift.io", StringComparison.Ordinal);
}
