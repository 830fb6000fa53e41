using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Watch;
using LazyOC.Tui.Details;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>
/// Builds <see cref="ScreenState"/>s from live sources: the list, the details of the selected object, counts, plugins.
/// Used by one loop: take <see cref="Changed"/>, <see cref="Advance"/>, <see cref="Compose"/>, await the change.
/// </summary>
internal sealed class FrameComposer : IDisposable
{
    private readonly ScreenSession _session;
    private readonly ViewRequest _request;
    private readonly FrameSize _size;
    private readonly ResourceCatalog _catalog;
    private readonly ListSource _list;
    private readonly ObjectCounts _counts;
    private readonly ImmutableArray<(string Title, ImmutableArray<ResourceKind> Kinds)> _groups;
    private readonly ChangeSignal _signal;
    private readonly CancellationTokenSource _closing;
    private readonly EventHandler _onChange;
    private Task<ServerInfo>? _server;
    private Task? _plugins;
    private readonly Dialogs _dialogs;
    private DetailsSource? _details;
    private int _selected;

    private FrameComposer(ScreenSession session, ViewRequest request, FrameSize size, ResourceCatalog catalog, ListSource list, ChangeSignal signal, CancellationTokenSource closing)
    {
        (_session, _request, _size, _catalog, _list, _signal, _closing) = (session, request, size, catalog, list, signal, closing);
        _counts = new ObjectCounts(session.Cluster.Client.Resources, list.Namespace ?? (session.AllNamespaces ? null : session.Cluster.Namespace), signal);
        _groups = ResourceGroups.Of(catalog.Kinds, list.Kind);
        _dialogs = new Dialogs(signal, session.Clock);
        _onChange = (_, _) => signal.Raise();
        session.Cluster.Client.StateChanged += _onChange;
        if (session.Extensions is { } extensions)
            extensions.Changed += _onChange;
    }

    /// <summary>Completes with the next change of anything on the screen.</summary>
    public Task Changed => _signal.Next;

    /// <summary>Set when what was asked for turned out not to exist.</summary>
    public FrameResult.NotFound? Missing { get; private set; }

    /// <summary>What has neither answered nor failed.</summary>
    public ImmutableArray<string> Pending
    {
        get
        {
            var waits = new List<string>();
            if (!_list.IsSettled)
                waits.Add($"list of {_list.Kind.QualifiedName}");
            waits.AddRange(_counts.Pending.Select(kind => $"count of {kind.QualifiedName}"));
            if (_server is { IsCompleted: false })
                waits.Add("version of the server");
            waits.AddRange(_session.Extensions?.Pending ?? []);
            waits.AddRange(_list.PendingColumns);
            if (_details?.Pending is { } tab)
                waits.Add(tab);
            return [.. waits.Distinct(StringComparer.Ordinal)];
        }
    }

    /// <summary>Opens what is asked for; <see cref="FrameResult.NotFound"/> when the server has no such kind.</summary>
    /// <exception cref="ClusterException">The cluster cannot be read at all.</exception>
    public static async Task<(FrameComposer? Composer, FrameResult.NotFound? Missing)> OpenAsync(ScreenSession session, ViewRequest request, FrameSize size, CancellationToken cancellationToken)
    {
        var catalog = await session.Cluster.Client.Discovery.GetAsync(cancellationToken);
        if (catalog.Resolve(request.Resource) is not { } kind)
        {
            var names = catalog.Kinds.Where(k => k.Supports("list")).SelectMany(k => (IEnumerable<string>)[k.Plural, .. k.ShortNames]);
            return (null, new FrameResult.NotFound($"the server serves no kind `{request.Resource}`", NearestNames.Hint(request.Resource, names, "the server lists no kinds at all")));
        }
        if (!kind.Supports("list") || !kind.Supports("watch"))
            return (null, new FrameResult.NotFound($"`{kind.QualifiedName}` cannot be listed and watched", "choose a kind that `lazyoc get` can list"));

        var signal = new ChangeSignal();
        var list = await ListSource.OpenAsync(session, kind, NamespaceOf(session, request, kind), signal, cancellationToken);
        var closing = new CancellationTokenSource();
        var composer = new FrameComposer(session, request, size, catalog, list, signal, closing);
        composer.Start();
        return (composer, null);
    }

    /// <summary>Starts what the screen in its present state needs and has not got; returns at once.</summary>
    public void Advance()
    {
        AdvanceSources();
        FollowPlugins();
    }

    private void AdvanceSources()
    {
        if (!_list.IsSynced || Missing is not null)
            return;
        if (_details is null)
            Select();
        _list.Advance(_selected, _size.Height, _closing.Token);
        _details?.Advance(Layout.DetailsContent);
    }

