using System.Collections.Immutable;
using LazyOC.Marketplace.Mirror;
using LazyOC.Marketplace.Operations;
using LazyOC.Marketplace.Protocol;
using LazyOC.Marketplace.Publishing;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;
using Microsoft.Extensions.DependencyInjection;
using static LazyOC.Marketplace.Tests.MarketFixture;

namespace LazyOC.Marketplace.Tests.Mirror;

/// <summary>A registry that comes as a folder into a network that reaches no other.</summary>
[Trait(Nodes.Pair.Trait, Nodes.Pair.Both)]
public sealed class ImportTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly SigningKey _registry = SigningKey.Create();

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Folder_ThatWasExported_IsImportedAndInstalledFrom()
    {
        await using var market = await MarketFixture.StartAsync();
        var package = SamplePlugin.Package();
        await ExportAsync(market, package, SamplePlugin.Package("acme.other"));

        Assert.Equal(new ImportReport(2, 1, 2), Value(await ImportAsync(market)));

        await market.InstallAsync(SamplePlugin.Id, package.Manifest.Version);
        // An update that comes the same way.
        market.Clock.Advance(TimeSpan.FromDays(60));
        var next = SamplePlugin.Package(version: "1.1.0");
        await ExportAsync(market, next);
        Assert.Equal(new ImportReport(2, 1, 3), Value(await ImportAsync(market)));
        await market.InstallAsync(SamplePlugin.Id, next.Manifest.Version);
        // It is in a backup, and is found whole.
        Assert.Empty(await Backup.VerifyAsync(market.Options, default));
        Assert.Equal(3, (await market.StoredAsync()).Count);
        await market.RunAsync(null, new RequiredScanners([TestScanner.Passing], _ => PackageLooks.None));
        await market.InstallAsync(SamplePlugin.Id, next.Manifest.Version);
    }

    [Fact]
    public async Task Folder_WithAnythingThatIsNotVouchedFor_IsImportedNotAtAll()
    {
        await using var market = await MarketFixture.StartAsync();
        var package = SamplePlugin.Package();
        await ExportAsync(market, package, SamplePlugin.Package("acme.other"));
        var root = _folder.Path;
        foreach (var path in new[] { $"v1/packages/{package.Digest}.lzp", $"v1/packages/{package.Digest}.lzp.dsse.json", "v1/index/acme/demo", "v1/publishers/acme.json" })
        {
            var file = Path.Combine(root, path);
            var honest = await File.ReadAllBytesAsync(file);
            var forged = honest.ToArray();
            forged[forged.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, forged);
            Assert.False((await ImportAsync(market)).TryGet(out _, out _), path);
            // A folder need not have every plugin, but all of those it has.
            if (!path.StartsWith("v1/index/", StringComparison.Ordinal))
            {
                File.Delete(file);
                Assert.False((await ImportAsync(market)).TryGet(out _, out _), path);
            }
            await File.WriteAllBytesAsync(file, honest);
        }
        using var other = SigningKey.Create();
        Assert.False((await ImportAsync(market, other.PublicKey.Id.Fingerprint)).TryGet(out _, out _));
        Assert.Null(Value(await market.Registry().IndexAsync(PluginId.Parse("acme.other"), default)).Value);
        // The control: as it was made, it is taken.
        Value(await ImportAsync(market));
    }

    [Fact]
    public async Task Folder_ThatIsOld_IsNotImported()
    {
        await using var market = await MarketFixture.StartAsync();
        await ExportAsync(market, SamplePlugin.Package());
        using var older = new TemporaryDirectory();
        foreach (var file in Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(older.Path, Path.GetRelativePath(_folder.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        await ExportAsync(market);
        Value(await ImportAsync(market));

        Assert.False((await ImportAsync(market, folder: older.Path)).TryGet(out _, out var problems));
        Assert.Contains("an older document is shown again", Problem.Join(problems), StringComparison.Ordinal);
        market.Clock.Advance(TimeSpan.FromDays(31));
        Assert.False((await ImportAsync(market)).TryGet(out _, out problems));
        Assert.Contains("expired", Problem.Join(problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_WithAPublisherOfTheRegistryItself_IsNotImported()
    {
        await using var market = await MarketFixture.StartAsync();
        await market.OwnerAsync();
        await ExportAsync(market, SamplePlugin.Package());

        Assert.False((await ImportAsync(market)).TryGet(out _, out var problems));
        Assert.Contains("is a publisher of this registry itself", Problem.Join(problems), StringComparison.Ordinal);
    }

    private Task<Outcome<ImportReport>> ImportAsync(MarketFixture market, string? fingerprint = null, string? folder = null) =>
        ActivatorUtilities.CreateInstance<MirrorImport>(market.Server.Services).RunAsync(folder ?? _folder.Path, [fingerprint ?? _registry.PublicKey.Id.Fingerprint], default);

    private async Task ExportAsync(MarketFixture market, params ImmutableArray<PluginPackage> packages) => Value(await StaticRegistry.ExportAsync(
        _folder.Path,
        new StaticExport
        {
            Name = "elsewhere",
            Packages = [.. packages.Select(package => new StaticPackage(package, Value(PackageSignatures.Read(market.Sign(package)))))],
            Now = market.Clock.GetUtcNow(),
        },
        [_registry]));
}
