namespace LazyOC.Tui.Terminal;

/// <summary>
/// One cell of a frame: a grapheme and its style in eight bytes, so that rows compare as memory. A wide character fills a
/// cell and makes the next one its continuation, whose grapheme is empty.
/// </summary>
public readonly record struct Cell
{
    private readonly ulong _bits; // glyph << 32 | attributes << 16 | surface << 8 | tone

    internal Cell(Glyph glyph, Style style) =>
        _bits = (ulong)glyph.Code << 32 | (uint)((byte)style.Attributes << 16 | (byte)style.Surface << 8 | (byte)style.Tone);

    /// <summary>A base character with its combining marks, already free of control characters; empty in a continuation.</summary>
    public string Grapheme => Glyph.ToString();

    /// <summary>How it looks.</summary>
    public Style Style => new((Tone)(byte)_bits, (Surface)(byte)(_bits >> 8), (TextAttributes)(byte)(_bits >> 16));

    /// <summary>Whether this is the right half of a wide character.</summary>
    public bool IsContinuation => Glyph == Glyph.Continuation;

    internal Glyph Glyph => new((uint)(_bits >> 32));

    internal static Cell Blank(Style style) => new(Glyph.Space, style);
}
