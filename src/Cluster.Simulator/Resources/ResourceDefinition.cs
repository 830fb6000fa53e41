using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Resources;

/// <summary>One row of the resource table: everything the generic handlers need to serve a kind. Compared by reference.</summary>
internal sealed class ResourceDefinition
{
    public static readonly ImmutableArray<string> AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public required string Singular { get; init; }

    public required bool Namespaced { get; init; }

    public ImmutableArray<string> ShortNames { get; init; } = [];

    public ImmutableArray<string> Categories { get; init; } = [];

    public ImmutableArray<string> Verbs { get; init; } = AllVerbs;

    public ImmutableArray<PrinterColumn> Columns { get; init; } = PrinterColumn.NameAndAge;

    public ImmutableArray<Subresource> Subresources { get; init; } = [];

    /// <summary>Where the replica counts are, when the kind has a <c>/scale</c>.</summary>
    public ScalePaths? Scale { get; init; }

    /// <summary>A CRD's OpenAPI schema; null for the built-in kinds, whose schemas are in <c>OpenApi/schemas.txt</c>.</summary>
    public JsonObject? Schema { get; init; }

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>deployments.apps</c>, as messages name it.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Whether <c>status</c> is written through <c>/status</c> only.</summary>
    public bool HasStatus => Subresources.Any(s => s.Name is "status");

    public bool Can(string verb) => Verbs.Contains(verb, StringComparer.Ordinal);

    public override string ToString() => $"{QualifiedName}/{Version}";
}

/// <summary>A path below an object, as discovery describes it.</summary>
internal sealed record Subresource(string Name, string Group, string Version, string Kind, ImmutableArray<string> Verbs);

/// <summary>JSON paths of a scalable kind's replica counts and selector (a map of labels or a <c>LabelSelector</c>).</summary>
internal sealed record ScalePaths(ImmutableArray<string> Spec, ImmutableArray<string> Status, ImmutableArray<string> Selector)
{
    public static readonly ScalePaths Workload = new(["spec", "replicas"], ["status", "replicas"], ["spec", "selector"]);
}
