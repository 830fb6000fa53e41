using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts;

/// <summary>A SHA-256 digest, written <c>sha256-</c> and 64 lower-case hexadecimal digits: a safe file name on every platform.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct Digest
{
    private const string Prefix = "sha256-";

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private Digest(string text) => _text = text;

    /// <summary>The digest of some bytes.</summary>
    public static Digest Of(ReadOnlySpan<byte> bytes) => new(Prefix + Convert.ToHexStringLower(SHA256.HashData(bytes)));

    /// <summary>Reads a digest; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        var ok = text is not null && text.Length == Prefix.Length + (2 * SHA256.HashSizeInBytes)
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits);
        digest = ok ? new Digest(text!) : default;
        return ok;
    }

    public override string ToString() => _text ?? throw new InvalidOperationException("A default Digest has no text.");

    /// <summary>Reads and writes it as a JSON string.</summary>
    public sealed class Converter : JsonConverter<Digest>
    {
        public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var digest)
                ? digest
                : throw new JsonException("expected a digest, `sha256-` and 64 lower-case hexadecimal digits");

        public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
