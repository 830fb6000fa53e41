using System.Security.Cryptography;
using System.Text;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Plugins.Packages.Tests.Signing.Outcomes;

namespace LazyOC.Plugins.Packages.Tests.Signing;

public sealed class SigningKeyTests : IDisposable
{
    private const string Passphrase = "correct horse";
    private const string Type = "application/vnd.example+json";

    private static readonly SigningLimits Quick = new(PassphraseIterations: 1_000);

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    private string At(string name) => Path.Combine(_directory.Path, name);

    [OpenSslFact]
    public void Verify_EnvelopeThatOpenSslMade_Holds()
    {
        OpenSsl.Run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", At("key.pem"));
        OpenSsl.Run("ec", "-in", At("key.pem"), "-pubout", "-out", At("public.pem"));
        File.WriteAllBytes(At("message"), DsseEnvelope.PreAuthenticationEncoding(Type, "{}"u8));
        OpenSsl.Run("dgst", "-sha256", "-sign", At("key.pem"), "-out", At("signature.der"), At("message"));

        var envelope = $$"""{"payload":"{{Convert.ToBase64String("{}"u8)}}","payloadType":"{{Type}}","signatures":[{"sig":"{{Convert.ToBase64String(FromDer(File.ReadAllBytes(At("signature.der"))))}}"}]}""";
        var key = Value(PublicKey.FromPem(File.ReadAllText(At("public.pem"))));
        Assert.Equal("{}", Encoding.UTF8.GetString(Value(Value(DsseEnvelope.Read(Encoding.UTF8.GetBytes(envelope))).Verify(Type, KeySet.Of(key))).Bytes.Span));
    }

    [OpenSslFact]
    public void Sign_OurEnvelope_OpenSslVerifies()
    {
        using var key = SigningKey.Create();
        var signature = DsseEnvelope.Sign(Type, "{}"u8, key).Signatures[0].Bytes;
        File.WriteAllText(At("public.pem"), key.PublicKey.ToPem());
        File.WriteAllBytes(At("signature.der"), ToDer(signature.Span));
        File.WriteAllBytes(At("message"), DsseEnvelope.PreAuthenticationEncoding(Type, "{}"u8));
        Assert.Contains("Verified OK", OpenSsl.Run("dgst", "-sha256", "-verify", At("public.pem"), "-signature", At("signature.der"), At("message")), StringComparison.Ordinal);
        File.WriteAllBytes(At("message"), DsseEnvelope.PreAuthenticationEncoding(Type, "[]"u8));
        Assert.Throws<InvalidOperationException>(() => OpenSsl.Run("dgst", "-sha256", "-verify", At("public.pem"), "-signature", At("signature.der"), At("message")));
    }

    [OpenSslFact]
    public void ToEncryptedPem_AtFullStrength_OpenSslReadsItWithThePassphraseOnly()
    {
        using var key = SigningKey.Create();
        File.WriteAllText(At("key.pem"), key.ToEncryptedPem(Passphrase));
        OpenSsl.Run("ec", "-in", At("key.pem"), "-passin", $"pass:{Passphrase}", "-pubout", "-out", At("public.pem"));
        Assert.Equal(key.PublicKey, Value(PublicKey.FromPem(File.ReadAllText(At("public.pem")))));
        Assert.Throws<InvalidOperationException>(() => OpenSsl.Run("ec", "-in", At("key.pem"), "-passin", "pass:another one", "-pubout"));
        var parameters = OpenSsl.Run("asn1parse", "-in", At("key.pem"));
        foreach (var part in new[] { ":PBES2", ":PBKDF2", ":hmacWithSHA256", ":aes-256-cbc", $":{SigningLimits.Default.PassphraseIterations:X6}" }) Assert.Contains(part, parameters, StringComparison.Ordinal);
    }

    [OpenSslFact]
    public void FromPem_KeysOfOpenSsl_AreRead()
    {
        OpenSsl.Run("ecparam", "-name", "prime256v1", "-genkey", "-out", At("sec1.pem"));
        OpenSsl.Run("pkcs8", "-topk8", "-nocrypt", "-in", At("sec1.pem"), "-out", At("pkcs8.pem"));
        OpenSsl.Run("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-passout", $"pass:{Passphrase}", "-in", At("sec1.pem"), "-out", At("encrypted.pem"));
        using var plain = Value(SigningKey.FromPem(File.ReadAllText(At("pkcs8.pem")), null));
        using var sec1 = Value(SigningKey.FromPem(File.ReadAllText(At("sec1.pem")), null));
        using var encrypted = Value(SigningKey.FromPem(File.ReadAllText(At("encrypted.pem")), Passphrase));
        Assert.Equal(plain.PublicKey, sec1.PublicKey);
        Assert.Equal(plain.PublicKey, encrypted.PublicKey);
        Assert.Contains("passphrase was not given", Refusal(SigningKey.FromPem(File.ReadAllText(At("encrypted.pem")), null)), StringComparison.Ordinal);
        Assert.Contains("the passphrase is another one", Refusal(SigningKey.FromPem(File.ReadAllText(At("encrypted.pem")), "another one")), StringComparison.Ordinal);
    }

