using System.Globalization;
using System.Text;

namespace LazyOC.Marketplace.Scanning;

/// <summary>Text of packages as it may stand in a message: cut, on one line, and without what a reader would not see.</summary>
internal static class Printable
{
    /// <summary>A text in backticks.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="maxChars">Characters that are shown of it.</param>
    public static string Quote(string text, int maxChars) => $"`{Show(text.Replace('`', '\''), maxChars)}`";

    /// <summary>A text that stands for itself.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="maxChars">Characters that are shown of it.</param>
    public static string Show(string text, int maxChars)
    {
        var shown = new StringBuilder();
        var left = maxChars;
        foreach (var rune in text.EnumerateRunes())
        {
            if (left-- == 0)
            {
                shown.Append('…');
                break;
            }
            if (IsShown(rune)) shown.Append(rune);
            else shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
        return shown.ToString();
    }

    private static bool IsShown(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark);
}
