using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>A cluster session with the epoch that plugins' instances are bound to.</summary>
internal sealed record SessionScope(ClusterSession Cluster, PluginSession Session)
{
    public SessionInfo Info { get; } = new()
    {
        Context = Cluster.Context,
        User = Cluster.User,
        Namespace = Cluster.Namespace,
        ReadOnly = Cluster.ReadOnly,
    };

    public static SessionScope Of(ClusterSession cluster, long epoch) => new(cluster, new PluginSession(cluster.Context, cluster.User, epoch));
}
