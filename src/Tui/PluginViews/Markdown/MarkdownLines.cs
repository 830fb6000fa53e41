using LazyOC.Tui.Layout;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews.Markdown;

/// <summary>
/// Breaks Markdown into lines: the part of CommonMark 0.31 that prose in a panel needs. Headings, paragraphs, quotes,
/// lists, fenced and indented code and rules, nested up to <see cref="MaxNesting"/>; see <see cref="MarkdownSpans"/> for what
/// is inside a line. HTML, tables and link references are shown as they are written.
/// </summary>
internal sealed class MarkdownLines
{
    /// <summary>Quotes and lists inside each other; what is deeper is shown as it is written.</summary>
    private const int MaxNesting = 16;

    private const int CodeIndent = 4;
    private readonly List<StyledText[]> _lines = [];
    private readonly int _width;

    private MarkdownLines(int width) => _width = width;

    /// <summary>Lines of at most <paramref name="width"/> cells.</summary>
    public static List<StyledText[]> Of(string markdown, int width)
    {
        var lines = new MarkdownLines(width);
        var source = new List<ReadOnlyMemory<char>>();
        var hidden = Math.Max(0, markdown.Length - TuiLimits.Default.MarkdownCharacters);
        var text = markdown[..^hidden].Replace("\t", "    ", StringComparison.Ordinal).AsMemory();
        foreach (var range in text.Span.Split('\n'))
            source.Add(text[range].TrimEnd('\r'));
        lines.AddBlocks(source, new Margin(null, default, default), 0);
        if (hidden > 0)
            lines._lines.Add([new StyledText($"… {Widgets.Scale.Format(hidden)} more characters", Style.Muted)]);
        return lines._lines;
    }

    private void AddBlocks(List<ReadOnlyMemory<char>> source, Margin margin, int depth)
    {
        var (isFirst, isApart) = (true, false);
        for (var at = 0; at < source.Count;)
        {
            if (IsBlank(source[at].Span))
            {
                isApart = true;
                at++;
                continue;
            }
            var kind = MarkdownLine.KindOf(source[at].Span, depth < MaxNesting);
            if (!isFirst && (isApart || !margin.IsTight))
                _lines.Add(margin.Next());
            (isFirst, isApart) = (false, false);
            at = kind switch
            {
                MarkdownLineKind.Heading => AddHeading(source, at, margin),
                MarkdownLineKind.Rule => AddRule(at, margin),
                MarkdownLineKind.Fence => AddFence(source, at, margin),
                MarkdownLineKind.Code => AddCode(source, at, margin),
                MarkdownLineKind.Quote => AddQuote(source, at, margin, depth),
                MarkdownLineKind.Item => AddList(source, at, margin, depth),
                _ => AddParagraph(source, at, margin, depth < MaxNesting),
            };
        }
    }

    private int AddHeading(List<ReadOnlyMemory<char>> source, int at, Margin margin)
    {
        var line = source[at].Trim(' ');
        var level = line.Span.IndexOfAnyExcept('#') is >= 0 and var length ? length : line.Length;
        AddText(line[level..].Trim(' ').TrimEnd('#').TrimEnd(' '), HeadingStyle(level), margin);
        return at + 1;
    }

    private static Style HeadingStyle(int level) => level switch
    {
        1 => Style.Accent.Bold() with { Attributes = TextAttributes.Bold | TextAttributes.Underline },
        2 => Style.Accent.Bold(),
        _ => Style.Strong,
    };

    private int AddRule(int at, Margin margin)
    {
        var start = margin.Next();
        _lines.Add([.. start, new StyledText(new string('─', Math.Max(1, _width - margin.Width)), new Style(Tone.Border))]);
        return at + 1;
    }

    private int AddFence(List<ReadOnlyMemory<char>> source, int at, Margin margin)
    {
        var open = source[at].Span.TrimStart(' ');
        var indent = source[at].Length - open.Length;
        var mark = open[0];
        var length = open.IndexOfAnyExcept(mark) is >= 0 and var found ? found : open.Length;
        var language = open[length..].Trim(' ').ToString();
        for (at++; at < source.Count; at++)
        {
            var line = source[at].Span;
            var close = line.Trim(' ');
            if (close.Length >= length && close.IndexOfAnyExcept(mark) < 0)
                return at + 1;
            AddCodeLine(line[Math.Min(indent, Math.Max(0, line.IndexOfAnyExcept(' ')))..], language, margin);
        }
        return at;
    }

    private int AddCode(List<ReadOnlyMemory<char>> source, int at, Margin margin)
    {
        var end = at;
        while (end < source.Count && (IsBlank(source[end].Span) || MarkdownLine.IndentOf(source[end].Span) >= CodeIndent))
            end++;
        var last = end;
        while (IsBlank(source[last - 1].Span))
            last--;
        for (; at < last; at++)
            AddCodeLine(source[at].Length > CodeIndent ? source[at].Span[CodeIndent..] : "", null, margin);
        return end;
    }

    /// <summary>A line of code is not broken but cut.</summary>
    private void AddCodeLine(ReadOnlySpan<char> line, string? language, Margin margin)
    {
        var parts = new List<StyledText>(margin.Next()) { new("  ", Style.Plain) };
        var room = Math.Max(1, _width - margin.Width - 2);
        var isCut = CellText.WidthOf(line, room) > room;
        var shown = isCut ? line[..CellText.Fit(line, room - 1).Length] : line;
        if (language is "json" or "yaml" or "log")
            parts.AddRange(CodeColors.Runs(shown, language));
        else
            parts.Add(new StyledText(shown.ToString(), new Style(Tone.Info)));
        if (isCut)
            parts.Add(new StyledText("…", Style.Muted));
        _lines.Add([.. parts]);
    }

