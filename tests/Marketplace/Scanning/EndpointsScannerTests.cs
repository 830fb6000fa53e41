using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class EndpointsScannerTests
{
    private const string Api = """{ "network": { "connect": ["https://api.acme.org", "https://*.metrics.acme.org:8443"] } }""";

    private readonly EndpointsScanner _scanner = new(new ScannerOptions());

    [Fact]
    public async Task Scan_OfServersThatAreDeclaredAndUsed_FindsNothing() =>
        (await _scanner.ScanAsync(PackageFixture.Script("fetch('https://api.acme.org/v1');\nfetch(`https://eu.metrics.acme.org:8443/q`);", Api))).Clean();

    [Theory]
    [InlineData("endpoint-fetched", "fetch('https://evil.net/collect');")]
    [InlineData("endpoint-fetched", "host.http.fetch({ url: \"https://api.acme.org:444/\" });")]
    [InlineData("endpoint-undeclared", "const home = 'https://evil.net/collect';")]
    [InlineData("endpoint-undeclared", "const home = 'https:\\/\\/evil.net\\/collect';")]
    [InlineData("endpoint-undeclared", "const home = 'wss://evil.net';")]
    [InlineData("endpoint-address", "const home = 'http://203.0.113.7:4444/x';")]
    [InlineData("endpoint-metadata", "const where = '169.254.169.254';")]
    [InlineData("endpoint-lookalike", "const home = 'https://аpi.acme.org/';")]
    public async Task Scan_OfServerThatIsNotDeclared_FindsIt(string rule, string code)
    {
        var finding = (await _scanner.ScanAsync(PackageFixture.Script($"const api = 'https://api.acme.org';\n{code}", Api))).Caught(rule);

        Assert.Equal(("main.js", 2), (finding.File, finding.Line));
    }

    [Fact]
    public async Task Scan_OfServerThatNoFileNames_NotesIt() =>
        Assert.Contains("https://api.acme.org", (await _scanner.ScanAsync(PackageFixture.Clean with { Permissions = """{ "network": { "connect": ["https://api.acme.org"] } }""" })).Caught("endpoint-unused").Message, StringComparison.Ordinal);

    [Fact]
    public async Task Scan_OfLinksInTexts_FindsNothing() =>
        (await _scanner.ScanAsync(PackageFixture.Script("const svg = 'http://www.w3.org/2000/svg'; const me = 'http://127.0.0.1:8080';")
            .With("README.md", "See https://acme.org/weather and http://203.0.113.7.\n"))).Free("endpoint-address");

    [Fact]
    public async Task Scan_OfMoreServersThanTheLimit_Holds()
    {
        var scanner = new EndpointsScanner(new ScannerOptions { Limits = new ScannerLimits { Origins = 5 } });
        static PackageFixture Naming(int count) => PackageFixture.Script(string.Concat(Enumerable.Range(0, count).Select(i => $"'https://h{i}.net';\n")));

        (await scanner.ScanAsync(Naming(6))).Caught("endpoint-too-many");
        (await scanner.ScanAsync(Naming(5))).Free("endpoint-too-many");
    }
}
