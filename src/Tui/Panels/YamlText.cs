using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LazyOC.Tui.Panels;

/// <summary>Shows an object as YAML 1.2 the way <c>kubectl get -o yaml</c> lays it out, without <c>managedFields</c>.</summary>
internal static partial class YamlText
{
    private const string Cut = "# … cut here: the object is larger than a tab shows\n";

    public static string Of(JsonElement root, int maxCharacters)
    {
        var text = new StringBuilder();
        WriteBlock(text, root, 0, maxCharacters);
        if (text.Length > maxCharacters)
            text.Append(Cut);
        return text.ToString();
    }

    /// <summary>Writes a mapping or sequence on lines of its own.</summary>
    private static void WriteBlock(StringBuilder text, JsonElement element, int indent, int max)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (text.Length > max)
                    return;
                if (property.Name == "managedFields")
                    continue;
                text.Append(' ', indent).Append(Scalar(property.Name)).Append(':');
                WriteValue(text, property.Value, indent, max);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (text.Length > max)
                    return;
                WriteItem(text, item, indent, max);
            }
        }
        else
        {
            text.Append(' ', indent).Append(Scalar(element)).Append('\n');
        }
    }

    /// <summary>A sequence's item: the first line of what is inside stands behind the dash.</summary>
    private static void WriteItem(StringBuilder text, JsonElement item, int indent, int max)
    {
        if (IsEmptyOrScalar(item))
        {
            text.Append(' ', indent).Append('-');
            WriteValue(text, item, indent, max);
            return;
        }
        var start = text.Length;
        WriteBlock(text, item, indent + 2, max);
        if (text.Length == start)
            text.Append(' ', indent).Append("- {}\n"); // everything inside was left out
        else
            text[start + indent] = '-';
    }

    private static void WriteValue(StringBuilder text, JsonElement value, int indent, int max)
    {
        if (value.ValueKind == JsonValueKind.String && value.GetString() is { } lines && Literal().IsMatch(lines))
        {
            WriteLiteral(text, lines, indent + 2);
            return;
        }
        if (IsEmptyOrScalar(value))
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
            return;
        }
        text.Append('\n');
        WriteBlock(text, value, value.ValueKind == JsonValueKind.Array ? indent : indent + 2, max);
    }

    /// <summary>A literal block scalar (YAML 1.2 section 8.1.2).</summary>
    private static void WriteLiteral(StringBuilder text, string value, int indent)
    {
        text.Append(value.EndsWith('\n') ? " |\n" : " |-\n");
        foreach (var line in value.AsSpan().TrimEnd('\n').EnumerateLines())
            text.Append(' ', line.IsEmpty ? 0 : indent).Append(line).Append('\n');
    }

    private static bool IsEmptyOrScalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => true,
    };

    private static string Scalar(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Scalar(value.GetString()!),
        JsonValueKind.Object => "{}",
        JsonValueKind.Array => "[]",
        _ => value.GetRawText(),
    };

    /// <summary>Plain when nothing can take it for something else, otherwise in double quotes.</summary>
    private static string Scalar(string value) =>
        Plain().IsMatch(value) && !Typed().IsMatch(value) && !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal) ? value : Quoted(value);

    /// <summary>Double-quoted style (YAML 1.2 section 7.3.1); whatever is not printable is escaped.</summary>
    private static string Quoted(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                _ when char.IsControl(c) || c is '\u2028' or '\u2029' or '\ufeff' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => text.Append(c),
            };
        }
        return text.Append('"').ToString();
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_./$(+^<;\\][^\p{C}\u2028\u2029]*(?<![\s:])\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Plain();

    /// <summary>What YAML 1.1 or 1.2 readers take for a boolean, null, number or time.</summary>
    [GeneratedRegex(@"\A(true|false|yes|no|on|off|y|n|null|[-+.]?[0-9][0-9_.,:a-fxot+-]*( .*)?|[-+]?\.(inf|nan))\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Typed();

    /// <summary>Several lines that a literal block shows as they are: printable, the first not indented, one line end at most at the end.</summary>
    [GeneratedRegex(@"\A[^\s\p{C}][^\p{Cc}\u2028\u2029\ufeff]*(\n+[^\n\p{Cc}\u2028\u2029\ufeff]+)*\n?\z(?<=\n.*)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Literal();
}
