using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Layout;

/// <summary>Breaks runs of styled text into lines: at spaces, inside a word only when it is wider than a line.</summary>
internal static class TextWrap
{
    /// <summary>Lines of at most <paramref name="width"/> cells; line feeds in the text begin a new one.</summary>
    public static IEnumerable<List<StyledText>> Lines(IEnumerable<StyledText> runs, int width)
    {
        if (width <= 0)
            yield break;
        var line = new List<StyledText>();
        var used = 0;
        foreach (var (piece, style, isBreak) in runs.SelectMany(Pieces))
        {
            if (isBreak)
            {
                yield return line;
                (line, used) = ([], 0);
                continue;
            }
            var rest = piece;
            while (rest.Length > 0)
            {
                var wide = CellText.WidthOf(rest);
                if (used + wide <= width)
                {
                    line.Add(new StyledText(rest, style));
                    used += wide;
                    break;
                }
                if (rest is " ")
                    break; // a space that does not fit is where the line breaks
                if (used > 0)
                {
                    yield return line;
                    (line, used) = ([], 0);
                    continue;
                }
                // A wide character in a single column is cut by the canvas; it must not stop the line.
                var length = Math.Max(rest.Length > 1 && char.IsSurrogatePair(rest, 0) ? 2 : 1, CellText.Fit(rest, width).Length);
                yield return [new StyledText(rest[..length], style)];
                rest = rest[length..];
            }
        }
        yield return line;
    }

    /// <summary>Words, single spaces and line breaks of a run.</summary>
    private static IEnumerable<(string Piece, Style Style, bool IsBreak)> Pieces(StyledText run)
    {
        var text = run.Text;
        for (var start = 0; start < text.Length;)
        {
            if (text[start] is '\n')
            {
                yield return ("", run.Style, true);
                start++;
            }
            else if (text[start] is ' ')
            {
                yield return (" ", run.Style, false);
                start++;
            }
            else
            {
                var end = text.AsSpan(start).IndexOfAny(' ', '\n');
                var next = end < 0 ? text.Length : start + end;
                yield return (text[start..next], run.Style, false);
                start = next;
            }
        }
    }
}
