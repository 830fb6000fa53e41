using System.Buffers.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// The bytes of one frame, with what they leave the terminal's cursor and style at. Each frame begins with both unknown, so
/// whatever else wrote to the terminal in between does no harm.
/// </summary>
internal sealed class OutputBuffer
{
    private const int Unknown = -1;

    /// <summary>Line feeds up to this many are shorter than a cursor sequence.</summary>
    private const int FewLines = 3;

    private byte[] _bytes = new byte[16 * 1024];
    private int _x = Unknown;
    private int _y = Unknown;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    /// <summary>The style that is set, if known.</summary>
    public Style? Style { get; private set; }

    public void Begin()
    {
        Length = 0;
        _x = _y = Unknown;
        Style = null;
    }

    public bool IsAt(int x, int y) => _x == x && _y == y;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Writes a grapheme.</summary>
    /// <param name="glyph">What to write.</param>
    /// <param name="columns">How far the cursor moves; 0 when that is not known.</param>
    public void Write(Glyph glyph, int columns)
    {
        Length += glyph.Encode(Room(Glyph.MaxUtf8));
        _x = columns == 0 ? Unknown : _x + columns;
    }

    public void Select(StylePalette palette, Style style)
    {
        Length += palette.WriteChange(Style, style, Room(StylePalette.MaxChange));
        Style = style;
    }

    /// <summary>Moves the cursor in the fewest bytes. A line feed only goes down here: the terminal is in raw mode.</summary>
    public void MoveTo(int x, int y)
    {
        if (IsAt(x, y))
            return;
        if (_y == y)
            MoveInRow(x);
        else if (_y != Unknown && y > _y && y - _y <= FewLines && (x == 0 || x == _x))
            MoveDown(x, y - _y);
        else
            MoveAnywhere(x, y);
        _x = x;
        _y = y;
    }

    private void MoveInRow(int x)
    {
        if (x == 0)
            Write("\r"u8);
        else if (_x != Unknown && x > _x)
            Sequence(x - _x, 'C');
        else
            Sequence(x + 1, 'G');
    }

    private void MoveDown(int x, int rows)
    {
        if (x != _x)
            Write("\r"u8);
        Write("\n\n\n"u8[..rows]);
    }

    private void MoveAnywhere(int x, int y)
    {
        Write("\x1b["u8);
        Number(y + 1);
        if (x > 0)
        {
            Write(";"u8);
            Number(x + 1);
        }
        Write("H"u8);
    }

    private void Sequence(int count, char final)
    {
        Write("\x1b["u8);
        if (count != 1)
            Number(count);
        Room(1)[0] = (byte)final;
        Length++;
    }

    private void Number(int value)
    {
        Utf8Formatter.TryFormat(value, Room(11), out var written);
        Length += written;
    }

    private Span<byte> Room(int bytes)
    {
        if (_bytes.Length - Length < bytes)
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + bytes));
        return _bytes.AsSpan(Length);
    }
}
