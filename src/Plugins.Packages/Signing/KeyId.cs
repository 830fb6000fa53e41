using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>What a key is called: <c>sha256:</c> and the digest of its SubjectPublicKeyInfo (DER) in lower-case hexadecimal digits.</summary>
[JsonConverter(typeof(Converter))]
public readonly record struct KeyId : IComparable<KeyId>
{
    private const string Prefix = "sha256:";

    /// <summary>128 bits: finding another key with the same fingerprint takes as many tries as breaking the key.</summary>
    private const int FingerprintDigits = 32;

    private const int GroupDigits = 4;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private readonly string? _text;

    private KeyId(string text) => _text = text;

    /// <summary>For people: the first 128 bits in groups of four digits, <c>3f2a-91c0-…</c>.</summary>
    public string Fingerprint => string.Join('-', ToString()[Prefix.Length..(Prefix.Length + FingerprintDigits)].Chunk(GroupDigits).Select(group => new string(group)));

    /// <summary>The id of a key.</summary>
    public static KeyId Of(ReadOnlySpan<byte> subjectPublicKeyInfo) => new(Prefix + Convert.ToHexStringLower(SHA256.HashData(subjectPublicKeyInfo)));

    /// <summary>Reads an id; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out KeyId id)
    {
        var ok = text is not null && text.Length == Prefix.Length + (2 * SHA256.HashSizeInBytes)
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(HexDigits);
        id = ok ? new KeyId(text!) : default;
        return ok;
    }

    /// <summary>Whether somebody typed this key's fingerprint, or its id: case, spaces and hyphens do not matter, a part is not enough.</summary>
    public bool IsTypedAs(string text)
    {
        var typed = new StringBuilder();
        foreach (var c in text.Trim())
            if (c is not ('-' or ' ')) typed.Append(char.ToLowerInvariant(c));
        if (typed.ToString() == ToString()) return true;
        var digits = ToString()[Prefix.Length..];
        return typed.Length is FingerprintDigits or 2 * SHA256.HashSizeInBytes && digits.StartsWith(typed.ToString(), StringComparison.Ordinal);
    }

    public int CompareTo(KeyId other) => string.CompareOrdinal(ToString(), other.ToString());

    public override string ToString() => _text ?? throw new InvalidOperationException("A default KeyId has no text.");

    /// <summary>Reads and writes it as a JSON string.</summary>
    public sealed class Converter : JsonConverter<KeyId>
    {
        public override KeyId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var id)
                ? id
                : throw new JsonException("expected a key id, `sha256:` and 64 lower-case hexadecimal digits");

        public override void Write(Utf8JsonWriter writer, KeyId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }
}
