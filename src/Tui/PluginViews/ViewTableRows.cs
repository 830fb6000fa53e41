using System.Globalization;
using LazyOC.Cluster.Columns;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Panels;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;
using Column = LazyOC.Tui.Widgets.Column;
using ColumnType = LazyOC.Plugins.Contracts.Manifest.ColumnType;

namespace LazyOC.Tui.PluginViews;

/// <summary>The rows of a view's table in an order, each cell shown as its column's type asks. Rows with too few cells are shown as far as they go.</summary>
internal sealed class ViewTableRows : ITableRows
{
    private readonly ViewNode.Table _table;
    private readonly int[] _order;

    public ViewTableRows(ViewNode.Table table, Sort? sort)
    {
        _table = table;
        _order = [.. Enumerable.Range(0, table.Rows.Length)];
        if (sort is not { } by || by.Column >= table.Header.Length)
            return;
        var type = table.Header[by.Column].Type;
        var keys = Array.ConvertAll(_order, row => KeyOf(TextAt(row, by.Column), type));
        Array.Sort(_order, (left, right) => Compare(keys, left, right, TypeOf(type), by.Descending));
    }

    /// <summary>The moment that ages are told at.</summary>
    public DateTimeOffset Now { get; set; }

    /// <summary>Whether an age was shown since this was last set.</summary>
    public bool HasShownAge { get; set; }

    public int Count => _order.Length;

    /// <summary>The columns as the table widget takes them.</summary>
    public static Column ColumnOf(TableColumn column) => new(
        column.Title, column.Align == Alignment.End || column.Type is ColumnType.Number or ColumnType.Quantity ? Align.End : Align.Start);

    public TableRow Row(int index) => _table.Rows[_order[index]];

    /// <summary>Where the row with an id stands; -1 when it is gone.</summary>
    public int IndexOf(string? id) => id is null ? -1 : Array.FindIndex(_order, row => _table.Rows[row].Id == id);

    public StyledText Cell(int row, int column)
    {
        var cells = Row(row).Cells;
        if (column >= cells.Length)
            return "";
        var (text, style) = (cells[column].Text, cells[column].Style);
        switch (_table.Header[column].Type)
        {
            case ColumnType.Age when TryTime(text, out var time):
                HasShownAge = true;
                return new StyledText(HumanDuration.Format(Now - time), Style.Of(style));
            case ColumnType.Status:
                var status = style == TextStyle.Plain ? StatusTone.Of(text) : style;
                return new StyledText(Severity.Mark(status) + text, Style.Of(status));
            default:
                return new StyledText(text, Style.Of(style));
        }
    }

    /// <summary>Missing values come last in either direction; equal ones keep the table's own order.</summary>
    private static int Compare(CellValue[] keys, int left, int right, Cluster.Columns.ColumnType type, bool descending)
    {
        var order = keys[left].IsNone || keys[right].IsNone
            ? keys[left].IsNone.CompareTo(keys[right].IsNone)
            : descending ? CellValue.Compare(keys[right], keys[left], type) : CellValue.Compare(keys[left], keys[right], type);
        return order != 0 ? order : left.CompareTo(right);
    }

    private static CellValue KeyOf(string text, ColumnType type) => type switch
    {
        _ when text.Length == 0 => CellValue.None,
        ColumnType.Number or ColumnType.Quantity => new CellValue(null, Quantity.Parse(text)),
        ColumnType.Age => new CellValue(null, TryTime(text, out var time) ? time.ToUnixTimeMilliseconds() : double.NaN),
        _ => new CellValue(text, double.NaN),
    };

    private static Cluster.Columns.ColumnType TypeOf(ColumnType type) => type switch
    {
        ColumnType.Number or ColumnType.Quantity => Cluster.Columns.ColumnType.Number,
        ColumnType.Age => Cluster.Columns.ColumnType.Age,
        _ => Cluster.Columns.ColumnType.Text,
    };

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);

    private string TextAt(int row, int column) => column < _table.Rows[row].Cells.Length ? _table.Rows[row].Cells[column].Text : "";
}
