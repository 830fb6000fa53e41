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

/// <summary>Several claim one key where they are all there; the user's keymap decides.</summary>
/// <param name="Key">The key, as in <see cref="KeyText"/>.</param>
/// <param name="Context">Where it is bound.</param>
/// <param name="Claimants">In the order of plugin ids and manifests.</param>
public sealed record KeyConflict(string Key, KeyContext Context, ImmutableArray<Contributed<KeyContribution>> Claimants);

/// <summary>Everything the enabled plugins declare, by what it applies to. Immutable; a change of the plugins makes a new one.</summary>
public sealed class ContributionIndex
{
    /// <summary>Nothing is contributed.</summary>
    public static ContributionIndex Empty { get; } = new([]);

    private readonly ImmutableArray<InstalledPlugin> _plugins;
    private readonly ILookup<GroupKind, Contributed<ColumnContribution>> _columns;
    private readonly ILookup<GroupKind, Contributed<TabContribution>> _tabs;
    private readonly ILookup<GroupKind, Contributed<SectionContribution>> _sections;
    private readonly ILookup<GroupKind, Contributed<ActionContribution>> _actions;
    private volatile Narrowed? _last;

    internal ContributionIndex(ImmutableArray<InstalledPlugin> plugins)
        : this(plugins.Sort((left, right) => left.Manifest.Id.CompareTo(right.Manifest.Id)), null)
    {
    }

    private ContributionIndex(ImmutableArray<InstalledPlugin> plugins, WhenContext? context)
    {
        _plugins = plugins;
        Columns = From(c => c.Columns, context);
        Tabs = From(c => c.Tabs, context);
        Sections = From(c => c.Sections, context);
        Pages = From(c => c.Pages, context);
        Cards = From(c => c.Cards, context);
        Actions = From(c => c.Actions, context);
        Commands = From(c => c.Commands, context);
        StatusItems = From(c => c.StatusItems, context);
        Themes = From(c => c.Themes, context);
        Keys = KeyClaims.Of(plugins, Actions, Commands, context);
        KeyConflicts = KeyClaims.Conflicts(Keys, Actions);
        _columns = Columns.ToLookup(c => GroupKind.Parse(c.Contribution.Resource));
        _tabs = Tabs.ToLookup(t => GroupKind.Parse(t.Contribution.Resource));
        _sections = Sections.ToLookup(s => GroupKind.Parse(s.Contribution.Resource));
        _actions = Actions.SelectMany(a => a.Contribution.Resources, (action, resource) => (action, Kind: GroupKind.Parse(resource)))
            .Distinct().ToLookup(x => x.Kind, x => x.action);
    }

    public ImmutableArray<Contributed<ColumnContribution>> Columns { get; }
    public ImmutableArray<Contributed<TabContribution>> Tabs { get; }
    public ImmutableArray<Contributed<SectionContribution>> Sections { get; }
    public ImmutableArray<Contributed<PageContribution>> Pages { get; }
    public ImmutableArray<Contributed<CardContribution>> Cards { get; }
    public ImmutableArray<Contributed<ActionContribution>> Actions { get; }
    public ImmutableArray<Contributed<CommandContribution>> Commands { get; }
    public ImmutableArray<Contributed<StatusItemContribution>> StatusItems { get; }
    public ImmutableArray<Contributed<ThemeContribution>> Themes { get; }

    /// <summary>The keys that are asked for, and those that actions ask for themselves, which are bound in lists and details.</summary>
    public ImmutableArray<Contributed<KeyContribution>> Keys { get; }

    /// <summary>Keys that several claim in one context, and on a common kind if all are for actions. A context's own key goes before a global one; that is no conflict.</summary>
    public ImmutableArray<KeyConflict> KeyConflicts { get; }

    /// <summary>Columns in the list of a kind, in the order of plugin ids and manifests.</summary>
    public IEnumerable<Contributed<ColumnContribution>> ColumnsFor(GroupKind kind) => _columns[kind];

    /// <summary>Tabs in the details of a kind.</summary>
    public IEnumerable<Contributed<TabContribution>> TabsFor(GroupKind kind) => _tabs[kind];

    /// <summary>Sections under the overview of a kind.</summary>
    public IEnumerable<Contributed<SectionContribution>> SectionsFor(GroupKind kind) => _sections[kind];

    /// <summary>Actions on objects of a kind.</summary>
    public IEnumerable<Contributed<ActionContribution>> ActionsFor(GroupKind kind) => _actions[kind];

    /// <summary>What of it is there: contributions whose <c>when</c> holds or that have none. Asking again for the same costs nothing.</summary>
    public ContributionIndex For(WhenContext context)
    {
        if (_last is not { } last || last.Context != context) _last = last = new Narrowed(context, new ContributionIndex(_plugins, context));
        return last.Index;
    }

    /// <summary>Whether a plugin contributes a view of an id.</summary>
    internal bool HasView(PluginId plugin, string id) => Views.Any(v => v.Plugin == plugin && v.Contribution.Id == id);

    /// <summary>Every tab, section, page and card.</summary>
    internal IEnumerable<Contributed<ViewContribution>> Views => Tabs.Select(AsView).Concat(Sections.Select(AsView)).Concat(Pages.Select(AsView)).Concat(Cards.Select(AsView));

    private static Contributed<ViewContribution> AsView<T>(Contributed<T> view)
        where T : ViewContribution => new(view.Plugin, view.PluginName, view.Contribution);

    private ImmutableArray<Contributed<T>> From<T>(Func<Contributions, ImmutableArray<T>> select, WhenContext? context)
        where T : Contribution =>
        [.. _plugins.SelectMany(p => select(p.Manifest.Contributes), (p, contribution) => new Contributed<T>(p.Manifest.Id, p.Manifest.DisplayName, contribution))
            .Where(c => context is null || c.Contribution.IsIn(context))];

    private sealed record Narrowed(WhenContext Context, ContributionIndex Index);
}
