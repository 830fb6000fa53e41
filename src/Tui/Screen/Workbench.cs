using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details;
using LazyOC.Tui.Overlays;

namespace LazyOC.Tui.Screen;

/// <summary>
/// What the user works on in one session with a cluster: the navigation, the list, the details of the selected object. It
/// turns live sources into <see cref="ScreenState"/>s. Belongs to one loop: <see cref="Advance"/>, <see cref="Compose"/>, then wait
/// for the <see cref="ChangeSignal"/> or for what is due.
/// </summary>
internal sealed partial class Workbench : IDisposable
{
    private readonly Dialogs _dialogs;
    private readonly ChangeSignal _changed;
    private readonly bool _settles;
    private readonly CancellationTokenSource _closing = new();
    private readonly EventHandler _onChange;
    private readonly ClusterFacts _facts;
    private readonly Dictionary<string, ListView> _views = new(StringComparer.Ordinal);
    private ScreenSession _session;
    private ResourceCatalog? _catalog;
    private ImmutableArray<(string Title, ImmutableArray<ResourceKind> Kinds)> _groups = [];
    private ViewRequest? _wanted;
    private string? _tab;
    private string? _kind;
    private bool _hasChosen;
    private Task? _plugins;
    private ContributionIndex? _contributions;
    private long _restingSince;
    private string? _resting;

    /// <param name="session">What to look at; nothing of it is disposed.</param>
    /// <param name="request">What to show first.</param>
    /// <param name="dialogs">Where questions are asked.</param>
    /// <param name="changed">Raised when there is something new to show.</param>
    /// <param name="settles">For one frame: details open at once, and what is asked for and is not there is an answer.</param>
    public Workbench(ScreenSession session, ViewRequest request, Dialogs dialogs, ChangeSignal changed, bool settles = false)
    {
        (_session, _wanted, _dialogs, _changed, _settles) = (session, request, dialogs, changed, settles);
        Focus = request.Name is null ? FocusedPanel.List : FocusedPanel.Details;
        _tab = request.Tab;
        _onChange = (_, _) => changed.Raise();
        session.Cluster.Client.StateChanged += _onChange;
        if (session.Extensions is { } extensions)
            extensions.Changed += _onChange;
        _facts = new ClusterFacts(session, changed);
    }

    /// <summary>Which panel has the keyboard.</summary>
    public FocusedPanel Focus { get; private set; }

    /// <summary>The focused panel has the whole screen.</summary>
    public bool IsZoomed { get; set; }

    /// <summary>Namespace in view; null for all.</summary>
    public string? Namespace => _session.AllNamespaces ? null : _session.Cluster.Namespace;

    public NavigationPane Navigation { get; } = new();

    /// <summary>Null until the cluster has told what it serves, and while a page is open.</summary>
    public ListPane? List { get; private set; }

    /// <summary>The page that is open in place of the list.</summary>
    public PagePane? Page { get; private set; }

    public DetailsSource? Details { get; private set; }

    /// <summary>What the cluster serves; null until it has told.</summary>
    public ResourceCatalog? Catalog => _catalog;

    /// <summary>What is looked at, with the namespace in view.</summary>
    public ScreenSession Session => _session;

    /// <summary>Set when what was asked for turned out not to exist.</summary>
    public FrameResult.NotFound? Missing { get; private set; }

    /// <summary>Why nothing can be shown; null when something can, or may soon.</summary>
    public ClusterException? Failure => _facts.Failure ?? List?.Failure;

