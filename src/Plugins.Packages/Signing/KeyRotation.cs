using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>A key's statement that another takes its place, as it is stored and sent; not verified.</summary>
/// <remarks>Both keys sign it: without the new key's signature anybody could make a key of his own the predecessor of somebody else's.</remarks>
/// <param name="Old">The key that is replaced, as it claims.</param>
/// <param name="Envelope">The statement.</param>
public sealed record SignedRotation(PublicKey Old, DsseEnvelope Envelope)
{
    public const string PayloadType = "application/vnd.lazyoc.key-rotation+json";

    /// <summary>Says with both keys that the new one takes the place of the old one.</summary>
    public static SignedRotation Sign(SigningKey old, SigningKey next, DateTimeOffset at)
    {
        var document = new RotationDocument { Old = old.PublicKey.Id, New = next.PublicKey, At = at };
        return new SignedRotation(old.PublicKey, DsseEnvelope.Sign(PayloadType, JsonSerializer.SerializeToUtf8Bytes(document, SigningJson.Default.RotationDocument), old, next));
    }

    /// <summary>The statement, if both keys have signed it.</summary>
    public Outcome<KeyRotation> Verify()
    {
        if (!Envelope.Verify(PayloadType, KeySet.Of(Old)).TryGet(out var payload, out _)) return new Problem("", $"the rotation is not signed by the key that it replaces, {Old.Id}");
        if (!StrictJson.Read(payload.Bytes.Span, SigningJson.Default.RotationDocument).TryGet(out var document, out var problems)) return problems;
        if (document.Old != Old.Id) return new Problem("old", $"is {document.Old}; the rotation is signed by {Old.Id}");
        if (document.New.Equals(Old)) return new Problem("new", "is the key that it replaces");
        return Envelope.Verify(PayloadType, KeySet.Of(document.New)).TryGet(out _, out _)
            ? new KeyRotation(Old, document.New, document.At)
            : new Problem("", $"the rotation is not signed by the new key, {document.New.Id}");
    }
}

/// <summary>A key has taken the place of another, which has signed that. Only <see cref="SignedRotation.Verify"/> makes one.</summary>
public sealed record KeyRotation
{
    internal KeyRotation(PublicKey old, PublicKey next, DateTimeOffset at) => (Old, New, At) = (old, next, at);

    public PublicKey Old { get; }

    public PublicKey New { get; }

    public DateTimeOffset At { get; }
}

/// <summary>A key is not to be trusted any more, whatever it signs and has signed.</summary>
public sealed record KeyRevocation
{
    public required KeyId Key { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Told to everybody who has trusted it; a line of text.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether a text can be a reason; null, or why not.</summary>
    public static Problem? CheckReason(string reason, SigningLimits? limits = null)
    {
        var max = (limits ?? SigningLimits.Default).MaxReasonChars;
        if (string.IsNullOrWhiteSpace(reason)) return new Problem("", "the reason is empty");
        if (reason.Length > max) return new Problem("", $"the reason has {reason.Length:N0} characters; at most {max:N0} are allowed");
        return reason.Any(char.IsControl) ? new Problem("", "the reason has a control character") : null;
    }
}

internal sealed record RotationDocument
{
    public required KeyId Old { get; init; }

    public required PublicKey New { get; init; }

    public required DateTimeOffset At { get; init; }
}
