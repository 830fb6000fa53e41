using System.Diagnostics;
using System.Text;
using LazyOC.Marketplace.Scanning;
using LazyOC.Marketplace.Scanning.JavaScript;
using LazyOC.Repository.Tests;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class JavaScriptScannerTests
{
    private const string Network = """{ "network": { "connect": ["https://api.acme.org"] } }""";
    private const string Pods = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list"] }] }""";

    private static readonly string Base64 = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(i => $"call{i * 7919 % 997}"))));

    private readonly JavaScriptScanner _scanner = new(new ScannerOptions());

    [Fact]
    public async Task Scan_OfPlainScript_FindsNothing() => (await _scanner.ScanAsync(PackageFixture.Clean)).Clean();

    [Theory]
    [InlineData("js-undeclared-call", "{}", "lazyoc.on('activate', () => lazyoc.call('http.fetch', { url: 'x' }));")]
    [InlineData("js-undeclared-call", "{}", "fetch('https://api.acme.org');")]
    [InlineData("js-undeclared-call", "{}", "globalThis.fetch('https://api.acme.org');")]
    [InlineData("js-undeclared-call", "{}", "const NAME = 'clipboard' + '.write'; lazyoc.call(NAME, {});")]
    [InlineData("js-undeclared-call", "{}", "lazyoc.call(Date.now() > 1 ? 'host.info' : 'audit.read', {});")]
    [InlineData("js-undeclared-call", Pods, "lazyoc.call('kubernetes.delete', { resource: 'pods', name: 'x' });")]
    [InlineData("js-undeclared-call", Pods, "lazyoc.call('kubernetes.list', { resource: 'secrets' });")]
    [InlineData("js-undeclared-call", Pods, "lazyoc['call']('kubernetes.exec', {});")]
    [InlineData("js-unknown-call", "{}", "lazyoc.call('kubernetes.obliterate', {});")]
    [InlineData("js-unused-permission", Network, "lazyoc.on('activate', () => null);")]
    [InlineData("js-computed-call", "{}", "let name = Date.now() > 1 ? next() : ''; lazyoc.call(name, {});")]
    [InlineData("js-computed-call", "{}", "const all = ['a']; for (const [k, f] of Object.entries(all)) f((name) => lazyoc.call(name, {}));")]
    [InlineData("js-indirect-host", "{}", "const host = lazyoc; host.call('http.fetch', {});")]
    [InlineData("js-indirect-host", "{}", "const { call } = lazyoc;")]
    [InlineData("js-indirect-host", "{}", "const { lazyoc: host } = globalThis; host.call('http.fetch', {});")]
    [InlineData("js-indirect-host", "{}", "((g) => g.lazyoc.call('http.fetch', {}))(globalThis);")]
    [InlineData("js-indirect-host", "{}", "(0, lazyoc.call)('http.fetch', {});")]
    [InlineData("js-computed-call", "{}", "lazyoc.call(...['http.fetch', {}]);")]
    [InlineData("js-indirect-host", "{}", "[lazyoc.call].forEach((f) => f('http.fetch', {}));")]
    [InlineData("js-computed-global", "{}", "const k = Date.now(); globalThis[k]();")]
    [InlineData("js-computed-global", "{}", "const g = globalThis, k = Date.now(); g[k]();")]
    [InlineData("js-global-handed-on", "{}", "export const root = typeof globalThis === 'object' ? globalThis : {};")]
    [InlineData("js-hidden-name", "{}", "const g = {}; g['laz' + 'yoc'];")]
    [InlineData("js-hidden-name", "{}", "const e = 'ev', g = {}; g[`${e}al`];")]
    [InlineData("js-hidden-name", "{}", "(() => 1)['con' + 'structor'];")]
    [InlineData("js-dynamic-code", "{}", "eval('1');")]
    [InlineData("js-dynamic-code", "{}", "const run = eval; run('1');")]
    [InlineData("js-dynamic-code", "{}", "new Function('a', 'return a')(1);")]
    [InlineData("js-dynamic-code", "{}", "(() => 1).constructor('return 1')();")]
    [InlineData("js-dynamic-code", "{}", "setTimeout('lazyoc', 1);")]
    [InlineData("js-dynamic-import", "{}", "import('./other.js');")]
    [InlineData("js-decoded-code", "{}", "eval(atob('YWxlcnQoMSk='));")]
    [InlineData("js-decoded-code", "{}", "new Function(String.fromCharCode(49))();")]
    [InlineData("js-obfuscated", "{}", "const l = ['a', 'b']; while (true) { try { if (parseInt(l[0]) === 7) break; l.push(l.shift()); } catch (e) { l['push'](l['shift']()); } }")]
    [InlineData("js-view-unnamed", "{}", "export const view = { type: 'chart', kind: 'bar', series: [] };")]
    [InlineData("js-view-unnamed", "{}", "export const view = { type: 'button', id: 'go', label: '' };")]
    [InlineData("js-view-unnamed", "{}", "const button2 = (id, label) => ({ id, label }); export const view = button2('go', '');")]
    [InlineData("js-unparsed", "{}", "const = ;")]
    [InlineData("js-unparsed", "{}", "with (a) { b(); }")]
    public async Task Scan_OfSuspectScript_FindsIt(string rule, string permissions, string code)
    {
        var finding = (await _scanner.ScanAsync(PackageFixture.Script("// first line\n" + code, permissions))).Caught(rule);

        if (rule != "js-unused-permission") Assert.Equal(("main.js", 2), (finding.File, finding.Line));
    }

    /// <summary>What looks like each of the above and is not: the controls.</summary>
    [Theory]
    [InlineData(Network, "lazyoc.on('activate', () => lazyoc.call('http.fetch', { url: 'x' }));")]
    [InlineData(Network, "fetch('https://api.acme.org');")]
    [InlineData("{}", "const fetch = (url) => url; fetch('https://api.acme.org');")]
    [InlineData("{}", "class Parser { eval(text) { return text; } } new Parser().eval('1');")]
    [InlineData("{}", "const o = { eval: 1, Function: 2, lazyoc: 3 }; o.eval; o.Function;")]
    [InlineData("{}", "export const isFunction = (f) => typeof f === 'function' && f instanceof Function;")]
    [InlineData("{}", "class A { copy() { return new this.constructor(1); } } new A().copy();")]
    [InlineData("{}", "const queue = [1, 2]; for (const x of queue) queue.push(queue.shift());")]
    [InlineData("{}", "const names = { a: 1 }; const k = Date.now(); names[k];")]
    [InlineData("{}", "const CONSTRUCTOR = 'constructor', o = {}; o[CONSTRUCTOR]; const m = 'call'; (() => 1)[m]();")]
    [InlineData("{}", "setTimeout(() => null, 10); typeof lazyoc; typeof eval;")]
    [InlineData(Pods, "lazyoc.call('kubernetes.list', { resource: 'pods', namespace: 'shop' });")]
    [InlineData("{}", "function f(x) { return x.storage.get('a') + x.http.fetch('b'); } f;")]
    public async Task Scan_OfHarmlessScript_FindsNothing(string permissions, string code) =>
        (await _scanner.ScanAsync(PackageFixture.Script(code, permissions))).Clean();

    [Fact]
    public async Task Scan_OfLongEncodedText_NotesItAndRejectsItBesideDynamicCode()
    {
        var alone = await _scanner.ScanAsync(PackageFixture.Script($"export const data = '{Base64}';"));
        var beside = await _scanner.ScanAsync(PackageFixture.Script($"const data = '{Base64}'; eval(data);"));

        alone.Caught("js-encoded-text");
        Assert.Equal(Verdict.Pass, alone.Verdict);
        beside.Caught("js-decoded-code");
        Assert.Equal(Verdict.Reject, beside.Verdict);
    }

    [Fact]
    public async Task Scan_OfObfuscatorsNames_Rejects()
    {
        var names = string.Concat(Enumerable.Range(0, 20).Select(i => $"const _0x{i + 0x1a2b:x} = {i};\n"));

        (await _scanner.ScanAsync(PackageFixture.Script(names))).Caught("js-obfuscated");
        (await _scanner.ScanAsync(PackageFixture.Script(names.Replace("_0x", "value", StringComparison.Ordinal)))).Clean();
    }

    [Fact]
    public async Task Scan_OfMembersByNumber_Rejects()
    {
        var lookups = string.Concat(Enumerable.Range(0, 30).Select(i => $"o[t(0x{i:x})](o);\n"));

        (await _scanner.ScanAsync(PackageFixture.Script(lookups))).Caught("js-obfuscated");
    }

    [Fact]
    public async Task Scan_OfMinifiedCode_HoldsItUnlessTheSourcesAreThere()
    {
        var code = string.Concat(Enumerable.Range(0, 100).Select(i => $"const a{i}=(b)=>b.c[{i}]+1;"));
        var minified = PackageFixture.Script(code);
        static string Map(string contents) => $$"""{"version":3,"sources":["a.ts"],"sourcesContent":[{{contents}}],"mappings":"AAAA"}""";

        Assert.Equal(1, (await _scanner.ScanAsync(minified)).Caught("js-minified").Line);
        (await _scanner.ScanAsync(minified.With("main.js.map", Map("null")))).Caught("js-minified");
        (await _scanner.ScanAsync(minified.With("main.js.map", "{}"))).Caught("js-minified");
        (await _scanner.ScanAsync(minified.With("main.js.map", "\0"))).Caught("js-minified");
        (await _scanner.ScanAsync(minified.With("main.js.map", Map("\"const a0 = (b) => b.c[0] + 1;\"")))).Free("js-minified");
    }

    [Fact]
    public async Task Scan_OfDenseLine_Holds()
    {
        var random = new Random(5);
        var dense = new string([.. Enumerable.Range(0, 3_000).Select(_ => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[random.Next(64)])]);

        Assert.Equal(2, (await _scanner.ScanAsync(PackageFixture.Script($"export const a = 1;\n// {dense}\n"))).Caught("js-dense-line").Line);
        (await _scanner.ScanAsync(PackageFixture.Script($"// {string.Concat(Enumerable.Repeat("what is said in words is not dense ", 100))}\n"))).Clean();
    }

    [Theory]
    [InlineData("text-bidi", "main.js", "// a\nconst role = 'user\u202e'; // x\u2066")]
    [InlineData("text-bidi", "data.json", "{\n\"a\": \"\u202e\" }")]
    [InlineData("text-bidi-prose", "README.md", "a\nb \u202e c")]
    [InlineData("text-invisible", "main.js", "// a\nconst a\u3164 = 1;")]
    [InlineData("text-invisible", "main.js", "// a\nconst a = 'x\u200bx';")]
    public async Task Scan_OfHiddenCharacters_FindsThem(string rule, string path, string text)
    {
        var finding = (await _scanner.ScanAsync(PackageFixture.Clean.With(path, text))).Caught(rule);

        Assert.Equal((path, 2), (finding.File, finding.Line));
    }

    [Fact]
    public async Task Scan_OfPayloadInVariationSelectors_Rejects()
    {
        var hidden = string.Concat(Enumerable.Range(0, 40).Select(i => char.ConvertFromUtf32(0xe0100 + i)));

        (await _scanner.ScanAsync(PackageFixture.Clean.With("README.md", $"# Weather {hidden}\n"))).Caught("text-hidden-run");
        (await _scanner.ScanAsync(PackageFixture.Script("export const hearts = '❤️ 👩‍💻 می‌خواهم';"))).Clean();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Scan_OfPluginMadeWithTheSdk_KnowsItsCalls(bool isMinified)
    {
        var code = await BundleAsync(Path.Combine(RepositoryRoot.Path, "plugins", "pod-health", "src", "plugin.ts"), isMinified);
        const string reads = """{ "apiGroups": [""], "resources": ["pods", "events"], "verbs": ["get", "list"] }""";
        const string deletes = """{ "apiGroups": [""], "resources": ["pods"], "verbs": ["delete"] }""";

        var permitted = await _scanner.ScanAsync(PackageFixture.Script(code, $$"""{ "kubernetes": [{{reads}}, {{deletes}}] }"""));
        var narrower = await _scanner.ScanAsync(PackageFixture.Script(code, $$"""{ "kubernetes": [{{reads}}] }"""));
        var wider = await _scanner.ScanAsync(PackageFixture.Script(code, $$"""{ "kubernetes": [{{reads}}, {{deletes}}], "clipboard": "write" }"""));

        Assert.DoesNotContain(permitted.Findings, finding => finding.Rule != "js-minified");
        Assert.Contains("`kubernetes.delete` of `pods`", narrower.Caught("js-undeclared-call").Message, StringComparison.Ordinal);
        Assert.Contains("`permissions.clipboard`", wider.Caught("js-unused-permission").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scan_OfTheSdksFormWithAnotherTable_HoldsTheCall()
    {
        const string form = "for (const [name, part] of Object.entries(TABLE)) { part((call, args) => lazyoc.call(call, args)); }\n";
        const string table = "var parts = { a: (c) => ({ x: (r) => c('host.info', r) }), b: (c) => ({ y: (r) => c('ui.notify', r) }), d: (c) => () => c('config.get', {}) };\n";

        (await _scanner.ScanAsync(PackageFixture.Script(table + form.Replace("TABLE", "parts", StringComparison.Ordinal)))).Clean();
        (await _scanner.ScanAsync(PackageFixture.Script(table + "var other = { a: (c) => c(Date.now()) };\n" + form.Replace("TABLE", "other", StringComparison.Ordinal)))).Caught("js-computed-call");
        (await _scanner.ScanAsync(PackageFixture.Script(table.Replace("'host.info'", "Date.now()", StringComparison.Ordinal) + form.Replace("TABLE", "parts", StringComparison.Ordinal)))).Caught("js-computed-call");
    }

    [Theory]
    [InlineData("(", 200_000)]
    [InlineData("[", 200_000)]
    [InlineData("{a:", 50_000)]
    [InlineData("`${", 50_000)]
    [InlineData("a=>", 50_000)]
    [InlineData("!", 200_000)]
    public async Task Scan_OfDeepScript_HoldsIt(string opening, int depth)
    {
        var code = new StringBuilder().Insert(0, opening, depth).Insert(0, "x = ").ToString();

        (await _scanner.ScanAsync(PackageFixture.Script(code))).Caught("js-unparsed");
    }

    [Fact]
    public async Task Scan_OfLongSum_IsAnalysedToItsEnd()
    {
        var sum = string.Join(" + ", Enumerable.Range(0, 500).Select(i => $"'{i}'"));

        (await _scanner.ScanAsync(PackageFixture.Script($"export const s = {sum};\neval('1');"))).Caught("js-dynamic-code");
    }

    [Fact]
    public async Task Scan_OfConstantsMadeOfConstants_ComesToAnEnd()
    {
        var code = "const a0 = '';\n" + string.Concat(Enumerable.Range(1, 60).Select(i => $"const a{i} = a{i - 1} + a{i - 1};\n")) + "lazyoc.call(a60, {});";

        (await _scanner.ScanAsync(PackageFixture.Script(code))).Caught("js-computed-call");
    }

    [Theory]
    [InlineData(1, 512L << 20, true)]
    [InlineData(60_000, 512L << 20, false)]
    [InlineData(60_000, 4L << 20, true)]
    public async Task Scan_OfScriptBeyondTimeOrMemory_HoldsItAndGoesOn(int cpuMs, long memoryBytes, bool isHeld)
    {
        // With bounds that are wide enough the same script is analysed: the bounds are what stops it.
        var scanner = new JavaScriptScanner(new ScannerOptions { Limits = new ScannerLimits { AnalysisCpuMs = cpuMs, AnalysisMemoryBytes = memoryBytes } });
        var large = string.Concat(Enumerable.Range(0, 5_000).Select(i => $"v([{i}, {{ a: {i} }}]);\n"));

        var result = await scanner.ScanAsync(PackageFixture.Clean.With("large.js", large));

        Assert.Equal(isHeld, result.Findings.Any(finding => finding is { Rule: "js-unparsed", File: "large.js" }));
        Assert.Equal(isHeld ? Verdict.Hold : Verdict.Pass, result.Verdict);
    }

    [Fact]
    public async Task Scan_OfMoreScriptsThanTheLimit_Holds()
    {
        var scanner = new JavaScriptScanner(new ScannerOptions { Limits = new ScannerLimits { Scripts = 2 } });

        (await scanner.ScanAsync(PackageFixture.Clean.With("a.js", "1;"))).Clean();
        Assert.Equal("main.js", (await scanner.ScanAsync(PackageFixture.Clean.With("a.js", "1;").With("b.cjs", "1;"))).Caught("js-too-much").File);
    }

    [Fact]
    public async Task Scan_OfScriptThatSpansPieces_IsPutTogether()
    {
        var scanner = new JavaScriptScanner(new ScannerOptions { Limits = new ScannerLimits { PieceChars = 3 } });

        (await scanner.ScanAsync(PackageFixture.Script("/* 👩👩👩👩 */ eval('1');"))).Caught("js-dynamic-code");
    }

    [Fact]
    public async Task Scan_OfScriptThatIsNotUtf8_Holds() =>
        (await _scanner.ScanAsync(PackageFixture.Clean.With("other.js", [0x61, 0xff, 0x62]))).Caught("js-unparsed");

    [Fact]
    public async Task Scan_ThatIsCancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _scanner.ScanAsync(PackageFixture.Clean.Pack().Submit(), cancelled.Token));
    }

    /// <summary>Bundles TypeScript as a plugin's author does.</summary>
    private static async Task<string> BundleAsync(string entry, bool isMinified)
    {
        string[] arguments = [Path.Combine(RepositoryRoot.Path, "node_modules", "esbuild", "bin", "esbuild"), entry, "--bundle", "--format=esm", "--target=es2023", "--log-level=warning", .. isMinified ? ["--minify"] : Array.Empty<string>()];
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, UseShellExecute = false, WorkingDirectory = RepositoryRoot.Path };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var code = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        return code;
    }
}
