using System.Collections.Immutable;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Plugins.Packages.Tests.Signing.Outcomes;

namespace LazyOC.Plugins.Packages.Tests.Signing;

/// <summary>Each attack stands beside the same request with the one thing right that the attacker lacks.</summary>
public sealed class TrustPolicyTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly PluginPackage Package = SamplePackage.Open();
    private static readonly PackageIdentity Identity = PackageIdentity.Of(Package);

    private readonly SigningKey _author = SigningKey.Create();
    private readonly SigningKey _next = SigningKey.Create();
    private readonly SigningKey _attacker = SigningKey.Create();
    private readonly SigningKey _root = SigningKey.Create();
    private readonly SigningKey _secondRoot = SigningKey.Create();

    public void Dispose()
    {
        foreach (var key in new[] { _author, _next, _attacker, _root, _secondRoot }) key.Dispose();
    }

    private static DsseEnvelope SignedBy(SigningKey author, PackageIdentity? package = null) =>
        new PackageAttestation(package ?? Identity, new BuildFacts { Builder = "test", Signed = Now }).Sign(author);

    private static DsseEnvelope AdmittedBy(params ReadOnlySpan<SigningKey> roots) => new AdmissionAttestation(Identity.Id, Identity.Version, Identity.Digest, null, Now).Sign(roots);

    private static Pins Pinned(SigningKey key) => Pins.None.Pin("acme", key.PublicKey);

    private PublisherKeys Listing(SigningKey[] keys, KeyRotation[]? rotations = null, SigningKey? revoked = null) => new(
        "acme",
        [.. keys.Select(key => key.PublicKey)],
        [.. rotations ?? []],
        revoked is null ? [] : [new KeyRevocation { Key = revoked.PublicKey.Id, At = Now, Reason = "the laptop was stolen" }]);

    private TrustRequest Request(params ImmutableArray<DsseEnvelope> envelopes) => new() { Package = Identity, Envelopes = envelopes, Registry = KeySet.Of(_root.PublicKey), Pins = Pins.None };

    private static KeyRotation Rotation(SigningKey old, SigningKey next) => Value(SignedRotation.Sign(old, next, Now).Verify());

    private static TrustDecision.Trusted Trusted(TrustMode mode, TrustRequest request)
    {
        var decision = TrustPolicy.Decide(mode, request);
        return Assert.IsType<TrustDecision.Trusted>(decision);
    }

    private static string Refused(TrustMode mode, TrustRequest request) => Assert.IsType<TrustDecision.Refused>(TrustPolicy.Decide(mode, request)).Problem.ToString();

    [Fact]
    public void Unsigned_IsForDevelopmentOnlyAndMarked()
    {
        foreach (var mode in new[] { TrustMode.Default, TrustMode.Strict }) Refused(mode, Request());
        Assert.StartsWith("`acme.demo-1.0.0.lzp` is not signed\nhint: ask its publisher", Refused(TrustMode.Default, Request()), StringComparison.Ordinal);
        var trusted = Trusted(TrustMode.Dev, Request());
        Assert.Equal(Signer.Nobody, trusted.Signer);
        Assert.Null(trusted.Signer.Key);
        Assert.Same(Pins.None, trusted.NewPins);
    }

    [Fact]
    public void Default_RegistryAndListedAuthor_IsTrustedAndPinned()
    {
        var request = Request(SignedBy(_author), AdmittedBy(_root)) with { Publisher = Listing([_author]) };
        var trusted = Trusted(TrustMode.Default, request);
        Assert.Equal(_author.PublicKey, trusted.Signer.Author);
        Assert.Equal([_root.PublicKey], trusted.Signer.Registry.AsEnumerable());
        Assert.Equal([_author.PublicKey], trusted.NewPins.Of("acme").Keys.AsEnumerable());
        Assert.Equal(_author.PublicKey.Id, trusted.Signer.Key);
    }

    [Fact]
    public void Default_RegistryAlone_IsTrustedWithoutAPin()
    {
        var trusted = Trusted(TrustMode.Default, Request(AdmittedBy(_root)));
        Assert.Equal((null, _root.PublicKey.Id), (trusted.Signer.Author, trusted.Signer.Key));
        Assert.Empty(trusted.NewPins.Of("acme").Keys);
        Assert.Contains("has no signature that holds", Refused(TrustMode.Strict, Request(AdmittedBy(_root))), StringComparison.Ordinal);
    }

    [Fact]
    public void Default_AuthorPinnedBefore_NeedsNoRegistry()
    {
        var request = Request(SignedBy(_author)) with { Pins = Pinned(_author), Registry = null };
        Assert.Equal(_author.PublicKey, Trusted(TrustMode.Default, request).Signer.Author);
        Assert.Contains("comes from no registry", Refused(TrustMode.Strict, request), StringComparison.Ordinal);
    }

    [Fact]
    public void Default_FirstPinWithoutRegistry_NeedsTheTypedFingerprint()
    {
        var request = Request(SignedBy(_author)) with { Registry = null };
        Assert.Equal([_author.PublicKey], Assert.IsType<TrustDecision.NeedsFingerprint>(TrustPolicy.Decide(TrustMode.Default, request)).Keys.AsEnumerable());
        // The registry's list of keys alone says nothing about this package.
        Assert.IsType<TrustDecision.NeedsFingerprint>(TrustPolicy.Decide(TrustMode.Default, request with { Publisher = Listing([_author]) }));
        var trusted = Trusted(TrustMode.Default, request with { Accepted = [_author.PublicKey.Id] });
        Assert.Equal([_author.PublicKey], trusted.NewPins.Of("acme").Keys.AsEnumerable());
        // The fingerprint of the real author does not let an attacker's package in.
        Assert.IsType<TrustDecision.NeedsFingerprint>(TrustPolicy.Decide(TrustMode.Default, Request(SignedBy(_attacker)) with { Registry = null, Accepted = [_author.PublicKey.Id] }));
        Assert.Equal(Signer.Nobody, Trusted(TrustMode.Dev, request).Signer);
    }

    [Fact]
    public void Default_EnvelopePutBesideAnAdmittedPackage_IsNotPinned()
    {
        var request = Request(SignedBy(_attacker), AdmittedBy(_root)) with { Publisher = Listing([_author]) };
        var trusted = Trusted(TrustMode.Default, request);
        Assert.Null(trusted.Signer.Author);
        Assert.Empty(trusted.NewPins.Of("acme").Keys);
        Assert.IsType<TrustDecision.NeedsFingerprint>(TrustPolicy.Decide(TrustMode.Strict, request));
        // Control: were the attacker's key on the registry's list, it would be pinned.
        Assert.Equal([_attacker.PublicKey], Trusted(TrustMode.Default, request with { Publisher = Listing([_attacker]) }).NewPins.Of("acme").Keys.AsEnumerable());
    }

    [Fact]
    public void Strict_NeedsBothSignatures()
    {
        var both = Request(SignedBy(_author), AdmittedBy(_root)) with { Publisher = Listing([_author]) };
        Trusted(TrustMode.Strict, both);
        Assert.Contains("is not signed by its registry", Refused(TrustMode.Strict, both with { Envelopes = [SignedBy(_author)] }), StringComparison.Ordinal);
        Refused(TrustMode.Strict, both with { Envelopes = [AdmittedBy(_root)] });
        Refused(TrustMode.Strict, both with { Envelopes = [SignedBy(_author), AdmittedBy(_attacker)] });
        Trusted(TrustMode.Strict, both with { Pins = Pinned(_author) });
        Refused(TrustMode.Strict, both with { Pins = Pinned(_author), Envelopes = [SignedBy(_author)] });
    }

    [Fact]
    public void Registry_Threshold_CountsDifferentKeys()
    {
        var roots = new KeySet([_root.PublicKey, _secondRoot.PublicKey], 2);
        Refused(TrustMode.Default, Request(AdmittedBy(_root)) with { Registry = roots });
        Refused(TrustMode.Default, Request(AdmittedBy(_root, _root)) with { Registry = roots });
        // Two envelopes with one signature each are not one with two.
        Refused(TrustMode.Default, Request(AdmittedBy(_root), AdmittedBy(_secondRoot)) with { Registry = roots });
        Assert.Equal(2, Trusted(TrustMode.Default, Request(AdmittedBy(_root, _secondRoot)) with { Registry = roots }).Signer.Registry.Length);
    }

    [Fact]
    public void AuthorsStatement_SignedByARoot_IsNoAdmission()
    {
        Assert.IsType<TrustDecision.NeedsFingerprint>(TrustPolicy.Decide(TrustMode.Default, Request(SignedBy(_root))));
        Trusted(TrustMode.Default, Request(AdmittedBy(_root)));
    }

    [Theory]
    [InlineData(TrustMode.Default)]
    [InlineData(TrustMode.Dev)]
    public void Signature_OfAnotherPackage_IsRefused(TrustMode mode)
    {
        var pinned = Request() with { Pins = Pinned(_author) };
        var otherBytes = SignedBy(_author, PackageIdentity.Of(SamplePackage.Open(code: "evil();")));
        Assert.Contains("the signature is for the package sha256-", Refused(mode, pinned with { Envelopes = [otherBytes] }), StringComparison.Ordinal);
        var otherVersion = SignedBy(_author, Identity with { Version = Contracts.Versions.SemanticVersion.Parse("2.0.0") });
        Assert.Contains("is for acme.demo 2.0.0, and the manifest says acme.demo 1.0.0", Refused(mode, pinned with { Envelopes = [otherVersion] }), StringComparison.Ordinal);
        var otherRights = SignedBy(_author, Identity with { Permissions = Contracts.Digest.Of("x"u8) });
        Assert.Contains("other permissions than the manifest asks for", Refused(mode, pinned with { Envelopes = [otherRights] }), StringComparison.Ordinal);
        Trusted(mode, pinned with { Envelopes = [SignedBy(_author)] });
    }

    [Fact]
    public void Admission_OfAnotherPackage_IsRefused()
    {
        var other = new AdmissionAttestation(Identity.Id, Identity.Version, Contracts.Digest.Of("x"u8), null, Now).Sign(_root);
        Refused(TrustMode.Default, Request(other));
        Trusted(TrustMode.Default, Request(other, AdmittedBy(_root)));
    }

    [Theory]
    [InlineData(TrustMode.Default)]
    [InlineData(TrustMode.Strict)]
    public void PinnedPublisher_OtherKey_IsToldThoughTheRegistryAgrees(TrustMode mode)
    {
        var request = Request(SignedBy(_attacker), AdmittedBy(_root)) with { Publisher = Listing([_attacker]), Pins = Pinned(_author) };
        var changed = Assert.IsType<TrustDecision.KeyChanged>(TrustPolicy.Decide(mode, request));
        Assert.Equal([_author.PublicKey], changed.Old.AsEnumerable());
        Assert.Equal([_attacker.PublicKey], changed.New.AsEnumerable());
        Assert.False(changed.RotationIsSigned);
        // Control: without the pin it is what the registry says.
        Trusted(mode, request with { Pins = Pins.None });
    }

    [Fact]
    public void PinnedPublisher_NoAuthorsSignature_IsRefusedThoughTheRegistryAgrees()
    {
        var request = Request(AdmittedBy(_root)) with { Pins = Pinned(_author) };
        Assert.Contains("is not signed by its author, as the packages before it were", Refused(TrustMode.Default, request), StringComparison.Ordinal);
        Trusted(TrustMode.Default, request with { Pins = Pins.None });
    }

    [Fact]
    public void Rotation_SignedByThePinnedKey_NeedsAYesAndMovesThePin()
    {
        var request = Request(SignedBy(_next), AdmittedBy(_root)) with { Publisher = Listing([_next], [Rotation(_author, _next)]), Pins = Pinned(_author) };
        Assert.True(Assert.IsType<TrustDecision.KeyChanged>(TrustPolicy.Decide(TrustMode.Default, request)).RotationIsSigned);
        var moved = Trusted(TrustMode.Default, request with { Accepted = [_next.PublicKey.Id] }).NewPins;
        Assert.Equal([_next.PublicKey], moved.Of("acme").Keys.AsEnumerable());

        // The old key signs nothing new, but what the registry still offers of it stays good.
        var earlier = request with { Pins = moved, Envelopes = [SignedBy(_author), AdmittedBy(_root)] };
        Assert.Equal(_author.PublicKey, Trusted(TrustMode.Default, earlier).Signer.Author);
        Assert.IsType<TrustDecision.KeyChanged>(TrustPolicy.Decide(TrustMode.Default, earlier with { Envelopes = [SignedBy(_author)] }));
    }

    [Theory]
    [InlineData(TrustMode.Default)]
    [InlineData(TrustMode.Strict)]
    public void Rotation_FirstPackageIsOfTheEarlierKey_PinsTheOneThatTookItsPlace(TrustMode mode)
    {
        var request = Request(SignedBy(_author), AdmittedBy(_root)) with { Publisher = Listing([_next], [Rotation(_author, _next)]) };
        var trusted = Trusted(mode, request);
        Assert.Equal(_author.PublicKey, trusted.Signer.Author);
        Assert.Equal([_next.PublicKey], trusted.NewPins.Of("acme").Keys.AsEnumerable());
        Assert.Equal(trusted.NewPins, Trusted(mode, request with { Pins = trusted.NewPins }).NewPins);
    }

    [Fact]
    public void Rotation_ChainOfTwo_IsFollowed()
    {
        using var third = SigningKey.Create();
        var request = Request(SignedBy(third), AdmittedBy(_root)) with { Publisher = Listing([third], [Rotation(_next, third), Rotation(_author, _next)]), Pins = Pinned(_author) };
        Assert.True(Assert.IsType<TrustDecision.KeyChanged>(TrustPolicy.Decide(TrustMode.Default, request)).RotationIsSigned);
        // A link that is revoked breaks it.
        var revoked = request with { Publisher = Listing([third], [Rotation(_next, third), Rotation(_author, _next)], _next) };
        Assert.False(Assert.IsType<TrustDecision.KeyChanged>(TrustPolicy.Decide(TrustMode.Default, revoked)).RotationIsSigned);
    }

    [Fact]
    public void Rotation_NotSignedByTheOldKey_IsRefused()
    {
        var forged = SignedRotation.Sign(_attacker, _next, Now) with { Old = _author.PublicKey };
        Assert.Contains("is not signed by the key that it replaces", Refusal(forged.Verify()), StringComparison.Ordinal);
        Value(SignedRotation.Sign(_author, _next, Now).Verify());
    }

    [Fact]
    public void Rotation_FromAnAttackersKeyToThePinnedOne_CannotBeMade()
    {
        // Signed by the attacker's key alone, it would make that key an earlier one of the author's.
        var document = System.Text.Encoding.UTF8.GetBytes($$"""{"old":"{{_attacker.PublicKey.Id}}","new":"{{Convert.ToBase64String(_author.PublicKey.SubjectPublicKeyInfo.Span)}}","at":"2026-01-01T00:00:00+00:00"}""");
        var forged = new SignedRotation(_attacker.PublicKey, DsseEnvelope.Sign(SignedRotation.PayloadType, document, _attacker));
        Assert.Contains("is not signed by the new key", Refusal(forged.Verify()), StringComparison.Ordinal);
        // Control: with the author's signature it is one, and lets the attacker's package in.
        var signed = Value(new SignedRotation(_attacker.PublicKey, DsseEnvelope.Sign(SignedRotation.PayloadType, document, _attacker, _author)).Verify());
        Trusted(TrustMode.Default, Request(SignedBy(_attacker), AdmittedBy(_root)) with { Publisher = Listing([_author], [signed]), Pins = Pinned(_author) });
    }

    [Theory]
    [InlineData(TrustMode.Default)]
    [InlineData(TrustMode.Strict)]
    [InlineData(TrustMode.Dev)]
    public void RevokedKey_VerifiesNothing(TrustMode mode)
    {
        var request = Request(SignedBy(_author), AdmittedBy(_root)) with { Publisher = Listing([_author], revoked: _author), Pins = Pinned(_author) };
        Assert.Contains($"is signed with the key {_author.PublicKey.Id.Fingerprint}, which its publisher has revoked: the laptop was stolen", Refused(mode, request), StringComparison.Ordinal);
        Refused(mode, request with { Accepted = [_author.PublicKey.Id] });
        Trusted(mode, request with { Publisher = Listing([_author]) });
        // Nor when an older list is shown afterwards, or none.
        var learned = request.Pins.Learn(request.Publisher);
        Refused(mode, request with { Pins = learned, Publisher = Listing([_author]) });
        Refused(mode, request with { Pins = learned, Publisher = null });
        // After a revocation the next key is not a first one.
        var next = request with { Envelopes = [SignedBy(_next), AdmittedBy(_root)], Publisher = Listing([_next], [Rotation(_author, _next)], _author) };
        Assert.False(Assert.IsType<TrustDecision.KeyChanged>(TrustPolicy.Decide(mode, next)).RotationIsSigned);
    }

    [Fact]
    public void RevokedKey_AtFirstContact_IsNotMadeGoodByTheRegistry()
    {
        var request = Request(SignedBy(_author), AdmittedBy(_root)) with { Publisher = Listing([_next], revoked: _author) };
        Assert.Contains("which its publisher has revoked", Refused(TrustMode.Default, request), StringComparison.Ordinal);
        // Nor where somebody has taken the author's envelope away.
        var stripped = request with { Envelopes = [AdmittedBy(_root)] };
        Assert.Contains("is signed by its registry only, and `acme` has revoked a key", Refused(TrustMode.Default, stripped), StringComparison.Ordinal);
        Assert.Equal(_next.PublicKey, Trusted(TrustMode.Default, request with { Envelopes = [SignedBy(_next), AdmittedBy(_root)] }).Signer.Author);
        Trusted(TrustMode.Default, stripped with { Publisher = Listing([_next]) });
    }

    [Fact]
    public void RevokedKey_OfAnotherPublisher_StaysGoodHere()
    {
        var other = Pins.None.Learn(new PublisherKeys("other", [], [], [new KeyRevocation { Key = _author.PublicKey.Id, At = Now, Reason = "x" }]));
        Trusted(TrustMode.Default, Request(SignedBy(_author)) with { Pins = other.Pin("acme", _author.PublicKey) });
    }

    [Fact]
    public void Publisher_KeysOfAnother_AreRefused() =>
        Assert.Contains("is judged by the keys of `other`", Refused(TrustMode.Default, Request(AdmittedBy(_root)) with { Publisher = Listing([_author]) with { Publisher = "other" } }), StringComparison.Ordinal);
}
