using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.Screen;

/// <summary>What plugins contribute where the user is.</summary>
internal static class Offered
{
    /// <summary>The contributions whose <c>when</c> holds in the session, for a kind; null when the screen shows no plugins.</summary>
    /// <param name="session">Cluster, context, namespace, read-only mode.</param>
    /// <param name="kind">What is listed or looked at; null for a page.</param>
    public static ContributionIndex? ContributionsFor(this ScreenSession session, ResourceKind? kind)
    {
        if (session.Extensions is not { } extensions)
            return null;
        var catalog = session.Cluster.Client.Discovery.Known;
        return extensions.Contributions.For(new WhenContext
        {
            HasApi = catalog is null ? Nothing : catalog.HasApi,
            Kind = kind is null ? null : new GroupKind(kind.Group, kind.Kind),
            Context = session.Cluster.Context,
            Namespace = session.AllNamespaces ? null : session.Cluster.Namespace,
            IsOpenShift = catalog?.IsOpenShift ?? false,
            IsReadOnly = session.Cluster.ReadOnly,
        });
    }

    private static bool Nothing(string api) => false;
}
