using System.Text;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Plugins.Packages.Tests.Signing.Outcomes;

namespace LazyOC.Plugins.Packages.Tests.Signing;

public sealed class DsseEnvelopeTests : IDisposable
{
    private const string Type = "text/plain";

    private readonly SigningKey _key = SigningKey.Create();
    private readonly SigningKey _other = SigningKey.Create();

    public void Dispose()
    {
        _key.Dispose();
        _other.Dispose();
    }

    private static DsseEnvelope Read(string json, SigningLimits? limits = null) => Value(DsseEnvelope.Read(Encoding.UTF8.GetBytes(json), limits));

    private static string ReadRefusal(string json, SigningLimits? limits = null) => Refusal(DsseEnvelope.Read(Encoding.UTF8.GetBytes(json), limits));

    private static string Json(DsseEnvelope envelope) => Encoding.UTF8.GetString(envelope.ToUtf8());

    private static void AgreesWith(DsseVector vector)
    {
        var body = Encoding.UTF8.GetBytes(vector.Body);
        Assert.Equal(vector.Encoding, Encoding.UTF8.GetString(DsseEnvelope.PreAuthenticationEncoding(vector.PayloadType, body)));
        var payload = Value(Read(vector.Envelope).Verify(vector.PayloadType, KeySet.Of(vector.Key)));
        Assert.Equal(body, payload.Bytes.ToArray());
        Assert.Equal([vector.Key], payload.Signers.AsEnumerable());
    }

    [Fact]
    public void Verify_PublishedVector_Holds() => AgreesWith(DsseVector.Published);

    [DsseVectorFact]
    public void Verify_VectorInFile_Holds() => AgreesWith(DsseVector.Read(DsseVector.File!));

    [Fact]
    public void Verify_UrlSafeBase64_IsTheSame() =>
        Value(Read(DsseVector.Published.Envelope.Replace('+', '-').Replace("/", "_", StringComparison.Ordinal).Replace("http:__example.com_", "http://example.com/", StringComparison.Ordinal)).Verify(DsseVector.Published.PayloadType, KeySet.Of(DsseVector.Published.Key)));

    [Theory]
    [InlineData("hello worle", "http://example.com/HelloWorld")]
    [InlineData("hello world", "http://example.com/HelloWorle")]
    [InlineData("hello worl", "http://example.com/HelloWorld")]
    public void Verify_OneByteOfPayloadOrTypeIsOther_IsRefused(string body, string type)
    {
        var changed = DsseVector.Published.Envelope
            .Replace("aGVsbG8gd29ybGQ=", Convert.ToBase64String(Encoding.UTF8.GetBytes(body)), StringComparison.Ordinal)
            .Replace("http://example.com/HelloWorld", type, StringComparison.Ordinal);
        Assert.Equal("`signatures` have none of a trusted key", Refusal(Read(changed).Verify(type, KeySet.Of(DsseVector.Published.Key))));
    }

    [Fact]
    public void PreAuthenticationEncoding_CountsBytesNotCharacters() =>
        Assert.Equal("DSSEv1 3 ä/ 2 ü", Encoding.UTF8.GetString(DsseEnvelope.PreAuthenticationEncoding("ä/", "ü"u8)));

    [Fact]
    public void Verify_PayloadOfAnotherType_IsRefusedThoughTheSignatureHolds()
    {
        var envelope = DsseEnvelope.Sign(Type, "x"u8, _key);
        Assert.Equal("`payloadType` is not `text/html`", Refusal(envelope.Verify("text/html", KeySet.Of(_key.PublicKey))));
        Value(envelope.Verify(Type, KeySet.Of(_key.PublicKey)));
    }

    [Fact]
    public void Verify_SameKeyTwice_CountsOnce()
    {
        var both = new KeySet([_key.PublicKey, _key.PublicKey, _other.PublicKey], 2);
        // Signatures of ECDSA are random: these are two different ones of one key.
        var twice = DsseEnvelope.Sign(Type, "x"u8, _key, _key);
        Assert.NotEqual(twice.Signatures[0].Bytes.ToArray(), twice.Signatures[1].Bytes.ToArray());
        Assert.Equal("`signatures` are of 1 trusted keys; 2 have to sign", Refusal(twice.Verify(Type, both)));
        Assert.Equal(2, Value(DsseEnvelope.Sign(Type, "x"u8, _key, _other).Verify(Type, both)).Signers.Length);
    }

