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
    public static ContributionIndex? ContributionsFor(this ScreenSession session, ResourceKind? kind) => session.Extensions?.Contributions.For(session.Cluster.When(
        session.Cluster.Client.Discovery.Known,
        kind is null ? null : new GroupKind(kind.Group, kind.Kind),
        session.AllNamespaces ? null : session.Cluster.Namespace));
}
