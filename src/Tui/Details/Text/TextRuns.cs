using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Details.Text;

/// <summary>Cuts and marks the runs of one line of text.</summary>
internal static class TextRuns
{
    /// <summary>The characters of a line, as a search sees them.</summary>
    public static string TextOf(IReadOnlyList<StyledText> runs) => runs.Count == 1 ? runs[0].Text : string.Concat(runs.Select(r => r.Text));

    /// <summary>Rows that a line takes when it is wrapped: at least one.</summary>
    public static int CountRows(IReadOnlyList<StyledText> runs, int width) => 1 + Breaks(runs, width).Count();

    /// <summary>A line in rows of at most <paramref name="width"/> cells.</summary>
    public static IEnumerable<ImmutableArray<StyledText>> Wrap(IReadOnlyList<StyledText> runs, int width)
    {
        var start = 0;
        foreach (var end in Breaks(runs, width))
        {
            yield return Slice(runs, start, end);
            start = end;
        }
        yield return Slice(runs, start, int.MaxValue);
    }

    /// <summary>A line without its first <paramref name="cells"/> cells.</summary>
    public static ImmutableArray<StyledText> Skip(IReadOnlyList<StyledText> runs, int cells)
    {
        var start = 0;
        foreach (var run in runs)
        {
            var (length, width) = CellText.Fit(run.Text, cells);
            start += length;
            cells -= width;
            if (length < run.Text.Length)
                break;
        }
        return start == 0 ? [.. runs] : Slice(runs, start, int.MaxValue);
    }

    /// <summary>The characters from <paramref name="start"/> to before <paramref name="end"/>.</summary>
    public static ImmutableArray<StyledText> Slice(IReadOnlyList<StyledText> runs, int start, int end)
    {
        var part = ImmutableArray.CreateBuilder<StyledText>();
        var at = 0;
        foreach (var run in runs)
        {
            var from = Math.Clamp(start - at, 0, run.Text.Length);
            var to = Math.Clamp(end - at, from, run.Text.Length);
            if (to > from)
                part.Add(run with { Text = run.Text[from..to] });
            at += run.Text.Length;
        }
        return part.DrainToImmutable();
    }

    /// <summary>The same line with every occurrence of what is searched for laid on <paramref name="surface"/>.</summary>
    public static IReadOnlyList<StyledText> Mark(IReadOnlyList<StyledText> runs, string query, Surface surface)
    {
        var text = TextOf(runs);
        var marked = new List<StyledText>();
        var at = 0;
        for (var found = IndexOf(text, query, 0); found >= 0; found = IndexOf(text, query, at))
        {
            marked.AddRange(Slice(runs, at, found));
            at = found + query.Length;
            marked.AddRange(Slice(runs, found, at).Select(r => r with { Style = r.Style.On(surface).Bold() }));
        }
        if (at == 0)
            return runs;
        marked.AddRange(Slice(runs, at, int.MaxValue));
        return marked;
    }

    /// <summary>Where a search finds its next occurrence: without case when the query has no capital; -1 when nowhere.</summary>
    public static int IndexOf(string text, string query, int start) => query.Length == 0 ? -1
        : text.IndexOf(query, start, query.Any(char.IsUpper) ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>Characters, counted over all runs, where a row ends and another begins.</summary>
    private static IEnumerable<int> Breaks(IReadOnlyList<StyledText> runs, int width)
    {
        var (used, at) = (0, 0);
        foreach (var (text, _) in runs)
        {
            var start = 0;
            while (start < text.Length)
            {
                var (length, cells) = CellText.Fit(text.AsSpan(start), width - used);
                if (CellText.WidthOf(text.AsSpan(start + length), enough: 0) == 0)
                {
                    used += cells;
                    break;
                }
                if (length == 0 && used == 0)
                    length = char.IsSurrogatePair(text, start) ? 2 : 1; // wider than a row: cut when drawn, but passed
                start += length;
                used = 0;
                yield return at + start;
            }
            at += text.Length;
        }
    }
}
