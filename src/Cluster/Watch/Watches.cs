using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;

namespace LazyOC.Cluster.Watch;

/// <summary>Live views of collections: one reflector per (kind, namespace, selector), shared by all who look. Thread-safe.</summary>
public sealed class Watches
{
    /// <summary>
    /// Starts watching, or joins a running watch. Columns that a running reflector does not keep yet make it list once more;
    /// its rows stay until then.
    /// </summary>
    /// <param name="kind">What to watch; must support list and watch.</param>
    /// <param name="namespace">Where; null for all namespaces.</param>
    /// <param name="columns">What to keep of each object.</param>
    /// <param name="selector">Narrowed to what; null for everything.</param>
    public ResourceWatch Open(ResourceKind kind, string? @namespace, IEnumerable<ColumnSpec> columns, Selector? selector = null) => throw new NotImplementedException();
}
