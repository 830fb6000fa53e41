using System.Collections.Immutable;
using System.Text;
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
public sealed record KeyConflict(string Key, KeyContext Context, ImmutableArray<Contributed<KeyContribution>> Claimants)
{
    /// <summary><c>`f5` in the list is wanted by Tools for acme.tools.drain and by Pods for acme.pods.drain</c>.</summary>
    public override string ToString() =>
        $"`{Key}`{(Context == KeyContext.Global ? "" : $" in the {Context.ToString().ToLowerInvariant()}")} is wanted by {string.Join(" and by ", Claimants.Select(claim => $"{claim.PluginName} for {claim.Contribution.Action ?? claim.Contribution.Command}"))}";
}

/// <summary>Keys that several plugins ask for, wherever they would be there.</summary>
public static class KeyConflicts
{
    /// <summary>The keys that a plugin asks for, those of its actions in the list and in the details.</summary>
    public static ImmutableArray<KeyContribution> ClaimsOf(PluginManifest plugin) => [.. KeyClaims.Declared(plugin.Contributes)];

    /// <summary>The conflicts among plugins; <c>when</c> is not looked at, for it may hold in some session.</summary>
    /// <param name="plugins">The enabled ones, each id once.</param>
    public static ImmutableArray<KeyConflict> Of(IEnumerable<PluginManifest> plugins)
    {
        ImmutableArray<PluginManifest> all = [.. plugins.OrderBy(plugin => plugin.Id)];
        var actions = From(c => c.Actions);
        return KeyClaims.Conflicts(KeyClaims.Of(all, actions, From(c => c.Commands), context: null), actions);

        ImmutableArray<Contributed<T>> From<T>(Func<Contributions, ImmutableArray<T>> select) =>
            [.. all.SelectMany(plugin => select(plugin.Contributes), (plugin, contribution) => new Contributed<T>(plugin.Id, plugin.DisplayName, contribution))];
    }
}

/// <summary>Everything the enabled plugins declare, by what it applies to. Immutable; a change of the plugins makes a new one.</summary>
public sealed class ContributionIndex
{
    /// <summary>Nothing is contributed.</summary>
    public static ContributionIndex Empty { get; } = new([]);

    private readonly ImmutableArray<InstalledPlugin> _plugins;
    private readonly ILookup<GroupKind, Contributed<ColumnContribution>> _columns;
    private readonly ILookup<GroupKind, Contributed<SectionContribution>> _sections;
    private readonly ILookup<GroupKind, Contributed<ActionContribution>> _actions;
    private readonly ILookup<GroupKind, Contributed<ResourceViewContribution>> _resourceViews;
    private readonly ILookup<GroupKind, Contributed<LogTransformContribution>> _logTransforms;
    private readonly ILookup<GroupKind, Contributed<RelationContribution>> _relations;
    private readonly ILookup<(GroupKind Kind, string Verb), Contributed<HookContribution>> _hooks;
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
        ResourceViews = From(c => c.ResourceViews, context);
        LogTransforms = From(c => c.LogTransforms, context);
        Relations = From(c => c.Relations, context);
        Hooks = From(c => c.Hooks, context);
        Templates = From(c => c.Templates, context);
        Keys = KeyClaims.Of(plugins.Select(p => p.Manifest), Actions, Commands, context);
        KeyConflicts = KeyClaims.Conflicts(Keys, Actions);
        _columns = Columns.ToLookup(c => GroupKind.Parse(c.Contribution.Resource));
        _sections = Sections.ToLookup(s => GroupKind.Parse(s.Contribution.Resource));
        _actions = Actions.SelectMany(a => a.Contribution.Resources, (action, resource) => (action, Kind: GroupKind.Parse(resource)))
            .Distinct().ToLookup(x => x.Kind, x => x.action);
        _resourceViews = ResourceViews.ToLookup(v => GroupKind.Parse(v.Contribution.Resource));
        _logTransforms = LogTransforms.ToLookup(t => GroupKind.Parse(t.Contribution.Resource));
        _relations = Relations.ToLookup(r => GroupKind.Parse(r.Contribution.From));
        _hooks = (from hook in Hooks from kind in hook.Contribution.Resources from verb in hook.Contribution.Verbs select (hook, Key: (GroupKind.Parse(kind), verb)))
            .Distinct().ToLookup(x => x.Key, x => x.hook);
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
    public ImmutableArray<Contributed<ResourceViewContribution>> ResourceViews { get; }
    public ImmutableArray<Contributed<LogTransformContribution>> LogTransforms { get; }
    public ImmutableArray<Contributed<RelationContribution>> Relations { get; }
    public ImmutableArray<Contributed<HookContribution>> Hooks { get; }
    public ImmutableArray<Contributed<TemplateContribution>> Templates { get; }