    [OpenSslFact]
    public void PublicKey_CompressedPoint_IsRefusedSoThatOneKeyHasOneId()
    {
        OpenSsl.Run("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", At("key.pem"));
        OpenSsl.Run("ec", "-in", At("key.pem"), "-pubout", "-conv_form", "compressed", "-out", At("compressed.pem"));
        OpenSsl.Run("ec", "-in", At("key.pem"), "-pubout", "-out", At("public.pem"));
        Assert.Contains("with an uncompressed point", Refusal(PublicKey.FromPem(File.ReadAllText(At("compressed.pem")))), StringComparison.Ordinal);
        Value(PublicKey.FromPem(File.ReadAllText(At("public.pem"))));
    }

    [Fact]
    public void PublicKey_PointOffTheCurve_IsRefused()
    {
        using var key = SigningKey.Create();
        var bytes = key.PublicKey.SubjectPublicKeyInfo.ToArray();
        Value(PublicKey.FromSubjectPublicKeyInfo(bytes));
        bytes[^1] ^= 1;
        Refusal(PublicKey.FromSubjectPublicKeyInfo(bytes));
        Refusal(PublicKey.FromSubjectPublicKeyInfo(bytes.AsSpan(0, 90)));
    }

    [Fact]
    public void FromPem_OtherCurveOrNoKey_IsRefused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Contains("on P-256", Refusal(SigningKey.FromPem(p384.ExportPkcs8PrivateKeyPem(), null)), StringComparison.Ordinal);
        Assert.Contains("on P-256", Refusal(PublicKey.FromPem(p384.ExportSubjectPublicKeyInfoPem())), StringComparison.Ordinal);
        Assert.Contains("no private key", Refusal(SigningKey.FromPem("hello", null)), StringComparison.Ordinal);
        Assert.Contains("`PUBLIC KEY`", Refusal(PublicKey.FromPem("hello")), StringComparison.Ordinal);
    }

    [Fact]
    public void FromPem_OfOurOwn_IsTheSameKey()
    {
        using var key = SigningKey.Create();
        using var again = Value(SigningKey.FromPem(key.ToEncryptedPem(Passphrase, Quick), Passphrase));
        Assert.Equal(key.PublicKey, again.PublicKey);
        Assert.Equal(key.PublicKey, Value(PublicKey.FromPem(key.PublicKey.ToPem())));
    }

    [Fact]
    public void KeyId_TypedFingerprint_MustBeWhole()
    {
        using var key = SigningKey.Create();
        var id = key.PublicKey.Id;
        Assert.Matches("^[0-9a-f]{4}(-[0-9a-f]{4}){7}$", id.Fingerprint);
        foreach (var typed in new[] { id.Fingerprint, id.Fingerprint.ToUpperInvariant().Replace('-', ' '), id.ToString(), id.ToString()["sha256:".Length..], $" {id.Fingerprint}\n" }) Assert.True(id.IsTypedAs(typed), typed);
        var other = id.Fingerprint[..^1] + (id.Fingerprint[^1] == '0' ? '1' : '0');
        foreach (var typed in new[] { "", id.Fingerprint[..^5], id.Fingerprint + "0", other, "sha256:", id.Fingerprint[..4] }) Assert.False(id.IsTypedAs(typed), typed);
    }

    /// <summary>The two numbers of a DER signature in 32 bytes each.</summary>
    private static byte[] FromDer(byte[] der)
    {
        var at = 2;
        return [.. Number(), .. Number()];

        byte[] Number()
        {
            var length = der[at + 1];
            var digits = der.AsSpan(at + 2, length).TrimStart((byte)0).ToArray();
            at += 2 + length;
            return [.. new byte[32 - digits.Length], .. digits];
        }
    }

    private static byte[] ToDer(ReadOnlySpan<byte> signature)
    {
        byte[] r = Number(signature[..32]), s = Number(signature[32..]);
        return [0x30, (byte)(r.Length + s.Length), .. r, .. s];

        static byte[] Number(ReadOnlySpan<byte> bytes)
        {
            var digits = bytes.TrimStart((byte)0).ToArray();
            // A first bit of one would make it negative.
            if (digits[0] >= 0x80) digits = [0, .. digits];
            return [2, (byte)digits.Length, .. digits];
        }
    }
}
