using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Text in which some characters stand out.</summary>
internal static class HighlightedText
{
    /// <summary>
    /// Writes into <paramref name="width"/> cells, longer text with an ellipsis; <paramref name="marked"/> are the indices of
    /// the characters that stand out, ascending. Returns the cells it takes.
    /// </summary>
    public static int Write(Canvas canvas, int x, int y, int width, string text, ImmutableArray<int> marked, Style plain, Style highlight)
    {
        if (width <= 0)
            return 0;
        var cut = CellText.WidthOf(text, width) > width;
        var room = cut ? width - 1 : width;
        var (column, next, at) = (0, 0, 0);
        var reader = new GraphemeReader(text);
        while (reader.Read() && column + reader.Width <= room)
        {
            var end = text.Length - reader.Remaining;
            while (next < marked.Length && marked[next] < at)
                next++;
            var stands = next < marked.Length && marked[next] < end;
            column += canvas.Write(x + column, y, text.AsSpan(at, end - at), stands ? highlight : plain);
            at = end;
        }
        if (cut)
            column += canvas.Write(x + column, y, "…", plain);
        return column;
    }
}
