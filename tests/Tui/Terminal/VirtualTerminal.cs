using System.Globalization;
using System.Text;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Terminal;

/// <summary>
/// A small terminal: it obeys what the renderer may write and fails on anything else. Written from the standards, not from
/// the renderer: ECMA-48 cursor movement, EL and SGR with background colour erase, autowrap with a pending wrap.
/// </summary>
internal sealed class VirtualTerminal
{
    private readonly Spot[,] _screen;
    private readonly bool _erasesInColor;
    private Pen _pen = Pen.Default;
    private int _x;
    private int _y;
    private bool _wraps;

    public VirtualTerminal(int width, int height, bool erasesInColor = true)
    {
        (Width, Height, _erasesInColor) = (width, height, erasesInColor);
        _screen = new Spot[height, width];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                _screen[y, x] = new Spot("\u2421", Pen.Default); // left behind by somebody else
        }
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>Whether a synchronized update has begun and not ended.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>What the user sees: graphemes with colours, row by row. A continuation is empty.</summary>
    public string Picture()
    {
        var text = new StringBuilder();
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
                text.Append(CultureInfo.InvariantCulture, $"{_screen[y, x].Visible()}\t");
            text.Append('\n');
        }
        return text.ToString();
    }

    public string Line(int y) => string.Concat(Enumerable.Range(0, Width).Select(x => _screen[y, x].Text)).TrimEnd(' ');

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.UTF8.GetString(bytes);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\x1b')
            {
                i = Obey(text, i + 1);
                continue;
            }
            var rune = Rune.GetRuneAt(text, i);
            i += rune.Utf16SequenceLength;
            switch (rune.Value)
            {
                case '\r': (_x, _wraps) = (0, false); break;
                case '\n': LineFeed(); break;
                case < 0x20 or 0x7f: throw new InvalidDataException($"control character U+{rune.Value:x4}");
                default: Print(rune); break;
            }
        }
    }

    private int Obey(string text, int i)
    {
        Assert.Equal('[', text[i++]);
        var start = i;
        while (text[i] is not (>= '@' and <= '~'))
            i++;
        var arguments = text[start..i];
        Control(arguments, text[i]);
        return i + 1;
    }

    private void Control(string arguments, char final)
    {
        switch (final)
        {
            case 'm': _pen = _pen.With(arguments); break;
            case 'K' when arguments is "": Erase(); break;
            case 'C': Move(_x + Number(arguments), _y); break;
            case 'G': Move(Number(arguments) - 1, _y); break;
            case 'H':
                var parts = arguments.Split(';');
                Move(parts.Length > 1 ? Number(parts[1]) - 1 : 0, Number(parts[0]) - 1);
                break;
            case 'h' or 'l' when arguments is "?2026": IsHeld = final == 'h'; break;
            default: throw new InvalidDataException($"CSI {arguments} {final}");
        }
    }

    private static int Number(string text) => text.Length == 0 ? 1 : int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);

    private void Move(int x, int y)
    {
        (_x, _y, _wraps) = (Math.Min(x, Width - 1), Math.Min(y, Height - 1), false);
    }

    private void LineFeed()
    {
        Assert.True(_y + 1 < Height, "the screen would scroll");
        _y++;
        _wraps = false;
    }

    private void Erase()
    {
        _wraps = false;
        var pen = _erasesInColor ? Pen.Default with { Background = _pen.Background } : Pen.Default;
        if (_screen[_y, _x].Text.Length == 0)
            _screen[_y, _x - 1] = new Spot(" ", _screen[_y, _x - 1].Pen);
        for (var x = _x; x < Width; x++)
            _screen[_y, x] = new Spot(" ", pen);
    }

    private void Print(Rune rune)
    {
        var kind = CharacterWidths.ClassOf(rune);
        if (kind == CharacterClass.Combining)
        {
            var at = _wraps ? _x : _x - 1;
            if (_screen[_y, at].Text.Length == 0)
                at--;
            _screen[_y, at] = _screen[_y, at] with { Text = _screen[_y, at].Text + rune };
            return;
        }
        var width = kind == CharacterClass.Wide ? 2 : 1;
        if (_wraps || _x + width > Width)
        {
            LineFeed();
            _x = 0;
        }
        for (var x = _x; x < _x + width; x++)
            Break(x);
        _screen[_y, _x] = new Spot(rune.ToString(), _pen);
        if (width == 2)
            _screen[_y, _x + 1] = new Spot("", _pen);
        _wraps = _x + width == Width;
        _x = _wraps ? Width - 1 : _x + width;
    }

    /// <summary>Half of a wide character that is written over takes the other half with it.</summary>
    private void Break(int x)
    {
        if (_screen[_y, x].Text.Length == 0 && x > 0)
            _screen[_y, x - 1] = _screen[_y, x - 1] with { Text = " " };
        if (x + 1 < Width && _screen[_y, x + 1].Text.Length == 0)
            _screen[_y, x + 1] = _screen[_y, x + 1] with { Text = " " };
    }

    private readonly record struct Spot(string Text, Pen Pen)
    {
        /// <summary>A blank shows its ground only.</summary>
        public Spot Visible() => Text == " " && !Pen.Underline && !Pen.Reverse ? this with { Pen = Pen.Default with { Background = Pen.Background } } : this;
    }

    private readonly record struct Pen(string Foreground, string Background, bool Bold, bool Underline, bool Reverse)
    {
        public static Pen Default => new("39", "49", false, false, false);

        public override string ToString() => $"{Foreground}/{Background}{(Bold ? "b" : "")}{(Underline ? "u" : "")}{(Reverse ? "r" : "")}";

        public Pen With(string arguments)
        {
            var pen = this;
            var rest = arguments.Split(';').AsSpan();
            while (!rest.IsEmpty)
            {
                var taken = 1;
                switch (rest[0])
                {
                    case "0": pen = Default; break;
                    case "1": pen = pen with { Bold = true }; break;
                    case "22": pen = pen with { Bold = false }; break;
                    case "4": pen = pen with { Underline = true }; break;
                    case "24": pen = pen with { Underline = false }; break;
                    case "7": pen = pen with { Reverse = true }; break;
                    case "27": pen = pen with { Reverse = false }; break;
                    case "38" or "48":
                        taken = rest[1] switch { "2" => 5, "5" => 3, var other => throw new InvalidDataException(other) };
                        var color = string.Join(';', rest[..taken].ToArray());
                        pen = rest[0] == "38" ? pen with { Foreground = color } : pen with { Background = color };
                        break;
                    case "49": pen = pen with { Background = "49" }; break;
                    case { Length: 2 } plain when plain[0] is '3' or '9': pen = pen with { Foreground = plain }; break;
                    default: throw new InvalidDataException($"SGR {rest[0]}");
                }
                rest = rest[taken..];
            }
            return pen;
        }
    }
}
