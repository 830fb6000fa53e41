using System.Collections.Immutable;
using System.Text;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests;

/// <summary>Folders that are made, and then read as a client reads them.</summary>
public sealed class StaticRegistryTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly PluginPackage Demo = SamplePlugin.Package();
    private static readonly PluginPackage Newer = SamplePlugin.Package(version: "1.1.0");
    private static readonly PluginPackage Other = SamplePlugin.Package("other.plugin");

    private readonly TemporaryDirectory _folder = new();
    private readonly SigningKey _root = SigningKey.Create();
    private readonly SigningKey _author = SigningKey.Create();
    private readonly SigningKey _next = SigningKey.Create();

    public void Dispose()
    {
        _folder.Dispose();
        foreach (var key in new[] { _root, _author, _next }) key.Dispose();
    }

    private static StaticPackage Signed(PluginPackage package, SigningKey author) =>
        new(package, [new PackageAttestation(PackageIdentity.Of(package), new BuildFacts { Builder = "test", Signed = Now }).Sign(author)]);

    private static StaticExport Export(params ImmutableArray<StaticPackage> packages) => new() { Name = "Acme", Packages = packages, Now = Now };

    private Task<Outcome<StaticReport>> ExportAsync(StaticExport export, SigningKey? key = null, string? folder = null, CancellationToken cancellationToken = default) =>
        StaticRegistry.ExportAsync(folder ?? _folder.Path, export, [key ?? _root], cancellationToken: cancellationToken);

    private byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(_folder.Path, path));

    private IndexFile Index(string id = "acme.demo") => Value(IndexFile.Read(Bytes(RegistryPaths.IndexOf(PluginId.Parse(id))), PluginId.Parse(id), KeySet.Of(_root.PublicKey), Now));

    private PublisherFile Publisher(string name = "acme") => Value(PublisherFile.Read(Bytes(RegistryPaths.PublisherOf(name)), name, KeySet.Of(_root.PublicKey), Now));

    /// <summary>What a client that trusts the registry's key makes of a version.</summary>
    private TrustDecision Decide(IndexLine line, TrustMode mode = TrustMode.Strict, Pins? pins = null)
    {
        var path = RegistryPaths.Packages.Replace(RegistryConfig.DigestPlace, line.Digest.ToString(), StringComparison.Ordinal);
        var package = Value(PluginPackage.Open(Bytes(path)));
        Assert.Null(line.Difference(package));
        return TrustPolicy.Decide(mode, new TrustRequest
        {
            Package = PackageIdentity.Of(package),
            Envelopes = Value(PackageSignatures.Read(Bytes(path + PackageSignatures.Extension))),
            Registry = KeySet.Of(_root.PublicKey),
            Publisher = Publisher(package.Manifest.Id.Publisher).Keys,
            Pins = pins ?? Pins.None,
        });
    }

    private string[] FilesThere() => [.. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.Path, file)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Export_Packages_IsAFolderThatAStrictClientTrusts()
    {
        var report = Value(await ExportAsync(Export(Signed(Newer, _author), Signed(Demo, _author), Signed(Other, _next))));
        Assert.Equal([Demo.Digest, Newer.Digest, Other.Digest], report.Added.Select(package => package.Digest));
        Assert.Equal(("acme.demo", 1L), (report.Plugins.First().Key.ToString(), report.Plugins.First().Value));
        Assert.Equal(2, report.Publishers);

        var config = Value(RegistryConfig.Read(Bytes(RegistryPaths.Config)));
        Assert.Equal([_root.PublicKey], config.Keys.AsEnumerable());
        Assert.Equal(["1.0.0", "1.1.0"], Index().Lines.Select(line => line.Version.ToString()));
        Assert.Equal([_author.PublicKey], Publisher().Keys.Keys.AsEnumerable());
        foreach (var line in Index().Lines) Assert.Equal(_author.PublicKey, Assert.IsType<TrustDecision.Trusted>(Decide(line)).Signer.Author);
        Assert.IsType<TrustDecision.Trusted>(Decide(Index("other.plugin").Lines.Single()));
        Assert.Equal(11, FilesThere().Length);
    }

    [Fact]
    public async Task Export_Again_AddsAndCountsUp()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        var signatures = Bytes($"v1/packages/{Demo.Digest}.lzp.dsse.json");
        var report = Value(await ExportAsync(Export(Signed(Newer, _author), Signed(Demo, _author)) with { Now = Now.AddMinutes(5) }));
        Assert.Equal([Newer.Digest], report.Added.Select(package => package.Digest));
        Assert.Equal((2, 2), (Index().Header.Sequence, Publisher().Sequence));
        Assert.Equal([Now, Now.AddMinutes(5)], Index().Lines.Select(line => line.Published));
        // What is public is not signed anew.
        Assert.Equal(signatures, Bytes($"v1/packages/{Demo.Digest}.lzp.dsse.json"));
    }

    [Fact]
    public async Task Export_ExpiredFolder_MakesItFreshAgain()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author)) with { Now = Now.AddDays(-300) }));
        Assert.Contains("it expired", Refusal(IndexFile.Read(Bytes("v1/index/acme/demo"), SamplePlugin.Id, KeySet.Of(_root.PublicKey), Now)), StringComparison.Ordinal);
        Assert.Empty(Value(await ExportAsync(Export())).Added);
        Assert.Equal(2, Index().Header.Sequence);
        Assert.IsType<TrustDecision.Trusted>(Decide(Index().Lines.Single()));
    }

    [Fact]
    public async Task Export_SameInput_GivesTheSameBytesApartFromSignatures()
    {
        using var second = new TemporaryDirectory();
        var export = Export(Signed(Demo, _author), Signed(Other, _author));
        Value(await ExportAsync(export));
        Value(await ExportAsync(export with { Packages = [.. export.Packages.Reverse()] }, folder: second.Path));
        foreach (var file in FilesThere())
        {
            var (left, right) = (File.ReadAllText(Path.Combine(_folder.Path, file)), File.ReadAllText(Path.Combine(second.Path, file)));
            Assert.Equal(WithoutSignatures(left), WithoutSignatures(right));
        }

        static string WithoutSignatures(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\"sig\":\"[^\"]*\"", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Export_OtherPackageOfAVersionThatIsThere_IsRefusedAndChangesNothing()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        var before = Bytes("v1/index/acme/demo");
        Assert.StartsWith("`acme.demo-1.0.0.lzp` is another package than the 1.0.0 that is there; a version never changes", Refusal(await ExportAsync(Export(Signed(SamplePlugin.Package(code: "other();"), _author)))), StringComparison.Ordinal);
        Assert.Equal(before, Bytes("v1/index/acme/demo"));
        Assert.Equal(5, FilesThere().Length);
    }

    [Fact]
    public async Task Export_PackageThatItsAuthorHasNotSigned_IsRefused()
    {
        Assert.StartsWith("`acme.demo-1.0.0.lzp` is not signed by its author", Refusal(await ExportAsync(Export(new StaticPackage(Demo, [])))), StringComparison.Ordinal);
        Assert.StartsWith("`acme.demo-1.0.0.lzp` is not signed by its author", Refusal(await ExportAsync(Export(new StaticPackage(Demo, Signed(Newer, _author).Envelopes)))), StringComparison.Ordinal);
        Assert.Empty(FilesThere());
    }

    [Fact]
    public async Task Export_FolderOfOtherKeys_IsRefused()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        Assert.Contains("is of a registry with other keys\nhint: export to another folder", Refusal(await ExportAsync(Export(Signed(Newer, _author)), key: _next)), StringComparison.Ordinal);
        Value(await ExportAsync(Export(Signed(Newer, _author))));
    }

    [Fact]
    public async Task Export_FolderThatSomebodyChanged_IsNotSignedAnew()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        var file = Path.Combine(_folder.Path, "v1/index/acme/demo");
        var good = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, good.Replace("\"cooldownHours\":0", "\"cooldownHours\":1", StringComparison.Ordinal));
        Assert.Contains("was changed after it was signed", Refusal(await ExportAsync(Export())), StringComparison.Ordinal);
        await File.WriteAllTextAsync(file, good);
        Value(await ExportAsync(Export()));
    }

    [Fact]
    public async Task Export_Interrupted_CanBeDoneAgain()
    {
        using var ends = new CancellationTokenSource();
        await ends.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ExportAsync(Export(Signed(Demo, _author)), cancellationToken: ends.Token));
        // Everything but the index and the configuration is there, and something half-written.
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        File.Delete(Path.Combine(_folder.Path, RegistryPaths.Config));
        File.Move(Path.Combine(_folder.Path, "v1/index/acme/demo"), Path.Combine(_folder.Path, "v1/index/acme/demo.next"));
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        Assert.IsType<TrustDecision.Trusted>(Decide(Index().Lines.Single()));
        Assert.DoesNotContain(FilesThere(), file => file.EndsWith(".next", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_Rotation_IsToldToThoseWhoHavePinnedTheOldKey()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        var pins = Assert.IsType<TrustDecision.Trusted>(Decide(Index().Lines[0])).NewPins;
        Value(await ExportAsync(Export(Signed(Newer, _next)) with { Rotations = [SignedRotation.Sign(_author, _next, Now), SignedRotation.Sign(_root, _next, Now)] }));
        Assert.Equal([_next.PublicKey], Publisher().Keys.Keys.AsEnumerable());
        Assert.Equal(_author.PublicKey, Assert.Single(Publisher().Keys.Rotations).Old);
        Assert.True(Assert.IsType<TrustDecision.KeyChanged>(Decide(Index().Lines[1], pins: pins)).RotationIsSigned);
        Assert.IsType<TrustDecision.Trusted>(Decide(Index().Lines[0], pins: pins));
        Assert.Contains("which was replaced by another", Refusal(await ExportAsync(Export(Signed(SamplePlugin.Package(version: "2.0.0"), _author)))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Revocation_EndsTheKeyForClientsAndForNewPackages()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        var export = Export() with { Revocations = [new KeyRevocation { Key = _author.PublicKey.Id, At = Now, Reason = "stolen" }, new KeyRevocation { Key = _root.PublicKey.Id, At = Now, Reason = "not of a publisher" }] };
        Assert.Contains("which was revoked", Refusal(await ExportAsync(export with { Packages = [Signed(Newer, _author)] })), StringComparison.Ordinal);
        Value(await ExportAsync(export));
        Assert.Empty(Publisher().Keys.Keys);
        Assert.Equal("stolen", Assert.Single(Publisher().Keys.Revocations).Reason);
        Assert.Contains("revoked: stolen", Assert.IsType<TrustDecision.Refused>(Decide(Index().Lines.Single(), pins: Pins.None.Pin("acme", _author.PublicKey))).Problem.ToString(), StringComparison.Ordinal);
        Assert.Contains("which was revoked", Refusal(await ExportAsync(Export(Signed(Newer, _author)))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_TwoKeysAndThreshold_AsksForBoth()
    {
        var export = Export(Signed(Demo, _author)) with { Threshold = 2 };
        Assert.StartsWith("`threshold` is 2", Refusal(await StaticRegistry.ExportAsync(_folder.Path, export, [_root])), StringComparison.Ordinal);
        Value(await StaticRegistry.ExportAsync(_folder.Path, export, [_root, _next]));
        var roots = Value(RegistryConfig.Read(Bytes(RegistryPaths.Config))).Roots;
        Value(IndexFile.Read(Bytes("v1/index/acme/demo"), SamplePlugin.Id, roots, Now));
        Assert.Equal(2, roots.Threshold);
    }

    [Fact]
    public async Task Export_FileThatIsTooLarge_IsRefused()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        var length = Bytes("v1/index/acme/demo").Length;
        Assert.Contains("bytes; at most", Refusal(await StaticRegistry.ExportAsync(_folder.Path, Export(), [_root], new RegistryLimits(MaxIndexBytes: length - 1))), StringComparison.Ordinal);
        Value(await StaticRegistry.ExportAsync(_folder.Path, Export(), [_root], new RegistryLimits(MaxIndexBytes: length)));
    }

    [Fact]
    public async Task Export_Documents_AreReadAsText()
    {
        Value(await ExportAsync(Export(Signed(Demo, _author))));
        Assert.Equal(2, Encoding.UTF8.GetString(Bytes($"v1/packages/{Demo.Digest}.lzp.dsse.json")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(Demo.Bytes.ToArray(), Bytes($"v1/packages/{Demo.Digest}.lzp"));
    }
}
