using System.Buffers;
using System.Text;

namespace LazyOC.Tui.Terminal;

/// <summary>
/// Reads any text as what may be drawn: base characters with at most <see cref="MaxMarks"/> combining marks, each one or
/// two cells wide. Measuring and drawing both read through this, so they cannot disagree.
/// </summary>
internal ref struct GraphemeReader(ReadOnlySpan<char> text)
{
    /// <summary>Marks kept on one base; more is an attack on the reader's eyes.</summary>
    private const int MaxMarks = 2;

    private const int FirstRegionalIndicator = 0x1F1E6;

    private ReadOnlySpan<char> _rest = text;
    private Rune _base;
    private ReadOnlySpan<char> _tail;

    /// <summary>Cells of the current grapheme: 1 or 2.</summary>
    public int Width { get; private set; }

    /// <summary>Characters not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>Moves to the next grapheme; false at the end.</summary>
    public bool Read()
    {
        while (Next(out var rune))
        {
            var kind = CharacterWidths.ClassOf(rune);
            if (kind is CharacterClass.Dropped or CharacterClass.Combining)
                continue; // a mark without a base has nothing to stand on
            _base = kind switch
            {
                CharacterClass.Space => new Rune(' '),
                CharacterClass.Invalid => Rune.ReplacementChar,
                // Terminals disagree on flags: a regional indicator is shown as its letter.
                _ when rune.Value is >= FirstRegionalIndicator and < FirstRegionalIndicator + 26 => new Rune('A' + rune.Value - FirstRegionalIndicator),
                _ => rune,
            };
            Width = kind == CharacterClass.Wide ? 2 : 1;
            _tail = _base.Value < 0x7F && (_rest.IsEmpty || _rest[0] < 0x300) ? default : TakeMarks();
            return true;
        }
        return false;
    }

    /// <summary>The current grapheme.</summary>
    public readonly Glyph Glyph()
    {
        if (_tail.IsEmpty)
            return Terminal.Glyph.Of(_base);
        Span<char> cluster = stackalloc char[2 * (1 + MaxMarks)];
        var length = _base.EncodeToUtf16(cluster);
        var marks = 0;
        foreach (var rune in _tail.EnumerateRunes())
        {
            if (CharacterWidths.ClassOf(rune) == CharacterClass.Combining && marks++ < MaxMarks)
                length += rune.EncodeToUtf16(cluster[length..]);
        }
        return Terminal.Glyph.OfCluster(cluster[..length]);
    }

    private ReadOnlySpan<char> TakeMarks()
    {
        var start = _rest;
        var taken = 0;
        var any = false;
        while (Rune.DecodeFromUtf16(start[taken..], out var rune, out var length) == OperationStatus.Done)
        {
            var kind = CharacterWidths.ClassOf(rune);
            if (kind is not (CharacterClass.Combining or CharacterClass.Dropped))
                break;
            any |= kind == CharacterClass.Combining;
            taken += length;
        }
        _rest = start[taken..];
        return any ? start[..taken] : default;
    }

    private bool Next(out Rune rune)
    {
        if (_rest.IsEmpty)
        {
            rune = default;
            return false;
        }
        Rune.DecodeFromUtf16(_rest, out rune, out var length); // U+FFFD for a lone surrogate
        _rest = _rest[length..];
        return true;
    }
}
