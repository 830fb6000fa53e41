using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Marketplace.Trial;

/// <summary>Objects of the simulated cluster, by kind.</summary>
internal sealed class KnownObjects(ClusterClient client, string workingNamespace, TrialLimits limits)
{
    private readonly Dictionary<string, IReadOnlyList<KnownObject>> _known = new(StringComparer.Ordinal);

    /// <summary>Some objects of a kind; none when the cluster does not have it.</summary>
    public async Task<IReadOnlyList<KnownObject>> OfAsync(string kind, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(kind, out var known)) return known;
        var (group, name) = GroupKind.Parse(kind);
        var catalog = await client.Discovery.GetAsync(cancellationToken);
        return _known[kind] = catalog.FindKind(group, name) is { } resource && resource.Supports("list") ? await ListAsync(resource, cancellationToken) : [];
    }

    /// <summary>Some objects of the first kind that meets a condition and has any.</summary>
    public async Task<IReadOnlyList<KnownObject>> OfFirstAsync(Func<ResourceCatalog, GroupKind, bool> isMeant, CancellationToken cancellationToken)
    {
        var catalog = await client.Discovery.GetAsync(cancellationToken);
        foreach (var kind in catalog.Kinds.Select(kind => new GroupKind(kind.Group, kind.Kind)).Where(kind => isMeant(catalog, kind)))
            if (await OfAsync(kind.ToString(), cancellationToken) is { Count: > 0 } found) return found;
        return [];
    }

    private async Task<IReadOnlyList<KnownObject>> ListAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        using var page = await client.Resources.ListAsync(kind, kind.Namespaced ? workingNamespace : null, cancellationToken: cancellationToken);
        return [.. page.Items.Take(limits.Objects).Select(item =>
        {
            var meta = item.GetProperty("metadata");
            var reference = new ObjectReference
            {
                Group = kind.Group,
                Kind = kind.Kind,
                Namespace = meta.TryGetProperty("namespace", out var ns) ? ns.GetString() : null,
                Name = meta.GetProperty("name").GetString()!,
                Uid = meta.GetProperty("uid").GetString(),
            };
            return new KnownObject(kind, reference, item.Clone());
        })];
    }
}

/// <summary>An object of the simulated cluster.</summary>
internal sealed record KnownObject(ResourceKind Kind, ObjectReference Reference, JsonElement Json);
