using System.Text.Json;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Discovery;

/// <summary>Reads what the API server serves. Thread-safe; concurrent callers share one request.</summary>
public sealed class ApiDiscovery
{
    private const string AcceptAggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";

    private readonly ClusterConnection _connection;
    private readonly Lock _gate = new();
    private Task<ResourceCatalog>? _catalog;

    internal ApiDiscovery(ClusterConnection connection) => _connection = connection;

    /// <summary>The catalog as last fetched; null before the first time.</summary>
    public ResourceCatalog? Known
    {
        get
        {
            lock (_gate)
                return _catalog is { IsCompletedSuccessfully: true } known ? known.Result : null;
        }
    }

    /// <summary>The catalog, fetched once and then reused.</summary>
    /// <exception cref="ClusterException">Not even the list of groups could be read.</exception>
    public Task<ResourceCatalog> GetAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_catalog is null || _catalog.IsFaulted || _catalog.IsCanceled)
                _catalog = Task.Run(() => FetchAsync(previous: null), CancellationToken.None);
            return _catalog.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Fetches the catalog again, for example after a CRD was installed. What was known stays when that fails.</summary>
    /// <exception cref="ClusterException">Not even the list of groups could be read.</exception>
    public async Task<ResourceCatalog> RefreshAsync(CancellationToken cancellationToken = default)
    {
        ResourceCatalog? previous;
        lock (_gate)
            previous = _catalog is { IsCompletedSuccessfully: true } done ? done.Result : null;
        var fresh = Task.Run(() => FetchAsync(previous), CancellationToken.None);
        var catalog = await fresh.WaitAsync(cancellationToken);
        lock (_gate)
            _catalog = fresh;
        return catalog;
    }

    private async Task<ResourceCatalog> FetchAsync(ResourceCatalog? previous)
    {
        var builder = new CatalogBuilder(_connection.Limits);
        var core = FetchRootAsync("api");
        using var groups = await FetchRootAsync("apis");
        using (var legacy = await core)
            await AddAsync(builder, legacy.RootElement, previous);
        await AddAsync(builder, groups.RootElement, previous);
        return builder.Build();
    }

    private Task<JsonDocument> FetchRootAsync(string path) =>
        _connection.ReadJsonAsync(new ClusterRequest { Path = path, Accept = AcceptAggregated }, CancellationToken.None);

    private async Task AddAsync(CatalogBuilder builder, JsonElement root, ResourceCatalog? previous)
    {
        switch (root.Text("kind"))
        {
            case "APIGroupDiscoveryList":
                builder.AddAggregated(root);
                break;
            case "APIVersions":
                await AddPlainAsync(builder, [.. root.Texts("versions").Select(v => ("", v))], previous);
                break;
            case "APIGroupList":
                await AddPlainAsync(builder, [.. root.Items("groups").SelectMany(VersionsOf)], previous);
                break;
            case var other:
                throw _connection.Report(_connection.Refusals.NotACluster($"answered `{other ?? "something else"}` where discovery was asked for"));
        }
    }

    private async Task AddPlainAsync(CatalogBuilder builder, IReadOnlyList<(string Group, string Version)> apis, ResourceCatalog? previous)
    {
        using var slots = new SemaphoreSlim(8);
        var answers = await Task.WhenAll(apis.Select(async api =>
        {
            await slots.WaitAsync();
            try
            {
                return await FetchVersionAsync(api.Group, api.Version);
            }
            finally
            {
                slots.Release();
            }
        }));

        foreach (var ((group, version), answer) in apis.Zip(answers))
        {
            if (answer is null)
                builder.AddFailed(group, version, previous);
            else
                using (answer)
                    builder.AddPlain(group, version, answer.RootElement);
        }
    }

    // An aggregated API whose server is down must not take the other groups with it: null marks it stale.
    private async Task<JsonDocument?> FetchVersionAsync(string group, string version)
    {
        try
        {
            return await _connection.ReadJsonAsync(new ClusterRequest { Path = group.Length == 0 ? $"api/{version}" : $"apis/{group}/{version}" }, CancellationToken.None);
        }
        catch (ClusterException e) when (e is not (UnauthorizedException or UnreachableException))
        {
            return null;
        }
    }

    private static IEnumerable<(string Group, string Version)> VersionsOf(JsonElement group)
    {
        var name = group.Text("name") ?? "";
        var preferred = group.Text("preferredVersion", "version");
        return group.Items("versions").Select(v => v.Text("version")).OfType<string>()
            .OrderBy(v => v == preferred ? 0 : 1)
            .Select(v => (name, v));
    }
}