    /// <summary>What plugins still owe is not part of what they show, so it has a signal of its own.</summary>
    private void FollowPlugins()
    {
        if (_session.Extensions is not { Pending.IsEmpty: false } extensions || _plugins is { IsCompleted: false })
            return;
        _plugins = extensions.WhenSettledAsync(_closing.Token);
        _ = _plugins.ContinueWith(_ => _signal.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public ScreenState Compose() => new()
    {
        Header = Header(),
        Navigation = new NavigationState([.. _groups.Select(g => new NavigationGroup(g.Title, [.. g.Kinds.Select(Item)]))], _list.Kind.QualifiedName),
        List = _list.Compose(_selected, _size.Width),
        Details = _details?.Compose(),
        Status = new StatusState(KeyHints.For(Focus), _session.Extensions?.StatusItems ?? []),
        Focus = Focus,
    };

    public CellBuffer Render() => ScreenDrawing.Render(Compose(), _size);

    public void Dispose()
    {
        _closing.Cancel();
        _session.Cluster.Client.StateChanged -= _onChange;
        if (_session.Extensions is { } extensions)
            extensions.Changed -= _onChange;
        _details?.Dispose();
        _dialogs.Dispose();
        _list.Dispose();
        _closing.Dispose();
    }

    private FocusedPanel Focus => _request.Name is null ? FocusedPanel.List : FocusedPanel.Details;

    private ScreenLayout Layout => ScreenLayout.Of(_size, Focus, hasDetails: true, _list.Current.Rows.Length);

    private void Start()
    {
        var others = _groups.SelectMany(g => g.Kinds).Where(k => k != _list.Kind).ToImmutableArray();
        _ = _counts.CountAsync(others, TuiLimits.Default, _closing.Token);
        _server = ServerInfo.ReadAsync(_session.Cluster.Client.Resources, _closing.Token);
        _ = _server.ContinueWith(_ => _signal.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Selects the object asked for, or the first one, and opens its details when they are in sight.</summary>
    private void Select()
    {
        var rows = _list.Current.Rows;
        var index = _request.Name is null ? 0 : IndexOf(rows, NameOf(_request));
        if (index < 0)
        {
            Missing = NoObject();
            return;
        }
        var titles = DetailsSource.TitlesFor(_session, _list.Kind);
        var tab = _request.Tab is { } title ? titles.FindIndex(t => t.Equals(title, StringComparison.OrdinalIgnoreCase)) : 0;
        if (tab < 0)
        {
            Missing = new FrameResult.NotFound($"`{_list.Kind.Kind}` has no tab `{_request.Tab}`", NearestNames.Hint(_request.Tab!, titles, "it has no tabs"));
            return;
        }
        _selected = index;
        if (index < rows.Length && !Layout.Details.IsEmpty)
            _details = new DetailsSource(_session, _list.Kind, rows[index], _signal, _dialogs, tab);
    }

    private FrameResult.NotFound NoObject() => new(
        $"no {_list.Kind.Kind} `{_request.Name}`{(_list.Namespace is { } ns ? $" in `{ns}`" : "")}",
        NearestNames.Hint(NameOf(_request), _list.Current.Rows.Select(r => r.Name), $"there are no {_list.Kind.Plural}{(_list.Namespace is null ? "" : " there; `--namespace` names another")}"));

    private HeaderState Header()
    {
        var server = _server is { IsCompletedSuccessfully: true } done ? done.Result : ServerInfo.Unknown;
        return new HeaderState
        {
            Context = _session.Cluster.Context,
            Namespace = _session.AllNamespaces ? null : _session.Cluster.Namespace,
            User = _session.Cluster.User,
            IsOpenShift = _catalog.IsOpenShift,
            ReadOnly = _session.Cluster.ReadOnly,
            ServerVersion = server.Version,
            Connection = ConnectionWords.Of(_session.Cluster.Client.State, _session.ShowLatency ? server.Latency : null, _session.Clock.GetUtcNow()),
        };
    }

    private NavigationItem Item(ResourceKind kind) => new(
        ResourceGroups.TitleOf(kind), kind.QualifiedName,
        kind != _list.Kind ? _counts[kind] : _list.IsSettled ? new ObjectCount(_list.Current.Rows.Length) : ObjectCount.Pending);

    private static string? NamespaceOf(ScreenSession session, ViewRequest request, ResourceKind kind)
    {
        if (!kind.Namespaced)
            return null;
        if (request.Name?.Split('/') is [var ns, _])
            return ns;
        return session.AllNamespaces ? null : session.Cluster.Namespace;
    }

    private static string NameOf(ViewRequest request) => request.Name!.Split('/')[^1];

    private static int IndexOf(ImmutableArray<ResourceRow> rows, string name)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Name == name)
                return i;
        }
        return -1;
    }
}
