namespace LazyOC.Tui.PluginViews.Markdown;

/// <summary>What a line of Markdown begins.</summary>
internal enum MarkdownLineKind
{
    Text,
    Heading,
    Rule,
    Fence,
    Code,
    Quote,
    Item,
}

/// <summary>Tells what a line of Markdown begins (CommonMark 0.31, chapters 4 and 5).</summary>
internal static class MarkdownLine
{
    private const int CodeIndent = 4;
    private const int DeepestHeading = 6;

    /// <summary>Digits of an item's number at most.</summary>
    private const int MaxDigits = 9;

    /// <summary>The kind of a line that is not blank.</summary>
    /// <param name="line">The line.</param>
    /// <param name="nests">Whether quotes and items are told apart from text.</param>
    public static MarkdownLineKind KindOf(ReadOnlySpan<char> line, bool nests)
    {
        if (IndentOf(line) >= CodeIndent)
            return MarkdownLineKind.Code;
        var text = line.TrimStart(' ');
        if (text.IsEmpty)
            return MarkdownLineKind.Text;
        if (text[0] == '#' && text.IndexOfAnyExcept('#') is var level && (level < 0 ? text.Length <= DeepestHeading : level <= DeepestHeading && text[level] == ' '))
            return MarkdownLineKind.Heading;
        if (IsRule(text))
            return MarkdownLineKind.Rule;
        if (text.StartsWith("~~~") || text.StartsWith("```") && !text[3..].TrimStart('`').Contains('`'))
            return MarkdownLineKind.Fence;
        if (!nests)
            return MarkdownLineKind.Text;
        return text[0] == '>' ? MarkdownLineKind.Quote : ItemOf(line).Content > 0 ? MarkdownLineKind.Item : MarkdownLineKind.Text;
    }

    /// <summary>The marker of a list's item (its number with a dot, or one character) and where its content begins; 0 when the line is no item.</summary>
    public static (string Marker, int Content) ItemOf(ReadOnlySpan<char> line)
    {
        var indent = IndentOf(line);
        var text = line[indent..];
        if (text.IsEmpty)
            return ("", 0);
        var digits = text[..Math.Min(text.Length, MaxDigits + 1)].IndexOfAnyExceptInRange('0', '9');
        var length = text[0] is '-' or '*' or '+' ? 1 : digits is > 0 and <= MaxDigits && text[digits] is '.' or ')' ? digits + 1 : 0;
        if (length == 0 || length < text.Length && text[length] != ' ')
            return ("", 0);
        var spaces = text[length..].IndexOfAnyExcept(' ');
        return (length == 1 ? "•" : string.Concat(text[..digits], "."), indent + length + (spaces is > 0 and <= CodeIndent ? spaces : 1));
    }

    /// <summary>The level of the heading that a line makes of the text above it; 0 when it makes none.</summary>
    public static int UnderlineLevel(ReadOnlySpan<char> line)
    {
        var text = line.Trim(' ');
        if (text.IsEmpty || IndentOf(line) >= CodeIndent || text.IndexOfAnyExcept(text[0]) >= 0)
            return 0;
        return text[0] switch { '=' => 1, '-' => 2, _ => 0 };
    }

    /// <summary>Spaces before the text.</summary>
    public static int IndentOf(ReadOnlySpan<char> line) => line.IndexOfAnyExcept(' ') is >= 0 and var indent ? indent : line.Length;

    private static bool IsRule(ReadOnlySpan<char> text) =>
        text[0] is '-' or '*' or '_' && text.IndexOfAnyExcept(text[0], ' ') < 0 && text.Count(text[0]) >= 3;
}
