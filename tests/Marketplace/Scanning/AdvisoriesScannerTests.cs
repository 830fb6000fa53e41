using System.Text;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Scanning.Advisories;
using LazyOC.Plugins.Packages;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class AdvisoriesScannerTests : IDisposable
{
    private const string Range = """{ "type": "SEMVER", "events": [{ "introduced": "1.0.0" }, { "fixed": "1.3.0" }, { "introduced": "2.0.0" }, { "last_affected": "2.1.0" }] }""";

    private readonly string _folder = Directory.CreateTempSubdirectory("lazyoc-osv-").FullName;
    private readonly AdvisoriesScanner _scanner = new(new ScannerOptions());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("0.9.0", false)]
    [InlineData("1.0.0-rc.1", false)]
    [InlineData("1.0.0", true)]
    [InlineData("1.2.9", true)]
    [InlineData("1.3.0-rc.1", true)]
    [InlineData("1.3.0", false)]
    [InlineData("1.9.9", false)]
    [InlineData("2.1.0", true)]
    [InlineData("2.1.1", false)]
    public async Task Scan_OfVersion_RejectsThoseInARange(string version, bool isAffected)
    {
        Write("GHSA-1", """ "database_specific": { "severity": "HIGH" } """);

        var result = await ScanAsync(Bundling("left-pad", version));

        Assert.Equal(isAffected ? Verdict.Reject : Verdict.Pass, result.Verdict);
        if (isAffected) Assert.Contains("`left-pad " + version, result.Caught("advisory-severe").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""  "database_specific": { "severity": "CRITICAL" } """, "advisory-severe")]
    [InlineData("""  "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }] """, "advisory-severe")]
    [InlineData("""  "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:N" }] """, "advisory-moderate")]
    [InlineData("""  "database_specific": { "severity": "MODERATE" } """, "advisory-moderate")]
    [InlineData("""  "details": "says nothing" """, "advisory-moderate")]
    [InlineData("""  "database_specific": { "severity": "LOW" } """, "advisory-low")]
    public async Task Scan_OfSeverity_Decides(string severity, string rule)
    {
        Write("GHSA-1", severity);

        (await ScanAsync(Bundling("left-pad", "1.1.0"))).Caught(rule);
    }

    [Fact]
    public async Task Scan_OfOthersAdvisories_FindsNothing()
    {
        Write("GHSA-1", "\"database_specific\": { \"severity\": \"HIGH\" }");
        Write("GHSA-2", "\"withdrawn\": \"2020-01-01T00:00:00Z\", \"database_specific\": { \"severity\": \"HIGH\" }", "right-pad");
        Write("PYSEC-1", "\"database_specific\": { \"severity\": \"HIGH\" }", "right-pad", "PyPI");

        (await ScanAsync(Bundling("right-pad", "1.1.0"))).Clean();
        (await ScanAsync(PackageFixture.Clean)).Clean();
    }

    [Fact]
    public async Task Scan_OfMalwareInAScopedPackage_Rejects()
    {
        Write("MAL-2025-1", "\"details\": \"\"", "@acme/lines", range: """{ "type": "SEMVER", "events": [{ "introduced": "0" }] }""");

        (await ScanAsync(Bundling("@acme/lines", "0.0.1-a"))).Caught("advisory-severe");
        (await ScanAsync(Bundling("lines", "0.0.1"))).Clean();
    }

    [Fact]
    public async Task Scan_OfStatedVersionsOnly_ComparesThem()
    {
        File.WriteAllText(Path.Combine(_folder, "a.json"), """{ "id": "GHSA-1", "affected": [{ "package": { "ecosystem": "npm", "name": "left-pad" }, "versions": ["1.1.0"] }] }""");

        (await ScanAsync(Bundling("left-pad", "1.1.0"))).Caught("advisory-moderate");
        (await ScanAsync(Bundling("left-pad", "1.1.1"))).Clean();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{ "id": 7 }""")]
    [InlineData("""{ "id": "A", "affected": {} }""")]
    [InlineData("""{ "id": "A", "affected": [{ "package": { "ecosystem": "npm" } }] }""")]
    [InlineData("""{ "id": "A", "affected": [{ "package": { "ecosystem": "npm", "name": "x" }, "ranges": [{ "type": "SEMVER" }] }] }""")]
    [InlineData("""{ "id": "A", "affected": [{ "package": { "ecosystem": "npm", "name": "x" }, "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "one" }] }] }] }""")]
    [InlineData("""{ "id": "A", "affected": [{ "package": { "ecosystem": "npm", "name": "x" }, "ranges": [{ "type": "SEMVER", "events": [{ "mended": "1.0.0" }] }] }] }""")]
    public async Task Scan_WithADamagedAdvisory_IsAnErrorUntilItIsMended(string damaged)
    {
        Write("GHSA-1", "\"details\": \"\"");
        File.WriteAllText(Path.Combine(_folder, "damaged.json"), damaged);

        var result = await ScanAsync(PackageFixture.Clean);

        Assert.Equal(Verdict.Error, result.Verdict);
        Assert.Contains("`damaged.json`", result.Caught("advisory-damaged").Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder, result.Findings[0].Message, StringComparison.Ordinal);
        File.Delete(Path.Combine(_folder, "damaged.json"));
        (await ScanAsync(PackageFixture.Clean)).Clean();
    }

    [Fact]
    public async Task Scan_WithAnEmptyOrAbsentFolder_IsAnError()
    {
        (await ScanAsync(PackageFixture.Clean)).Caught("advisory-damaged");
        (await _scanner.ScanAsync(With(PackageFixture.Clean.Pack(), Path.Combine(_folder, "none")), CancellationToken.None)).Caught("advisory-damaged");
    }

    [Fact]
    public async Task Scan_WithoutAdvisories_SaysSoAndPasses()
    {
        var result = await _scanner.ScanAsync(With(PackageFixture.Clean.Pack(), null), CancellationToken.None);

        result.Caught("advisory-none-known");
        Assert.Equal(Verdict.Pass, result.Verdict);
    }

    [Fact]
    public async Task Scan_OfAdvisoryThatIsRewritten_SeesTheNewOne()
    {
        Write("GHSA-1", "\"details\": \"\"", "right-pad");
        (await ScanAsync(Bundling("left-pad", "1.1.0"))).Clean();
        Write("GHSA-1", "\"details\": \"rewritten\"");

        (await ScanAsync(Bundling("left-pad", "1.1.0"))).Caught("advisory-moderate");
    }

    [Theory]
    [InlineData("not json", "advisory-damaged-sbom", Verdict.Error)]
    [InlineData("""{ "bomFormat": "SPDX" }""", "advisory-damaged-sbom", Verdict.Error)]
    [InlineData("""{ "bomFormat": "CycloneDX", "components": 7 }""", "advisory-damaged-sbom", Verdict.Error)]
    [InlineData(null, "advisory-no-sbom", Verdict.Hold)]
    [InlineData("""{ "bomFormat": "CycloneDX", "components": [{ "name": "left-pad" }] }""", "advisory-unknown-version", Verdict.Hold)]
    [InlineData("""{ "bomFormat": "CycloneDX", "components": [{ "name": "left-pad", "version": "one" }] }""", "advisory-unknown-version", Verdict.Hold)]
    [InlineData("""{ "bomFormat": "CycloneDX", "components": [{ "name": "x", "purl": "pkg:npm/Left-Pad@1.1.0?a=b#c" }] }""", "advisory-moderate", Verdict.Hold)]
    public async Task Scan_OfAuthorsOwnSbom_IsNeverPassedOver(string? sbom, string rule, Verdict verdict)
    {
        Write("GHSA-1", "\"details\": \"\"");
        var result = await _scanner.ScanAsync(With(PackageFixture.Clean.PackWith("sbom.cdx.json", sbom), _folder), CancellationToken.None);

        result.Caught(rule);
        Assert.Equal(verdict, result.Verdict);
    }

    /// <summary>Whatever is in an advisory: it is read or refused.</summary>
    [Fact]
    public void Read_OfDamagedAdvisories_NeverThrows()
    {
        var seed = Encoding.UTF8.GetBytes($$"""{ "id": "GHSA-1", "severity": [{ "type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H" }], "affected": [{ "package": { "ecosystem": "npm", "name": "x" }, "ranges": [{{Range}}], "versions": ["1.0.0", "2"] }] }""");
        string[] values = ["null", "7", "[]", "{}", "\"\"", "true", "[null]", "1e999", "\"\\ud800\""];
        var random = new Random(7);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 4_000; i++)
        {
            var damaged = (byte[])seed.Clone();
            for (var changes = random.Next(3); changes > 0; changes--) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var text = Encoding.Latin1.GetString(damaged);
            // A whole value in place of another one.
            var at = text.IndexOfAny(['"', '[', '{'], random.Next(text.Length));
            if (random.Next(2) == 0 && at > 0 && text.IndexOfAny(['"', ']', '}'], at + 1) is > 0 and var end) text = text[..at] + values[random.Next(values.Length)] + text[(end + 1)..];
            if (OsvReader.Read(Encoding.Latin1.GetBytes(text)).TryGet(out _, out _)) read++;
            else refused++;
        }
        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    [Theory]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1)]
    [InlineData("CVSS:3.0/AV:L/AC:H/PR:L/UI:N/S:U/C:N/I:N/A:N", 0.0)]
    [InlineData("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0)]
    [InlineData("CVSS:3.1/AV:N/AC:L", null)]
    [InlineData("CVSS:4.0/AV:N", null)]
    [InlineData("", null)]
    public void Of_Vector_GivesItsBaseScore(string vector, double? score) => Assert.Equal(score, CvssScore.Of(vector));

    private Task<ScanResult> ScanAsync(PackageFixture fixture) => _scanner.ScanAsync(With(fixture.Pack(), _folder), CancellationToken.None);

    private static Submission With(PluginPackage package, string? folder) => new() { Package = package, Catalog = new ScanCatalog { Advisories = folder } };

    /// <summary>A plugin whose lock file says that it has a package of npm in it.</summary>
    private static PackageFixture Bundling(string name, string version) =>
        PackageFixture.Clean.With("package-lock.json", $$"""{ "packages": { "": {}, "node_modules/{{name}}": { "version": "{{version}}" } } }""");

    private void Write(string id, string more, string package = "left-pad", string ecosystem = "npm", string range = Range) => File.WriteAllText(
        Path.Combine(_folder, id + ".json"),
        $$"""{ "schema_version": "1.6.0", "id": "{{id}}", "summary": "pads too far", {{more}}, "affected": [{ "package": { "ecosystem": "{{ecosystem}}", "name": "{{package}}" }, "ranges": [{{range}}] }] }""");
}
