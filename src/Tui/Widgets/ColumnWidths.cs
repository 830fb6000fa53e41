using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>
/// The cells that each column of a table needs, remembered from frame to frame: a sample of the rows is measured once,
/// then only those in sight. Columns grow and never shrink, so they hold still while one scrolls. Start a new one when
/// other things are listed. Not thread-safe.
/// </summary>
internal sealed class ColumnWidths
{
    /// <summary>Cells of a column at most, except the last.</summary>
    private const int Widest = 60;

    /// <summary>Rows measured besides those in sight.</summary>
    private const int Sampled = 100;

    private Column[] _columns = [];
    private int[] _natural = [];
    private bool _hasSample;

    /// <summary>The cells that show the heading and all values met so far.</summary>
    public ReadOnlySpan<int> Natural => _natural;

    /// <summary>Takes the rows from <paramref name="from"/> to before <paramref name="to"/> into account.</summary>
    public void Measure(Table table, int from, int to, int width)
    {
        if (!table.Columns.AsSpan().SequenceEqual(_columns))
            Restart(table);
        if (!_hasSample && table.Rows.Count > 0)
        {
            _hasSample = true;
            MeasureRows(table, 0, Math.Min(Sampled, table.Rows.Count), width);
        }
        MeasureRows(table, from, to, width);
        for (var c = 0; c < _natural.Length; c++)
            _natural[c] = Math.Clamp(_natural[c], 1, Limit(c, width));
    }

    private void Restart(Table table)
    {
        _columns = [.. table.Columns];
        _natural = new int[_columns.Length];
        _hasSample = false;
        for (var c = 0; c < _natural.Length; c++)
            _natural[c] = Math.Max(CellText.WidthOf(_columns[c].Title, Widest), _columns[c].Width ?? 0);
    }

    private void MeasureRows(Table table, int from, int to, int width)
    {
        for (var row = from; row < to; row++)
        {
            for (var c = 0; c < _natural.Length; c++)
            {
                var limit = Limit(c, width);
                if (_natural[c] < limit)
                    _natural[c] = Math.Max(_natural[c], CellText.WidthOf(table.Rows.Cell(row, c).Text, limit));
            }
        }
    }

    private int Limit(int column, int width) => column == _natural.Length - 1 ? Math.Max(width, Widest) : Widest;
}
