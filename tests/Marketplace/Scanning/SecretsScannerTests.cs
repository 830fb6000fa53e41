using System.Security.Cryptography;
using System.Text;
using LazyOC.Marketplace.Scanning;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class SecretsScannerTests
{
    private readonly SecretsScanner _scanner = new(new ScannerOptions());

    /// <summary>Credentials of the right form, put together here so that none stands in this file.</summary>
    public static TheoryData<string, string, string> Secrets => new()
    {
        { "secret-token", "AWS", "AKIA" + Upper(16) },
        { "secret-token", "AWS", "aws_secret_access_key = " + Mixed(40) },
        { "secret-token", "Google", "AIza" + Mixed(35) },
        { "secret-token", "Azure", "AccountKey=" + Mixed(86) + "==" },
        { "secret-token", "GitHub", "ghp_" + Mixed(36) },
        { "secret-token", "GitHub", "github_pat_" + Mixed(82) },
        { "secret-token", "GitLab", "glpat-" + Mixed(20) },
        { "secret-token", "npm", "//registry.npmjs.org/:_authToken=npm_" + Mixed(36) },
        { "secret-token", "Slack", "xoxb-" + Mixed(24) },
        { "secret-token", "OpenShift", "oc login --token=sha256~" + Mixed(43) },
        { "secret-token", "marketplace", "lzt_" + Mixed(32) },
        { "secret-jwt", "Web Token", "eyJ" + Mixed(20) + ".eyJ" + Mixed(40) + "." + Mixed(43) },
        { "secret-url", "URL", "postgres://weather:" + Mixed(12) + "@db.acme.org/weather" },
        { "secret-assignment", "password", "const dbPassword = '" + Mixed(24) + "';" },
        { "secret-assignment", "apiKey", "{ \"apiKey\": \"" + Mixed(24) + "\" }" },
        { "secret-assignment", "token", "\"token = \\\"" + Mixed(24) + "\\\"\"" },
        { "secret-kubeconfig", "kubeconfig", "kind: Config\nusers:\n- name: me\n  user:\n    token: " + Mixed(30) },
        { "secret-kubeconfig", "kubeconfig", "    client-key-data: " + Mixed(80) },
    };

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task Scan_OfSecret_NamesItsPlaceAndDoesNotShowIt(string rule, string what, string line)
    {
        foreach (var path in (string[])["deploy/notes.txt", "main.js"])
        {
            var content = path == "main.js" ? $"/* first\n{line} */" : $"first\n{line}\n";
            var result = await _scanner.ScanAsync(PackageFixture.Clean.With(path, content));
            var finding = result.Caught(rule);

            Assert.Equal(path, finding.File);
            Assert.InRange(finding.Line ?? 0, 2, 7);
            Assert.Contains(what, finding.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(result.Findings, found => found.Message.Contains(line[^12..], StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Scan_OfPrivateKey_RejectsEvenInABinaryFile()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var pem = key.ExportPkcs8PrivateKeyPem();

        Assert.Equal(2, (await _scanner.ScanAsync(PackageFixture.Clean.With("key.pem", "\n" + pem))).Caught("secret-private-key").Line);
        (await _scanner.ScanAsync(PackageFixture.Clean.With("key.bin", [0, 0xff, .. Encoding.ASCII.GetBytes(pem)]))).Caught("secret-private-key");
        (await _scanner.ScanAsync(PackageFixture.Script("export const key = `" + pem.Replace("\n", "\\n", StringComparison.Ordinal) + "`;"))).Caught("secret-private-key");
        (await _scanner.ScanAsync(PackageFixture.Clean.With("key.pem", key.ExportSubjectPublicKeyInfoPem()))).Clean();
    }

    [Theory]
    [InlineData("const token = 'YOUR-TOKEN-GOES-HERE-123';")]
    [InlineData("AKIAIOSFODNN7EXAMPLE")]
    [InlineData("const password = 'correct horse battery';")]
    [InlineData("const tokenKind = 'Identifier'; const secretName = 'my-app-credentials';")]
    [InlineData("password: ${DB_PASSWORD}")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----")]
    [InlineData("https://user:${password}@host.example")]
    [InlineData("const s = { token: 'aaaaaaaaaaaaaaaaaaaa1' };")]
    public async Task Scan_OfWhatOnlyLooksLikeIt_FindsNothing(string line) =>
        (await _scanner.ScanAsync(PackageFixture.Clean.With("notes.txt", line))).Clean();

    [Fact]
    public async Task Scan_OfFileBeyondTheLimit_Holds()
    {
        var scanner = new SecretsScanner(new ScannerOptions { Limits = new ScannerLimits { TextFileBytes = 4_000 } });

        (await scanner.ScanAsync(PackageFixture.Clean.With("data.txt", new string('a', 4_001)))).Caught("secret-unread");
        (await scanner.ScanAsync(PackageFixture.Clean.With("data.txt", new string('a', 3_000)))).Clean();
    }

    [Fact]
    public async Task Scan_OfTextsThatSlowBacktrackersDown_ComesToAnEnd()
    {
        var evil = string.Concat(Enumerable.Repeat("password token secret=", 20_000)) + new string('A', 200_000) + string.Concat(Enumerable.Repeat("eyJaaaaaaaaaa.", 20_000)) + string.Concat(Enumerable.Repeat("a://a:", 20_000));

        Assert.NotEqual(Verdict.Error, (await _scanner.ScanAsync(PackageFixture.Clean.With("evil.txt", evil))).Verdict);
    }

    private static string Mixed(int length) => Letters("q7Zk2Xv9Lm4Rt8Wp3Ns6Hd5Jc1Bf0Gy", length);

    private static string Upper(int length) => Letters("Q7ZK2XVLM4RTWP3NS6HD5JCBFGY", length);

    private static string Letters(string alphabet, int length) => new([.. Enumerable.Range(0, length).Select(i => alphabet[((i * 11) + (i / alphabet.Length)) % alphabet.Length])]);
}
