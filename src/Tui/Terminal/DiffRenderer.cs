using System.Runtime.InteropServices;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// Turns frames into the bytes that change a terminal from the last frame to the next: what is equal is not written. Rows
/// on which terminals may disagree with us about widths are painted whole. Allocates only while its buffers grow. For one thread.
/// </summary>
internal sealed class DiffRenderer
{
    /// <summary>Unchanged cells up to this many are written again rather than jumped over, which takes as many bytes.</summary>
    private const int ShortGap = 4;

    /// <summary>Bytes of an erase-to-end-of-line.</summary>
    private const int EraseCost = 3;

    private readonly ColorDepth _depth;
    private readonly bool _erasesInColor;
    private readonly OutputBuffer _output = new();
    private CellBuffer? _shown;
    private StylePalette _palette;
    private bool _valid;

    /// <summary>Makes a renderer for a terminal of which nothing is known to be shown.</summary>
    /// <param name="theme">Colours of meanings.</param>
    /// <param name="depth">Colours the terminal shows.</param>
    /// <param name="erasesInColor">Whether the terminal erases with the current background.</param>
    public DiffRenderer(Theme theme, ColorDepth depth, bool erasesInColor = true)
    {
        _depth = depth;
        _erasesInColor = erasesInColor;
        _palette = new StylePalette(theme, depth);
        Theme = theme;
    }

    /// <summary>Colours of meanings; another theme paints the next frame whole.</summary>
    public Theme Theme
    {
        get;
        set
        {
            if (ReferenceEquals(field, value))
                return;
            field = value;
            _palette = new StylePalette(value, _depth);
            _valid = false;
        }
    }

    /// <summary>Whether frames are marked so that the terminal shows each at once (DEC mode 2026).</summary>
    public bool Synchronized { get; set; }

    /// <summary>Frames of which anything had to be written.</summary>
    public long Frames { get; private set; }

    /// <summary>Bytes of all frames.</summary>
    public long Bytes { get; private set; }

    /// <summary>Forgets what is shown: the next frame is painted whole.</summary>
    public void Invalidate() => _valid = false;

    /// <summary>The bytes that show a frame, empty when it is shown already; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Render(CellBuffer frame)
    {
        if (_shown is null || _shown.Width != frame.Width || _shown.Height != frame.Height)
        {
            _shown = new CellBuffer(frame.Width, frame.Height);
            _valid = false;
        }
        _output.Begin();
        if (Synchronized)
            _output.Write("\x1b[?2026h"u8);
        var nothing = _output.Length;
        for (var y = 0; y < frame.Height; y++)
        {
            if (!_valid || !Bits(frame.Row(y)).SequenceEqual(Bits(_shown.Row(y))))
                WriteRow(y, frame.Row(y), _shown.Row(y));
        }
        _shown.CopyFrom(frame);
        _valid = true;
        if (_output.Length == nothing)
            return default;
        if (Synchronized)
            _output.Write("\x1b[?2026l"u8);
        Frames++;
        Bytes += _output.Length;
        return _output.Written;
    }

    private void WriteRow(int y, ReadOnlySpan<Cell> next, ReadOnlySpan<Cell> shown)
    {
        var whole = !_valid || IsUncertain(next) || IsUncertain(shown);
        var first = whole ? 0 : Bits(next).CommonPrefixLength(Bits(shown));
        var end = next.Length;
        while (!whole && next[end - 1] == shown[end - 1])
            end--;

        var erase = EraseFrom(next, first, end);
        for (var x = first; x < erase;)
        {
            if (whole || next[x] != shown[x])
                x += Write(x, y, next);
            else
                x = Pass(x, y, next, shown);
        }
        if (erase == end)
            return;
        _output.MoveTo(erase, y);
        _output.Select(_palette, next[erase].Style);
        _output.Write("\x1b[K"u8);
    }

    /// <summary>Where erasing to the end of the line is shorter than writing the blanks; <paramref name="end"/> when nowhere.</summary>
    private int EraseFrom(ReadOnlySpan<Cell> next, int first, int end)
    {
        var last = next[^1];
        if (last.Glyph != Glyph.Space || !_palette.IsErasable(last.Style, _erasesInColor))
            return end;
        var start = next.Length;
        while (start > first && next[start - 1] == last)
            start--;
        return end - start > EraseCost ? start : end;
    }

    /// <summary>Writes the grapheme at <paramref name="x"/>; the cells it fills.</summary>
    private int Write(int x, int y, ReadOnlySpan<Cell> row)
    {
        var cell = row[x];
        _output.MoveTo(x, y);
        _output.Select(_palette, cell.Style);
        var width = x + 1 < row.Length && row[x + 1].IsContinuation ? 2 : 1;
        // After the last column the cursor hangs between two rows; after an uncertain character nobody knows.
        _output.Write(cell.Glyph, IsUncertain(cell) || x + width == row.Length ? 0 : width);
        return width;
    }

    /// <summary>Goes over equal cells, by writing them again when that is no longer than a jump; returns the first that differs.</summary>
    private int Pass(int x, int y, ReadOnlySpan<Cell> next, ReadOnlySpan<Cell> shown)
    {
        var end = x + Bits(next[x..]).CommonPrefixLength(Bits(shown[x..]));
        if (end - x > ShortGap || !_output.IsAt(x, y))
            return end;
        for (var i = x; i < end; i++)
        {
            if (next[i].Style != _output.Style || next[i].Glyph.Code >= 0x80)
                return end;
        }
        while (x < end)
            x += Write(x, y, next);
        return end;
    }

    private static bool IsUncertain(ReadOnlySpan<Cell> row)
    {
        foreach (ref readonly var cell in row)
        {
            if (cell.IsContinuation || IsUncertain(cell))
                return true;
        }
        return false;
    }

    /// <summary>Marks, pictures and private use: terminals and their fonts disagree about their widths.</summary>
    private static bool IsUncertain(Cell cell) => cell.Glyph.Code is (>= 0xE000 and <= 0xF8FF) or >= 0x1F000;

    private static ReadOnlySpan<ulong> Bits(ReadOnlySpan<Cell> cells) => MemoryMarshal.Cast<Cell, ulong>(cells);
}
