using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Plugins.Packages.Tests.Signing.Outcomes;

namespace LazyOC.Plugins.Packages.Tests.Signing;

public sealed class PinsTests : IDisposable
{
    private readonly TemporaryDirectory _home = new();
    private readonly SigningKey _key = SigningKey.Create();
    private readonly SigningKey _other = SigningKey.Create();

    public void Dispose()
    {
        _home.Dispose();
        _key.Dispose();
        _other.Dispose();
    }

    private string TrustFile => Path.Combine(_home.Path, "plugins", "trust.json");

    [Fact]
    public void Read_NoFile_PinsNothing()
    {
        Assert.Empty(Value(Pins.Read(TrustFile)).Publishers);
        Assert.False(Directory.Exists(Path.GetDirectoryName(TrustFile)));
    }

    [Fact]
    public void Change_Pin_IsReadBack()
    {
        Value(Pins.Change(TrustFile, pins => pins.Pin("acme", _key.PublicKey)));
        Value(Pins.Change(TrustFile, pins => pins.Learn(new PublisherKeys("other", [], [], [new KeyRevocation { Key = _other.PublicKey.Id, At = default, Reason = "x" }]))));
        var pins = Value(Pins.Read(TrustFile));
        Assert.Equal([_key.PublicKey], pins.Of("acme").Keys.AsEnumerable());
        Assert.Equal([_other.PublicKey.Id], pins.Of("other").Revoked.AsEnumerable());
        Assert.Equal(["lock", "trust.json"], Directory.EnumerateFiles(Path.GetDirectoryName(TrustFile)!).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(TrustFile));
    }

    [Fact]
    public void With_ADecision_KeepsWhatWasLearnedMeanwhile()
    {
        var decided = Pins.None.Pin("acme", _key.PublicKey);
        var meanwhile = Pins.None.Pin("other", _other.PublicKey);
        var kept = meanwhile.With("acme", decided);
        Assert.Equal(["acme", "other"], kept.Publishers.Keys);
        // Also of the very publisher: a revocation that another process has learned since stays.
        var revoked = meanwhile.Learn(new PublisherKeys("acme", [], [], [new KeyRevocation { Key = _other.PublicKey.Id, At = DateTimeOffset.UnixEpoch, Reason = "stolen" }]));
        kept = revoked.With("acme", decided);
        Assert.Equal([_key.PublicKey], kept.Of("acme").Keys.AsEnumerable());
        Assert.Equal([_other.PublicKey.Id], kept.Of("acme").Revoked.AsEnumerable());
    }

    [Fact]
    public void Change_ManyAtOnce_LosesNone()
    {
        Parallel.For(0, 16, i => Value(Pins.Change(TrustFile, pins => pins.Pin($"acme-{i}", _key.PublicKey))));
        Assert.Equal(16, Value(Pins.Read(TrustFile)).Publishers.Count);
    }

    [Theory]
    [InlineData("""{"trustVersion":2,"publishers":{}}""", "a newer LazyOC wrote it")]
    [InlineData("""{"trustVersion":1,"publishers":{"acme":{"keys":["AAAA"],"revoked":[]}}}""", "publishers.acme.keys[0]` is `AAAA`; expected a public key")]
    [InlineData("""{"trustVersion":1,"publishers":{},"more":1}""", "more` is not a known key")]
    [InlineData("", "the document is not JSON")]
    public void Read_Damaged_IsRefusedNotForgotten(string json, string problem)
    {
        _home.Write("plugins/trust.json", json);
        Assert.Contains(problem, Refusal(Pins.Read(TrustFile)), StringComparison.Ordinal);
        Refusal(Pins.Change(TrustFile, pins => pins.Pin("acme", _key.PublicKey)));
        Assert.Equal(json, File.ReadAllText(TrustFile));
    }

    [Fact]
    public void Read_BeyondTheLimit_IsRefused()
    {
        Value(Pins.Change(TrustFile, pins => pins.Pin("acme", _key.PublicKey)));
        var length = (int)new FileInfo(TrustFile).Length;
        Value(Pins.Read(TrustFile, new SigningLimits(MaxPinFileBytes: length)));
        Assert.Throws<IOException>(() => Pins.Read(TrustFile, new SigningLimits(MaxPinFileBytes: length - 1)));
    }
}
