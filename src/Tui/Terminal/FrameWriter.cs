using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>Writes a frame as lines of text, with or without colour.</summary>
public static class FrameWriter
{
    private const string Reset = "\x1b[0m";

    /// <summary>Writes a frame, one line a row; without colour, trailing blanks are left out.</summary>
    /// <param name="frame">What to write.</param>
    /// <param name="output">Where to; line ends are <c>\n</c>.</param>
    /// <param name="depth">Colours the reader can show.</param>
    /// <param name="theme">Colours of meanings; null takes <see cref="Theme.Dark"/>.</param>
    public static void Write(CellBuffer frame, TextWriter output, ColorDepth depth = ColorDepth.None, Theme? theme = null)
    {
        var palette = depth == ColorDepth.None ? null : new StylePalette(theme ?? Theme.Dark, depth);
        for (var y = 0; y < frame.Height; y++)
        {
            if (palette is null)
                WritePlain(frame.Row(y), output);
            else
                WriteColored(frame.Row(y), output, palette);
            output.Write('\n');
        }
    }

    private static void WritePlain(ReadOnlySpan<Cell> row, TextWriter output)
    {
        var end = row.Length;
        while (end > 0 && row[end - 1].Glyph == Glyph.Space)
            end--;
        foreach (ref readonly var cell in row[..end])
            output.Write(cell.Grapheme);
    }

    private static void WriteColored(ReadOnlySpan<Cell> row, TextWriter output, StylePalette palette)
    {
        Span<byte> sequence = stackalloc byte[StylePalette.MaxChange];
        Style? last = null;
        foreach (ref readonly var cell in row)
        {
            var length = palette.WriteChange(last, cell.Style, sequence);
            if (length > 0)
                output.Write(Encoding.ASCII.GetString(sequence[..length]));
            last = cell.Style;
            output.Write(cell.Grapheme);
        }
        output.Write(Reset);
    }
}
