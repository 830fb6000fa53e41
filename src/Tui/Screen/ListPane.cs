using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Screen;

/// <summary>How the user last looked at the list of a kind; kept while the program runs, and over restarts.</summary>
/// <param name="Filter">As typed.</param>
/// <param name="Order">Null for namespace and name.</param>
internal sealed record ListView(string Filter = "", RowOrder? Order = null);

/// <summary>
/// The list in the middle: live rows of one kind, which of them are shown, which one is selected and which are marked. The
/// selection stays with its object while others come and go. Belongs to the loop.
/// </summary>
internal sealed class ListPane : IDisposable
{
    private readonly ScreenSession _session;
    private readonly ChangeSignal _changed;
    private readonly CancellationTokenSource _closing = new();
    private readonly HashSet<string> _marked = new(StringComparer.Ordinal);
    private readonly ColumnWidths _widths = new();
    private Task<ListSource> _opening;
    private ListSource? _source;
    private RowIndex? _index;
    private (long Rows, long Keys) _indexed = (-1, -1);
    private long _indexedAt;
    private bool _stale = true;
    private string? _uid;
    private long _openedAt;

    /// <param name="session">What the screen looks at.</param>
    /// <param name="kind">What is listed.</param>
    /// <param name="namespace">Where; null for all namespaces.</param>
    /// <param name="view">Filter and order to begin with.</param>
    /// <param name="changed">Raised when there is something new to show.</param>
    public ListPane(ScreenSession session, ResourceKind kind, string? @namespace, ListView view, ChangeSignal changed)
    {
        (_session, Kind, Namespace, _changed) = (session, kind, kind.Namespaced ? @namespace : null, changed);
        Filter = RowFilter.Parse(view.Filter);
        Order = view.Order;
        _opening = Open();
    }

    public ResourceKind Kind { get; }

    public string? Namespace { get; }

    public RowFilter Filter { get; private set; }

    public RowOrder? Order { get; private set; }

    public ListView View => new(Filter.Text, Order);

    /// <summary>Why there is no list at all; null when there is one or it is still coming.</summary>
    public ClusterException? Failure => Failures.Of(_opening);

    /// <summary>Whether the user may not list this here.</summary>
    public bool IsForbidden => _source?.Refusal?.Cause is ForbiddenException;

    /// <summary>Whether the first list is complete and indexed.</summary>
    public bool IsSynced => _source is { IsSynced: true } && _index is not null;

    /// <summary>Whether waiting brings nothing more.</summary>
    public bool IsSettled => Failure is not null || (_source is { IsSettled: true } source && (!source.IsSynced || _index is not null));

    public IEnumerable<string> PendingColumns => _source?.PendingColumns ?? [];

    /// <summary>Rows shown.</summary>
    public int Count => _index?.Count ?? 0;

    /// <summary>Rows there are, shown or filtered away.</summary>
    public int Total => _index?.Snapshot.Rows.Length ?? 0;

    /// <summary>All rows, by namespace and name.</summary>
    public ImmutableArray<ResourceRow> Rows => _index?.Snapshot.Rows ?? [];

    /// <summary>Index of the selected row among those shown.</summary>
    public int Cursor { get; private set; }

    /// <summary>First row in sight.</summary>
    public int Top { get; private set; }

    /// <summary>The selected row; null in an empty list.</summary>
    public ResourceRow? Current => _index is { } index && Cursor < index.Count ? index[Cursor] : null;

    public int MarkedCount => _marked.Count;

    /// <summary>What an operation acts on: the marked rows, otherwise the selected one.</summary>
    public ImmutableArray<ResourceRow> Targets =>
        _marked.Count > 0 ? [.. Rows.Where(row => _marked.Contains(row.Uid))] : Current is { } row ? [row] : [];

    /// <summary>Follows the source; returns at once.</summary>
    public void Advance(int height, Due due)
    {
        if (_opening.IsCompletedSuccessfully && _source != _opening.Result)
        {
            _source?.Dispose();
            _source = _opening.Result;
            _stale = true;
        }
        if (_opening.IsFaulted && Failure is { IsTransient: true })
        {
            var rest = TuiLimits.Default.RetryInterval - TimeProvider.System.GetElapsedTime(_openedAt);
            if (rest <= TimeSpan.Zero)
                _opening = Open();
            due.In(rest);
        }
        if (_source is not { IsSynced: true } source)
            return;
        Index(source, due);
        source.Advance(_index!, Cursor, height, Order?.Column, _closing.Token);
    }

    public void MoveBy(int rows) => MoveTo(Cursor + rows);

    public void MoveTo(int row)
    {
        Cursor = Math.Clamp(row, 0, Math.Max(0, Count - 1));
        _uid = Current?.Uid;
    }

    /// <summary>Selects an object; false when it is not shown.</summary>
    public bool TrySelect(Func<ResourceRow, bool> which)
    {
        for (var i = 0; i < Count; i++)
        {
            if (which(_index![i]))
            {
                MoveTo(i);
                return true;
            }
        }
        return false;
    }

