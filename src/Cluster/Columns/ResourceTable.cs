using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;

namespace LazyOC.Cluster.Columns;

/// <summary>The columns of each kind, computed the way <c>kubectl get</c> prints them. Thread-safe.</summary>
public sealed class ResourceTable
{
    /// <summary>
    /// The columns after NAMESPACE and NAME (a row has those itself), AGE included; NAME-only kinds get AGE.
    /// </summary>
    public static ImmutableArray<ColumnSpec> BuiltIn(ResourceKind kind) => throw new NotImplementedException();

    /// <summary>
    /// Built-in columns, or for a custom resource its definition's <c>additionalPrinterColumns</c>; AGE alone when the
    /// definition gives none or may not be read.
    /// </summary>
    public Task<ImmutableArray<ColumnSpec>> ColumnsForAsync(ResourceKind kind, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
