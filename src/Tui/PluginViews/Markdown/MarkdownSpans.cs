using System.Text;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews.Markdown;

/// <summary>
/// Reads what is inside a paragraph of Markdown: escapes, code, emphasis, links with their address, hard line breaks
/// (CommonMark 0.31 chapter 6). An opening mark looks for its end within <see cref="Reach"/> only, so no text costs more than
/// its length times that.
/// </summary>
internal sealed class MarkdownSpans
{
    /// <summary>Characters within which a mark must end.</summary>
    private const int Reach = 500;

    private const int MaxNesting = 8;
    private readonly List<StyledText> _runs = [];
    private readonly StringBuilder _text = new();

    private MarkdownSpans() { }

    /// <summary>The runs of a text in a style.</summary>
    public static List<StyledText> Of(ReadOnlySpan<char> text, Style style)
    {
        var spans = new MarkdownSpans();
        spans.Read(text, style, 0);
        return spans._runs;
    }

    private void Read(ReadOnlySpan<char> text, Style style, int depth)
    {
        for (var at = 0; at < text.Length;)
        {
            var taken = depth >= MaxNesting ? 0 : text[at] switch
            {
                '\\' => ReadEscape(text[at..]),
                '\n' => ReadLineEnd(),
                '`' => ReadCode(text[at..], style),
                '*' or '_' => ReadEmphasis(text, at, style, depth),
                '[' => ReadLink(text[at..], style, depth),
                '!' when text[(at + 1)..].StartsWith("[") => ReadLink(text[(at + 1)..], style, depth) is > 0 and var image ? image + 1 : 0,
                '<' => ReadAddress(text[at..], style),
                _ => 0,
            };
            if (taken == 0)
                _text.Append(text[at] == '\n' ? ' ' : text[at]);
            at += Math.Max(1, taken);
        }
        Flush(style);
    }

    private void Flush(Style style)
    {
        if (_text.Length > 0)
            _runs.Add(new StyledText(_text.ToString(), style));
        _text.Clear();
    }

    private int ReadEscape(ReadOnlySpan<char> rest)
    {
        if (rest.Length < 2 || !(char.IsAscii(rest[1]) && (char.IsPunctuation(rest[1]) || char.IsSymbol(rest[1])) || rest[1] == '\n'))
            return 0;
        _text.Append(rest[1]); // an escaped line end breaks the line
        return 2;
    }

    /// <summary>A line end is a space, after two spaces a break.</summary>
    private int ReadLineEnd()
    {
        var spaces = 0;
        while (spaces < _text.Length && _text[^(spaces + 1)] == ' ')
            spaces++;
        _text.Length -= spaces;
        _text.Append(spaces >= 2 ? '\n' : ' ');
        return 1;
    }

    private int ReadCode(ReadOnlySpan<char> rest, Style style)
    {
        var length = RunOf(rest, '`');
        var inside = rest[length..Math.Min(rest.Length, length + Reach)];
        for (var at = 0; at < inside.Length; at++)
        {
            if (inside[at] != '`')
                continue;
            var closing = RunOf(inside[at..], '`');
            if (closing == length)
            {
                Flush(style);
                var code = inside[..at].ToString().Replace('\n', ' ');
                if (code is [' ', _, .., ' '] && code.AsSpan().IndexOfAnyExcept(' ') >= 0)
                    code = code[1..^1];
                _runs.Add(new StyledText(code, new Style(Tone.Info, style.Surface, style.Attributes)));
                return 2 * length + at;
            }
            at += closing - 1;
        }
        _text.Append('`', length);
        return length;
    }

    private int ReadEmphasis(ReadOnlySpan<char> text, int at, Style style, int depth)
    {
        var mark = text[at];
        var rest = text[at..];
        var run = RunOf(rest, mark);
        var length = Math.Min(run, 2);
        if (run <= 3 && run < rest.Length && !char.IsWhiteSpace(rest[run]) && !(mark == '_' && at > 0 && char.IsLetterOrDigit(text[at - 1])))
        {
            // Three marks are emphasis around strong: the outer pair ends last.
            length = run == 3 ? 1 : run;
            var end = EndOf(rest, mark, length, run);
            if (end > 0)
            {
                Flush(style);
                var inner = length == 1 ? style with { Tone = style.Tone == Tone.Plain ? Tone.Strong : style.Tone } : style.Bold() with { Tone = style.Tone == Tone.Plain ? Tone.Strong : style.Tone };
                Read(rest[length..end], inner, depth + 1);
                return end + length;
            }
        }
        _text.Append(mark, run);
        return run;
    }

    /// <summary>Where the closing marks begin; 0 when there are none in reach.</summary>
    private static int EndOf(ReadOnlySpan<char> rest, char mark, int length, int run)
    {
        var end = Math.Min(rest.Length, Reach);
        for (var at = run; at < end; at++)
        {
            if (rest[at] == '\\')
            {
                at++;
                continue;
            }
            if (rest[at] != mark)
                continue;
            var closing = RunOf(rest[at..], mark);
            var isWord = mark == '_' && at + closing < rest.Length && char.IsLetterOrDigit(rest[at + closing]);
            if (!char.IsWhiteSpace(rest[at - 1]) && !isWord && (closing == length || closing >= 3))
                return at + closing - length;
            at += closing - 1;
        }
        return 0;
    }

    /// <summary><c>[text](address "title")</c>: the text, and the address behind it when that says more.</summary>
    private int ReadLink(ReadOnlySpan<char> rest, Style style, int depth)
    {
        var close = CloseOf(rest);
        if (close < 0 || close + 1 >= rest.Length || rest[close + 1] != '(')
            return 0;
        var target = rest[(close + 2)..Math.Min(rest.Length, close + 2 + Reach)];
        var end = target.IndexOf(')');
        if (end < 0)
            return 0;
        Flush(style);
        var address = target[..end].Trim();
        address = address[..(address.IndexOf(' ') is >= 0 and var space ? space : address.Length)].Trim("<>");
        var text = rest[1..close];
        Read(text, style with { Attributes = style.Attributes | TextAttributes.Underline }, depth + 1);
        if (!address.IsEmpty && !address.SequenceEqual(text))
            _runs.Add(new StyledText($" ({address})", Style.Muted with { Surface = style.Surface }));
        return close + 3 + end;
    }

    private static int CloseOf(ReadOnlySpan<char> rest)
    {
        var open = 0;
        for (var at = 0; at < Math.Min(rest.Length, Reach); at++)
        {
            switch (rest[at])
            {
                case '\\':
                    at++;
                    break;
                case '[':
                    open++;
                    break;
                case ']' when --open == 0:
                    return at;
            }
        }
        return -1;
    }

    /// <summary><c>&lt;https://…&gt;</c>.</summary>
    private int ReadAddress(ReadOnlySpan<char> rest, Style style)
    {
        var end = rest[..Math.Min(rest.Length, Reach)].IndexOf('>');
        if (end < 0 || rest[1..end].IndexOf("://") <= 0 || rest[1..end].ContainsAny(' ', '<', '\n'))
            return 0;
        Flush(style);
        _runs.Add(new StyledText(rest[1..end].ToString(), style with { Attributes = style.Attributes | TextAttributes.Underline }));
        return end + 1;
    }

    private static int RunOf(ReadOnlySpan<char> text, char mark) => text.IndexOfAnyExcept(mark) is >= 0 and var length ? length : text.Length;
}
