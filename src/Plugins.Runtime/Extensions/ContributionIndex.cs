using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Packages;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>A contribution and whose it is.</summary>
/// <param name="Plugin">The plugin's id.</param>
/// <param name="PluginName">Its display name.</param>
/// <param name="Contribution">What the manifest declares.</param>
public sealed record Contributed<T>(PluginId Plugin, string PluginName, T Contribution);

/// <summary>Everything the enabled plugins declare, by what it applies to. Immutable; a change of the plugins makes a new one.</summary>
public sealed class ContributionIndex
{
    /// <summary>Nothing is contributed.</summary>
    public static ContributionIndex Empty { get; } = new([]);

    private readonly ILookup<GroupKind, Contributed<ColumnContribution>> _columns;
    private readonly ILookup<GroupKind, Contributed<TabContribution>> _tabs;
    private readonly ILookup<GroupKind, Contributed<ActionContribution>> _actions;

    internal ContributionIndex(ImmutableArray<InstalledPlugin> plugins)
    {
        var all = plugins.Sort((left, right) => left.Manifest.Id.CompareTo(right.Manifest.Id));
        Columns = From(all, p => p.Contributes.Columns);
        Tabs = From(all, p => p.Contributes.Tabs);
        Actions = From(all, p => p.Contributes.Actions);
        Commands = From(all, p => p.Contributes.Commands);
        StatusItems = From(all, p => p.Contributes.StatusItems);
        _columns = Columns.ToLookup(c => GroupKind.Parse(c.Contribution.Resource));
        _tabs = Tabs.ToLookup(t => GroupKind.Parse(t.Contribution.Resource));
        _actions = Actions.SelectMany(a => a.Contribution.Resources, (action, resource) => (action, Kind: GroupKind.Parse(resource)))
            .Distinct().ToLookup(x => x.Kind, x => x.action);
    }

    public ImmutableArray<Contributed<ColumnContribution>> Columns { get; }
    public ImmutableArray<Contributed<TabContribution>> Tabs { get; }
    public ImmutableArray<Contributed<ActionContribution>> Actions { get; }
    public ImmutableArray<Contributed<CommandContribution>> Commands { get; }
    public ImmutableArray<Contributed<StatusItemContribution>> StatusItems { get; }

    /// <summary>Columns in the list of a kind, in the order of plugin ids and manifests.</summary>
    public IEnumerable<Contributed<ColumnContribution>> ColumnsFor(GroupKind kind) => _columns[kind];

    /// <summary>Tabs in the details of a kind.</summary>
    public IEnumerable<Contributed<TabContribution>> TabsFor(GroupKind kind) => _tabs[kind];

    /// <summary>Actions on objects of a kind.</summary>
    public IEnumerable<Contributed<ActionContribution>> ActionsFor(GroupKind kind) => _actions[kind];

    private static ImmutableArray<Contributed<T>> From<T>(ImmutableArray<InstalledPlugin> plugins, Func<PluginManifest, ImmutableArray<T>> select) =>
        [.. plugins.SelectMany(p => select(p.Manifest), (p, contribution) => new Contributed<T>(p.Manifest.Id, p.Manifest.DisplayName, contribution))];
}
