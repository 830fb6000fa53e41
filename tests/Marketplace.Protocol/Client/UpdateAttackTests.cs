using System.Text;
using LazyOC.Marketplace.Protocol.Client;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;
using static LazyOC.Marketplace.Protocol.Tests.Client.RegistryFixture;
using static LazyOC.Marketplace.Protocol.Tests.Outcomes;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>
/// The attacks on systems that install software, as The Update Framework lists them (theupdateframework.io/docs/security).
/// The mirror has every file and no key, unless a test says otherwise. Each test has the attack succeed, too, without what
/// stops it; an attack that is open is one whose success is asserted here.
/// </summary>
public sealed class UpdateAttackTests : IAsyncLifetime
{
    private static readonly PluginPackage Evil = SamplePlugin.Package(version: "1.1.0", code: "evil();");

    private readonly SigningKey _attacker = SigningKey.Create();
    private RegistryFixture _registry = null!;

    private Pins AuthorPinned => Pins.None.Pin("acme", _registry.Author.PublicKey);

    public async Task InitializeAsync() => _registry = await WithDemoAsync();

    public Task DisposeAsync()
    {
        _attacker.Dispose();
        return _registry.DisposeAsync().AsTask();
    }

    private byte[] Bytes(string path) => File.ReadAllBytes(Path.Combine(_registry.Folder, path));

    private void Put(string path, ReadOnlySpan<byte> bytes) => File.WriteAllBytes(Path.Combine(_registry.Folder, path), bytes);

    private void PutIndex(long sequence, SigningKey key, params IndexLine[] lines) => Put(IndexPath, IndexFile.Write(SamplePlugin.Id, sequence, _registry.Time.Now, _registry.Time.Now.AddDays(30), lines, key));

    /// <summary>What an installation of the newest version comes to.</summary>
    private async Task<Outcome<TrustDecision>> InstallAsync(RegistryClient? client = null, Pins? pins = null, TrustMode mode = TrustMode.Default)
    {
        client ??= _registry.Client();
        if (!(await client.IndexAsync(SamplePlugin.Id, CancellationToken.None)).TryGet(out var index, out var problems)) return problems;
        var line = index.Value!.Lines[^1];
        if (!(await client.PublisherAsync("acme", CancellationToken.None)).TryGet(out var publisher, out problems)) return problems;
        if (!(await client.SignaturesAsync(line.Digest, CancellationToken.None)).TryGet(out var envelopes, out problems)) return problems;
        if (!(await client.DownloadAsync(line, _registry.Downloads, _ => { }, CancellationToken.None)).TryGet(out var bytes, out problems)) return problems;
        var package = Value(PluginPackage.Open(bytes));
        if (line.Difference(package) is { } difference) return difference;
        return TrustPolicy.Decide(mode, new TrustRequest { Package = PackageIdentity.Of(package), Envelopes = envelopes, Registry = client.Registry.Roots, Publisher = publisher.Keys, Pins = pins ?? Pins.None });
    }

    private async Task InstallsAsync(RegistryClient? client = null, Pins? pins = null) => Assert.IsType<TrustDecision.Trusted>(Value(await InstallAsync(client, pins)));

    private async Task RefusesAsync(string part, RegistryClient? client = null, Pins? pins = null) => Assert.Contains(part, Refusal(await InstallAsync(client, pins)), StringComparison.Ordinal);

    [Fact]
    public async Task ArbitraryInstall_RegistryOfTheAttackers_IsNotBelieved()
    {
        using var folder = new TemporaryDirectory();
        Value(await StaticRegistry.ExportAsync(folder.Path, new StaticExport { Name = "Acme", Packages = [Signed(Evil, _attacker)], Now = Now }, [_attacker]));
        await using var server = new LoopbackServer(folder.Path);
        await RefusesAsync($"`{server.Root}: index of acme.demo: signatures` have none of a trusted key", _registry.Client(files: _registry.Files(root: server.Root)));
        // Whoever trusts the attacker's key gets what the attacker likes.
        await InstallsAsync(_registry.Client(files: _registry.Files(root: server.Root), keys: [_attacker.PublicKey]));
    }