    private int AddQuote(List<ReadOnlyMemory<char>> source, int at, Margin margin, int depth)
    {
        var inner = new List<ReadOnlyMemory<char>>();
        for (; at < source.Count && MarkdownLine.KindOf(source[at].Span, nests: true) == MarkdownLineKind.Quote; at++)
        {
            var line = source[at].TrimStart(' ')[1..];
            inner.Add(line.Length > 0 && line.Span[0] == ' ' ? line[1..] : line);
        }
        var bar = new StyledText("│ ", new Style(Tone.Border));
        AddBlocks(inner, new Margin(margin, bar, bar), depth + 1);
        return at;
    }

    private int AddList(List<ReadOnlyMemory<char>> source, int at, Margin margin, int depth)
    {
        while (true)
        {
            var (marker, content) = MarkdownLine.ItemOf(source[at].Span);
            var inner = new List<ReadOnlyMemory<char>> { source[at][Math.Min(content, source[at].Length)..] };
            for (at++; at < source.Count && Belongs(source, at, content); at++)
                inner.Add(source[at][Math.Min(content, MarkdownLine.IndentOf(source[at].Span))..]);
            var bullet = marker.Length == 1 ? "• " : marker + " ";
            var own = new Margin(margin, new StyledText(bullet, Style.Muted), new StyledText(new string(' ', bullet.Length), Style.Plain)) { IsTight = true };
            AddBlocks(inner, own, depth + 1);
            if (!own.IsUsed)
                _lines.Add(own.Next()); // an item without content
            var next = at;
            while (next < source.Count && IsBlank(source[next].Span))
                next++;
            if (next == source.Count || !IsSibling(source[next].Span, marker.Length == 1))
                return at;
            at = next;
        }
    }

    /// <summary>Whether a line is the next item of a list: bullets and numbers do not mix.</summary>
    private static bool IsSibling(ReadOnlySpan<char> line, bool isBullet) =>
        MarkdownLine.KindOf(line, nests: true) == MarkdownLineKind.Item && MarkdownLine.ItemOf(line).Marker.Length == 1 == isBullet;

    /// <summary>Whether a line goes on with the item: it is indented as far as the content, or blank before such a line, or text after text.</summary>
    private static bool Belongs(List<ReadOnlyMemory<char>> source, int at, int content)
    {
        var line = source[at].Span;
        if (IsBlank(line))
            return at + 1 < source.Count && !IsBlank(source[at + 1].Span) && MarkdownLine.IndentOf(source[at + 1].Span) >= content;
        return MarkdownLine.IndentOf(line) >= content || !IsBlank(source[at - 1].Span) && MarkdownLine.KindOf(line, nests: true) == MarkdownLineKind.Text;
    }

    private int AddParagraph(List<ReadOnlyMemory<char>> source, int at, Margin margin, bool nests)
    {
        var start = at;
        for (at++; at < source.Count; at++)
        {
            var line = source[at].Span;
            if (MarkdownLine.UnderlineLevel(line) is > 0 and var level)
            {
                AddText(Join(source, start, at), HeadingStyle(level), margin);
                return at + 1;
            }
            // Indented code cannot interrupt a paragraph.
            if (IsBlank(line) || MarkdownLine.KindOf(line, nests) is not (MarkdownLineKind.Text or MarkdownLineKind.Code))
                break;
        }
        AddText(Join(source, start, at), Style.Plain, margin);
        return at;
    }

    private void AddText(ReadOnlyMemory<char> text, Style style, Margin margin)
    {
        foreach (var line in TextWrap.Lines(MarkdownSpans.Of(text.Span, style), Math.Max(1, _width - margin.Width)))
            _lines.Add([.. margin.Next(), .. line]);
    }

    /// <summary>The lines of a paragraph, without their indentation.</summary>
    private static ReadOnlyMemory<char> Join(List<ReadOnlyMemory<char>> source, int from, int to) =>
        to - from == 1 ? source[from].Trim(' ') : string.Join('\n', source[from..to].Select(l => l.TrimStart(' ').ToString())).AsMemory();

    private static bool IsBlank(ReadOnlySpan<char> line) => line.IndexOfAnyExcept(' ') < 0;

    /// <summary>What stands left of the lines inside a quote or an item.</summary>
    /// <param name="outer">The margin this one is inside of.</param>
    /// <param name="first">Its part of the first line.</param>
    /// <param name="rest">Its part of the other lines.</param>
    private sealed class Margin(Margin? outer, StyledText first, StyledText rest)
    {
        public bool IsUsed { get; private set; }

        /// <summary>Whether an empty line is only where the source has one.</summary>
        public bool IsTight { get; init; }

        public int Width => outer is null ? 0 : outer.Width + rest.Text.Length;

        /// <summary>The start of the next line.</summary>
        public StyledText[] Next()
        {
            if (outer is null)
                return [];
            StyledText[] start = [.. outer.Next(), IsUsed ? rest : first];
            IsUsed = true;
            return start;
        }
    }
}
