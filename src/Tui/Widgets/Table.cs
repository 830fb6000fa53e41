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

/// <summary>A part of a cell's text that is emphasised, in characters.</summary>
internal readonly record struct TextMatch(int Start, int Length);

/// <summary>Finds what a filter hit in the text of a cell.</summary>
/// <param name="column">Index of the column.</param>
/// <param name="text">The cell's text.</param>
/// <param name="matches">Takes the hits, from left to right.</param>
/// <returns>How many hits there are, at most as many as <paramref name="matches"/> takes.</returns>
internal delegate int CellMatches(int column, string text, Span<TextMatch> matches);

/// <summary>
/// A table of any number of rows; the cost of drawing depends on the visible ones only. Where it is scrolled by its
/// canvas the heading stays in sight, over the first row that can be seen.
/// </summary>
internal sealed record Table
{
    private const int Gap = 2;
    private const int WidestSpread = 4;

    /// <summary>Rows kept in sight above and below the selection.</summary>
    private const int ScrollMargin = 2;

    /// <summary>Cells below which a value says nothing any more.</summary>
    private const int ReadableColumn = 10;

    /// <summary>Columns whose widths fit on the stack.</summary>
    private const int UsualColumns = 64;

    private const int MostMatches = 32;

    /// <summary>Visible lines from which on one is given to the heading of a table that is scrolled.</summary>
    private const int LeastForPinning = 3;

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

    /// <summary>Tells which rows are marked for an operation on several; null when rows cannot be marked.</summary>
    public Func<int, bool>? Marked { get; init; }

    /// <summary>Emphasises what a filter hit; null emphasises nothing.</summary>
    public CellMatches? Matches { get; init; }

    /// <summary>Widths kept from frame to frame; a table that is drawn once has its own.</summary>
    public ColumnWidths Widths { get; init; } = new();

    private int Gutter => Selected is null && Marked is null ? 0 : 2;

    /// <summary>Top row that has the selection in the middle of <paramref name="height"/> rows.</summary>
    public static int TopFor(int selected, int count, int height) =>
        height <= 0 ? 0 : Math.Clamp(selected - height / 2, 0, Math.Max(0, count - height));

    /// <summary>Top row that keeps the selection in sight with as little scrolling from <paramref name="top"/> as possible.</summary>
    public static int ScrolledTop(int top, int selected, int count, int height)
    {
        if (height <= 0)
            return 0;
        var margin = Math.Min(ScrollMargin, (height - 1) / 2);
        var least = selected - height + 1 + margin;
        return Math.Clamp(Math.Clamp(top, least, Math.Max(least, selected - margin)), 0, Math.Max(0, count - height));
    }

    /// <summary>Draws heading and rows; returns the rows of the canvas it needs for all.</summary>
    public int Draw(Canvas canvas)
    {
        Span<int> widths = Columns.Length <= UsualColumns ? stackalloc int[Columns.Length] : new int[Columns.Length];
        var (first, end) = canvas.VisibleRows;
        var pinned = first > 0 && end - first >= LeastForPinning && Top + first < Rows.Count;
        var from = Math.Clamp(Top + (pinned ? first : Math.Max(0, first - 1)), 0, Rows.Count);
        var to = Math.Clamp(Top + Math.Max(0, Math.Min(end, canvas.Height) - 1), from, Rows.Count);
        Solve(widths, canvas.Width, from, to);
        if (pinned || first == 0)
            DrawHeading(canvas, first, widths);
        for (var row = from; row < to; row++)
            DrawRow(canvas, row, 1 + row - Top, widths);
        return 1 + Rows.Count - Math.Min(Top, Rows.Count);
    }

    /// <summary>The row drawn on line <paramref name="y"/> of the canvas; null for the heading and below the last row.</summary>
    public int? RowAt(int y) => y >= 1 && Top + y - 1 < Rows.Count ? Top + y - 1 : null;

    /// <summary>The column drawn at <paramref name="x"/>, its gap included, on a canvas of that many cells; null beside all columns.</summary>
    public int? ColumnAt(int x, int width)
    {
        Span<int> widths = Columns.Length <= UsualColumns ? stackalloc int[Columns.Length] : new int[Columns.Length];
        Solve(widths, width, Top, Top);
        var left = Gutter;
        for (var c = 0; c < widths.Length; c++)
        {
            if (widths[c] > 0 && x >= left && x < left + widths[c] + Gap)
                return c;
            left += widths[c] > 0 ? widths[c] + Gap : 0;
        }
        return null;
    }

