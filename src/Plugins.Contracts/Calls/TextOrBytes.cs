using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary>
/// Bytes that are text more often than not. In JSON they are text, which stands for its UTF-8, or <c>{"base64": …}</c>; they
/// are written as text when they are valid UTF-8.
/// </summary>
/// <param name="Bytes">The bytes, or the text's UTF-8.</param>
[JsonConverter(typeof(Converter))]
public sealed record TextOrBytes(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>As text or an object; public for the JSON contexts of other rooms.</summary>
    public sealed class Converter : JsonConverter<TextOrBytes>
    {
        public override TextOrBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String) return new TextOrBytes(BytesOf(ref reader));
            if (reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("base64"u8)
                || !reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes)
                || !reader.Read() || reader.TokenType != JsonTokenType.EndObject)
                throw new JsonException("expected text, or an object with only `base64`");
            return new TextOrBytes(bytes);
        }

        private static byte[] BytesOf(ref Utf8JsonReader reader)
        {
            try
            {
                return Encoding.UTF8.GetBytes(reader.GetString()!);
            }
            catch (InvalidOperationException half)
            {
                // Half of a surrogate pair.
                throw new JsonException("expected text that is valid Unicode", half);
            }
        }

        public override void Write(Utf8JsonWriter writer, TextOrBytes value, JsonSerializerOptions options)
        {
            var bytes = value.Bytes.Span;
            if (Utf8.IsValid(bytes))
            {
                // It is read by JSON parsers only; escaping for HTML would make an answer that is itself JSON half as long again.
                writer.WriteStringValue(JsonEncodedText.Encode(bytes, JavaScriptEncoder.UnsafeRelaxedJsonEscaping));
                return;
            }
            writer.WriteStartObject();
            writer.WriteBase64String("base64"u8, bytes);
            writer.WriteEndObject();
        }
    }
}
