using System.Globalization;

namespace LazyOC.Marketplace.Api;

/// <summary>What people write and other people read.</summary>
internal static class Texts
{
    /// <summary>Whether a text is a sentence on one line; null, or why not.</summary>
    public static Refusal? CheckLine(string field, string text, MarketLimits limits)
    {
        if (string.IsNullOrWhiteSpace(text)) return Refusal.Invalid(field, $"`{field}` is empty");
        return CheckCharacters(field, text, limits.MaxTextChars, allowsBreaks: false);
    }

    /// <summary>Whether a text, which may be empty and have line breaks, can be shown; null, or why not.</summary>
    public static Refusal? CheckBlock(string field, string text, int maxChars) => CheckCharacters(field, text, maxChars, allowsBreaks: true);

    private static Refusal? CheckCharacters(string field, string text, int maxChars, bool allowsBreaks)
    {
        if (text.Length > maxChars) return Refusal.Invalid(field, $"`{field}` has {text.Length:N0} characters; at most {maxChars:N0} are allowed");
        foreach (var c in text)
        {
            if (allowsBreaks && c is '\n' or '\t') continue;
            // What reorders or hides other text says one thing and shows another.
            if (char.IsControl(c) || c is >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' or '\u2028' or '\u2029')
                return Refusal.Invalid(field, string.Create(CultureInfo.InvariantCulture, $"`{field}` has the character U+{(int)c:X4}, which cannot be shown"));
        }
        return null;
    }
}
