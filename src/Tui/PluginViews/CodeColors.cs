using System.Buffers;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>A piece of a line of code that looks the same.</summary>
internal readonly record struct CodeToken(int Length, Style Style);

/// <summary>
/// Divides one line of YAML, JSON or a log into pieces, with the little colour a glance needs. It knows nothing of the
/// lines before, so any line costs what it is long.
/// </summary>
internal ref struct CodeColors(ReadOnlySpan<char> line, string? language)
{
    /// <summary>Characters of a log line in which its level is looked for.</summary>
    private const int LevelWithin = 200;

    private static readonly SearchValues<char> ValueEnds = SearchValues.Create(",]} \t");
    private static readonly SearchValues<char> Marks = SearchValues.Create(" \t{}[]:,");
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private readonly ReadOnlySpan<char> _line = line;
    private readonly Style _plain = language == "log" ? LogStyle(line[..Math.Min(line.Length, LevelWithin)]) : Style.Plain;
    private int _at;
    private bool _afterKey;

    /// <summary>A whole line as styled text.</summary>
    public static List<StyledText> Runs(ReadOnlySpan<char> line, string? language)
    {
        var runs = new List<StyledText>();
        var at = 0;
        foreach (var token in new CodeColors(line, language))
        {
            runs.Add(new StyledText(line.Slice(at, token.Length).ToString(), token.Style));
            at += token.Length;
        }
        return runs;
    }

    public CodeToken Current { get; private set; }

    public readonly CodeColors GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_at >= _line.Length)
            return false;
        var rest = _line[_at..];
        Current = language switch
        {
            "json" => Json(rest),
            "yaml" => _afterKey ? YamlValue(rest) : YamlStart(rest),
            "log" when _at == 0 && TimeLength(rest) is > 0 and var length => new CodeToken(length, Style.Muted),
            _ => new CodeToken(rest.Length, _plain),
        };
        _at += Current.Length;
        return true;
    }

    private static CodeToken Json(ReadOnlySpan<char> rest)
    {
        if (rest[0] == '"')
        {
            var end = 1;
            while (end < rest.Length && rest[end] != '"')
                end += rest[end] == '\\' ? 2 : 1;
            end = Math.Min(end + 1, rest.Length);
            var isKey = rest[end..].TrimStart(' ').StartsWith(":");
            return new CodeToken(end, isKey ? Style.Accent : Style.Plain);
        }
        if (char.IsAsciiLetterOrDigit(rest[0]) || rest[0] == '-')
        {
            var end = rest.IndexOfAny(ValueEnds);
            return new CodeToken(end < 0 ? rest.Length : end, new Style(Tone.Info));
        }
        var next = rest.IndexOfAnyExcept(Marks);
        return new CodeToken(next < 0 ? rest.Length : Math.Max(1, next), Style.Muted);
    }

    /// <summary>Indentation with the dashes of a sequence, a comment, or a key; what follows is a value.</summary>
    private CodeToken YamlStart(ReadOnlySpan<char> rest)
    {
        var indent = rest.IndexOfAnyExcept(' ');
        if (indent < 0)
            return new CodeToken(rest.Length, Style.Plain);
        if (indent > 0)
            return new CodeToken(indent, Style.Plain);
        if (rest[0] == '#')
            return new CodeToken(rest.Length, Style.Muted);
        if (rest.StartsWith("- ") || rest is "-")
            return new CodeToken(1, Style.Muted);
        _afterKey = true;
        var key = KeyLength(rest);
        return key > 0 ? new CodeToken(key, Style.Accent) : YamlValue(rest);
    }

    private static CodeToken YamlValue(ReadOnlySpan<char> rest)
    {
        if (rest[0] is ':' or ' ')
        {
            var next = rest.IndexOfAnyExcept(' ', ':');
            return new CodeToken(next < 0 ? rest.Length : next, Style.Muted);
        }
        if (rest[0] == '#')
            return new CodeToken(rest.Length, Style.Muted);
        var value = rest.TrimEnd(' ');
        return new CodeToken(rest.Length, value is "true" or "false" or "null" or "~" || IsNumber(value) ? new Style(Tone.Info) : Style.Plain);
    }

    private static bool IsNumber(ReadOnlySpan<char> value) => (char.IsAsciiDigit(value[0]) || value[0] is '-' && value.Length > 1) && value[1..].IndexOfAnyExcept(Digits) < 0;

    /// <summary>Characters up to a key's colon; 0 when the line has no key.</summary>
    private static int KeyLength(ReadOnlySpan<char> rest)
    {
        if (rest[0] is '"' or '\'')
        {
            var close = rest[1..].IndexOf(rest[0]);
            return close >= 0 && close + 2 < rest.Length && rest[close + 2] == ':' ? close + 2 : 0;
        }
        if (rest[0] is '|' or '>' or '{' or '[' or '&' or '*')
            return 0;
        var colon = rest.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 ? colon : rest[^1] == ':' ? rest.Length - 1 : 0;
    }

    /// <summary>Characters of the RFC 3339 time at the start of a log line.</summary>
    private static int TimeLength(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(' ');
        return end >= 20 && rest[4] == '-' && rest[10] == 'T' && char.IsAsciiDigit(rest[0]) ? end : 0;
    }

    private static Style LogStyle(ReadOnlySpan<char> line) =>
        line.Contains("error", StringComparison.OrdinalIgnoreCase) || line.Contains("fatal", StringComparison.OrdinalIgnoreCase) || line.Contains("panic", StringComparison.OrdinalIgnoreCase) ? Style.Error
        : line.Contains("warn", StringComparison.OrdinalIgnoreCase) ? new Style(Tone.Warn)
        : Style.Plain;
}