    [Fact]
    public async Task EndlessData_AnyFile_IsNotReadBeyondItsLimit()
    {
        foreach (var (path, limit) in new[] { (IndexPath, "16,777,216"), (KeysPath, "262,144"), (RegistryPaths.Config, "65,536"), (DemoPath + PackageSignatures.Extension, "524,288"), (DemoPath, $"{Demo.Bytes.Length:N0}") })
        {
            _registry.Server.Lie(path, async exchange =>
            {
                await exchange.SendHeadAsync("200 OK");
                while (true) await exchange.SendBodyAsync(new byte[1 << 16]);
            });
            await RefusesAsync($"`{_registry.Server.Root}{path}` is longer than the {limit} bytes it may have");
            Assert.Empty(_registry.Left);
            _registry.Server.BeHonest(path);
        }
        await InstallsAsync();
    }

    [Fact]
    public async Task ExtraneousDependencies_AddedByAMirror_AreNoticed()
    {
        var honest = Bytes(IndexPath);
        var text = Encoding.UTF8.GetString(honest);
        var changed = text.Replace("\"dependencies\":{}", "\"dependencies\":{\"evil.miner\":\"*\"}", StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        Put(IndexPath, Encoding.UTF8.GetBytes(changed));
        await RefusesAsync("was changed after it was signed");
        Put(IndexPath, honest);
        await InstallsAsync();
    }

    [Fact]
    public async Task ExtraneousDependencies_AddedByTheRegistry_AreNotTheManifests()
    {
        var line = IndexLine.Of(Demo, Now);
        PutIndex(2, _registry.Root, line with { Dependencies = line.Dependencies.Add(PluginId.Parse("evil.miner"), Plugins.Contracts.Versions.VersionRange.Parse("*")) });
        await RefusesAsync("has other `dependencies` in its manifest than the registry's index says");
        PutIndex(3, _registry.Root, line);
        await InstallsAsync();
    }

    [Fact]
    public async Task FastForward_FarAhead_IsRefusedAndForgotten()
    {
        await InstallsAsync();
        PutIndex(2 + RegistryLimits.Default.MaxSequenceStep, _registry.Root, IndexLine.Of(Demo, Now));
        await RefusesAsync("somebody may have used its key");
        PutIndex(2, _registry.Root, IndexLine.Of(Demo, Now));
        await InstallsAsync();
    }

    [Fact]
    public async Task FastForward_WithinTheStep_IsOpenUntilTheRegistryHasANewKey()
    {
        await InstallsAsync();
        PutIndex(1 + RegistryLimits.Default.MaxSequenceStep, _registry.Root, IndexLine.Of(Demo, Now));
        await InstallsAsync();
        PutIndex(2, _registry.Root, IndexLine.Of(Demo, Now));
        await RefusesAsync("an older document is shown again");

        using var next = SigningKey.Create();
        Directory.Delete(Path.Combine(_registry.Folder, "v1"), recursive: true);
        Value(await StaticRegistry.ExportAsync(_registry.Folder, new StaticExport { Name = "Acme", Packages = [_registry.Signed(Demo)], Now = Now }, [next]));
        await InstallsAsync(_registry.Client(keys: [next.PublicKey]));
    }

    [Fact]
    public async Task Freeze_BeyondTheValidity_IsRefused()
    {
        await InstallsAsync();
        var (index, keys) = (Bytes(IndexPath), Bytes(KeysPath));
        await _registry.ExportAsync(SamplePlugin.Package(version: "1.0.1"));
        Put(IndexPath, index);
        Put(KeysPath, keys);
        // Open: until it expires, an old state passes for the present one.
        _registry.Time.Now = Now.AddDays(30).AddTicks(-1);
        await InstallsAsync();
        _registry.Time.Now = Now.AddDays(30);
        await RefusesAsync("it expired at 2026-03-31 12:00 UTC: an old state is shown");
    }

    [Fact]
    public async Task Freeze_TakingTheDocumentAway_IsRefusedWhereItWasSeen()
    {
        await InstallsAsync();
        File.Delete(Path.Combine(_registry.Folder, IndexPath));
        await RefusesAsync("was there before, and is withheld now");
        // Open: who has never seen it is told that there is no such plugin.
        Directory.Delete(_registry.Cache, recursive: true);
        Assert.Null(Value(await _registry.IndexAsync()).Value);
    }

    [Fact]
    public async Task Rollback_ToAnOlderIndex_IsRefusedWhereTheNewerWasSeen()
    {
        var older = Bytes(IndexPath);
        await _registry.ExportAsync(SamplePlugin.Package(version: "1.0.1"));
        await InstallsAsync();
        Put(IndexPath, older);
        await RefusesAsync("is 1, and 2 was seen before: an older document is shown again");
        // Without the memory of it, it passes.
        Directory.Delete(_registry.Cache, recursive: true);
        await InstallsAsync();
    }

    [Fact]
    public async Task Rollback_OfRevocations_IsRefusedWhereTheyWereSeen()
    {
        var older = Bytes(KeysPath);
        await _registry.ExportAsync(Revoking("stolen"));
        await RefusesForRevocationAsync();
        Put(KeysPath, older);
        await RefusesAsync("an older document is shown again");
        File.Delete(Path.Combine(_registry.Folder, KeysPath));
        await RefusesAsync("is withheld now");
        Directory.Delete(_registry.Cache, recursive: true);
        await RefusesAsync("are not there, so nobody can tell which were revoked");
        Put(KeysPath, older);
        await InstallsAsync();
    }

    private StaticExport Revoking(string reason) => new() { Name = "Acme", Packages = [], Now = _registry.Time.Now, Revocations = [new KeyRevocation { Key = _registry.Author.PublicKey.Id, At = _registry.Time.Now, Reason = reason }] };

    private async Task RefusesForRevocationAsync() =>
        Assert.Contains("revoked: stolen", Assert.IsType<TrustDecision.Refused>(Value(await InstallAsync(pins: AuthorPinned))).Problem.ToString(), StringComparison.Ordinal);

    [Fact]
    public async Task MixAndMatch_WithinADocument_IsRefused()
    {
        var first = Encoding.UTF8.GetString(Bytes(IndexPath)).Split('\n');
        await _registry.ExportAsync(SamplePlugin.Package(version: "1.0.1"));
        var honest = Bytes(IndexPath);
        var second = Encoding.UTF8.GetString(honest).Split('\n');
        Put(IndexPath, Encoding.UTF8.GetBytes(string.Join('\n', [second[0], .. first[1..]])));
        await RefusesAsync("was changed after it was signed");
        Put(IndexPath, honest);
        await InstallsAsync();
    }

    [Fact]
    public async Task MixAndMatch_OnePluginsIndexForAnothers_IsRefused()
    {
        await _registry.ExportAsync(SamplePlugin.Package("acme.other"));
        var honest = Bytes(IndexPath);
        Put(IndexPath, Bytes(RegistryPaths.IndexOf(PluginId.Parse("acme.other"))));
        await RefusesAsync("is the index of acme.other");
        Put(IndexPath, honest);
        await InstallsAsync();
    }

    [Fact]
    public async Task MixAndMatch_DocumentsOfDifferentTimes_AreOpenWithinTheirValidity()
    {
        var older = Bytes(KeysPath);
        await _registry.ExportAsync(Revoking("stolen"));
        Put(KeysPath, older);
        // Open: nothing ties the index of today to the keys of today.
        await InstallsAsync();
        _registry.Time.Now = Now.AddDays(30);
        await _registry.ExportAsync(new StaticExport { Name = "Acme", Packages = [], Now = _registry.Time.Now });
        Put(KeysPath, older);
        await RefusesAsync("it expired at");
    }

    [Fact]
    public async Task MaliciousMirror_OtherSignaturesBesideThePackage_VouchForNothing()
    {
        var honest = Bytes(DemoPath + PackageSignatures.Extension);
        Put(DemoPath + PackageSignatures.Extension, PackageSignatures.Write(Signed(Demo, _attacker).Envelopes));
        Assert.IsType<TrustDecision.NeedsFingerprint>(Value(await InstallAsync()));
        Assert.IsType<TrustDecision.Refused>(Value(await InstallAsync(mode: TrustMode.Strict)));
        Assert.IsType<TrustDecision.KeyChanged>(Value(await InstallAsync(pins: AuthorPinned)));
        File.Delete(Path.Combine(_registry.Folder, DemoPath + PackageSignatures.Extension));
        Assert.Contains("is not signed", Assert.IsType<TrustDecision.Refused>(Value(await InstallAsync())).Problem.Message, StringComparison.Ordinal);
        Put(DemoPath + PackageSignatures.Extension, honest);
        await InstallsAsync();
    }

    [Fact]
    public async Task MaliciousMirror_OtherPackage_IsNotTheOneTheIndexLists()
    {
        Put(DemoPath, new byte[Demo.Bytes.Length]);
        await RefusesAsync("sent another package than its index lists");
        Put(DemoPath, Demo.Bytes.Span);
        await InstallsAsync();
    }

    [Fact]
    public async Task WrongSoftware_AnotherPluginOfTheSameAuthor_IsNoticed()
    {
        var other = SamplePlugin.Package("acme.other", "1.1.0");
        await _registry.ExportAsync(other, SamplePlugin.Package(version: "1.0.1"));
        await InstallsAsync();
        // With the registry's key, for a mirror cannot change the index.
        PutIndex(3, _registry.Root, IndexLine.Of(other, Now));
        // The package is genuine, so the line and the statements hold; who installs it compares the id.
        var line = Value(await _registry.IndexAsync()).Value!.Lines[^1];
        var bytes = Value(await _registry.Client().DownloadAsync(line, _registry.Downloads, _ => { }, CancellationToken.None));
        Assert.NotEqual(SamplePlugin.Id, Value(PluginPackage.Open(bytes)).Manifest.Id);
        PutIndex(4, _registry.Root, IndexLine.Of(other, Now) with { Version = Demo.Manifest.Version });
        await RefusesAsync("has other `version` in its manifest than the registry's index says");
    }

    [Fact]
    public async Task KeyCompromise_OfTheRegistry_DoesNotReplaceAnAuthorThatIsKnown()
    {
        await _registry.ExportAsync(new StaticExport { Name = "Acme", Packages = [Signed(Evil, _attacker)], Now = Now });
        Assert.False(Assert.IsType<TrustDecision.KeyChanged>(Value(await InstallAsync(pins: AuthorPinned))).RotationIsSigned);
        // Open: who meets the publisher for the first time has only the registry's word.
        await InstallsAsync();
    }

    [Fact]
    public async Task KeyCompromise_OfOneOfTwoRegistryKeys_IsNotEnough()
    {
        using var second = SigningKey.Create();
        RegistryClient Client(int threshold) => new(
            new RegistryEntry { Name = "acme", Url = _registry.Server.Root, Keys = [_registry.Root.PublicKey, second.PublicKey], Threshold = threshold }, _registry.Files(), new RegistryCache(_registry.Cache), _registry.Time, _ => { });
        await RefusesAsync("are of 1 trusted keys; 2 have to sign", Client(2));
        await InstallsAsync(Client(1));
    }

    [Fact]
    public async Task KeyCompromise_OfAnAuthor_EndsWithTheRevocation()
    {
        await _registry.ExportAsync(Evil);
        // Open: until it is revoked, a stolen key is the author's.
        await InstallsAsync(pins: AuthorPinned);
        await _registry.ExportAsync(Revoking("stolen"));
        await RefusesForRevocationAsync();
    }
}
