using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;

namespace LazyOC.Tui.Panels;

/// <summary>What of an object its YAML shows.</summary>
/// <param name="MaxCharacters">Characters before it is cut.</param>
/// <param name="ManagedFields">Shows <c>metadata.managedFields</c>, which says who owns which field.</param>
/// <param name="RevealSecrets">Shows what a Secret holds instead of its length.</param>
internal sealed record YamlOptions(int MaxCharacters, bool ManagedFields = false, bool RevealSecrets = false);

/// <summary>Shows an object as YAML 1.2 the way <c>kubectl get -o yaml</c> lays it out.</summary>
internal static partial class YamlText
{
    /// <summary>The annotation in which <c>kubectl apply</c> keeps the whole object, a Secret's data included.</summary>
    public const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    private const string Cut = "# … cut here: the object is larger than a tab shows\n";

    public static string Of(JsonElement root, YamlOptions options)
    {
        var text = new StringBuilder();
        WriteBlock(text, root, 0, !IsSecret(root) ? Place.Root : options.RevealSecrets ? Place.RevealedRoot : Place.HiddenRoot, options);
        if (text.Length > options.MaxCharacters)
            text.Append(Cut);
        return text.ToString();
    }

    public static bool IsSecret(JsonElement root) => root.Text("kind") == "Secret" && root.Text("apiVersion") == "v1";

    /// <summary>Where in an object a mapping stands, as far as that decides what is shown.</summary>
    private enum Place
    {
        Elsewhere,
        Root,
        Metadata,

        /// <summary>The root of a Secret whose values are hidden.</summary>
        HiddenRoot,
        HiddenMetadata,
        HiddenAnnotations,
        HiddenData,

        /// <summary>The values of a Secret that are shown, with what they encode.</summary>
        RevealedData,
        RevealedRoot,
    }

    private static Place Inside(Place place, string name) => (place, name) switch
    {
        (Place.Root or Place.RevealedRoot, "metadata") => Place.Metadata,
        (Place.RevealedRoot, "data") => Place.RevealedData,
        (Place.HiddenRoot, "metadata") => Place.HiddenMetadata,
        (Place.HiddenRoot, "data" or "stringData") => Place.HiddenData,
        (Place.HiddenMetadata, "annotations") => Place.HiddenAnnotations,
        _ => Place.Elsewhere,
    };

    private static bool IsHidden(Place place, string name) => place == Place.HiddenData || (place == Place.HiddenAnnotations && name == LastApplied);

    /// <summary>What a base64 value encodes, when it is text.</summary>
    private static string? Decoded(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String || !value.TryGetBytesFromBase64(out var bytes) || !Utf8.IsValid(bytes))
            return null;
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Writes a mapping or sequence on lines of its own.</summary>
    private static void WriteBlock(StringBuilder text, JsonElement element, int indent, Place place, YamlOptions options)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
            {
                if (text.Length > options.MaxCharacters)
                    return;
                if (property.Name == "managedFields" && place is Place.Metadata or Place.HiddenMetadata && !options.ManagedFields)
                    continue;
                text.Append(' ', indent).Append(Scalar(property.Name)).Append(':');
                if (IsHidden(place, property.Name))
                    text.Append(CultureInfo.InvariantCulture, $" \"••••••\" # {property.Value.ToString().Length} characters, hidden\n");
                else if (place == Place.RevealedData && Decoded(property.Value) is { } decoded)
                    text.Append(' ').Append(Scalar(property.Value)).Append(" # ").Append(Quoted(decoded)).Append('\n');
                else
                    WriteValue(text, property.Value, indent, Inside(place, property.Name), options);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                if (text.Length > options.MaxCharacters)
                    return;
                WriteItem(text, item, indent, options);
            }
        }
        else
        {
            text.Append(' ', indent).Append(Scalar(element)).Append('\n');
        }
    }

    /// <summary>A sequence's item: the first line of what is inside stands behind the dash.</summary>
    private static void WriteItem(StringBuilder text, JsonElement item, int indent, YamlOptions options)
    {
        if (IsEmptyOrScalar(item))
        {
            text.Append(' ', indent).Append('-');
            WriteValue(text, item, indent, Place.Elsewhere, options);
            return;
        }
        var start = text.Length;
        WriteBlock(text, item, indent + 2, Place.Elsewhere, options);
        text[start + indent] = '-';
    }

    private static void WriteValue(StringBuilder text, JsonElement value, int indent, Place place, YamlOptions options)
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
        WriteBlock(text, value, value.ValueKind == JsonValueKind.Array ? indent : indent + 2, place, options);
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
