using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts;

/// <summary>A plugin's identity, <c>publisher.name</c>: <c>^[a-z][a-z0-9-]{1,38}\.[a-z][a-z0-9-]{1,62}$</c>.</summary>
/// <remarks>Ordered and compared ordinally; it is also a safe file name on every platform.</remarks>
[JsonConverter(typeof(Converter))]
public readonly record struct PluginId : IComparable<PluginId>
{
    private const int MaxPublisherLength = 39;
    private const int MaxNameLength = 63;

    private static readonly SearchValues<char> LabelCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? _text;

    private PluginId(string text) => _text = text;

    /// <summary>The part before the dot: who may publish it.</summary>
    public string Publisher => ToString()[..ToString().IndexOf('.', StringComparison.Ordinal)];

    /// <summary>Reads an id.</summary>
    /// <exception cref="FormatException">The text is not a plugin id.</exception>
    public static PluginId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"`{text}` is not a plugin id\nhint: an id is `publisher.name` in lower-case letters, digits and hyphens, such as `acme.prometheus`");

    /// <summary>Reads an id; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out PluginId id)
    {
        id = default;
        if (text is null) return false;
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || !IsLabel(text.AsSpan(0, dot), MaxPublisherLength) || !IsLabel(text.AsSpan(dot + 1), MaxNameLength)) return false;
        id = new PluginId(text);
        return true;
    }

    private static bool IsLabel(ReadOnlySpan<char> label, int maxLength) =>
        label.Length >= 2 && label.Length <= maxLength && char.IsAsciiLetterLower(label[0])
        && !label.ContainsAnyExcept(LabelCharacters);

    public int CompareTo(PluginId other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => _text ?? throw new InvalidOperationException("A default PluginId has no text.");

    /// <summary>As a JSON string or property name; public for the JSON contexts of other rooms.</summary>
    public sealed class Converter : JsonConverter<PluginId>
    {
        public override PluginId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && TryParse(reader.GetString(), out var id)
                ? id
                : throw new JsonException("expected a plugin id such as `acme.prometheus`");

        public override void Write(Utf8JsonWriter writer, PluginId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());

        public override PluginId ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, typeToConvert, options);

        public override void WriteAsPropertyName(Utf8JsonWriter writer, PluginId value, JsonSerializerOptions options) => writer.WritePropertyName(value.ToString());
    }
}
