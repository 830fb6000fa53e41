using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>Bytes and the signatures over them: a DSSE envelope. What it holds is given only by <see cref="Verify"/>.</summary>
/// <remarks>
/// Immutable and thread safe. Source: https://github.com/secure-systems-lab/dsse, <c>DSSEv1</c>. Stricter than it in two
/// points: members that this version does not know are refused, and base64 has no white space, all of its padding, and no bit
/// set that no byte takes (RFC 4648, 3.5), so that there is one text for the bytes. A signature may carry the public key it was made with, which like its key id is a hint and proves nothing.
/// </remarks>
[JsonConverter(typeof(Converter))]
public sealed class DsseEnvelope
{
    private readonly byte[] _payload;

    private DsseEnvelope(string payloadType, byte[] payload, ImmutableArray<DsseSignature> signatures) => (PayloadType, _payload, Signatures) = (payloadType, payload, signatures);

    /// <summary>What the payload claims to be; part of what is signed.</summary>
    public string PayloadType { get; }

    /// <summary>Not verified.</summary>
    public ImmutableArray<DsseSignature> Signatures { get; }

    /// <summary>Signs a payload with each of some keys.</summary>
    public static DsseEnvelope Sign(string payloadType, ReadOnlySpan<byte> payload, params ReadOnlySpan<SigningKey> keys)
    {
        var message = PreAuthenticationEncoding(payloadType, payload);
        var signatures = ImmutableArray.CreateBuilder<DsseSignature>(keys.Length);
        foreach (var key in keys) signatures.Add(new DsseSignature(key.PublicKey.Id.ToString(), key.Sign(message), key.PublicKey));
        return new DsseEnvelope(payloadType, payload.ToArray(), signatures.MoveToImmutable());
    }

    /// <summary>Reads an envelope from anywhere; nothing is verified yet.</summary>
    public static Outcome<DsseEnvelope> Read(ReadOnlySpan<byte> utf8, SigningLimits? limits = null)
    {
        limits ??= SigningLimits.Default;
        return StrictJson.Read(utf8, SigningJson.Default.EnvelopeDocument, new JsonLimits(limits.MaxEnvelopeBytes, MaxDepth: 8)).TryGet(out var document, out var problems)
            ? Of(document, limits)
            : problems;
    }

    /// <summary>The envelope as one line of JSON, without a line break.</summary>
    public byte[] ToUtf8() => JsonSerializer.SerializeToUtf8Bytes(ToDocument(), SigningJson.Default.EnvelopeDocument);

