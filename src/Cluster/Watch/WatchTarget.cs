using System.Globalization;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Watch;

/// <summary>What one reflector looks at; equal targets share a reflector.</summary>
internal sealed record WatchTarget(ResourceKind Kind, string? Namespace, Selector Selector)
{
    /// <param name="resourceVersion">How fresh: <c>0</c> takes what the server has in memory; null the newest.</param>
    /// <param name="limit">Objects per page; null for all at once.</param>
    /// <param name="continueToken">The next page.</param>
    public ClusterRequest List(string? resourceVersion, int? limit, string? continueToken)
    {
        var query = Query();
        if (limit is { } page)
            query.Add(("limit", page.ToString(CultureInfo.InvariantCulture)));
        if (continueToken is not null)
            query.Add(("continue", continueToken));
        else if (resourceVersion is not null)
            query.Add(("resourceVersion", resourceVersion));
        // Together with a limit, a version alone would mean "exactly this one", which a server forgets after minutes.
        if (continueToken is null && resourceVersion is not (null or "0"))
            query.Add(("resourceVersionMatch", "NotOlderThan"));
        return ClusterRequest.For("list", Kind, Namespace) with { Query = query };
    }

    public ClusterRequest Watch(string resourceVersion, TimeSpan timeout)
    {
        var query = Query();
        query.Add(("watch", "true"));
        query.Add(("allowWatchBookmarks", "true"));
        query.Add(("resourceVersion", resourceVersion));
        query.Add(("timeoutSeconds", ((long)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture)));
        return ClusterRequest.For("watch", Kind, Namespace) with { Query = query };
    }

    private List<(string, string)> Query()
    {
        var query = new List<(string, string)>();
        ResourceClient.Append(query, Selector);
        return query;
    }
}