    /// <summary>Marks the selected row, or takes its mark away, and goes on to the next.</summary>
    public void ToggleMark()
    {
        if (Current is not { } row)
            return;
        if (!_marked.Remove(row.Uid))
            _marked.Add(row.Uid);
        MoveBy(1);
    }

    /// <summary>Marks every row that is shown; takes all marks away when every one has it.</summary>
    public void ToggleAllMarks()
    {
        var shown = Enumerable.Range(0, Count).Select(i => _index![i].Uid).ToList();
        if (!shown.All(_marked.Contains))
            _marked.UnionWith(shown);
        else
            _marked.Clear();
    }

    public bool ClearMarks()
    {
        var any = _marked.Count > 0;
        _marked.Clear();
        return any;
    }

    public void FilterBy(string text)
    {
        var labels = Filter.Labels;
        Filter = RowFilter.Parse(text);
        _stale = true;
        if (Filter.Labels != labels)
            _opening = Open();
    }

    public void SortBy(RowOrder? order)
    {
        Order = order;
        _stale = true;
    }

    /// <summary>Brings a new filter or order into effect at once, for a key that was pressed before the next frame.</summary>
    public void Settle()
    {
        if (_stale && _source is { IsSynced: true } source)
            Index(source);
    }

    /// <summary>The columns one may sort by.</summary>
    public IReadOnlyList<ListColumn> Columns => _source?.ColumnsAt(int.MaxValue) ?? [];

    /// <summary>Lists with the columns that plugins contribute now, or after the connection was lost.</summary>
    public void Reopen() => _opening = Open();

    public ListState Compose(int width, int height)
    {
        if (_source is not { } source)
            return Waiting();
        var index = _index ?? RowIndex.Empty(source.Current);
        Scroll(index.Count, height);
        return source.Compose(index, Order, width) with
        {
            Selected = index.Count == 0 ? null : Cursor,
            Top = Top,
            Marked = _marked.Count == 0 ? null : row => _marked.Contains(index[row].Uid),
            MarkedCount = _marked.Count,
            Total = Total,
            Filter = Filter,
            Widths = _widths,
        };
    }

    public void Dispose()
    {
        _closing.Cancel();
        _source?.Dispose();
        // A source that is still being opened ends when it has been.
        _ = _opening.ContinueWith(static opened => opened.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        _closing.Dispose();
    }

    private ListState Waiting() => new()
    {
        Title = $"{ResourceGroups.TitleOf(Kind)} · {(Kind.Namespaced ? Namespace ?? "all namespaces" : "cluster")}",
        Columns = [],
        Rows = NoRows.Instance,
        Message = Failure is { } failure
            ? new ViewNode.Error { Message = failure.Message, Hint = failure.Hint }
            : new ViewNode.Text { Spans = [new Span { Text = $"… listing {Kind.QualifiedName}", Style = TextStyle.Muted }] },
        Filter = Filter,
    };

    private Task<ListSource> Open()
    {
        _openedAt = TimeProvider.System.GetTimestamp();
        var opening = ListSource.OpenAsync(_session, Kind, Namespace, Filter.Labels, _changed, _closing.Token);
        _ = opening.ContinueWith(_ => _changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return opening;
    }

    /// <summary>
    /// Filters and sorts anew when the user asked for it, or when rows changed and the last time was long enough ago: a flood of
    /// changes must not cost a sort for each frame.
    /// </summary>
    private void Index(ListSource source, Due due)
    {
        if (!_stale && VersionsOf(source) == _indexed)
            return;
        var rest = TuiLimits.Default.DataInterval - TimeProvider.System.GetElapsedTime(_indexedAt);
        if (!_stale && rest > TimeSpan.Zero)
        {
            due.In(rest);
            return;
        }
        Index(source);
    }

    private void Index(ListSource source)
    {
        var versions = VersionsOf(source);
        var snapshot = source.Current;
        _index = RowIndex.Of(snapshot, Filter, Order is { } by ? source.SortBy(by, snapshot) : null);
        (_indexed, _indexedAt, _stale) = (versions, TimeProvider.System.GetTimestamp(), false);
        Follow();
    }

    private (long Rows, long Keys) VersionsOf(ListSource source) => (source.Version, Order is { } order ? source.KeysVersion(order.Column) : 0);

    /// <summary>Keeps the selection on its object and the marks on objects that are there.</summary>
    private void Follow()
    {
        var index = _index!;
        var found = _uid is { } uid ? index.IndexOf(uid, Cursor) : -1;
        MoveTo(found >= 0 ? found : Cursor);
        if (_marked.Count > 0)
            _marked.IntersectWith(index.Snapshot.Rows.Select(row => row.Uid));
    }

    private void Scroll(int count, int height)
    {
        if (height <= 0)
            return;
        // An object far away, such as the one that was asked for, comes to the middle.
        Top = Math.Abs(Cursor - Top) > 2 * height ? Table.TopFor(Cursor, count, height) : Table.ScrolledTop(Top, Cursor, count, height);
    }

    internal sealed class NoRows : ITableRows
    {
        public static NoRows Instance { get; } = new();

        public int Count => 0;

        public StyledText Cell(int row, int column) => "";
    }
}
