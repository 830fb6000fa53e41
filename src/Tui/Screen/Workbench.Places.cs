using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Tui.Screen;

/// <content>Going to other objects and back, and the views that plugins put in the place of a list.</content>
internal sealed partial class Workbench
{
    private readonly Stack<Place> _places = new();

    /// <summary>Kinds whose own list the user asked for though a plugin replaces it.</summary>
    private readonly HashSet<string> _plain = new(StringComparer.Ordinal);

    /// <summary>Whether there is a place to go back to.</summary>
    public bool CanGoBack => _places.Count > 0;

    /// <summary>Goes to an object of any kind and namespace; <see cref="GoBack"/> comes back from there.</summary>
    public void GoTo(ResourceKind kind, ObjectReference obj)
    {
        Leave(kind, obj.Namespace);
        _views[kind.QualifiedName] = ViewOf(kind) with { Filter = "" };
        OpenKind(kind, obj.Namespace is { } ns ? $"{ns}/{obj.Name}" : obj.Name);
    }

    /// <summary>Goes to the objects of a kind that have some labels.</summary>
    public void GoTo(ResourceKind kind, string? @namespace, string labelSelector)
    {
        Leave(kind, @namespace);
        _views[kind.QualifiedName] = ViewOf(kind) with { Filter = $"-l {labelSelector}" };
        (_wanted, Focus) = (null, FocusedPanel.List);
        OpenList(kind);
    }

    /// <summary>Goes back to where <see cref="GoTo(ResourceKind, ObjectReference)"/> left; false when there is nowhere.</summary>
    public bool GoBack()
    {
        if (!_places.TryPop(out var place))
            return false;
        CloseList();
        LookAt(place.Namespace);
        ShowNavigation();
        _views[place.Kind.QualifiedName] = place.View;
        (_tab, _wanted) = (place.Tab, null);
        if (place.Name is not null)
            OpenKind(place.Kind, place.Name, place.Tab);
        else
            OpenList(place.Kind);
        Focus = place.Focus;
        return true;
    }

    /// <summary>Views that plugins have of the kind that is open, and the list as null; in the order of <see cref="ShowNextView"/>.</summary>
    public ImmutableArray<Contributed<ResourceViewContribution>> ListViews => CurrentKind is { } kind
        ? [.. _session.ContributionsFor(kind)?.ResourceViewsFor(new GroupKind(kind.Group, kind.Kind), ResourcePart.List) ?? []]
        : [];

    /// <summary>Shows the kind in the next of its views, the list among them.</summary>
    public void ShowNextView()
    {
        if (CurrentKind is not { } kind)
            return;
        var views = ListViews;
        var next = Page?.Target is NavigationTarget.ResourceView open ? views.ToList().FindIndex(v => v.Contribution.Id == open.Id) + 1 : 0;
        if (next < views.Length)
        {
            _plain.Remove(kind.QualifiedName);
            OpenPage(new NavigationTarget.ResourceView(kind, views[next].Contribution.Id));
            return;
        }
        _plain.Add(kind.QualifiedName);
        (_wanted, Focus) = (null, FocusedPanel.List);
        OpenList(kind);
    }

    /// <summary>What is shown, in the words of events; null until there is anything.</summary>
    public UiScreen? Screen => (Page?.Target, List) switch
    {
        (NavigationTarget.Page page, _) => new UiScreen { Screen = "page", Page = page.Id },
        (NavigationTarget.ResourceView view, _) => new UiScreen { Screen = "page", Group = view.Kind.Group, Kind = view.Kind.Kind, Page = view.Id },
        (NavigationTarget.Dashboard, _) => new UiScreen { Screen = "dashboard" },
        (null, { Kind: var kind }) => new UiScreen { Screen = Focus == FocusedPanel.Details ? "details" : "list", Group = kind.Group, Kind = kind.Kind },
        _ => null,
    };

    /// <summary>The identity of the object that is selected, or whose details have the keyboard; null when none is.</summary>
    public ObjectReference? Selected =>
        Page is null && List is { Kind: var kind } list && ((Focus == FocusedPanel.Details ? Details?.Row : null) ?? list.Current) is { } row
            ? new ObjectReference { Group = kind.Group, Kind = kind.Kind, Namespace = row.Namespace, Name = row.Name, Uid = row.Uid }
            : null;

    private ResourceKind? CurrentKind => List?.Kind ?? (Page?.Target as NavigationTarget.ResourceView)?.Kind;

    /// <summary>Shows a kind as a plugin replaces its list, or its list.</summary>
    private void OpenDefault(ResourceKind kind)
    {
        if (!OpenReplacing(kind))
            OpenList(kind);
    }

    private bool OpenReplacing(ResourceKind kind)
    {
        if (_plain.Contains(kind.QualifiedName)
            || _session.ContributionsFor(kind)?.ResourceViewsFor(new GroupKind(kind.Group, kind.Kind), ResourcePart.List).FirstOrDefault(v => v.Contribution.Replaces) is not { } view)
            return false;
        OpenPage(new NavigationTarget.ResourceView(kind, view.Contribution.Id));
        if (Page is null)
            return false;
        _kind = kind.QualifiedName;
        return true;
    }

    private bool IsOffered(NavigationTarget.ResourceView view) => _session.ContributionsFor(view.Kind)?.ResourceViews.Any(v => v.Contribution.Id == view.Id) == true;

    private ListView ViewOf(ResourceKind kind) => _views.GetValueOrDefault(kind.QualifiedName) ?? new ListView();

    /// <summary>Remembers this place and brings a namespace into view, if the other kind has any.</summary>
    private void Leave(ResourceKind kind, string? @namespace)
    {
        if (List is { } list)
        {
            var row = Details?.Row ?? list.Current;
            var name = row is null ? null : row.Namespace is { } ns ? $"{ns}/{row.Name}" : row.Name;
            _places.Push(new Place(list.Kind, Namespace, name, Details?.CurrentTitle, list.View, Focus));
            if (_places.Count > TuiLimits.Default.Places)
            {
                var kept = _places.Take(TuiLimits.Default.Places).Reverse().ToList();
                _places.Clear();
                kept.ForEach(_places.Push);
            }
        }
        CloseList();
        if (!kind.Namespaced || @namespace is null || Namespace is null || Namespace == @namespace)
            return;
        _hasChosen = true;
        LookAt(@namespace);
        ShowNavigation();
        Count();
    }

    /// <summary>Where the user was.</summary>
    private sealed record Place(ResourceKind Kind, string? Namespace, string? Name, string? Tab, ListView View, FocusedPanel Focus);
}
