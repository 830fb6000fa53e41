using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Plugins.Packages.Tests.Signing.Outcomes;

namespace LazyOC.Plugins.Packages.Tests.Signing;

public sealed class AttestationTests : IDisposable
{
    private static readonly PackageIdentity Identity = PackageIdentity.Of(SamplePackage.Open());
    private static readonly PackageAttestation Attestation = new(Identity, new BuildFacts { Builder = "lazyoc/0.1.0", Signed = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), Repository = "https://example.com/demo" });

    private readonly SigningKey _key = SigningKey.Create();

    public void Dispose() => _key.Dispose();

    private string Payload => Encoding.UTF8.GetString(Value(Attestation.Sign(_key).Verify(PackageAttestation.PayloadType, KeySet.Of(_key.PublicKey))).Bytes.Span);

    private VerifiedPayload Signed(string statement) => Value(DsseEnvelope.Sign(PackageAttestation.PayloadType, Encoding.UTF8.GetBytes(statement), _key).Verify(PackageAttestation.PayloadType, KeySet.Of(_key.PublicKey)));

    [Fact]
    public void Sign_Package_IsAnInTotoStatement()
    {
        using var document = JsonDocument.Parse(Payload);
        var root = document.RootElement;
        Assert.Equal("https://in-toto.io/Statement/v1", root.GetProperty("_type").GetString());
        Assert.Equal("acme.demo-1.0.0.lzp", root.GetProperty("subject")[0].GetProperty("name").GetString());
        Assert.Equal(Identity.Digest.ToString(), "sha256-" + root.GetProperty("subject")[0].GetProperty("digest").GetProperty("sha256").GetString());
        Assert.Equal("https://lazyoc.dev/attestations/package/v1", root.GetProperty("predicateType").GetString());
        Assert.Equal(["id", "version", "permissionsDigest", "build"], root.GetProperty("predicate").EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public void Read_Written_IsTheSame()
    {
        Assert.Equal(Attestation, Value(PackageAttestation.Read(Signed(Payload))));
        var admission = new AdmissionAttestation(Identity.Id, Identity.Version, Identity.Digest, Contracts.Digest.Of("verdict"u8), Attestation.Build.Signed);
        Assert.Equal(admission, Value(AdmissionAttestation.Read(Value(admission.Sign(_key).Verify(PackageAttestation.PayloadType, KeySet.Of(_key.PublicKey))))));
    }

    [Fact]
    public void Read_OtherKind_IsRefused()
    {
        Assert.StartsWith("`predicateType` is not `https://lazyoc.dev/attestations/admission/v1`", Refusal(AdmissionAttestation.Read(Signed(Payload))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"_type\":\"https://in-toto.io/Statement/v1\"", "\"_type\":\"https://in-toto.io/Statement/v0.1\"", "`_type` is not")]
    [InlineData("\"subject\":[", "\"subject\":[{\"name\":\"x\",\"digest\":{\"sha256\":\"\"}},", "`subject` has 2 entries")]
    [InlineData("\"sha256\":\"", "\"sha256\":\"F", "`subject[0].digest.sha256` is not 64 lower-case")]
    [InlineData("\"predicate\":{", "\"predicate\":{\"x\":1,", "`predicate.x` is not a known key")]
    [InlineData("\"predicate\":{", "\"predicate\":{\"id\":\"acme.evil\",", "`predicate")]
    [InlineData("\"version\":\"1.0.0\",", "", "`predicate.version` is missing")]
    public void Read_Malformed_SaysWhere(string from, string to, string problem) =>
        Assert.StartsWith(problem, Refusal(PackageAttestation.Read(Signed(Payload.Replace(from, to, StringComparison.Ordinal)))), StringComparison.Ordinal);
}