    [Fact]
    public void Verify_SecondKeyIdForOneKey_CountsOnce()
    {
        var renamed = Json(DsseEnvelope.Sign(Type, "x"u8, _key, _key));
        var at = renamed.LastIndexOf(_key.PublicKey.Id.ToString(), StringComparison.Ordinal);
        renamed = renamed[..at] + _other.PublicKey.Id + renamed[(at + _key.PublicKey.Id.ToString().Length)..];
        Assert.Contains("are of 1 trusted keys", Refusal(Read(renamed).Verify(Type, new KeySet([_key.PublicKey, _other.PublicKey], 2))), StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_KeyIdIsWrongOrMissing_IsOnlyAHint()
    {
        var json = Json(DsseEnvelope.Sign(Type, "x"u8, _key));
        Value(Read(json.Replace(_key.PublicKey.Id.ToString(), "anything", StringComparison.Ordinal)).Verify(Type, KeySet.Of(_key.PublicKey)));
        Value(Read(json.Replace($"\"keyid\":\"{_key.PublicKey.Id}\",", "", StringComparison.Ordinal)).Verify(Type, KeySet.Of(_key.PublicKey)));
    }

    [Fact]
    public void Verify_KeyOfTheEnvelopeItself_ProvesNothing()
    {
        var envelope = DsseEnvelope.Sign(Type, "x"u8, _other);
        Assert.Equal(_other.PublicKey, envelope.Signatures[0].PublicKey);
        Refusal(envelope.Verify(Type, KeySet.Of(_key.PublicKey)));
    }

    [Fact]
    public void Verify_ThresholdOfNone_IsABug() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DsseEnvelope.Sign(Type, "x"u8, _other).Verify(Type, new KeySet([_key.PublicKey], 0)));

    [Theory]
    [InlineData("""{"payload":"aGVsbG8gd29ybG","payloadType":"t","signatures":[{"sig":""}]}""", "`payload` is not base64")]
    [InlineData("""{"payload":"aGVs bG8=","payloadType":"t","signatures":[{"sig":""}]}""", "`payload` is not base64")]
    [InlineData("""{"payload":"aGVsbG9=","payloadType":"t","signatures":[{"sig":""}]}""", "`payload` is not base64")]
    [InlineData("""{"payload":"aGVs\nbG8=","payloadType":"t","signatures":[{"sig":""}]}""", "`payload` is not base64")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[{"sig":"AAA="},{"sig":"A3Jqs"}]}""", "`signatures[1].sig` is not base64")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[]}""", "`signatures` is empty")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[{"sig":"AAA=","cert":""}]}""", "`signatures[0].cert` is not a known key")]
    [InlineData("""{"payload":"","payload":"","payloadType":"t","signatures":[{"sig":"AAA="}]}""", "`payload`")]
    [InlineData("""{"payload":"","payloadType":"t"}""", "`signatures` is missing")]
    [InlineData("""{"payload":"","payloadType":"t","signatures":[null]}""", "`signatures[0]` is null")]
    [InlineData("<html>", "the document is not JSON")]
    [InlineData("", "the document is not JSON")]
    public void Read_Malformed_SaysWhere(string json, string problem) => Assert.StartsWith(problem, ReadRefusal(json), StringComparison.Ordinal);

    [Fact]
    public void Read_BeyondALimit_IsRefusedAndWithinIsRead()
    {
        var json = Json(DsseEnvelope.Sign(Type, "x"u8, _key, _other));
        Read(json, new SigningLimits(MaxEnvelopeBytes: json.Length, MaxSignatures: 2, MaxPayloadTypeChars: Type.Length));
        Assert.Contains("bytes; at most", ReadRefusal(json, new SigningLimits(MaxEnvelopeBytes: json.Length - 1)), StringComparison.Ordinal);
        Assert.Equal("`signatures` has 2 entries; at most 1 are allowed", ReadRefusal(json, new SigningLimits(MaxSignatures: 1)));
        Assert.Equal("`payloadType` has 10 characters; at most 9 are allowed", ReadRefusal(json, new SigningLimits(MaxPayloadTypeChars: 9)));
    }

    [Fact]
    public void Read_Written_IsTheSame()
    {
        var envelope = DsseEnvelope.Sign(Type, "x"u8, _key, _other);
        Assert.Equal(Json(envelope), Json(Read(Json(envelope))));
        Assert.DoesNotContain("\n", Json(envelope), StringComparison.Ordinal);
    }

    [Fact]
    public void SignatureFile_LinesAppended_AreAllRead()
    {
        var file = PackageSignatures.Write([DsseEnvelope.Sign(Type, "author"u8, _key), DsseEnvelope.Sign(Type, "registry"u8, _other)]);
        var envelopes = Value(PackageSignatures.Read(file));
        Assert.Equal([_key.PublicKey, _other.PublicKey], envelopes.Select(envelope => envelope.Signatures[0].PublicKey!));
        Assert.Empty(Value(PackageSignatures.Read([])));
    }

    [Fact]
    public void SignatureFile_BadOrTooMuch_NamesTheLine()
    {
        var line = DsseEnvelope.Sign(Type, "x"u8, _key).ToUtf8();
        byte[] two = [.. line, (byte)'\n', .. line, (byte)'\n'];
        Assert.Equal(2, Value(PackageSignatures.Read(two, new SigningLimits(MaxEnvelopes: 2, MaxSignatureFileBytes: two.Length))).Length);
        Assert.Equal("there are more than 1 lines of signatures", Refusal(PackageSignatures.Read(two, new SigningLimits(MaxEnvelopes: 1))));
        Assert.StartsWith("the signatures have", Refusal(PackageSignatures.Read(two, new SigningLimits(MaxSignatureFileBytes: two.Length - 1))), StringComparison.Ordinal);
        Assert.StartsWith("`line 2` is refused: the document is not JSON", Refusal(PackageSignatures.Read([.. line, (byte)'\n', (byte)'{'])), StringComparison.Ordinal);
    }
}
