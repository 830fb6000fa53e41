using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>crypto.random</c>: random bytes that nobody can predict.</summary>
public sealed record CryptoRandomRequest
{
    /// <summary>How many, from 1 to 65,536.</summary>
    public required int Bytes { get; init; }
}

/// <summary>Answer of <c>crypto.random</c>.</summary>
public sealed record CryptoRandomAnswer
{
    /// <summary>The bytes.</summary>
    public required string Base64 { get; init; }
}

/// <summary>Ways to make a digest.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HashAlgorithm>))]
public enum HashAlgorithm
{
    [JsonStringEnumMemberName("sha-256")] Sha256,
    [JsonStringEnumMemberName("sha-384")] Sha384,
    [JsonStringEnumMemberName("sha-512")] Sha512,

    /// <summary>For what others have named by it, such as Git objects; never for security.</summary>
    [JsonStringEnumMemberName("sha-1")] Sha1,
}

/// <summary><c>crypto.hash</c>: a digest of text or bytes.</summary>
public sealed record CryptoHashRequest
{
    public required HashAlgorithm Algorithm { get; init; }

    /// <summary>Text, of which its UTF-8 is meant, or bytes as <c>{"base64": …}</c>.</summary>
    public required TextOrBytes Data { get; init; }
}

/// <summary>Answer of <c>crypto.hash</c>.</summary>
public sealed record CryptoHashAnswer
{
    /// <summary>The digest, two lower-case digits a byte.</summary>
    public required string Hex { get; init; }
}

/// <summary>Text, or bytes as <c>{"base64": …}</c>.</summary>
/// <param name="Bytes">The bytes, or the text's UTF-8.</param>
[JsonConverter(typeof(Converter))]
public sealed record TextOrBytes(ReadOnlyMemory<byte> Bytes)
{
    /// <summary>As a string or an object; public for the JSON contexts of other rooms.</summary>
    public sealed class Converter : JsonConverter<TextOrBytes>
    {
        private const string Expected = "expected text, or bytes as an object with the key `base64`";

        public override TextOrBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String) return new TextOrBytes(Encoding.UTF8.GetBytes(reader.GetString()!));
            if (reader.TokenType != JsonTokenType.StartObject || !reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("base64"u8)
                || !reader.Read() || reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes) || !reader.Read() || reader.TokenType != JsonTokenType.EndObject)
                throw new JsonException(Expected);
            return new TextOrBytes(bytes);
        }

        public override void Write(Utf8JsonWriter writer, TextOrBytes value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteBase64String("base64", value.Bytes.Span);
            writer.WriteEndObject();
        }
    }
}
