using System.Collections.Immutable;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Screen;

/// <summary>
/// The cells of a column that a plugin computes. A row is asked for when it is in sight and again when it changed; its
/// old cell stays until the answer. One batch is under way at a time.
/// </summary>
internal sealed class ComputedColumn
{
    private const int RememberedCells = 512;

    private readonly Contributed<ColumnContribution> _column;
    private readonly ExtensionPoints _extensions;
    private readonly ResourceKind _kind;
    private readonly ChangeSignal _changed;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Entry> _cells = new(StringComparer.Ordinal);
    private PluginFailure? _failure;
    private bool _asking;
    private bool _numeric;
    private long _version;

    public ComputedColumn(Contributed<ColumnContribution> column, ResourceKind kind, ExtensionPoints extensions, ChangeSignal changed)
    {
        (_column, _kind, _extensions, _changed) = (column, kind, extensions, changed);
        Inputs = [.. column.Contribution.Compute.Select((path, i) => ColumnSpec.FromPath($"{column.Contribution.Id}#{i}", "", JsonPath.Parse(path)))];
    }

    /// <summary>What the reflector keeps of each object for this column.</summary>
    public ImmutableArray<ColumnSpec> Inputs { get; }

    public ColumnContribution Contribution => _column.Contribution;

    /// <summary>For the list of what is waited for.</summary>
    public string Name => $"column {_column.Contribution.Title} of {_column.PluginName}";

    public bool IsPending
    {
        get
        {
            lock (_gate)
                return _asking;
        }
    }

    /// <summary>Why the last batch gave no cells; null when it did.</summary>
    public PluginFailure? Failure
    {
        get
        {
            lock (_gate)
                return _failure;
        }
    }

    /// <summary>What the column shows for a row: its cell, <c>…</c> while it is computed, <c>!</c> when that failed.</summary>
    public StyledText this[ResourceRow row]
    {
        get
        {
            lock (_gate)
            {
                return _cells.TryGetValue(row.Uid, out var entry) && entry.Cell is { } cell ? new StyledText(cell.Text, Style.Of(cell.Style))
                    : entry.Row is not null && !_asking ? new StyledText("!", Style.Error.Bold())
                    : new StyledText("…", Style.Muted);
            }
        }
    }

    /// <summary>What a row is sorted by: the number the plugin gave, otherwise the text.</summary>
    public CellValue KeyOf(ResourceRow row)
    {
        lock (_gate)
            return _cells.TryGetValue(row.Uid, out var entry) && entry.Cell is { } cell ? new CellValue(cell.Text, cell.Sort ?? double.NaN) : CellValue.None;
    }

    /// <summary>Whether the plugin gives numbers to sort by.</summary>
    public bool IsNumeric
    {
        get
        {
            lock (_gate)
                return _numeric;
        }
    }

    /// <summary>Grows whenever cells changed.</summary>
    public long Version
    {
        get
        {
            lock (_gate)
                return _version;
        }
    }

    /// <summary>Asks for those of <paramref name="count"/> rows that have no cell yet or changed since; returns at once.</summary>
    public void Request(RowIndex shown, int from, int count, CancellationToken cancellationToken)
    {
        var indices = Inputs.Select(i => shown.Snapshot.IndexOf(i.Id)).ToArray();
        if (indices.Contains(-1))
            return; // the reflector is still listing with these columns
        ImmutableArray<ResourceRow> rows;
        lock (_gate)
        {
            if (_asking)
                return;
            var stale = ImmutableArray.CreateBuilder<ResourceRow>();
            for (var i = from; i < Math.Min(from + count, shown.Count); i++)
            {
                if (!_cells.TryGetValue(shown[i].Uid, out var entry) || !ReferenceEquals(entry.Row, shown[i]))
                    stale.Add(shown[i]);
            }
            Forget(shown.Snapshot);
            rows = stale.ToImmutable();
            _asking = !rows.IsEmpty;
        }
        if (!rows.IsEmpty)
            _ = AskAsync(rows, indices, cancellationToken);
    }

    /// <summary>Drops the cells of objects that are gone, once they are more than the others.</summary>
    private void Forget(ResourceSnapshot snapshot)
    {
        if (_cells.Count <= 2 * snapshot.Rows.Length + RememberedCells)
            return;
        var there = snapshot.Rows.Select(row => row.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var gone in _cells.Keys.Where(uid => !there.Contains(uid)).ToList())
            _cells.Remove(gone);
    }

    private async Task AskAsync(ImmutableArray<ResourceRow> rows, int[] indices, CancellationToken cancellationToken)
    {
        ComputeResult result;
        try
        {
            result = await _extensions.ComputeAsync(Contribution.Id, [.. rows.Select(row => RequestOf(row, indices))], cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or ArgumentException)
        {
            // Cancelled with the screen, or the plugin was removed meanwhile: the screen is composed anew.
            result = new ComputeResult.Faulted(new PluginFailure(_column.Plugin, _column.PluginName, "cancelled", e.Message));
        }
        lock (_gate)
        {
            _asking = false;
            var cells = result is ComputeResult.Computed computed ? computed.Cells : [];
            _failure = result is ComputeResult.Faulted faulted ? faulted.Failure : null;
            _version++;
            for (var i = 0; i < rows.Length; i++)
            {
                _numeric |= i < cells.Length && cells[i].Sort is not null;
                var old = _cells.GetValueOrDefault(rows[i].Uid).Cell;
                _cells[rows[i].Uid] = new Entry(rows[i], i < cells.Length ? cells[i] : old);
            }
        }
        _changed.Raise();
    }

    private ComputeRow RequestOf(ResourceRow row, int[] indices) => new()
    {
        Object = new ObjectReference { Group = _kind.Group, Kind = _kind.Kind, Namespace = row.Namespace, Name = row.Name, Uid = row.Uid },
        Values = [.. indices.Select(i => row[i].Text)],
    };

    private readonly record struct Entry(ResourceRow Row, ComputedCell? Cell);
}
