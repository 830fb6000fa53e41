using System.Globalization;
using System.Text;
using System.Text.Json;

namespace LazyOC.Plugins.Contracts.Schemas;

/// <summary>A text that two JSON values share exactly when they are equal: keys in any order, <c>1</c> the same as <c>1.0</c>.</summary>
internal static class JsonIdentity
{
    public static string Of(JsonElement value, int maxDigits)
    {
        var text = new StringBuilder();
        Append(text, value, maxDigits);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value, int maxDigits)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    AppendText(text, member.Name);
                    Append(text, member.Value, maxDigits);
                }
                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray()) Append(text, item, maxDigits);
                text.Append(']');
                break;
            case JsonValueKind.String:
                AppendText(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(ExactNumber.TryParse(value.GetRawText(), maxDigits, out var number) ? number.ToString() : value.GetRawText()).Append(',');
                break;
            default:
                text.Append(value.ValueKind == JsonValueKind.True ? 't' : value.ValueKind == JsonValueKind.False ? 'f' : 'n');
                break;
        }
    }

    // The length first, so that no text can look like the end of another.
    private static void AppendText(StringBuilder text, string value) => text.Append(CultureInfo.InvariantCulture, $"\"{value.Length}:{value}");
}
