using System.Collections.Immutable;

namespace LazyOC.Cluster.Discovery;

/// <summary>One kind of object the API serves, as discovery describes it. Equal when group, version and plural are.</summary>
public sealed record ResourceKind
{
    /// <summary>API group; empty for the core group.</summary>
    public required string Group { get; init; }

    /// <summary>Preferred version, such as <c>v1</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Plural resource name, such as <c>deployments</c>: the one in paths.</summary>
    public required string Plural { get; init; }

    /// <summary>Kind, such as <c>Deployment</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Singular name; empty when the server gives none.</summary>
    public string Singular { get; init; } = "";

    /// <summary>Short names, such as <c>deploy</c>.</summary>
    public ImmutableArray<string> ShortNames { get; init; } = [];

    /// <summary>Whether objects live in a namespace.</summary>
    public required bool Namespaced { get; init; }

    /// <summary>Verbs the server offers, such as <c>list</c> and <c>watch</c>.</summary>
    public ImmutableArray<string> Verbs { get; init; } = [];

    /// <summary>Categories, such as <c>all</c>.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Subresources, such as <c>scale</c>, <c>status</c> and <c>log</c>.</summary>
    public ImmutableArray<string> Subresources { get; init; } = [];

    /// <summary><c>apps/v1</c>, or <c>v1</c> for the core group.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary><c>deployments.apps</c>, or <c>pods</c> for the core group.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>Whether <see cref="Verbs"/> has a verb.</summary>
    public bool Supports(string verb) => Verbs.Contains(verb, StringComparer.Ordinal);

    /// <inheritdoc/>
    public bool Equals(ResourceKind? other) =>
        other is not null && Group == other.Group && Version == other.Version && Plural == other.Plural;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Group, Version, Plural);

    /// <inheritdoc/>
    public override string ToString() => $"{Plural}.{Version}.{Group}".TrimEnd('.');

    /// <summary>The path under the server's address of the collection, an object or a subresource; names are escaped.</summary>
    /// <param name="namespace">Namespace; null for all namespaces or a cluster-wide kind.</param>
    /// <param name="name">Object; null for the collection.</param>
    /// <param name="subresource">Subresource of the object.</param>
    public string PathFor(string? @namespace, string? name = null, string? subresource = null)
    {
        var path = Group.Length == 0 ? $"api/{Version}" : $"apis/{Group}/{Version}";
        if (Namespaced && @namespace is not null)
            path += $"/namespaces/{Uri.EscapeDataString(@namespace)}";
        path += $"/{Plural}";
        if (name is not null)
            path += $"/{Uri.EscapeDataString(name)}";
        return subresource is null ? path : $"{path}/{subresource}";
    }
}
