using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.Operations;

/// <summary>The objects that something is done to: one or more of one kind.</summary>
internal sealed record Targets(ResourceKind Kind, ImmutableArray<ResourceRow> Rows)
{
    /// <summary>Their names, for a confirmation; with the namespace when they are of several.</summary>
    public ImmutableArray<string> Names => [.. Rows.Select(NameOf)];

    /// <summary>Their namespace; null when they have none or are of several.</summary>
    public string? Namespace => Rows.All(r => r.Namespace == Rows[0].Namespace) ? Rows[0].Namespace : null;

    public ImmutableArray<ObjectReference> References =>
        [.. Rows.Select(ReferenceOf)];

    /// <summary>What is done to one of them, for hooks.</summary>
    public UserChange ChangeOf(ResourceRow row, string verb) => new() { Kind = Kind, Verb = verb, Reference = ReferenceOf(row) };

    public string NameOf(ResourceRow row) => Namespace is null && row.Namespace is { } ns ? $"{ns}/{row.Name}" : row.Name;

    private ObjectReference ReferenceOf(ResourceRow row) => new() { Group = Kind.Group, Kind = Kind.Kind, Namespace = row.Namespace, Name = row.Name, Uid = row.Uid };

    /// <summary><c>deployment checkout</c> or <c>3 deployments</c>.</summary>
    public override string ToString() => Rows.Length == 1 ? $"{Kind.Kind.ToLowerInvariant()} {Names[0]}" : string.Create(CultureInfo.InvariantCulture, $"{Rows.Length} {Kind.Plural}");
}
