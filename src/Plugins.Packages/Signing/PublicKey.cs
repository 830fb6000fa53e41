using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>An ECDSA key on P-256 that verifies signatures over SHA-256.</summary>
/// <remarks>
/// Immutable and thread safe. Two are equal when they are the same key: only the one canonical encoding of a key is read
/// (SubjectPublicKeyInfo with a named curve and an uncompressed point, RFC 5480), so that one key never counts as two.
/// </remarks>
[JsonConverter(typeof(Converter))]
public sealed class PublicKey : IEquatable<PublicKey>
{
    private const int SignatureBytes = 64;
    private const string PemLabel = "PUBLIC KEY";

    private static readonly Problem NotAKey = new(
        "", "the public key is not an ECDSA key on P-256 with an uncompressed point", "`openssl ecparam -name prime256v1 -genkey` makes such a key, `openssl ec -pubout` its public part");

    private readonly byte[] _spki;

    private PublicKey(byte[] spki) => (_spki, Id) = (spki, KeyId.Of(spki));

    /// <summary>Everything before the coordinates: algorithm <c>id-ecPublicKey</c>, curve <c>prime256v1</c>, and the mark of an uncompressed point.</summary>
    private static ReadOnlySpan<byte> SpkiStart =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    public KeyId Id { get; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => _spki;

    /// <summary>Reads a SubjectPublicKeyInfo in DER.</summary>
    public static Outcome<PublicKey> FromSubjectPublicKeyInfo(ReadOnlySpan<byte> der)
    {
        if (der.Length != SpkiStart.Length + SignatureBytes || !der.StartsWith(SpkiStart)) return NotAKey;
        try
        {
            var key = new PublicKey(der.ToArray());
            using var point = key.Open();
            return key;
        }
        catch (CryptographicException)
        {
            // The coordinates are not those of a point on the curve.
            return NotAKey;
        }
    }

    /// <summary>Reads a <c>PUBLIC KEY</c> in PEM, as <c>openssl ec -pubout</c> writes it.</summary>
    public static Outcome<PublicKey> FromPem(string pem)
    {
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] != PemLabel) return new Problem("", $"there is no `{PemLabel}` in PEM", NotAKey.Hint);
        return FromSubjectPublicKeyInfo(Convert.FromBase64String(pem[fields.Base64Data]));
    }

    /// <summary>The key as PEM, which <c>openssl</c> reads.</summary>
    public string ToPem() => PemEncoding.WriteString(PemLabel, _spki) + "\n";

    /// <summary>Whether this key made a signature, <c>r</c> and <c>s</c> in 32 bytes each (IEEE P1363).</summary>
    internal bool Verifies(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureBytes) return false;
        using var key = Open();
        return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }

    private ECDsa Open()
    {
        var key = ECDsa.Create();
        key.ImportSubjectPublicKeyInfo(_spki, out _);
        return key;
    }

    public bool Equals(PublicKey? other) => other is not null && Id == other.Id;

    public override bool Equals(object? obj) => Equals(obj as PublicKey);

    public override int GetHashCode() => Id.GetHashCode();

    /// <summary>The key's id.</summary>
    public override string ToString() => Id.ToString();

    /// <summary>As a JSON string: the SubjectPublicKeyInfo in base64.</summary>
    public sealed class Converter : JsonConverter<PublicKey>
    {
        public override PublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetBytesFromBase64(out var der) && FromSubjectPublicKeyInfo(der).TryGet(out var key, out _)
                ? key
                : throw new JsonException("expected a public key on P-256, its SubjectPublicKeyInfo in base64");

        public override void Write(Utf8JsonWriter writer, PublicKey value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value._spki);
    }
}

/// <summary>The keys of one role, and how many different ones have to sign.</summary>
/// <param name="Keys">A key that is there twice counts once.</param>
/// <param name="Threshold">At least 1.</param>
public sealed record KeySet(ImmutableArray<PublicKey> Keys, int Threshold)
{
    /// <summary>One key that suffices.</summary>
    public static KeySet Of(PublicKey key) => new([key], 1);
}
