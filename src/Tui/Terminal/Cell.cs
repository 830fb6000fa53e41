namespace LazyOC.Tui.Terminal;

/// <summary>
/// One cell of a frame. A wide character fills a cell and makes the next one its continuation, whose grapheme is empty.
/// </summary>
/// <param name="Grapheme">A base character with its combining marks, already free of control characters.</param>
/// <param name="Style">How it looks.</param>
public readonly record struct Cell(string Grapheme, Style Style)
{
    /// <summary>Whether this is the right half of a wide character.</summary>
    public bool IsContinuation => Grapheme.Length == 0;

    internal static Cell Blank(Style style) => new(" ", style);
}
