using LazyOC.Cluster.Discovery;

namespace LazyOC.Cluster.Tests.Peer;

internal static class Kinds
{
    public static ResourceKind Pods { get; } = new() { Group = "", Version = "v1", Plural = "pods", Kind = "Pod", Namespaced = true };

    public static ResourceKind Deployments { get; } = new() { Group = "apps", Version = "v1", Plural = "deployments", Kind = "Deployment", Namespaced = true };

    public static ResourceKind Of(string group, string plural, string kind, bool namespaced = true) =>
        new() { Group = group, Version = "v1", Plural = plural, Kind = kind, Namespaced = namespaced };
}
