using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;

namespace LazyOC.Cluster.Columns;

/// <summary>The columns of each kind, computed the way <c>kubectl get</c> prints them. Thread-safe.</summary>
public sealed class ResourceTable
{
    private static readonly FrozenDictionary<string, ImmutableArray<ColumnSpec>> BuiltIns =
        WorkloadColumns.All.Concat(NetworkColumns.All).Concat(ConfigColumns.All).Concat(ClusterColumns.All).Concat(OpenShiftColumns.All)
            .ToFrozenDictionary(e => e.Key, e => e.Value.ToImmutableArray(), StringComparer.Ordinal);

    private static readonly ImmutableArray<ColumnSpec> AgeOnly = [Column.Age];

    private static readonly ResourceKind Definitions = new()
    {
        Group = "apiextensions.k8s.io",
        Version = "v1",
        Plural = "customresourcedefinitions",
        Kind = "CustomResourceDefinition",
        Namespaced = false,
    };

    private readonly ResourceClient _resources;
    private readonly ConcurrentDictionary<ResourceKind, ImmutableArray<ColumnSpec>> _custom = new();

    internal ResourceTable(ResourceClient resources) => _resources = resources;

    /// <summary>The columns after NAMESPACE and NAME (a row has those itself), AGE included; AGE alone for a kind without its own.</summary>
    public static ImmutableArray<ColumnSpec> BuiltIn(ResourceKind kind) => BuiltIns.GetValueOrDefault(kind.QualifiedName, AgeOnly);

    /// <summary>
    /// Built-in columns, or for a custom resource its definition's <c>additionalPrinterColumns</c>; AGE alone when the
    /// definition gives none or may not be read.
    /// </summary>
    /// <exception cref="ClusterException">The cluster cannot be reached.</exception>
    public async Task<ImmutableArray<ColumnSpec>> ColumnsForAsync(ResourceKind kind, CancellationToken cancellationToken = default)
    {
        if (BuiltIns.TryGetValue(kind.QualifiedName, out var known) || _custom.TryGetValue(kind, out known))
            return known;
        // Only groups with a dot can be custom (API conventions); the others have no definition to ask for.
        if (!kind.Group.Contains('.', StringComparison.Ordinal))
            return AgeOnly;
        try
        {
            using var definition = await _resources.GetAsync(Definitions, null, kind.QualifiedName, cancellationToken: cancellationToken);
            return _custom[kind] = PrinterColumns(definition.RootElement, kind);
        }
        catch (Exception e) when (e is NotFoundException or ForbiddenException)
        {
            return _custom[kind] = AgeOnly;
        }
    }

    /// <summary>Qualified names of the kinds with columns of their own.</summary>
    internal static IEnumerable<string> BuiltInNames => BuiltIns.Keys;

    internal static ImmutableArray<ColumnSpec> PrinterColumns(JsonElement definition, ResourceKind kind)
    {
        var columns = ImmutableArray.CreateBuilder<ColumnSpec>();
        foreach (var version in definition.Items("spec", "versions").Where(v => v.Text("name") == kind.Version))
        {
            foreach (var column in version.Items("additionalPrinterColumns"))
            {
                // A definition with a path nobody can read loses that column, not the others.
                if (column.Text("name") is not { } name || column.Text("jsonPath") is not { } text || !JsonPath.TryParse(text, out var path, out _))
                    continue;
                var type = (column.Text("type"), name.ToUpperInvariant()) switch
                {
                    ("date", _) => ColumnType.Age,
                    ("integer" or "number", _) => ColumnType.Number,
                    (_, "STATUS" or "PHASE" or "STATE" or "READY") => ColumnType.Status,
                    _ => ColumnType.Text,
                };
                columns.Add(ColumnSpec.FirstFromPath($"{kind.QualifiedName}:{name.ToLowerInvariant()}", name.ToUpperInvariant(), path, type, wide: (column.Number("priority") ?? 0) > 0));
            }
        }

        if (!columns.Any(c => c.Title == "AGE"))
            columns.Add(Column.Age);
        return columns.DistinctBy(c => c.Id).ToImmutableArray();
    }
}
