using System.Globalization;

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
        for (var y = 0; y < frame.Height; y++)
        {
            if (depth == ColorDepth.None)
                WritePlain(frame.Row(y), output);
            else
                WriteColored(frame.Row(y), output, depth, theme ?? Theme.Dark);
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

    private static void WriteColored(ReadOnlySpan<Cell> row, TextWriter output, ColorDepth depth, Theme theme)
    {
        Style? last = null;
        foreach (ref readonly var cell in row)
        {
            if (last != cell.Style)
                output.Write(Sgr(cell.Style, depth, theme));
            last = cell.Style;
            output.Write(cell.Grapheme);
        }
        output.Write(Reset);
    }

    /// <summary>The escape sequence that selects a style (ECMA-48 SGR).</summary>
    internal static string Sgr(Style style, ColorDepth depth, Theme theme)
    {
        var attributes = (style.Attributes.HasFlag(TextAttributes.Bold) ? ";1" : "") + (style.Attributes.HasFlag(TextAttributes.Underline) ? ";4" : "");
        var colors = depth switch
        {
            ColorDepth.TrueColor => $";38;2;{Channels(theme.Foreground(style))};48;2;{Channels(theme.Background(style))}",
            ColorDepth.Ansi256 => string.Create(CultureInfo.InvariantCulture, $";38;5;{Cube(theme.Foreground(style))}{Ground256(style, theme)}"),
            _ => Palette(style),
        };
        return $"\x1b[0{attributes}{colors}m";
    }

    private static string Channels(Rgb color) => string.Create(CultureInfo.InvariantCulture, $"{color.R};{color.G};{color.B}");

    /// <summary>The terminal keeps its own ground, which the nearest of 256 would only muddy.</summary>
    private static string Ground256(Style style, Theme theme) =>
        style.Surface == Surface.Base ? "" : string.Create(CultureInfo.InvariantCulture, $";48;5;{Cube(theme.Background(style))}");

    /// <summary>The nearest of xterm's 6×6×6 cube and 24 greys.</summary>
    private static int Cube(Rgb color)
    {
        static int Level(byte value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
        static int Value(int level) => level == 0 ? 0 : 55 + 40 * level;
        static int Distance(Rgb a, int r, int g, int b) => (a.R - r) * (a.R - r) + (a.G - g) * (a.G - g) + (a.B - b) * (a.B - b);
        int r = Level(color.R), g = Level(color.G), b = Level(color.B);
        var grey = Math.Clamp(((color.R + color.G + color.B) / 3 - 3) / 10, 0, 23);
        var greyValue = 8 + 10 * grey;
        return Distance(color, greyValue, greyValue, greyValue) < Distance(color, Value(r), Value(g), Value(b))
            ? 232 + grey
            : 16 + 36 * r + 6 * g + b;
    }

    private static string Palette(Style style)
    {
        var foreground = style.Tone switch
        {
            Tone.Muted or Tone.Border => ";90",
            Tone.Strong => ";97",
            Tone.Accent => ";94",
            Tone.Ok or Tone.Focus => ";32",
            Tone.Warn => ";33",
            Tone.Error => ";31",
            Tone.Info => ";36",
            Tone.Key => ";35",
            _ => "",
        };
        return style.Surface is Surface.Selected or Surface.Raised ? foreground + ";7" : foreground;
    }
}
