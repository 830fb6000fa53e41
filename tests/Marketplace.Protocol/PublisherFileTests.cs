using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests;

public sealed class PublisherFileTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SigningKey _root = SigningKey.Create();
    private readonly SigningKey _author = SigningKey.Create();
    private readonly SigningKey _next = SigningKey.Create();

    public void Dispose()
    {
        foreach (var key in new[] { _root, _author, _next }) key.Dispose();
    }

    private PublisherDocument Document => new() { Publisher = "acme", Sequence = 3, Issued = Now, Expires = Now.AddDays(7), Keys = [_author.PublicKey], Rotations = [], Revocations = [] };

    private Outcome<PublisherFile> Read(PublisherDocument document, string publisher = "acme", SigningKey? key = null, DateTimeOffset? now = null, long lastSeen = 0, RegistryLimits? limits = null) =>
        PublisherFile.Read(PublisherFile.Write(document, key ?? _root), publisher, KeySet.Of(_root.PublicKey), now ?? Now, lastSeen, limits);

    [Fact]
    public void Read_Written_HasTheKeys()
    {
        var rotation = SignedRotation.Sign(_author, _next, Now);
        var revocation = new KeyRevocation { Key = _author.PublicKey.Id, At = Now, Reason = "stolen" };
        var file = Value(Read(Document with { Keys = [_next.PublicKey], Rotations = [rotation], Revocations = [revocation] }));
        Assert.Equal((3, "acme"), (file.Sequence, file.Keys.Publisher));
        Assert.Equal([_next.PublicKey], file.Keys.Keys.AsEnumerable());
        Assert.Equal((_author.PublicKey, _next.PublicKey), (file.Keys.Rotations.Single().Old, file.Keys.Rotations.Single().New));
        Assert.Equal([revocation], file.Keys.Revocations.AsEnumerable());
    }

    [Fact]
    public void Read_OtherPublisherOrKeyOrTime_IsRefused()
    {
        Assert.StartsWith("`keys of other` are those of another publisher", Refusal(Read(Document, publisher: "other")), StringComparison.Ordinal);
        Assert.Equal("`keys of acme: signatures` have none of a trusted key", Refusal(Read(Document, key: _author)));
        Assert.Contains("it expired at", Refusal(Read(Document, now: Now.AddDays(7))), StringComparison.Ordinal);
        Assert.Contains("an older document is shown again", Refusal(Read(Document, lastSeen: 4)), StringComparison.Ordinal);
        Assert.Contains("is not after `issued`", Refusal(Read(Document with { Expires = Now })), StringComparison.Ordinal);
        Value(Read(Document, lastSeen: 3));
    }

    [Fact]
    public void Read_RotationThatTheOldKeyHasNotSigned_IsRefused()
    {
        var forged = SignedRotation.Sign(_root, _next, Now) with { Old = _author.PublicKey };
        Assert.StartsWith("`keys of acme: rotations[0]` the rotation is not signed by the key that it replaces", Refusal(Read(Document with { Rotations = [forged] })), StringComparison.Ordinal);
        Value(Read(Document with { Rotations = [SignedRotation.Sign(_author, _next, Now)] }));
    }

    [Fact]
    public void Read_RevocationWithControlCharacters_IsRefused() =>
        Assert.Contains("revocations[0].reason` cannot be shown: the reason has a control character", Refusal(Read(Document with { Revocations = [new KeyRevocation { Key = _author.PublicKey.Id, At = Now, Reason = "\u001b[2J" }] })), StringComparison.Ordinal);

    [Fact]
    public void Read_UnknownMember_SaysThatANewerLazyOcMayReadIt()
    {
        var json = """{"publisher":"acme","sequence":3,"issued":"2026-03-01T12:00:00Z","expires":"2026-03-08T12:00:00Z","keys":[],"rotations":[],"revocations":[],"color":1}""";
        Outcome<PublisherFile> Signed(string text) => PublisherFile.Read(DsseEnvelope.Sign(PublisherFile.PayloadType, Encoding.UTF8.GetBytes(text), _root).ToUtf8(), "acme", KeySet.Of(_root.PublicKey), Now);
        Assert.StartsWith("`keys of acme: color` is not a known key\nhint: a newer LazyOC may read it", Refusal(Signed(json)), StringComparison.Ordinal);
        Value(Signed(json.Replace(",\"color\":1", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Read_BeyondALimit_IsRefusedAndWithinIsRead()
    {
        var document = Document with { Rotations = [SignedRotation.Sign(_author, _next, Now)] };
        var length = PublisherFile.Write(document, _root).Length;
        Value(Read(document, limits: new RegistryLimits(MaxKeys: 1, MaxPublisherBytes: length)));
        Assert.Contains("keys` has 1 entries; at most 0 are allowed", Refusal(Read(document, limits: new RegistryLimits(MaxKeys: 0))), StringComparison.Ordinal);
        Assert.Contains("rotations` has 2 entries; at most 1 are allowed", Refusal(Read(document with { Rotations = [.. document.Rotations, .. document.Rotations] }, limits: new RegistryLimits(MaxKeys: 1))), StringComparison.Ordinal);
        Assert.Contains("bytes; at most", Refusal(Read(document, limits: new RegistryLimits(MaxPublisherBytes: length - 1))), StringComparison.Ordinal);
    }
}
