using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Tui.Operations;

/// <summary>The objects that something is done to: one or more of one kind.</summary>
internal sealed record Targets(ResourceKind Kind, ImmutableArray<ResourceRow> Rows)
{
    /// <summary>Their names, for a confirmation; with the namespace when they are of several.</summary>
    public ImmutableArray<string> Names => [.. Rows.Select(NameOf)];

    /// <summary>Their namespace; null when they have none or are of several.</summary>
    public string? Namespace => Rows.All(r => r.Namespace == Rows[0].Namespace) ? Rows[0].Namespace : null;

    public ImmutableArray<ObjectReference> References =>
        [.. Rows.Select(row => new ObjectReference { Group = Kind.Group, Kind = Kind.Kind, Namespace = row.Namespace, Name = row.Name, Uid = row.Uid })];

    public string NameOf(ResourceRow row) => Namespace is null && row.Namespace is { } ns ? $"{ns}/{row.Name}" : row.Name;

    /// <summary><c>deployment checkout</c> or <c>3 deployments</c>.</summary>
    public override string ToString() => Rows.Length == 1 ? $"{Kind.Kind.ToLowerInvariant()} {Names[0]}" : string.Create(CultureInfo.InvariantCulture, $"{Rows.Length} {Kind.Plural}");
}
