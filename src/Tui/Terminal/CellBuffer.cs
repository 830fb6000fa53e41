namespace LazyOC.Tui.Terminal;

/// <summary>
/// A frame as a grid of cells, and the one choke point where text from clusters and plugins reaches the terminal: what is
/// written loses control, escape, bidi and invisible characters here and nowhere else. Not thread-safe while drawn on.
/// </summary>
public sealed class CellBuffer
{
    /// <summary>Columns or rows of a frame at most.</summary>
    public const int MaxSize = 2_000;

    private readonly Cell[] _cells;

    /// <summary>Makes a blank frame.</summary>
    /// <param name="width">Columns, 1 to <see cref="MaxSize"/>.</param>
    /// <param name="height">Rows, 1 to <see cref="MaxSize"/>.</param>
    public CellBuffer(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, MaxSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, MaxSize);
        Width = width;
        Height = height;
        _cells = new Cell[width * height];
        Array.Fill(_cells, Cell.Blank(Style.Plain));
    }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The cells of a row, left to right.</summary>
    public ReadOnlySpan<Cell> Row(int y) => _cells.AsSpan(y * Width, Width);

    internal Rect Area => new(0, 0, Width, Height);

    /// <summary>All cells, row after row.</summary>
    internal ReadOnlySpan<Cell> Cells => _cells;

    /// <summary>Blanks the frame, so that it can be drawn on anew.</summary>
    public void Clear() => Array.Fill(_cells, Cell.Blank(Style.Plain));

    /// <summary>A frame of its own with the same cells.</summary>
    public CellBuffer Copy()
    {
        var copy = new CellBuffer(Width, Height);
        _cells.CopyTo(copy._cells, 0);
        return copy;
    }

    /// <summary>Takes over the cells of a frame of the same size.</summary>
    internal void CopyFrom(CellBuffer other) => other._cells.CopyTo(_cells, 0);

    /// <summary>Blanks an area; what lies outside the frame is ignored.</summary>
    internal void Fill(Rect area, Style style)
    {
        var clipped = area.Intersect(Area);
        for (var y = clipped.Y; y < clipped.Bottom; y++)
        {
            for (var x = clipped.X; x < clipped.Right; x++)
                Put(x, y, Glyph.Space, style);
        }
    }

    /// <summary>Changes the surface under what is already drawn in an area.</summary>
    internal void Lay(Rect area, Surface surface)
    {
        var clipped = area.Intersect(Area);
        if (clipped.IsEmpty)
            return; // its corner may lie outside the frame
        for (var y = clipped.Y; y < clipped.Bottom; y++)
        {
            foreach (ref var cell in _cells.AsSpan(y * Width + clipped.X, clipped.Width))
                cell = new Cell(cell.Glyph, cell.Style.On(surface));
        }
    }

    /// <summary>Makes what is drawn in an area a backdrop: its text recedes, borders stay borders.</summary>
    internal void Dim(Rect area)
    {
        var clipped = area.Intersect(Area);
        if (clipped.IsEmpty)
            return; // its corner may lie outside the frame
        for (var y = clipped.Y; y < clipped.Bottom; y++)
        {
            foreach (ref var cell in _cells.AsSpan(y * Width + clipped.X, clipped.Width))
            {
                var style = cell.Style;
                cell = new Cell(cell.Glyph, new Style(style.Tone is Tone.Border or Tone.Focus ? Tone.Border : Tone.Muted, style.Surface == Surface.Bar ? Surface.Bar : Surface.Base));
            }
        }
    }

    /// <summary>
    /// Writes one line of text from (<paramref name="x"/>, <paramref name="y"/>); only whole characters inside
    /// <paramref name="clip"/> and the frame are drawn.
    /// </summary>
    /// <returns>The cells the text takes, drawn or not, up to the clip's right edge.</returns>
    internal int Write(Rect clip, int x, int y, ReadOnlySpan<char> text, Style style)
    {
        var inside = clip.Intersect(Area);
        var column = x;
        var reader = new GraphemeReader(text);
        while (column < inside.Right && reader.Read())
        {
            if (y >= inside.Y && y < inside.Bottom && column >= inside.X && column + reader.Width <= inside.Right)
            {
                Put(column, y, reader.Glyph(), style);
                if (reader.Width == 2)
                {
                    Put(column + 1, y, Glyph.Space, style);
                    _cells[y * Width + column + 1] = new Cell(Glyph.Continuation, style);
                }
            }
            column += reader.Width;
        }
        return column - x;
    }

    /// <summary>Sets a cell, and blanks the other half of a wide character this cuts in two.</summary>
    private void Put(int x, int y, Glyph glyph, Style style)
    {
        var row = _cells.AsSpan(y * Width, Width);
        if (row[x].IsContinuation && x > 0)
            row[x - 1] = Cell.Blank(row[x - 1].Style);
        if (x + 1 < Width && row[x + 1].IsContinuation)
            row[x + 1] = Cell.Blank(row[x + 1].Style);
        row[x] = new Cell(glyph, style);
    }
}