    /// <summary>What has neither answered nor failed.</summary>
    public ImmutableArray<string> Pending
    {
        get
        {
            var waits = new List<string>(_facts.Pending);
            if (List is { IsSettled: false } list)
                waits.Add($"list of {list.Kind.QualifiedName}");
            waits.AddRange(_session.Extensions?.Pending ?? []);
            waits.AddRange(List?.PendingColumns ?? []);
            waits.AddRange(Page?.Pending ?? []);
            if (Details?.Pending is { } tab)
                waits.Add(tab);
            return [.. waits.Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Starts what the screen in its present state needs and has not got; returns at once.</summary>
    public void Advance(FrameSize size, Due due)
    {
        _facts.Advance(!_settles, due);
        FollowCatalog();
        if (_catalog is not { } catalog || Missing is not null)
            return;
        FollowContributions(catalog);
        List?.Advance(ListRows(LayoutAt(size)), due);
        var layout = LayoutAt(size); // which depends on how many rows there are
        Page?.Advance(layout.PageContent, due);
        StayWhereTheUserMayLook();
        if (List is { IsSynced: true } && _wanted is { } wanted)
            SelectWanted(wanted);
        AdvanceDetails(layout, due);
        FollowPlugins();
    }

    /// <summary>Shows the list of a kind.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">An object to select, with its namespace when it has one; null for none.</param>
    /// <param name="tab">Title of the tab to open; null leaves the one that is open.</param>
    public void OpenKind(ResourceKind kind, string? name = null, string? tab = null)
    {
        if (List is { } open && open.Kind == kind && Page is null && name is null)
            return;
        _wanted = name is null ? null : new ViewRequest(kind.QualifiedName, name, tab);
        _tab = tab ?? _tab;
        if (name is null)
            OpenDefault(kind);
        else
            OpenList(kind);
        Focus = name is null ? FocusedPanel.List : FocusedPanel.Details;
    }

    /// <summary>Shows a page of a plugin, or the cards of all.</summary>
    public void OpenPage(NavigationTarget target)
    {
        if (_session.Extensions is not { } extensions || PagePane.Of(extensions, _session.ContributionsFor((target as NavigationTarget.ResourceView)?.Kind)!, target, new ViewInputs(_session, _dialogs), Namespace) is not { } page)
            return;
        CloseList();
        Page = page;
        Navigation.MoveTo(target.Key);
        FocusOn(FocusedPanel.List);
    }

    /// <summary>Shows another namespace; null for all.</summary>
    public void OpenNamespace(string? name)
    {
        _hasChosen = true;
        LookAt(name);
        ShowNavigation(); // what plugins add may depend on the namespace
        Count();
        if (List is { } list)
            OpenList(list.Kind);
        else if (Page is { Target: NavigationTarget.ResourceView view })
            OpenPage(view);
    }

    /// <summary>Gives a panel the keyboard; one that is not there leaves it where it is.</summary>
    public void FocusOn(FocusedPanel panel)
    {
        if (panel == FocusedPanel.Details && (Page is not null || List?.Current is null))
            return;
        // Who goes to the details means the selected object, though those of the one before are still shown.
        if (panel == FocusedPanel.Details && Focus != panel && Details is { } shown && shown.Row.Uid != List!.Current!.Uid)
        {
            _tab = shown.CurrentTitle ?? _tab;
            CloseDetails();
        }
        Focus = panel;
        if (panel == FocusedPanel.Navigation && CurrentKey is { } key)
            Navigation.MoveTo(key);
    }

    /// <summary>Opens a tab of the details by its title.</summary>
    public void OpenTab(string title)
    {
        _tab = title;
        if (Details is { } details && details.Row.Uid == List?.Current?.Uid)
            details.TrySwitch(title);
        else
            CloseDetails();
        FocusOn(FocusedPanel.Details);
    }

    /// <summary>Asks the cluster anew for everything, without waiting for the next attempt of whoever is waiting.</summary>
    public void Reconnect()
    {
        _facts.Refresh();
        List?.Reopen();
    }

    /// <summary>Where the user is, to go on there another time; set before the first <see cref="Advance"/>.</summary>
    public SavedContext Saved
    {
        get
        {
            Remember();
            return new SavedContext
            {
                Kind = List?.Kind.QualifiedName ?? _kind ?? "pods",
                Namespace = Namespace,
                HasNamespace = true,
                Tab = Details?.CurrentTitle ?? _tab,
                Views = _views.ToImmutableDictionary(),
            };
        }
        init
        {
            _tab ??= value.Tab;
            if (value.HasNamespace && _session.AllNamespaces)
                LookAt(value.Namespace);
            foreach (var (kind, view) in value.Views)
                _views[kind] = view;
        }
    }

    public ScreenLayout LayoutAt(FrameSize size) => ScreenLayout.Of(size, Focus, Page is null && List?.Current is not null, List?.Count ?? 0, IsZoomed);

    public ScreenState Compose(FrameSize size)
    {
        var layout = LayoutAt(size);
        return new ScreenState
        {
            Header = Header(),
            Navigation = Navigation.Compose(CurrentKey ?? "", CountOf),
            List = List?.Compose(size.Width, ListRows(layout)) ?? Waiting(),
            Page = Page?.Compose(),
            Details = Page is null ? Details?.Compose() : null,
            Status = new StatusState([], _session.Extensions?.StatusItems ?? []),
            Focus = Focus,
            IsZoomed = IsZoomed,
        };
    }

    public void Dispose()
    {
        _closing.Cancel();
        _session.Cluster.Client.StateChanged -= _onChange;
        if (_session.Extensions is { } extensions)
            extensions.Changed -= _onChange;
        Details?.Dispose();
        Page?.Dispose();
        List?.Dispose();
        _facts.Dispose();
        _closing.Dispose();
    }

    /// <summary>What is open in the middle.</summary>
    private string? CurrentKey => Page?.Target.Key ?? List?.Kind.QualifiedName;

    private static int ListRows(ScreenLayout layout) => Math.Max(0, layout.List.Height - ScreenLayout.ListChrome);

    private void LookAt(string? name) =>
        _session = _session with { AllNamespaces = name is null, Cluster = _session.Cluster with { Namespace = name ?? _session.Cluster.Namespace } };

    /// <summary>
    /// Ordinary users may not list all namespaces: then the one of their context is shown, once, as long as they have not
    /// chosen themselves.
    /// </summary>
    private void StayWhereTheUserMayLook()
    {
        if (_settles || _hasChosen || Namespace is not null || List is not { IsForbidden: true, Kind.Namespaced: true } list)
            return;
        _hasChosen = true;
        _dialogs.Notify(new Notice($"you may not list {list.Kind.Plural} in all namespaces; these are those of {_session.Cluster.Namespace}", TextStyle.Info) { Hint = "`n` shows another" });
        OpenNamespace(_session.Cluster.Namespace);
    }

    private void FollowCatalog()
    {
        if (_facts.Catalog is not { } catalog || catalog == _catalog)
            return;
        var first = _catalog is null;
        _catalog = catalog;
        if (first)
            OpenWanted(catalog);
        _groups = ResourceGroups.Of(catalog.Kinds, List?.Kind);
        ShowNavigation();
        Count();
    }

    private void Count() => _facts.Count([.. _groups.SelectMany(g => g.Kinds)], Namespace);

    private void OpenList(ResourceKind kind)
    {
        CloseList();
        List = new ListPane(_session, kind, Namespace, _views.GetValueOrDefault(kind.QualifiedName) ?? new ListView(), _changed);
        if (_groups.All(g => !g.Kinds.Contains(kind)))
        {
            _groups = ResourceGroups.Of(_catalog!.Kinds, kind);
            ShowNavigation();
        }
        Navigation.MoveTo(kind.QualifiedName);
    }

    private void CloseList()
    {
        Remember();
        Page?.Dispose();
        Page = null;
        CloseDetails();
        List?.Dispose();
        List = null;
    }

    private void Remember()
    {
        if (List is { } list)
            (_kind, _views[list.Kind.QualifiedName]) = (list.Kind.QualifiedName, list.View);
    }

    /// <summary>When plugins came or went: their columns, tabs and pages with them.</summary>
    private void FollowContributions(ResourceCatalog catalog)
    {
        if (_session.Extensions is not { } extensions || ReferenceEquals(_contributions, extensions.Contributions))
            return;
        var first = _contributions is null;
        _contributions = extensions.Contributions;
        ShowNavigation();
        if (first)
            return;
        List?.Reopen();
        if (Page is { Target: NavigationTarget.ResourceView view } && !IsOffered(view))
            OpenDefault(view.Kind);
        else if (Page is { } page && Navigation.Entries.All(e => e.Target.Key != page.Target.Key) && catalog.FindPlural("", "pods") is { } pods)
            OpenKind(pods);
    }

    private void ShowNavigation() => Navigation.Show(NavigationEntries.Of(_groups, _session.ContributionsFor(null)));

    /// <summary>What plugins still owe is not part of what they show, so it has a signal of its own.</summary>
    private void FollowPlugins()
    {
        if (_session.Extensions is { Pending.IsEmpty: false } extensions && _plugins is not { IsCompleted: false })
        {
            _plugins = extensions.WhenSettledAsync(_closing.Token);
            _ = _plugins.ContinueWith(_ => _changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private ObjectCount CountOf(ResourceKind kind)
    {
        if (List is { } list && kind == list.Kind)
            return list.IsSynced ? new ObjectCount(list.Total) : list.IsSettled ? ObjectCount.Unknown : ObjectCount.Pending;
        return _facts.CountOf(kind);
    }

    private HeaderState Header() => new()
    {
        Context = _session.Cluster.Context,
        Namespace = Namespace,
        User = _session.Cluster.User,
        IsOpenShift = _catalog?.IsOpenShift ?? false,
        ReadOnly = _session.Cluster.ReadOnly,
        ServerVersion = _facts.Server.Version,
        Connection = ConnectionWords.Of(_session.Cluster.Client.State, _session.ShowLatency ? _facts.Server.Latency : null, _session.Cluster.Client.Time.GetUtcNow()),
    };

    private ListState Waiting() => new()
    {
        Title = _session.Cluster.Context,
        Columns = [],
        Rows = ListPane.NoRows.Instance,
        Message = Failure is { } failure
            ? new ViewNode.Error { Message = failure.Message, Hint = failure.Hint }
            : new ViewNode.Text { Spans = [new Span { Text = $"… asking {_session.Cluster.Client.Options.Server} what it serves", Style = TextStyle.Muted }] },
    };
}
