using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class DifferenceScannerTests
{
    private const string Network = """{ "network": { "connect": ["https://api.acme.org"] } }""";

    private static readonly string Minified = string.Concat(Enumerable.Range(0, 100).Select(i => $"const a{i}=(b)=>b.c[{i}]+1;"));

    private readonly DifferenceScanner _scanner = new(new ScannerOptions());

    [Fact]
    public async Task Scan_OfNewPlugin_FindsNothing() => (await _scanner.ScanAsync(PackageFixture.Clean with { Permissions = Network })).Clean();

    [Fact]
    public async Task Scan_OfUpdateThatAsksForNoMore_FindsNothing() => (await CompareAsync(PackageFixture.Script(Minified, Network), PackageFixture.Script("1;", Network))).Clean();

    [Fact]
    public async Task Scan_OfWiderPermissions_NotesThemAndPasses()
    {
        var result = await CompareAsync(PackageFixture.Clean with { Permissions = Network }, PackageFixture.Clean);

        result.Caught("difference-permissions");
        Assert.Contains("https://api.acme.org", result.Caught("difference-server").Message, StringComparison.Ordinal);
        Assert.Equal(Verdict.Pass, result.Verdict);
    }

    [Fact]
    public async Task Scan_OfWiderPermissionsWithCodeThatIsHarderToRead_Holds()
    {
        (await CompareAsync(PackageFixture.Script(Minified, Network), PackageFixture.Clean)).Caught("difference-hidden");
        // Either alone is an update like others.
        (await CompareAsync(PackageFixture.Script(Minified, Network), PackageFixture.Script(Minified))).Free("difference-hidden");
        (await CompareAsync(PackageFixture.Script(Minified, """{ "storage": "1MiB" }"""), PackageFixture.Clean)).Free("difference-hidden");
    }

    [Fact]
    public async Task Scan_OfUnattendedWrites_HoldsTheVersionThatBringsThem()
    {
        static PackageFixture Writing(bool unattended) => PackageFixture.Clean with { Permissions = $$"""{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["update"], "unattended": {{(unattended ? "true" : "false")}} }] }""" };

        (await CompareAsync(Writing(true), Writing(false))).Caught("difference-unattended");
        (await CompareAsync(Writing(true), Writing(true))).Clean();
    }

    [Fact]
    public async Task Scan_OfOtherLanguage_HoldsAndNamesTheModule()
    {
        var result = await CompareAsync((PackageFixture.Clean with { Main = "main.wasm" }).With("main.wasm", WasmScannerTests.Module([])), PackageFixture.Clean);

        result.Caught("difference-language");
        Assert.Equal("main.wasm", result.Caught("difference-module").File);
    }

    [Fact]
    public async Task Scan_OfOtherRepository_Holds()
    {
        (await CompareAsync(PackageFixture.Clean with { Repository = "https://git.zorg.org/weather" }, PackageFixture.Clean)).Caught("difference-repository");
        (await CompareAsync(PackageFixture.Clean with { Repository = null }, PackageFixture.Clean)).Caught("difference-repository");
        (await CompareAsync(PackageFixture.Clean, PackageFixture.Clean with { Repository = null })).Clean();
    }

    [Fact]
    public async Task Scan_OfMuchLargerUpdate_NotesIt()
    {
        var noise = new byte[400 << 10];
        new Random(3).NextBytes(noise);

        (await CompareAsync(PackageFixture.Clean.With("data.bin", noise), PackageFixture.Clean)).Caught("difference-size");
        (await CompareAsync(PackageFixture.Clean.With("data.bin", noise[..(200 << 10)]), PackageFixture.Clean)).Clean();
    }

    private Task<ScanResult> CompareAsync(PackageFixture now, PackageFixture before) =>
        _scanner.ScanAsync((now with { Version = "1.0.1" }).Pack().Submit(before.Pack()), CancellationToken.None);
}
