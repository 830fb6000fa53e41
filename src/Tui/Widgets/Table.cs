using System.Collections.Immutable;
using LazyOC.Tui.Layout;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>A column of a table.</summary>
/// <param name="Title">Heading.</param>
/// <param name="Align">Where values stand.</param>
/// <param name="Priority">See <see cref="ColumnDemand"/>.</param>
/// <param name="Width">Preferred cells; null takes what the values need.</param>
internal sealed record Column(string Title, Align Align = Align.Start, int Priority = 1, int? Width = null);

/// <summary>Order of the rows, shown beside the heading.</summary>
internal readonly record struct Sort(int Column, bool Descending);

/// <summary>Rows of a table, asked for one cell at a time: only what is visible is ever read.</summary>
internal interface ITableRows
{
    int Count { get; }

    StyledText Cell(int row, int column);
}

/// <summary>A table of any number of rows; the cost of drawing depends on the visible ones only.</summary>
internal sealed record Table
{
    private const int Gap = 2;
    private const int WidestSpread = 4;

    /// <summary>Rows measured besides the visible ones, so that columns keep their width while one scrolls.</summary>
    private const int Sampled = 100;

    /// <summary>Cells below which a value says nothing any more.</summary>
    private const int ReadableColumn = 10;

    private const int WidestColumn = 60;

    public required ImmutableArray<Column> Columns { get; init; }
    public required ITableRows Rows { get; init; }

    /// <summary>First row under the heading.</summary>
    public int Top { get; init; }

    public int? Selected { get; init; }

    /// <summary>Whether the selection has the keyboard; without it only the mark shows it.</summary>
    public bool Focused { get; init; }

    public Sort? Sort { get; init; }

    /// <summary>Uses room that is left to set the columns wider apart.</summary>
    public bool Spread { get; init; }

    /// <summary>Top row that keeps the selection in sight on <paramref name="height"/> rows.</summary>
    public static int TopFor(int selected, int count, int height) =>
        height <= 0 ? 0 : Math.Clamp(selected - height / 2, 0, Math.Max(0, count - height));

    /// <summary>Draws heading and rows; returns the rows of the canvas it needs for all.</summary>
    public int Draw(Canvas canvas)
    {
        var mark = Selected is null ? 0 : 2;
        var (first, end) = canvas.VisibleRows;
        var from = Math.Clamp(Top + Math.Max(0, first - 1), 0, Rows.Count);
        var to = Math.Clamp(Top + Math.Max(0, Math.Min(end, canvas.Height) - 1), from, Rows.Count);
        var widths = ColumnSolver.Solve(canvas.Width - mark, Gap, Demands(from, to, canvas.Width));
        if (Spread)
            widths = Loosen(widths, canvas.Width - mark);
        DrawHeading(canvas, widths, mark);
        for (var row = from; row < to; row++)
            DrawRow(canvas, row, 1 + row - Top, widths, mark);
        return 1 + Rows.Count - Math.Min(Top, Rows.Count);
    }

    private ColumnDemand[] Demands(int from, int to, int width)
    {
        var demands = new ColumnDemand[Columns.Length];
        for (var c = 0; c < demands.Length; c++)
        {
            var column = Columns[c];
            var widest = c == demands.Length - 1 ? Math.Max(width, WidestColumn) : WidestColumn;
            var natural = Math.Max(CellText.WidthOf(column.Title, widest) + (Sort?.Column == c ? 1 : 0), column.Width ?? 0);
            foreach (var row in Enumerable.Range(0, Math.Min(Sampled, Rows.Count)).Concat(Enumerable.Range(from, to - from)))
                natural = Math.Max(natural, CellText.WidthOf(Rows.Cell(row, c).Text, widest));
            natural = Math.Clamp(natural, 1, widest);
            var least = column.Priority == 0 ? Math.Max(ReadableColumn, width / 3) : Math.Max(ReadableColumn, natural * 2 / 3);
            demands[c] = new ColumnDemand(Math.Min(natural, least), natural, column.Priority);
        }
        return demands;
    }

    /// <summary>Widens all shown columns evenly; the last one to the right edge when it is near.</summary>
    private static ImmutableArray<int> Loosen(ImmutableArray<int> widths, int room)
    {
        var shown = widths.Count(w => w > 0);
        if (shown == 0)
            return widths;
        var left = room - widths.Sum() - Gap * (shown - 1);
        var each = Math.Clamp(left / shown, 0, WidestSpread);
        return [.. widths.Select(w => w > 0 ? w + each : 0)];
    }

    private void DrawHeading(Canvas canvas, ImmutableArray<int> widths, int mark)
    {
        var x = mark;
        for (var c = 0; c < widths.Length; c++)
        {
            if (widths[c] == 0)
                continue;
            var arrow = Sort is { } sort && sort.Column == c ? sort.Descending ? "↓" : "↑" : "";
            canvas.Write(x, 0, widths[c], Columns[c].Title + arrow, new Style(arrow.Length > 0 ? Tone.Accent : Tone.Muted).Bold(), Columns[c].Align);
            x += widths[c] + Gap;
        }
    }

    private void DrawRow(Canvas canvas, int row, int y, ImmutableArray<int> widths, int mark)
    {
        var x = mark;
        for (var c = 0; c < widths.Length; c++)
        {
            if (widths[c] == 0)
                continue;
            canvas.Write(x, y, widths[c], Rows.Cell(row, c), Columns[c].Align);
            x += widths[c] + Gap;
        }
        if (row != Selected)
            return;
        canvas.Write(0, y, "▌", new Style(Focused ? Tone.Focus : Tone.Accent));
        if (Focused)
            canvas.LayRow(y, Surface.Selected);
    }
}