    /// <summary>
    /// Verifies the signatures. Each key counts once, however often it has signed; which signature names which key does not
    /// matter.
    /// </summary>
    /// <param name="payloadType">What the payload has to be, so that no document is taken for another kind.</param>
    /// <param name="keys">Who may sign, and how many have to.</param>
    /// <returns>The payload's bytes, or why they must not be read.</returns>
    public Outcome<VerifiedPayload> Verify(string payloadType, KeySet keys)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keys.Threshold, 1, nameof(keys));
        if (PayloadType != payloadType) return new Problem("payloadType", $"is not `{payloadType}`");
        var message = PreAuthenticationEncoding(PayloadType, _payload);
        var signers = keys.Keys.Distinct().Where(key => Signatures.Any(signature => key.Verifies(message, signature.Bytes.Span))).ToImmutableArray();
        if (signers.Length >= keys.Threshold) return new VerifiedPayload(PayloadType, _payload, signers);
        return new Problem("signatures", keys.Threshold == 1
            ? "have none of a trusted key"
            : string.Create(CultureInfo.InvariantCulture, $"are of {signers.Length} trusted keys; {keys.Threshold} have to sign"));
    }

    /// <summary>What is signed: <c>DSSEv1 LEN(type) type LEN(payload) payload</c>, so that neither part can pass for the other.</summary>
    public static byte[] PreAuthenticationEncoding(string payloadType, ReadOnlySpan<byte> payload)
    {
        var buffer = new ArrayBufferWriter<byte>();
        buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"DSSEv1 {Encoding.UTF8.GetByteCount(payloadType)} {payloadType} {payload.Length} ")));
        buffer.Write(payload);
        return buffer.WrittenSpan.ToArray();
    }

    private static Outcome<DsseEnvelope> Of(EnvelopeDocument document, SigningLimits limits)
    {
        if (document.PayloadType.Length > limits.MaxPayloadTypeChars) return new Problem("payloadType", $"has {document.PayloadType.Length:N0} characters; at most {limits.MaxPayloadTypeChars:N0} are allowed");
        if (document.Signatures.IsEmpty) return new Problem("signatures", "is empty");
        if (document.Signatures.Length > limits.MaxSignatures) return new Problem("signatures", $"has {document.Signatures.Length:N0} entries; at most {limits.MaxSignatures:N0} are allowed");
        if (FromBase64(document.Payload) is not { } payload) return new Problem("payload", "is not base64");
        var signatures = ImmutableArray.CreateBuilder<DsseSignature>(document.Signatures.Length);
        foreach (var (index, signature) in document.Signatures.Index())
        {
            if (FromBase64(signature.Sig) is not { } bytes) return new Problem($"signatures[{index}].sig", "is not base64");
            signatures.Add(new DsseSignature(signature.Keyid ?? "", bytes, signature.PublicKey));
        }
        return new DsseEnvelope(document.PayloadType, payload, signatures.MoveToImmutable());
    }

    /// <summary>Standard or URL-safe base64, in the form that an encoder gives.</summary>
    private static byte[]? FromBase64(string text)
    {
        var standard = text.Replace('-', '+').Replace('_', '/');
        var bytes = new byte[standard.Length / 4 * 3];
        if (!Convert.TryFromBase64String(standard, bytes, out var length)) return null;
        bytes = bytes[..length];
        return Convert.ToBase64String(bytes) == standard ? bytes : null;
    }

    private EnvelopeDocument ToDocument() => new()
    {
        Payload = Convert.ToBase64String(_payload),
        PayloadType = PayloadType,
        Signatures = [.. Signatures.Select(signature => new SignatureDocument
        {
            Keyid = signature.KeyId.Length > 0 ? signature.KeyId : null,
            Sig = Convert.ToBase64String(signature.Bytes.Span),
            PublicKey = signature.PublicKey,
        })],
    };

    /// <summary>As a part of other documents.</summary>
    public sealed class Converter : JsonConverter<DsseEnvelope>
    {
        public override DsseEnvelope Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize(ref reader, SigningJson.Default.EnvelopeDocument) is { } document && Of(document, SigningLimits.Default).TryGet(out var envelope, out _)
                ? envelope
                : throw new JsonException("expected a DSSE envelope");

        public override void Write(Utf8JsonWriter writer, DsseEnvelope value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.ToDocument(), SigningJson.Default.EnvelopeDocument);
    }
}

/// <summary>One signature of an envelope; nothing of it is verified.</summary>
/// <param name="KeyId">A hint at the key; empty when it is not given.</param>
/// <param name="Bytes">The signature.</param>
/// <param name="PublicKey">The key it claims to be of, for those who have another way to know whether to trust it; an addition to DSSE, which others ignore.</param>
public sealed record DsseSignature(string KeyId, ReadOnlyMemory<byte> Bytes, PublicKey? PublicKey);

/// <summary>The payload of an envelope whose signatures hold. Only <see cref="DsseEnvelope.Verify"/> makes one.</summary>
public sealed class VerifiedPayload
{
    internal VerifiedPayload(string payloadType, ReadOnlyMemory<byte> bytes, ImmutableArray<PublicKey> signers) => (PayloadType, Bytes, Signers) = (payloadType, bytes, signers);

    public string PayloadType { get; }

    /// <summary>Exactly the bytes that are signed.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The keys whose signatures hold, each once.</summary>
    public ImmutableArray<PublicKey> Signers { get; }
}
