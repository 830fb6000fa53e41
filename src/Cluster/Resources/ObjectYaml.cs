using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;

namespace LazyOC.Cluster.Resources;

/// <summary>Reads an object that a user wrote as YAML, with the types that <c>kubectl</c> gives its values.</summary>
/// <remarks>Plain values are what go-yaml takes them for: <c>yes</c> is a boolean and <c>0644</c> is octal, as in YAML 1.1. Tags are not looked at.</remarks>
public static partial class ObjectYaml
{
    /// <summary>The object as JSON.</summary>
    /// <param name="text">One document.</param>
    /// <param name="limits">Bounds; null takes <see cref="ClusterLimits.Default"/>.</param>
    /// <exception cref="FormatException">It is no object in one YAML document, or too large; the message says what and where.</exception>
    public static JsonElement Parse(string text, ClusterLimits? limits = null)
    {
        limits ??= ClusterLimits.Default;
        if (Documents().Count(text.TrimStart()) > (text.TrimStart().StartsWith("---", StringComparison.Ordinal) ? 1 : 0))
            throw new FormatException("the text holds several documents; write one object");
        YamlNode? root;
        try
        {
            root = YamlTree.Parse("line", text, limits);
        }
        catch (KubeconfigException wrong)
        {
            throw new FormatException(wrong.Message, wrong);
        }
        if (root is not YamlMapping) throw new FormatException("the text holds no object");
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
            Write(json, root, limits.MaxYamlBytes);
        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = limits.MaxYamlDepth + 2 });
        return JsonElement.ParseValue(ref reader);
    }

    // Aliases share the node they name, so what is written is bounded, not what was read.
    private static void Write(Utf8JsonWriter json, YamlNode node, long maxBytes)
    {
        if (json.BytesCommitted + json.BytesPending > maxBytes) throw new FormatException($"the object has more than {maxBytes:N0} bytes as JSON");
        switch (node)
        {
            case YamlMapping mapping:
                json.WriteStartObject();
                foreach (var (key, value) in mapping.Entries)
                {
                    json.WritePropertyName(key);
                    Write(json, value, maxBytes);
                }
                json.WriteEndObject();
                break;
            case YamlSequence sequence:
                json.WriteStartArray();
                foreach (var item in sequence.Items)
                    Write(json, item, maxBytes);
                json.WriteEndArray();
                break;
            case YamlScalar scalar:
                WriteScalar(json, scalar);
                break;
        }
    }

    private static void WriteScalar(Utf8JsonWriter json, YamlScalar scalar)
    {
        var text = scalar.Value;
        if (!scalar.IsPlain)
            json.WriteStringValue(text);
        else if (scalar.IsNull)
            json.WriteNullValue();
        else if (text is "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y")
            json.WriteBooleanValue(true);
        else if (text is "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N")
            json.WriteBooleanValue(false);
        else if (Octal().IsMatch(text))
            WriteInteger(json, text, text.TrimStart('0', 'o'), 8);
        else if (Hexadecimal().IsMatch(text))
            WriteInteger(json, text, text[2..], 16);
        else if (Integer().IsMatch(text))
            json.WriteRawValue(text.TrimStart('+'));
        else if (Real().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            json.WriteStringValue(text);
    }

    private static void WriteInteger(Utf8JsonWriter json, string text, string digits, int radix)
    {
        try
        {
            json.WriteNumberValue(digits.Length == 0 ? 0 : Convert.ToInt64(digits, radix));
        }
        catch (OverflowException)
        {
            json.WriteStringValue(text);
        }
    }

    [GeneratedRegex(@"^---(\s|$)", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Documents();

    [GeneratedRegex(@"\A0o?[0-7]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Octal();

    [GeneratedRegex(@"\A0x[0-9a-fA-F]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Hexadecimal();

    [GeneratedRegex(@"\A([-+]?[1-9][0-9]*|[-+]?0)\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Integer();

    [GeneratedRegex(@"\A[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Real();
}
