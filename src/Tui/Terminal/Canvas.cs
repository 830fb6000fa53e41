namespace LazyOC.Tui.Terminal;

/// <summary>Where text stands in the room it is given.</summary>
internal enum Align : byte
{
    Start,
    End,
    Center,
}

/// <summary>A piece of text in one style.</summary>
internal readonly record struct StyledText(string Text, Style Style)
{
    public static implicit operator StyledText(string text) => new(text, Style.Plain);
}

/// <summary>
/// An area of a frame with its own coordinates. It may reach beyond what is visible (a scrolled view): drawing outside
/// the clip does nothing.
/// </summary>
internal readonly struct Canvas
{
    private readonly CellBuffer _buffer;
    private readonly Rect _bounds;
    private readonly Rect _clip;

    public Canvas(CellBuffer buffer) : this(buffer, buffer.Area, buffer.Area) { }

    private Canvas(CellBuffer buffer, Rect bounds, Rect clip)
    {
        _buffer = buffer;
        _bounds = bounds;
        _clip = clip;
    }

    public int Width => _bounds.Width;
    public int Height => _bounds.Height;

    /// <summary>The whole area in its own coordinates.</summary>
    public Rect Area => new(0, 0, Width, Height);

    /// <summary>What of this area can be seen, in the coordinates of the frame, which are those of the mouse.</summary>
    public Rect OnScreen => _clip;

    /// <summary>The rows that can be seen, in this canvas's coordinates: from the first to before the last.</summary>
    public (int First, int End) VisibleRows => (Math.Max(0, _clip.Y - _bounds.Y), Math.Max(0, _clip.Bottom - _bounds.Y));

    /// <summary>A part of this area, clipped to it.</summary>
    public Canvas Part(Rect part)
    {
        var bounds = part with { X = _bounds.X + part.X, Y = _bounds.Y + part.Y };
        return new Canvas(_buffer, bounds, bounds.Intersect(_clip));
    }

    /// <summary>This area with its content moved up by <paramref name="rows"/>, as tall as its content likes.</summary>
    public Canvas Scrolled(int rows) => new(_buffer, _bounds with { Y = _bounds.Y - rows, Height = _bounds.Height + rows }, _clip);

    public void Fill(Style style) => _buffer.Fill(_clip, style);

    /// <summary>Puts what is drawn in a row on another surface.</summary>
    public void LayRow(int y, Surface surface) => _buffer.Lay(Translate(new Rect(0, y, Width, 1)).Intersect(_clip), surface);

    /// <summary>Makes what is drawn in this area a backdrop; see <see cref="CellBuffer.Dim"/>.</summary>
    public void Dim() => _buffer.Dim(_clip);

    /// <summary>Writes a line, cut at the right edge; returns the cells it takes.</summary>
    public int Write(int x, int y, ReadOnlySpan<char> text, Style style) => _buffer.Write(_clip, _bounds.X + x, _bounds.Y + y, text, style);

    public int Write(int x, int y, StyledText text) => Write(x, y, text.Text, text.Style);

    /// <summary>Writes into <paramref name="width"/> cells; longer text ends in an ellipsis.</summary>
    public void Write(int x, int y, int width, ReadOnlySpan<char> text, Style style, Align align = Align.Start)
    {
        if (width <= 0)
            return;
        var needed = CellText.WidthOf(text, width);
        if (needed <= width)
        {
            var offset = align switch { Align.End => width - needed, Align.Center => (width - needed) / 2, _ => 0 };
            Write(x + offset, y, text, style);
            return;
        }
        var (length, used) = CellText.Fit(text, width - 1);
        Write(x, y, text[..length], style);
        Write(x + used, y, "…", style);
    }

    public void Write(int x, int y, int width, StyledText text, Align align = Align.Start) => Write(x, y, width, text.Text, text.Style, align);

    private Rect Translate(Rect area) => area with { X = area.X + _bounds.X, Y = area.Y + _bounds.Y };
}
