using System.Text;

namespace LazyOC.Tui.Details.Logs;

/// <summary>
/// Takes the control sequences of terminals out of text (ECMA-48 sections 5.4 and 5.6), so that no half of one is left as
/// letters when a frame drops the escape character.
/// </summary>
internal static class AnsiText
{
    private const char Escape = '\e';

    public static string Strip(string text)
    {
        var at = text.IndexOf(Escape, StringComparison.Ordinal);
        if (at < 0)
            return text;
        var plain = new StringBuilder(text.Length);
        var start = 0;
        while (at >= 0)
        {
            plain.Append(text, start, at - start);
            start = EndOf(text, at);
            at = text.IndexOf(Escape, start);
        }
        return plain.Append(text, start, text.Length - start).ToString();
    }

    /// <summary>Index after the sequence that begins at <paramref name="at"/>; a broken one ends where it breaks.</summary>
    private static int EndOf(string text, int at)
    {
        if (at + 1 == text.Length)
            return text.Length;
        return text[at + 1] switch
        {
            '[' => EndOfControl(text, at + 2),
            ']' or 'P' or 'X' or '^' or '_' => EndOfString(text, at + 2),
            _ => at + 1,
        };
    }

    /// <summary>Parameter bytes 30–3F, intermediate bytes 20–2F, one final byte 40–7E.</summary>
    private static int EndOfControl(string text, int i)
    {
        while (i < text.Length && text[i] is >= ' ' and <= '?')
            i++;
        return i < text.Length && text[i] is >= '@' and <= '~' ? i + 1 : i;
    }

    /// <summary>Up to BEL or the string terminator ESC \; without either it is no string, and only its opening goes.</summary>
    private static int EndOfString(string text, int i)
    {
        var end = text.AsSpan(i).IndexOfAny('\a', Escape);
        if (end < 0)
            return i;
        i += end;
        return text[i] == '\a' ? i + 1 : i + 1 < text.Length && text[i + 1] == '\\' ? i + 2 : i;
    }
}
