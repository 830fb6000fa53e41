using System.Text;
using System.Text.RegularExpressions;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>
/// Regular expressions of JSON Schema, ECMA-262's, as .NET reads them. They run without backtracking, so that no pattern and
/// no text makes them slow; look-around and back-references are therefore not taken.
/// </summary>
internal static class SchemaPattern
{
    /// <summary>Reads a pattern; null when it is not one that is taken.</summary>
    public static Regex? TryRead(string pattern, SchemaLimits limits)
    {
        if (pattern.Length > limits.MaxPatternLength) return null;
        try
        {
            return new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, limits.PatternTimeout);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>ECMA-262's <c>\d</c> and <c>\w</c> are ASCII's, and its <c>$</c> is the end and not the line break before it.</summary>
    private static string Translate(string pattern)
    {
        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '\\' && i + 1 < pattern.Length)
            {
                text.Append(Escape(pattern[++i], inClass));
                continue;
            }
            if (c == '[') inClass = true;
            else if (c == ']') inClass = false;
            if (c == '$' && !inClass) text.Append(@"\z");
            else text.Append(c);
        }
        return text.ToString();
    }

    private static string Escape(char escaped, bool inClass) => (escaped, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('w', false) => "[A-Za-z0-9_]",
        ('w', true) => "A-Za-z0-9_",
        ('D', false) => "[^0-9]",
        ('W', false) => "[^A-Za-z0-9_]",
        _ => $"\\{escaped}",
    };
}