    private void Solve(Span<int> widths, int width, int from, int to)
    {
        Widths.Measure(this, from, to, width);
        Span<ColumnDemand> demands = Columns.Length <= UsualColumns ? stackalloc ColumnDemand[Columns.Length] : new ColumnDemand[Columns.Length];
        for (var c = 0; c < demands.Length; c++)
        {
            var column = Columns[c];
            var natural = Sort?.Column == c ? Math.Max(Widths.Natural[c], CellText.WidthOf(column.Title, width) + 1) : Widths.Natural[c];
            var least = column.Priority == 0 ? Math.Max(ReadableColumn, width / 3) : Math.Max(ReadableColumn, natural * 2 / 3);
            demands[c] = new ColumnDemand(Math.Min(natural, least), natural, column.Priority);
        }
        var room = width - Gutter;
        ColumnSolver.Solve(room, Gap, demands, widths);
        if (Spread)
            Loosen(widths, room);
    }

    /// <summary>Widens all shown columns evenly; the last one to the right edge when it is near.</summary>
    private static void Loosen(Span<int> widths, int room)
    {
        var shown = widths.Length - widths.Count(0);
        if (shown == 0)
            return;
        var each = Math.Clamp((room - ColumnSolver.Total(widths, Gap)) / shown, 0, WidestSpread);
        foreach (ref var width in widths)
            width += width > 0 ? each : 0;
    }

    private void DrawHeading(Canvas canvas, int y, ReadOnlySpan<int> widths)
    {
        if (y > 0)
            canvas.Part(new Rect(0, y, canvas.Width, 1)).Fill(Style.Plain);
        var x = Gutter;
        for (var c = 0; c < widths.Length; c++)
        {
            if (widths[c] == 0)
                continue;
            if (Sort is not { } sort || sort.Column != c)
            {
                canvas.Write(x, y, widths[c], Columns[c].Title, Style.Muted.Bold(), Columns[c].Align);
            }
            else
            {
                var style = Style.Accent.Bold();
                var title = Math.Min(widths[c] - 1, CellText.WidthOf(Columns[c].Title, widths[c]));
                var start = Columns[c].Align == Align.End ? x + widths[c] - title - 1 : x;
                canvas.Write(start, y, title, Columns[c].Title, style);
                canvas.Write(start + title, y, sort.Descending ? "↓" : "↑", style);
            }
            x += widths[c] + Gap;
        }
    }

    private void DrawRow(Canvas canvas, int row, int y, ReadOnlySpan<int> widths)
    {
        var x = Gutter;
        for (var c = 0; c < widths.Length; c++)
        {
            if (widths[c] == 0)
                continue;
            var cell = Rows.Cell(row, c);
            canvas.Write(x, y, widths[c], cell, Columns[c].Align);
            if (Matches is not null)
                DrawMatches(canvas.Part(new Rect(x, y, widths[c], 1)), c, cell);
            x += widths[c] + Gap;
        }
        DrawGutter(canvas, row, y);
    }

    /// <summary>The bar of the selection, the mark, or the sign for both: each is seen without colour.</summary>
    private void DrawGutter(Canvas canvas, int row, int y)
    {
        var (selected, marked) = (row == Selected, Marked?.Invoke(row) == true);
        if (marked)
            canvas.Write(0, y, selected ? "◉" : "●", Style.Accent);
        else if (selected)
            canvas.Write(0, y, "▌", new Style(Focused ? Tone.Focus : Tone.Accent));
        if (selected && Focused)
            canvas.LayRow(y, Surface.Selected);
    }

    private void DrawMatches(Canvas cell, int column, StyledText text)
    {
        Span<TextMatch> matches = stackalloc TextMatch[MostMatches];
        var count = Matches!(column, text.Text, matches);
        if (count == 0)
            return;
        var needed = CellText.WidthOf(text.Text, cell.Width);
        var shown = cell.Part(new Rect(0, 0, needed > cell.Width ? cell.Width - 1 : cell.Width, 1)); // the ellipsis stays
        var offset = Columns[column].Align == Align.End ? Math.Max(0, cell.Width - needed) : 0;
        foreach (var match in matches[..count])
        {
            var x = offset + CellText.WidthOf(text.Text.AsSpan(0, match.Start), cell.Width + 1);
            shown.Write(x, 0, text.Text.AsSpan(match.Start, match.Length), new Style(Tone.Accent, Attributes: TextAttributes.Bold | TextAttributes.Underline));
        }
    }
}
