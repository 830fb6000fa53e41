using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary>
/// The body of an HTTP request or answer. In JSON it is text, or <c>{"base64": …}</c>; text stands for its UTF-8. It is
/// written as text when it is valid UTF-8.
/// </summary>
/// <param name="Bytes">What is sent or was received.</param>
[JsonConverter(typeof(Converter))]
public sealed record HttpBody(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>As text or an object; public for the JSON contexts of other rooms.</summary>
    public sealed class Converter : JsonConverter<HttpBody>
    {
        public override HttpBody Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String) return new HttpBody(Encoding.UTF8.GetBytes(reader.GetString()!));
            if (reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("base64"u8)
                || !reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes)
                || !reader.Read() || reader.TokenType != JsonTokenType.EndObject)
                throw new JsonException("expected text, or an object with only `base64`");
            return new HttpBody(bytes);
        }

        public override void Write(Utf8JsonWriter writer, HttpBody value, JsonSerializerOptions options)
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
