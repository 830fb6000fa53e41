using System.Globalization;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// The SGR parameters (ECMA-48 §8.3.117) of every <see cref="Style"/> under one theme and colour depth, computed once.
/// Immutable.
/// </summary>
internal sealed class StylePalette
{
    /// <summary>Bytes that <see cref="WriteChange"/> writes at most.</summary>
    public const int MaxChange = 64;

    private static readonly byte[] DefaultForeground = "39"u8.ToArray();
    private static readonly byte[] DefaultBackground = "49"u8.ToArray();

    private readonly byte[][] _foregrounds;
    private readonly byte[][] _backgrounds;
    private readonly bool[] _reversed;

    public StylePalette(Theme theme, ColorDepth depth)
    {
        _foregrounds = [.. Enum.GetValues<Tone>().Select(tone => Foreground(new Style(tone), theme, depth))];
        _backgrounds = [.. Enum.GetValues<Surface>().Select(surface => Background(new Style(Tone.Plain, surface), theme, depth))];
        _reversed = [.. Enum.GetValues<Surface>().Select(surface => depth <= ColorDepth.Ansi16 && surface is Surface.Selected or Surface.Raised)];
    }

    /// <summary>Whether blanks of a style can be had by erasing.</summary>
    /// <param name="style">Their style.</param>
    /// <param name="erasesInColor">Whether the terminal erases with the current background rather than its own.</param>
    public bool IsErasable(Style style, bool erasesInColor) =>
        (style.Attributes & TextAttributes.Underline) == TextAttributes.None && !_reversed[(int)style.Surface]
        && (erasesInColor || _backgrounds[(int)style.Surface].AsSpan().SequenceEqual(DefaultBackground));

    /// <summary>Writes the sequence that goes from one style to another; nothing when they look the same.</summary>
    /// <param name="from">Null when nothing is known of what is set.</param>
    /// <param name="to">The style wanted.</param>
    /// <param name="output">At least <see cref="MaxChange"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int WriteChange(Style? from, Style to, Span<byte> output)
    {
        if (from == to)
            return 0;
        var parameters = new Parameters(output);
        if (from is null)
            parameters.Add("0"u8);
        Toggle(TextAttributes.Bold, "1"u8, "22"u8, ref parameters);
        Toggle(TextAttributes.Underline, "4"u8, "24"u8, ref parameters);
        var reversed = _reversed[(int)to.Surface];
        if (reversed != (from is { } f && _reversed[(int)f.Surface]))
            parameters.Add(reversed ? "7"u8 : "27"u8);
        Select(from is { } a ? _foregrounds[(int)a.Tone] : DefaultForeground, _foregrounds[(int)to.Tone], ref parameters);
        Select(from is { } b ? _backgrounds[(int)b.Surface] : DefaultBackground, _backgrounds[(int)to.Surface], ref parameters);
        return parameters.End();

        void Toggle(TextAttributes attribute, ReadOnlySpan<byte> on, ReadOnlySpan<byte> off, ref Parameters parameters)
        {
            var wanted = to.Attributes & attribute;
            if (wanted != ((from?.Attributes ?? TextAttributes.None) & attribute))
                parameters.Add(wanted != TextAttributes.None ? on : off);
        }

        static void Select(byte[] from, byte[] to, ref Parameters parameters)
        {
            if (!from.AsSpan().SequenceEqual(to))
                parameters.Add(to);
        }
    }

    private static byte[] Foreground(Style style, Theme theme, ColorDepth depth) => depth switch
    {
        ColorDepth.TrueColor => Encoding.ASCII.GetBytes($"38;2;{Channels(theme.Foreground(style))}"),
        ColorDepth.Ansi256 => Encoding.ASCII.GetBytes($"38;5;{Nearest256(theme.Foreground(style))}"),
        ColorDepth.Ansi16 => Encoding.ASCII.GetBytes(Of16(style.Tone, theme.IsLight)),
        _ => DefaultForeground,
    };

    private static byte[] Background(Style style, Theme theme, ColorDepth depth) => depth switch
    {
        ColorDepth.TrueColor => Encoding.ASCII.GetBytes($"48;2;{Channels(theme.Background(style))}"),
        ColorDepth.Ansi256 => Encoding.ASCII.GetBytes($"48;5;{Nearest256(theme.Background(style))}"),
        _ => DefaultBackground, // 16 colours are the user's own: only their ground is sure to go with them
    };

    private static string Channels(Rgb color) => string.Create(CultureInfo.InvariantCulture, $"{color.R};{color.G};{color.B}");

    /// <summary>The nearest of xterm's 6×6×6 cube and 24 greys.</summary>
    private static string Nearest256(Rgb color)
    {
        static int Level(byte value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;
        static int Value(int level) => level == 0 ? 0 : 55 + 40 * level;
        static int Distance(Rgb a, int r, int g, int b) => (a.R - r) * (a.R - r) + (a.G - g) * (a.G - g) + (a.B - b) * (a.B - b);
        int r = Level(color.R), g = Level(color.G), b = Level(color.B);
        var grey = Math.Clamp(((color.R + color.G + color.B) / 3 - 3) / 10, 0, 23);
        var greyValue = 8 + 10 * grey;
        var index = Distance(color, greyValue, greyValue, greyValue) < Distance(color, Value(r), Value(g), Value(b)) ? 232 + grey : 16 + 36 * r + 6 * g + b;
        return index.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>No white and no black: one of them is the user's ground. Bright colours only where the ground is dark.</summary>
    private static string Of16(Tone tone, bool light) => tone switch
    {
        Tone.Muted or Tone.Border => "90",
        Tone.Accent => light ? "34" : "94",
        Tone.Ok or Tone.Focus => "32",
        Tone.Warn => "33",
        Tone.Error => "31",
        Tone.Info => "36",
        Tone.Key => "35",
        _ => "39",
    };

    /// <summary>Parameters of one sequence, separated as they come.</summary>
    private ref struct Parameters(Span<byte> output)
    {
        private readonly Span<byte> _output = output;
        private int _length;

        public void Add(ReadOnlySpan<byte> parameter)
        {
            ReadOnlySpan<byte> before = _length == 0 ? "\x1b["u8 : ";"u8;
            before.CopyTo(_output[_length..]);
            _length += before.Length;
            parameter.CopyTo(_output[_length..]);
            _length += parameter.Length;
        }

        public int End()
        {
            if (_length > 0)
                _output[_length++] = (byte)'m';
            return _length;
        }
    }
}
