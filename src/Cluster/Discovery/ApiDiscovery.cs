using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Discovery;

/// <summary>Reads what the API server serves. Thread-safe; concurrent callers share one request.</summary>
public sealed class ApiDiscovery
{
    /// <summary>The catalog, fetched once and then reused.</summary>
    /// <exception cref="ClusterException">Not even the list of groups could be read.</exception>
    public Task<ResourceCatalog> GetAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Fetches the catalog again, for example after a CRD was installed.</summary>
    /// <exception cref="ClusterException">Not even the list of groups could be read.</exception>
    public Task<ResourceCatalog> RefreshAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
