using System.Globalization;
using System.Text;
using System.Text.Json;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Tests.Scanning.Trials;
using LazyOC.Repository.Tests;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class ScannerSetTests
{
    private static readonly string Page = Path.Combine(RepositoryRoot.Path, "docs", "scanning.md");

    [Fact]
    public void Default_HasTheScannersOfTheRules_InTheirOrder() =>
        Assert.Equal(ScannerSet.Rules.Select(entry => entry.Scanner), ScannerSet.Default(new ScannerOptions()).Select(scanner => scanner.Name));

    [Fact]
    public void Rules_HaveNamesOfTheirOwn()
    {
        var names = ScannerSet.Rules.SelectMany(entry => entry.Rules).Select(rule => rule.Name).ToList();

        Assert.Equal(names.Count, names.Distinct(StringComparer.Ordinal).Count());
        Assert.All(names, name => Assert.Matches("^[a-z][a-z-]+$", name));
    }

    [Fact]
    public async Task Scan_OfPlainPlugin_PassesAllWithoutAFinding()
    {
        foreach (var scanner in ScannerSet.Default(TrialFixture.Scanning))
        {
            var result = await scanner.ScanAsync(PackageFixture.Clean.Pack().Submit(), CancellationToken.None);
            Assert.True(result.Verdict == Verdict.Pass && result.Findings.All(finding => finding.Rule is "advisory-none-known" or "trial-loose"), $"{scanner.Name}: {Scans.Show(result)}");
        }
    }

    /// <summary>The page's table of rules is written from the code: <c>LAZYOC_UPDATE_GOLDENS=1</c> writes it anew.</summary>
    [Fact]
    public void Page_ListsTheRules()
    {
        const string begin = "<!-- rules -->\n", end = "<!-- end of rules -->\n";
        var page = File.ReadAllText(Page);
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, page.IndexOf(end, StringComparison.Ordinal));
        var table = new StringBuilder("\n| scanner | rule | verdict | what it finds |\n|---|---|---|---|\n");
        foreach (var (scanner, rules) in ScannerSet.Rules)
            foreach (var rule in rules)
                table.Append(CultureInfo.InvariantCulture, $"| {scanner} | `{rule.Name}` | {(rule.Verdict == Verdict.Pass ? "note" : rule.Verdict.ToString().ToLowerInvariant())} | {rule.Meaning} |\n");
        table.Append('\n');
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1")
        {
            page = page[..from] + table + page[to..];
            File.WriteAllText(Page, page);
            to = from + table.Length;
        }
        Assert.Equal(table.ToString(), page[from..to]);
    }

    /// <summary>The needs of calls are those of the host's own table.</summary>
    [Fact]
    public void CallNeeds_AreThoseOfTheHost()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "schemas", "host-api-v1.json")));
        var calls = schema.RootElement.GetProperty("calls").EnumerateObject().ToDictionary(call => call.Name, call => call.Value.GetProperty("description").GetString()!, StringComparer.Ordinal);

        Assert.Equal(calls.Keys.Order(StringComparer.Ordinal), CallNeeds.ByName.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, need) in CallNeeds.ByName)
        {
            var permission = need.Permission is null ? null : $"Permission: `{need.Permission}";
            Assert.True(permission is null ? !calls[name].Contains("Permission:", StringComparison.Ordinal) : calls[name].Contains(permission, StringComparison.Ordinal), $"{name}: {calls[name]}");
        }
    }

    /// <summary>Whatever is in a package: each scanner comes to an end with a verdict, and its messages can be printed.</summary>
    [Fact]
    public async Task Scan_OfDamagedAndHostileFiles_AlwaysEndsInAVerdict()
    {
        var random = new Random(20_261);
        var scanners = ScannerSet.Default(TrialFixture.Scanning with { Limits = new ScannerLimits { AnalysisCpuMs = 5_000, FindingsPerRule = 5 } });
        var rules = ScannerSet.Rules.SelectMany(entry => entry.Rules).ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        var seen = 0;
        for (var round = 0; round < 12; round++)
        {
            var fixture = PackageFixture.Clean with { License = Damage(random, "(MIT OR Apache-2.0) AND ISC", 30), DisplayName = Damage(random, "Weather \u043e\u202e of", 20) };
            for (var i = 0; i < 6; i++) fixture = fixture.With($"f{i}{Endings[i]}", HostileFile(random, i));
            var submission = fixture.Pack().Submit(round % 2 == 0 ? PackageFixture.Clean.Pack() : null);
            foreach (var scanner in scanners)
            {
                var result = await scanner.ScanAsync(submission, CancellationToken.None);
                Assert.All(result.Findings, finding =>
                {
                    Assert.True(rules[finding.Rule].Verdict <= result.Verdict);
                    Assert.DoesNotContain(finding.Message.EnumerateRunes(), rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned);
                    Assert.InRange(finding.Message.Length, 1, 1_000);
                });
                seen += result.Findings.Length;
            }
        }
        Assert.True(seen > 100);
    }

    private static readonly string[] Endings = [".js", ".mjs", ".wasm", ".json", ".md", ".js.map"];

    private static readonly string[] Seeds =
    [
        "export const a = `${b}`; lazyoc.call('http.fetch', { url: 'https://evil.net' }); eval(atob('aa')); /* \u202e */",
        "for (const [k, v] of Object.entries(t)) v((c, a) => lazyoc.call(c, a)); const t = { a: (c) => ({ b: () => c('ui.notify') }), d: (c) => c('x'), e: (c) => c('y') };",
        "\0asm\u0001\0\0\0",
        "{ \"version\": 3, \"sources\": [\"a\"], \"sourcesContent\": [null], \"token\": \"k3jH8sd7Fh2kL9qW\" }",
        "# See https://user:passw0rd@host.net/ \u200b\u200b -----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG",
        "{ \"mappings\": \"AAAA\" }",
    ];

    private static byte[] HostileFile(Random random, int kind)
    {
        var seed = Encoding.UTF8.GetBytes(Seeds[kind]);
        if (kind == 2) seed = WasmScannerTests.Module([("extism:host/env", "http_request"), ("wasi_snapshot_preview1", "fd_write")]);
        var bytes = random.Next(3) == 0 ? [.. Enumerable.Repeat(seed, 200).SelectMany(one => one)] : seed;
        for (var i = random.Next(8); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)];
    }

    /// <summary>The text with some of its characters exchanged, without control characters, which no manifest may have.</summary>
    private static string Damage(Random random, string text, int alphabet)
    {
        var damaged = text.ToCharArray();
        for (var i = random.Next(4); i > 0; i--) damaged[random.Next(damaged.Length)] = (char)(' ' + random.Next(alphabet));
        return new string(damaged);
    }
}
