using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;
using ColumnType = LazyOC.Cluster.Columns.ColumnType;

namespace LazyOC.Tui.Screen;

/// <summary>The live rows of one kind with its own columns and those of plugins.</summary>
internal sealed class ListSource : IDisposable
{
    private readonly ScreenSession _session;
    private readonly ResourceWatch _watch;
    private readonly ImmutableArray<ColumnSpec> _builtIn;
    private readonly ImmutableArray<ContributedColumn> _contributed;
    private readonly ImmutableArray<StyledText> _broken;
    private readonly EventHandler _onChange;

    private ListSource(ScreenSession session, ResourceKind kind, string? @namespace, string? labels, ImmutableArray<ColumnSpec> builtIn, ChangeSignal changed)
    {
        (_session, Kind, Namespace, _builtIn) = (session, kind, @namespace, builtIn);
        (_contributed, _broken) = Contributed(session, kind, changed);
        _watch = session.Cluster.Client.Watches.Open(kind, @namespace, builtIn.Concat(_contributed.SelectMany(c => c.Specs)), new Selector(labels));
        _onChange = (_, _) => changed.Raise();
        _watch.Changed += _onChange;
        _ = _watch.Synced.ContinueWith(_ => changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public ResourceKind Kind { get; }

    /// <summary>Where; null for all namespaces or a cluster-wide kind.</summary>
    public string? Namespace { get; }

    public ResourceSnapshot Current => _watch.Current;

    /// <summary>Grows with every change of <see cref="Current"/>, without building it.</summary>
    public long Version => _watch.Version;

    /// <summary>Whether what is shown may be old, and since when.</summary>
    public ConnectionState State => _watch.State;

    /// <summary>Whether the first list is complete, or will not be for a reason that waiting does not change.</summary>
    public bool IsSettled => IsSynced || Refusal is not null;

    /// <summary>Whether the first list is complete.</summary>
    public bool IsSynced => _watch.Synced.IsCompletedSuccessfully;

    public IEnumerable<string> PendingColumns => _contributed.Where(c => c.Computed is { IsPending: true }).Select(c => c.Computed!.Name);

    /// <summary>Why the first list will not come; null when it may.</summary>
    public ConnectionState? Refusal => !IsSynced && _watch.State.Cause is { IsTransient: false } ? _watch.State : null;

    /// <exception cref="Cluster.Errors.ClusterException">The columns of a custom resource could not be read.</exception>
    public static async Task<ListSource> OpenAsync(ScreenSession session, ResourceKind kind, string? @namespace, string? labels, ChangeSignal changed, CancellationToken cancellationToken)
    {
        var columns = await session.Cluster.Client.Columns.ColumnsForAsync(kind, cancellationToken);
        return new ListSource(session, kind, @namespace, labels, columns, changed);
    }

    /// <summary>Asks plugins for the cells of the rows around the selection, as many as a frame has at most; of all rows when they are sorted by them.</summary>
    public void Advance(RowIndex rows, int selected, int height, string? sortedBy, CancellationToken cancellationToken)
    {
        if (!IsSynced)
            return;
        foreach (var column in _contributed)
        {
            if (column.Computed is not { } computed)
                continue;
            var (from, count) = column.Contribution.Id == sortedBy ? (0, Math.Min(rows.Count, TuiLimits.Default.SortedComputedRows)) : (Math.Max(0, selected - height), 2 * height);
            computed.Request(rows, from, count, cancellationToken);
        }
    }

    /// <summary>The columns to show, in order, at a width.</summary>
    public IReadOnlyList<ListColumn> ColumnsAt(int width) => Columns(Current, _session.Clock.GetUtcNow(), width);

    /// <summary>How to sort by a column; null when there is no such column now.</summary>
    public RowSort? SortBy(RowOrder order, ResourceSnapshot snapshot)
    {
        foreach (var column in Columns(snapshot, default, int.MaxValue))
        {
            if (column.Id == order.Column)
                return new RowSort(column.Key, column.Type, order.Descending);
        }
        return null;
    }

    /// <summary>Grows when the keys of a column change without its rows; 0 for a column that is not computed.</summary>
    public long KeysVersion(string column) => _contributed.FirstOrDefault(c => c.Contribution.Id == column)?.Computed?.Version ?? 0;

    public ListState Compose(RowIndex rows, RowOrder? order, int width)
    {
        var columns = Columns(rows.Snapshot, _session.Clock.GetUtcNow(), width);
        var sorted = order is null ? -1 : columns.FindIndex(c => c.Id == order.Column);
        return new ListState
        {
            Title = $"{ResourceGroups.TitleOf(Kind)} · {(Kind.Namespaced ? Namespace ?? "all namespaces" : "cluster")}",
            Columns = [.. columns.Select(c => c.Column)],
            Rows = new IndexedRows(rows, [.. columns.Select(c => c.Cell)]),
            Sort = sorted < 0 ? null : new Sort(sorted, order!.Descending),
            Message = Message(rows),
            Notes = [.. Notes()],
        };
    }

    public void Dispose()
    {
        _watch.Changed -= _onChange;
        _watch.Dispose();
    }

    private ViewNode? Message(RowIndex rows)
    {
        if (Refusal is { Cause: { } cause })
            return new ViewNode.Error { Message = cause.Message, Hint = cause.Hint };
        if (!IsSynced)
            return new ViewNode.Text { Spans = [new Span { Text = $"… listing {Kind.QualifiedName}", Style = TextStyle.Muted }] };
        if (rows.Count > 0)
            return null;
        var where = Namespace is null ? "" : $" in {Namespace}";
        return new ViewNode.Empty { Message = rows.Snapshot.Rows.IsEmpty ? $"No {Kind.Plural}{where}" : $"None of the {rows.Snapshot.Rows.Length} {Kind.Plural}{where} matches the filter" };
    }

    private IEnumerable<StyledText> Notes()
    {
        if (_watch.State is { Phase: ConnectionPhase.Reconnecting, Cause: { } cause } && IsSynced)
            yield return new StyledText($"▲ stale: {cause.Message}", new Style(Tone.Warn));
        foreach (var column in _contributed)
        {
            if (column.Computed?.Failure is { } failure)
                yield return new StyledText($"! {column.Contribution.Title}: {failure}", Style.Error);
        }
        foreach (var broken in _broken)
            yield return broken;
    }

    /// <summary>Columns in the order of the screen: age stays last, where the eye looks for it.</summary>
    private List<ListColumn> Columns(ResourceSnapshot snapshot, DateTimeOffset now, int width)
    {
        var columns = new List<ListColumn>();
        if (Kind.Namespaced && Namespace is null)
            columns.Add(new(RowOrder.Namespace, new Column("NAMESPACE", Priority: 2), row => new StyledText(row.Namespace ?? "", Style.Muted), row => Key(row.Namespace), ColumnType.Text));
        columns.Add(new(RowOrder.Name, new Column("NAME", Priority: 0), row => row.Name, row => Key(row.Name), ColumnType.Text));
        foreach (var spec in _builtIn.Where(s => s.Type != ColumnType.Age && (!s.IsWide || width >= WideFrom)))
            columns.Add(BuiltIn(snapshot, spec, now));
        foreach (var column in _contributed)
            columns.Add(FromPlugin(snapshot, column, now));
        foreach (var spec in _builtIn.Where(s => s.Type == ColumnType.Age))
            columns.Add(BuiltIn(snapshot, spec, now));
        return columns;
    }

    /// <summary>Frames from this width show the columns of <c>kubectl get -o wide</c>.</summary>
    private const int WideFrom = 180;

    /// <summary>Samples of a sparkline whose column asks for no width.</summary>
    private const int SparklineSamples = 20;

    private static CellValue Key(string? text) => new(text, double.NaN);

    private static ListColumn BuiltIn(ResourceSnapshot snapshot, ColumnSpec spec, DateTimeOffset now)
    {
        var end = spec.Type is ColumnType.Number or ColumnType.Quantity or ColumnType.Age or ColumnType.Restarts;
        var priority = spec.IsWide ? 8 : spec.Type switch { ColumnType.Status => 1, ColumnType.Ready => 2, ColumnType.Age => 3, ColumnType.Restarts => 5, _ => 6 };
        return OfSpec(spec.Id, new Column(spec.Title, end ? Align.End : Align.Start, priority), snapshot.IndexOf(spec.Id), spec.Type, now);
    }

    private static ListColumn FromPlugin(ResourceSnapshot snapshot, ContributedColumn column, DateTimeOffset now)
    {
        var end = column.Contribution.Type is Plugins.Contracts.Manifest.ColumnType.Number or Plugins.Contracts.Manifest.ColumnType.Quantity or Plugins.Contracts.Manifest.ColumnType.Age;
        var shown = new Column(column.Contribution.Title, end ? Align.End : Align.Start, Priority: 4, column.Contribution.Width);
        if (column.Contribution.Type == Plugins.Contracts.Manifest.ColumnType.Sparkline)
            return AsSparkline(snapshot, column, shown, now);
        return column.Computed is { } computed
            ? new(column.Contribution.Id, shown, row => computed[row], computed.KeyOf, computed.IsNumeric ? ColumnType.Number : ColumnType.Text)
            : OfSpec(column.Contribution.Id, shown, snapshot.IndexOf(column.Specs[0].Id), column.Specs[0].Type, now);
    }

    /// <summary>Samples as blocks, sorted by the last one.</summary>
    private static ListColumn AsSparkline(ResourceSnapshot snapshot, ContributedColumn column, Column shown, DateTimeOffset now)
    {
        var width = column.Contribution.Width ?? SparklineSamples;
        var samples = column.Computed is { } computed ? row => computed[row] : OfSpec(column.Contribution.Id, shown, snapshot.IndexOf(column.Specs[0].Id), column.Specs[0].Type, now).Cell;
        return new(
            column.Contribution.Id,
            shown,
            row => samples(row) is var cell && cell.Text.AsSpan().IndexOfAnyInRange('0', '9') >= 0 ? new StyledText(Sparkline.TextOf(cell.Text, width), cell.Style == Style.Plain ? Style.Accent : cell.Style) : cell,
            row => double.TryParse(samples(row).Text.Split(',', ' ')[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var last) ? new CellValue(null, last) : CellValue.None,
            ColumnType.Number);
    }

    private static ListColumn OfSpec(string id, Column shown, int index, ColumnType type, DateTimeOffset now) => index < 0
        ? new(id, shown, _ => new StyledText("…", Style.Muted), _ => CellValue.None, type)
        : new(id, shown, row => CellOf(row[index], type, now), row => row[index], type);

    private static StyledText CellOf(CellValue value, ColumnType type, DateTimeOffset now)
    {
        var text = value.Display(type, now);
        return new StyledText(text, type switch
        {
            ColumnType.Status => Style.Of(StatusTone.Of(text)),
            ColumnType.Ready when value.Number < 1 => new Style(Tone.Warn),
            ColumnType.Restarts when value.Number > 0 => new Style(Tone.Warn),
            _ when value.IsNone => Style.Muted,
            _ => Style.Plain,
        });
    }

    /// <summary>The columns plugins add, and what is wrong with those that cannot be shown.</summary>
    private static (ImmutableArray<ContributedColumn> Columns, ImmutableArray<StyledText> Broken) Contributed(ScreenSession session, ResourceKind kind, ChangeSignal changed)
    {
        if (session.Extensions is not { } extensions || session.ContributionsFor(kind) is not { } offered)
            return ([], []);
        var columns = ImmutableArray.CreateBuilder<ContributedColumn>();
        var broken = ImmutableArray.CreateBuilder<StyledText>();
        foreach (var column in offered.ColumnsFor(new GroupKind(kind.Group, kind.Kind)))
        {
            var contribution = column.Contribution;
            var paths = contribution.Path is { } only ? [only] : contribution.Compute;
            var problem = paths.Select(p => JsonPath.TryParse(p, out _, out var error) ? null : error).FirstOrDefault(e => e is not null);
            if (problem is not null)
                broken.Add(new StyledText($"! {contribution.Title}: {column.PluginName}: invalid: {problem}", Style.Error));
            else if (contribution.Path is { } path)
                columns.Add(new ContributedColumn(contribution, [ColumnSpec.FromPath(contribution.Id, contribution.Title, JsonPath.Parse(path), TypeOf(contribution.Type))], null));
            else
            {
                var computed = new ComputedColumn(column, kind, extensions, changed);
                columns.Add(new ContributedColumn(contribution, computed.Inputs, computed));
            }
        }
        return (columns.ToImmutable(), broken.ToImmutable());
    }

    private static ColumnType TypeOf(Plugins.Contracts.Manifest.ColumnType type) => type switch
    {
        Plugins.Contracts.Manifest.ColumnType.Number => ColumnType.Number,
        Plugins.Contracts.Manifest.ColumnType.Quantity => ColumnType.Quantity,
        Plugins.Contracts.Manifest.ColumnType.Age => ColumnType.Age,
        Plugins.Contracts.Manifest.ColumnType.Status => ColumnType.Status,
        _ => ColumnType.Text,
    };

    private sealed record ContributedColumn(ColumnContribution Contribution, ImmutableArray<ColumnSpec> Specs, ComputedColumn? Computed);

    /// <summary>Rows that never change under the frame that draws them.</summary>
    private sealed class IndexedRows(RowIndex rows, ImmutableArray<Func<ResourceRow, StyledText>> cells) : ITableRows
    {
        public int Count => rows.Count;

        public StyledText Cell(int row, int column) => cells[column](rows[row]);
    }
}

/// <summary>A column of the list.</summary>
/// <param name="Id">What a <see cref="RowOrder"/> names it by.</param>
/// <param name="Column">How it is shown.</param>
/// <param name="Cell">Its cell of a row.</param>
/// <param name="Key">What a row is sorted by.</param>
/// <param name="Type">How keys compare.</param>
internal sealed record ListColumn(string Id, Column Column, Func<ResourceRow, StyledText> Cell, Func<ResourceRow, CellValue> Key, ColumnType Type);
