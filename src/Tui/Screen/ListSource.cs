using System.Collections.Immutable;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
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

    private ListSource(ScreenSession session, ResourceKind kind, string? @namespace, ImmutableArray<ColumnSpec> builtIn, ChangeSignal changed)
    {
        (_session, Kind, Namespace, _builtIn) = (session, kind, @namespace, builtIn);
        (_contributed, _broken) = Contributed(session, kind, changed);
        _watch = session.Cluster.Client.Watches.Open(kind, @namespace, builtIn.Concat(_contributed.SelectMany(c => c.Specs)));
        _onChange = (_, _) => changed.Raise();
        _watch.Changed += _onChange;
        _ = _watch.Synced.ContinueWith(_ => changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public ResourceKind Kind { get; }

    /// <summary>Where; null for all namespaces or a cluster-wide kind.</summary>
    public string? Namespace { get; }

    public ResourceSnapshot Current => _watch.Current;

    /// <summary>Whether the first list is complete, or will not be for a reason that waiting does not change.</summary>
    public bool IsSettled => IsSynced || Refusal is not null;

    /// <summary>Whether the first list is complete.</summary>
    public bool IsSynced => _watch.Synced.IsCompletedSuccessfully;

    public IEnumerable<string> PendingColumns => _contributed.Where(c => c.Computed is { IsPending: true }).Select(c => c.Computed!.Name);

    private ConnectionState? Refusal => !IsSynced && _watch.State.Cause is { IsTransient: false } ? _watch.State : null;

    /// <exception cref="Cluster.Errors.ClusterException">The columns of a custom resource could not be read.</exception>
    public static async Task<ListSource> OpenAsync(ScreenSession session, ResourceKind kind, string? @namespace, ChangeSignal changed, CancellationToken cancellationToken) =>
        new(session, kind, @namespace, await session.Cluster.Client.Columns.ColumnsForAsync(kind, cancellationToken), changed);

    /// <summary>Asks plugins for the cells around the selection, as many rows as a frame has at most.</summary>
    public void Advance(int selected, int height, CancellationToken cancellationToken)
    {
        if (!IsSynced)
            return;
        var snapshot = Current;
        var top = Math.Max(0, selected - height);
        var visible = snapshot.Rows.Skip(top).Take(2 * height);
        foreach (var column in _contributed)
            column.Computed?.Request(snapshot, visible, cancellationToken);
    }

    public ListState Compose(int? selected, int width)
    {
        var now = _session.Clock.GetUtcNow();
        var snapshot = Current;
        var columns = Columns(snapshot, now, width);
        return new ListState
        {
            Title = $"{ResourceGroups.TitleOf(Kind)} · {(Kind.Namespaced ? Namespace ?? "all namespaces" : "cluster")}",
            Columns = [.. columns.Select(c => c.Column)],
            Rows = new SnapshotRows(snapshot, [.. columns.Select(c => c.Cell)]),
            Selected = snapshot.Rows.IsEmpty ? null : selected,
            Message = Message(snapshot),
            Notes = [.. Notes()],
        };
    }

    public void Dispose()
    {
        _watch.Changed -= _onChange;
        _watch.Dispose();
    }

    private ViewNode? Message(ResourceSnapshot snapshot)
    {
        if (Refusal is { Cause: { } cause })
            return new ViewNode.Error { Message = cause.Message, Hint = cause.Hint };
        if (!IsSynced)
            return new ViewNode.Text { Spans = [new Span { Text = $"… listing {Kind.QualifiedName}", Style = TextStyle.Muted }] };
        return snapshot.Rows.IsEmpty
            ? new ViewNode.Empty { Message = Namespace is null ? $"No {Kind.Plural}" : $"No {Kind.Plural} in {Namespace}" }
            : null;
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
    private List<ShownColumn> Columns(ResourceSnapshot snapshot, DateTimeOffset now, int width)
    {
        var columns = new List<ShownColumn>();
        if (Kind.Namespaced && Namespace is null)
            columns.Add(new(new Column("NAMESPACE", Priority: 2), row => new StyledText(row.Namespace ?? "", Style.Muted)));
        columns.Add(new(new Column("NAME", Priority: 0), row => row.Name));
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

    private static ShownColumn BuiltIn(ResourceSnapshot snapshot, ColumnSpec spec, DateTimeOffset now)
    {
        var end = spec.Type is ColumnType.Number or ColumnType.Quantity or ColumnType.Age or ColumnType.Restarts;
        var priority = spec.IsWide ? 8 : spec.Type switch { ColumnType.Status => 1, ColumnType.Ready => 2, ColumnType.Age => 3, ColumnType.Restarts => 5, _ => 6 };
        return new(new Column(spec.Title, end ? Align.End : Align.Start, priority), CellOf(snapshot.IndexOf(spec.Id), spec.Type, now));
    }

    private static ShownColumn FromPlugin(ResourceSnapshot snapshot, ContributedColumn column, DateTimeOffset now)
    {
        var end = column.Contribution.Type is Plugins.Contracts.Manifest.ColumnType.Number or Plugins.Contracts.Manifest.ColumnType.Quantity or Plugins.Contracts.Manifest.ColumnType.Age;
        var shown = new Column(column.Contribution.Title, end ? Align.End : Align.Start, Priority: 4, column.Contribution.Width);
        return column.Computed is { } computed
            ? new(shown, row => computed[row])
            : new(shown, CellOf(snapshot.IndexOf(column.Specs[0].Id), column.Specs[0].Type, now));
    }

    private static Func<ResourceRow, StyledText> CellOf(int index, ColumnType type, DateTimeOffset now)
    {
        if (index < 0)
            return _ => new StyledText("…", Style.Muted);
        return row =>
        {
            var value = row[index];
            var text = value.Display(type, now);
            var style = type switch
            {
                ColumnType.Status => Style.Of(StatusTone.Of(text)),
                ColumnType.Ready when value.Number < 1 => new Style(Tone.Warn),
                ColumnType.Restarts when value.Number > 0 => new Style(Tone.Warn),
                _ when value.IsNone => Style.Muted,
                _ => Style.Plain,
            };
            return new StyledText(text, style);
        };
    }

    /// <summary>The columns plugins add, and what is wrong with those that cannot be shown.</summary>
    private static (ImmutableArray<ContributedColumn> Columns, ImmutableArray<StyledText> Broken) Contributed(ScreenSession session, ResourceKind kind, ChangeSignal changed)
    {
        if (session.Extensions is not { } extensions)
            return ([], []);
        var columns = ImmutableArray.CreateBuilder<ContributedColumn>();
        var broken = ImmutableArray.CreateBuilder<StyledText>();
        foreach (var column in extensions.Contributions.ColumnsFor(new GroupKind(kind.Group, kind.Kind)))
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

    private readonly record struct ShownColumn(Column Column, Func<ResourceRow, StyledText> Cell);

    private sealed record ContributedColumn(ColumnContribution Contribution, ImmutableArray<ColumnSpec> Specs, ComputedColumn? Computed);

    /// <summary>The rows of a snapshot, which never change under the frame that draws them.</summary>
    private sealed class SnapshotRows(ResourceSnapshot snapshot, ImmutableArray<Func<ResourceRow, StyledText>> cells) : ITableRows
    {
        public int Count => snapshot.Rows.Length;

        public StyledText Cell(int row, int column) => cells[column](snapshot.Rows[row]);
    }
}
