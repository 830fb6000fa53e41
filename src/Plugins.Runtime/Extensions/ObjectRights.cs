using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>Which objects a plugin may be handed: those that it could <c>get</c> itself.</summary>
internal static class ObjectRights
{
    public static bool MayGet(this PluginActor actor, ResourceKind? kind, string? @namespace) =>
        kind is not null && actor.May(new Demand.Kubernetes(kind.Group, kind.Plural, null, "get", kind.Namespaced ? @namespace : null));

    /// <summary>What the cluster serves; null when it cannot be asked. Nobody knows then what a kind's permissions are called: nothing is permitted.</summary>
    public static async Task<ResourceCatalog?> CatalogAsync(this SessionScope scope, CancellationToken cancellationToken)
    {
        try
        {
            return await scope.Cluster.Client.Discovery.GetAsync(cancellationToken);
        }
        catch (ClusterException)
        {
            return null;
        }
    }
}
