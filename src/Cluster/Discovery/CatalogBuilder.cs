using System.Text.Json;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Discovery;

/// <summary>
/// Gathers discovery documents into a catalog. Versions are added in the order of preference: the first that serves a
/// resource is the one that is used.
/// </summary>
internal sealed class CatalogBuilder(ClusterLimits limits)
{
    private readonly List<ResourceKind> _kinds = [];
    private readonly HashSet<(string Group, string Plural)> _known = [];
    private readonly HashSet<string> _apis = new(StringComparer.Ordinal);
    private readonly List<string> _stale = [];

    public ResourceCatalog Build() => new(_kinds, _apis, _stale);

    /// <summary>Adds an <c>APIGroupDiscoveryList</c> (apidiscovery.k8s.io v2 or v2beta1).</summary>
    public void AddAggregated(JsonElement list)
    {
        foreach (var item in list.Items("items"))
        {
            var group = item.Text("metadata", "name") ?? "";
            foreach (var version in item.Items("versions"))
            {
                if (version.Text("version") is not { } name)
                    continue;
                AddApi(group, name);
                if (version.Text("freshness") == "Stale")
                    AddStale(group);
                foreach (var resource in version.Items("resources"))
                    Add(new ResourceKind
                    {
                        Group = group,
                        Version = name,
                        Plural = resource.Text("resource") ?? "",
                        Kind = resource.Text("responseKind", "kind") ?? "",
                        Singular = resource.Text("singularResource") ?? "",
                        ShortNames = [.. resource.Texts("shortNames")],
                        Namespaced = resource.Text("scope") == "Namespaced",
                        Verbs = [.. resource.Texts("verbs")],
                        Categories = [.. resource.Texts("categories")],
                        Subresources = [.. resource.Items("subresources").Select(s => s.Text("subresource")).OfType<string>()],
                    });
            }
        }
    }

    /// <summary>Adds one group version's <c>APIResourceList</c>.</summary>
    public void AddPlain(string group, string version, JsonElement list)
    {
        AddApi(group, version);
        var subresources = list.Items("resources").Select(r => (r.Text("name") ?? "").Split('/', 2)).Where(n => n.Length == 2).ToLookup(n => n[0], n => n[1], StringComparer.Ordinal);
        foreach (var resource in list.Items("resources"))
        {
            if (resource.Text("name") is not { } name || name.Contains('/', StringComparison.Ordinal))
                continue;
            Add(new ResourceKind
            {
                Group = group,
                Version = version,
                Plural = name,
                Kind = resource.Text("kind") ?? "",
                Singular = resource.Text("singularName") ?? "",
                ShortNames = [.. resource.Texts("shortNames")],
                Namespaced = resource.Flag("namespaced"),
                Verbs = [.. resource.Texts("verbs")],
                Categories = [.. resource.Texts("categories")],
                Subresources = [.. subresources[name]],
            });
        }
    }

    /// <summary>A group whose discovery failed; what an earlier catalog knew of it stays.</summary>
    public void AddFailed(string group, string version, ResourceCatalog? previous)
    {
        AddApi(group, version);
        AddStale(group);
        foreach (var kind in previous?.Kinds.Where(k => k.Group == group && k.Version == version) ?? [])
            Add(kind);
    }

    private void AddApi(string group, string version)
    {
        if (group.Length > 0)
            _apis.Add(group);
        _apis.Add(group.Length == 0 ? version : $"{group}/{version}");
    }

    private void AddStale(string group)
    {
        if (!_stale.Contains(group, StringComparer.Ordinal))
            _stale.Add(group);
    }

    private void Add(ResourceKind kind)
    {
        if (kind.Plural.Length == 0 || kind.Kind.Length == 0 || !_known.Add((kind.Group, kind.Plural)))
            return;
        if (_kinds.Count == limits.MaxDiscoveredResources)
            throw new InvalidAnswerException($"the server serves more than {limits.MaxDiscoveredResources} kinds", "check that `server` names the cluster you mean");
        _kinds.Add(kind);
    }
}