    /// <summary>The keys that are asked for, and those that actions ask for themselves, which are bound in lists and details.</summary>
    public ImmutableArray<Contributed<KeyContribution>> Keys { get; }

    /// <summary>Keys that several claim in one context, and on a common kind if all are for actions. A context's own key goes before a global one; that is no conflict.</summary>
    public ImmutableArray<KeyConflict> KeyConflicts { get; }

    /// <summary>Columns in the list of a kind, in the order of plugin ids and manifests.</summary>
    public IEnumerable<Contributed<ColumnContribution>> ColumnsFor(GroupKind kind) => _columns[kind];

    /// <summary>Tabs in the details of a kind, those of any kind among them.</summary>
    public IEnumerable<Contributed<TabContribution>> TabsFor(GroupKind kind) => Tabs.Where(tab => tab.Contribution.IsOf(kind));

    /// <summary>Sections under the overview of a kind.</summary>
    public IEnumerable<Contributed<SectionContribution>> SectionsFor(GroupKind kind) => _sections[kind];

    /// <summary>Actions on objects of a kind.</summary>
    public IEnumerable<Contributed<ActionContribution>> ActionsFor(GroupKind kind) => _actions[kind];

    /// <summary>Views of a part of a kind; one that is to replace the host's goes before the others.</summary>
    public IEnumerable<Contributed<ResourceViewContribution>> ResourceViewsFor(GroupKind kind, ResourcePart part) =>
        _resourceViews[kind].Where(v => v.Contribution.Part == part).OrderBy(v => v.Contribution.Replaces ? 0 : 1);

    /// <summary>What the log lines of a kind pass through, in the order of plugin ids and manifests.</summary>
    public IEnumerable<Contributed<LogTransformContribution>> LogTransformsFor(GroupKind kind) => _logTransforms[kind];

    /// <summary>Ways from objects of a kind to others.</summary>
    public IEnumerable<Contributed<RelationContribution>> RelationsFrom(GroupKind kind) => _relations[kind];

    /// <summary>Hooks on a change of a kind, of both phases, in the order of plugin ids and manifests.</summary>
    public IEnumerable<Contributed<HookContribution>> HooksOn(GroupKind kind, string verb) => _hooks[(kind, verb)];

    /// <summary>The text of a template's file; null when its package has none, which the check of packages does not let happen.</summary>
    public string? TextOf(Contributed<TemplateContribution> template) =>
        _plugins.FirstOrDefault(p => p.Manifest.Id == template.Plugin)?.Content.Read(template.Contribution.File) is { } file ? Encoding.UTF8.GetString(file.Span) : null;

    /// <summary>What of it is there: contributions whose <c>when</c> holds or that have none. Asking again for the same costs nothing.</summary>
    public ContributionIndex For(WhenContext context)
    {
        if (_last is not { } last || last.Context != context) _last = last = new Narrowed(context, new ContributionIndex(_plugins, context));
        return last.Index;
    }

    /// <summary>Whether a plugin contributes a view of an id.</summary>
    internal bool HasView(PluginId plugin, string id) => Views.Any(v => v.Plugin == plugin && v.Contribution.Id == id);

    /// <summary>Every tab, section, page, card and view of a resource.</summary>
    internal IEnumerable<Contributed<ViewContribution>> Views => Tabs.Select(AsView).Concat(Sections.Select(AsView)).Concat(Pages.Select(AsView)).Concat(Cards.Select(AsView)).Concat(ResourceViews.Select(AsView));

    private static Contributed<ViewContribution> AsView<T>(Contributed<T> view)
        where T : ViewContribution => new(view.Plugin, view.PluginName, view.Contribution);

    private ImmutableArray<Contributed<T>> From<T>(Func<Contributions, ImmutableArray<T>> select, WhenContext? context)
        where T : Contribution =>
        [.. _plugins.SelectMany(p => select(p.Manifest.Contributes), (p, contribution) => new Contributed<T>(p.Manifest.Id, p.Manifest.DisplayName, contribution))
            .Where(c => context is null || c.Contribution.IsIn(context))];

    private sealed record Narrowed(WhenContext Context, ContributionIndex Index);
}
