using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class ManifestScannerTests
{
    private const string Pods = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"] }] }""";

    private readonly ManifestScanner _scanner = new(new ScannerOptions());

    [Fact]
    public async Task Scan_OfPluginThatAsksForLittle_FindsNothing() =>
        (await _scanner.ScanAsync(PackageFixture.Clean with { Permissions = Pods })).Clean();

    [Theory]
    [InlineData("manifest-reason-missing", """{ "network": { "connect": ["https://api.acme.org"] } }""", "{}")]
    [InlineData("manifest-reason-missing", """{ "kubernetes": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"] }] }""", """{ "network": "talks" }""")]
    [InlineData("manifest-reason-missing", """{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["update"] }] }""", """{ "kubernetes": "  " }""")]
    [InlineData("manifest-wide", """{ "kubernetes": [{ "apiGroups": [""], "resources": ["*"], "verbs": ["get"] }] }""", "{}")]
    [InlineData("manifest-wide", """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["pods"], "verbs": ["get"] }] }""", "{}")]
    [InlineData("manifest-wide", """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["*"] }] }""", "{}")]
    [InlineData("manifest-any-host", """{ "network": { "connect": ["https://*"] } }""", "{}")]
    [InlineData("manifest-any-host", """{ "network": { "connect": ["https://*.org"] } }""", "{}")]
    [InlineData("manifest-exfiltration", """{ "kubernetes": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["list"] }], "network": { "connect": ["https://*"] } }""", "{}")]
    [InlineData("manifest-unattended", """{ "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["update"], "unattended": true }] }""", "{}")]
    [InlineData("manifest-full-trust", """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create"] }] }""", "{}")]
    [InlineData("manifest-cleartext", """{ "network": { "connect": ["http://metrics.acme.org"] } }""", "{}")]
    [InlineData("manifest-idle", """{ "logs": [{ "kinds": ["Pod"] }] }""", "{}")]
    public async Task Scan_OfDangerousPermission_FindsIt(string rule, string permissions, string reasons)
    {
        var finding = (await _scanner.ScanAsync(PackageFixture.Clean with { Permissions = permissions, Reasons = reasons })).Caught(rule);

        Assert.Equal(("plugin.json", true), (finding.File, finding.Line > 1));
    }

    [Fact]
    public async Task Scan_OfSecretsWithOneNamedServer_DoesNotReject()
    {
        var result = await _scanner.ScanAsync(PackageFixture.Clean with
        {
            Permissions = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["list"] }], "network": { "connect": ["https://vault.acme.org"] } }""",
            Reasons = """{ "kubernetes": "shows when a certificate ends", "network.connect": "renews it" }""",
        });

        Assert.Equal(Verdict.Pass, result.Verdict);
    }

    [Fact]
    public async Task Scan_OfReasonForOneOfTwoRules_HoldsForTheOther()
    {
        var result = await _scanner.ScanAsync(PackageFixture.Clean with
        {
            Permissions = """{ "network": { "connect": ["https://a.acme.org"], "listen": [8080] }, "kubernetes": [{ "apiGroups": [""], "resources": ["secrets"], "verbs": ["get"] }] }""",
            Reasons = """{ "network": "asks the forecast" }""",
        });

        Assert.StartsWith("`permissions.kubernetes[0]`", Assert.Single(result.Findings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("http://git.acme.org/x")]
    [InlineData("https://user@git.acme.org/x")]
    public async Task Scan_OfRepositoryThatIsNoHttpsUrl_Holds(string repository) =>
        (await _scanner.ScanAsync(PackageFixture.Clean with { Repository = repository })).Caught("manifest-repository");

    [Theory]
    [InlineData("Pay\u202epal")]
    [InlineData("Pod\u200b health")]
    public async Task Scan_OfEscapedHiddenCharacters_RejectsAndShowsThem(string name)
    {
        var finding = (await _scanner.ScanAsync(PackageFixture.Clean with { DisplayName = name })).Caught("manifest-hidden-text");

        Assert.Contains("\\u{2", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_OfBarePackage_NotesWhatIsMissing()
    {
        var result = await _scanner.ScanAsync((PackageFixture.Clean with { Repository = null, Description = "" }).Without("README.md"));

        Assert.Equal(Verdict.Pass, result.Verdict);
        Assert.Equal(["manifest-repository-missing", "manifest-description-missing", "manifest-readme-missing"], result.Findings.Select(finding => finding.Rule));
    }
}
