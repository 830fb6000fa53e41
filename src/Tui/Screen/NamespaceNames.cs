using System.Collections.Immutable;
using LazyOC.Cluster;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;

namespace LazyOC.Tui.Screen;

/// <summary>The namespaces a user may choose from.</summary>
internal static class NamespaceNames
{
    private const int PageSize = 500;

    /// <summary>
    /// Names in their order. Ordinary users of OpenShift may not list namespaces; the projects that are theirs they may.
    /// </summary>
    /// <exception cref="ClusterException">Neither can be listed.</exception>
    public static async Task<ImmutableArray<string>> ListAsync(ClusterClient client, CancellationToken cancellationToken)
    {
        var catalog = await client.Discovery.GetAsync(cancellationToken);
        var projects = catalog.FindPlural("project.openshift.io", "projects");
        var namespaces = catalog.FindPlural("", "namespaces");
        try
        {
            return await NamesAsync(client, projects ?? namespaces ?? throw new NotFoundException("the cluster serves neither namespaces nor projects", "`lazyoc --view nodes` shows what lies in none"), cancellationToken);
        }
        catch (ForbiddenException) when (projects is not null && namespaces is not null)
        {
            return await NamesAsync(client, namespaces, cancellationToken);
        }
    }

    private static async Task<ImmutableArray<string>> NamesAsync(ClusterClient client, Cluster.Discovery.ResourceKind kind, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        string? rest = null;
        do
        {
            using var page = await client.Resources.ListAsync(kind, null, new ListOptions { Limit = PageSize, Continue = rest }, cancellationToken);
            foreach (var item in page.Items)
            {
                if (item.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("name", out var name) && name.GetString() is { } text)
                    names.Add(text);
            }
            rest = page.Continue;
        }
        while (!string.IsNullOrEmpty(rest) && names.Count < TuiLimits.Default.Namespaces);
        names.Sort(StringComparer.Ordinal);
        return [.. names];
    }
}
