using LazyOC.Tui.Layout;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>Wrapped text.</summary>
internal static class Paragraph
{
    /// <summary>Draws runs as one paragraph from row <paramref name="y"/>; returns its lines.</summary>
    public static int Draw(Canvas canvas, int x, int y, IEnumerable<StyledText> runs)
    {
        var line = 0;
        foreach (var parts in TextWrap.Lines(runs, canvas.Width - x))
        {
            var column = x;
            foreach (var part in parts)
                column += canvas.Write(column, y + line, part);
            line++;
        }
        return line;
    }

    public static int Draw(Canvas canvas, int y, string text, Style style) => Draw(canvas, 0, y, [new StyledText(text, style)]);
}
