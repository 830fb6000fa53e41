using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LazyOC.Marketplace.Scanning;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Repository.Tests;

namespace LazyOC.Marketplace.Tests.Scanning;

public sealed class WasmScannerTests
{
    private readonly WasmScanner _scanner = new(new ScannerOptions());

    [Fact]
    public async Task Scan_OfModuleThatImportsWhatPluginsAreGiven_FindsNothing() =>
        (await _scanner.ScanAsync(Plugin(Module([("extism:host/env", "input_length"), ("wasi_snapshot_preview1", "fd_write")])))).Clean();

    [Fact]
    public async Task Scan_OfPluginMadeWithAssemblyScript_FindsNothing()
    {
        var source = Path.Combine(RepositoryRoot.Path, "plugins", "cluster-pulse");
        var permissions = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(source, "plugin.json"))).RootElement.GetProperty("permissions").GetRawText();
        var module = await CompileAsync(source);

        (await _scanner.ScanAsync(Plugin(module) with { Permissions = permissions })).Clean();
        (await _scanner.ScanAsync(Plugin(module))).Caught("wasm-undeclared-call");
    }

    [Theory]
    [InlineData("extism:host/env", "open_socket")]
    [InlineData("wasi_snapshot_preview1", "sock_connect")]
    public async Task Scan_OfUnknownImport_Rejects(string module, string name) =>
        Assert.Contains(name, (await _scanner.ScanAsync(Plugin(Module([(module, name)])))).Caught("wasm-unknown-import").Message, StringComparison.Ordinal);

    [Fact]
    public async Task Scan_OfUnknownModuleBesideMain_RejectsAndHolds()
    {
        var result = await _scanner.ScanAsync(PackageFixture.Clean.With("lib/extra.bin", Module([("env", "system")])));

        Assert.Equal("lib/extra.bin", result.Caught("wasm-unknown-import").File);
        result.Caught("wasm-idle");
    }

    [Fact]
    public async Task Scan_OfInvalidModule_Rejects()
    {
        var module = Module([]);
        (await _scanner.ScanAsync(PackageFixture.Clean.With("lib/extra.wasm", module[..^3]))).Caught("wasm-invalid");
        (await _scanner.ScanAsync(PackageFixture.Clean.With("lib/extra.wasm", "no module"))).Caught("wasm-invalid");
        (await _scanner.ScanAsync(PackageFixture.Clean.With("lib/extra.wasm", module))).Free("wasm-invalid");
    }

    [Fact]
    public async Task Scan_OfHttpRequestWithoutServers_Rejects()
    {
        var plugin = Plugin(Module([("extism:host/env", "http_request")]));

        (await _scanner.ScanAsync(plugin)).Caught("wasm-undeclared-network");
        (await _scanner.ScanAsync(plugin with { Permissions = """{ "network": { "connect": ["https://api.acme.org"] } }""" })).Clean();
    }

    /// <summary>In UTF-8, in UTF-16, and in UTF-16 at the end of a segment, whose last zero an optimiser has left out before a segment that begins with these bytes.</summary>
    public static TheoryData<byte[]> NamesInModules => [Encoding.UTF8.GetBytes("clipboard.write"), Encoding.Unicode.GetBytes("clipboard.write"), [.. Encoding.Unicode.GetBytes("clipboard.write").AsSpan(..^1), 0, (byte)'A', 0xcc, 0x38]];

    [Theory]
    [MemberData(nameof(NamesInModules))]
    public async Task Scan_OfNamesOfCalls_ComparesThemWithPermissions(byte[] name)
    {
        var module = Module([("extism:host/user", "host_call")], name);

        (await _scanner.ScanAsync(Plugin(module))).Caught("wasm-undeclared-call");
        (await _scanner.ScanAsync(Plugin(module) with { Permissions = """{ "clipboard": "write" }""" })).Clean();
    }

    [Fact]
    public async Task Scan_OfLongerNames_TakesThemForNoCalls()
    {
        foreach (var name in new[] { [], Encoding.UTF8.GetBytes("clipboard.writeAll"), Encoding.Unicode.GetBytes("clipboard.writeAll") })
            (await _scanner.ScanAsync(Plugin(Module([("extism:host/user", "host_call")], name)) with { Permissions = """{ "clipboard": "write" }""" })).Caught("wasm-unused-permission");
    }

    [Fact]
    public async Task Scan_OfModuleThatExportsNothing_Holds() =>
        (await _scanner.ScanAsync(Plugin(Module([], exports: false)))).Caught("wasm-no-exports");

    [Fact]
    public async Task Scan_OfModuleBeyondTheLimits_Holds()
    {
        var plugin = PackageFixture.Clean.With("lib/extra.wasm", Module([]));

        (await new WasmScanner(new ScannerOptions { Limits = new ScannerLimits { WasmBytes = 16 } }).ScanAsync(plugin)).Caught("wasm-too-much");
        (await _scanner.ScanAsync(plugin)).Free("wasm-too-much");
    }

    /// <summary>The list of what may be imported is what the sandbox links, no more.</summary>
    [Fact]
    public async Task Imports_AreThoseThatTheSandboxLinks()
    {
        foreach (var (module, names) in WasmScanner.Imports)
            foreach (var name in names)
                Assert.DoesNotContain("unknown import", await StartAsync(Module([(module, name)])), StringComparison.Ordinal);
        Assert.Contains("unknown import", await StartAsync(Module([("extism:host/env", "open_socket")])), StringComparison.Ordinal);
    }

    private static async Task<string> StartAsync(byte[] module)
    {
        var options = new GuestOptions
        {
            Name = "test",
            Code = module,
            Limits = new GuestLimits(),
            Call = static (call, _) => ValueTask.FromResult(Answer.Failure(ErrorCode.PermissionDenied, call.Name)),
            Log = static (_, _) => { },
            Time = TimeProvider.System,
        };
        switch (await GuestFactory.StartAsync(GuestKind.WebAssembly, options, CancellationToken.None))
        {
            case GuestStart.Running { Guest: var guest }:
                await guest.DisposeAsync();
                return "";
            case var failed:
                return Assert.IsType<GuestStart.Failed>(failed).Fault.Message;
        }
    }

    /// <summary>Compiles a plugin as its author does.</summary>
    private static async Task<byte[]> CompileAsync(string source)
    {
        var file = Path.GetTempFileName();
        try
        {
            string[] arguments = [Path.Combine(RepositoryRoot.Path, "node_modules", "assemblyscript", "bin", "asc.js"), "assembly/index.ts", "--outFile", file, "--runtime", "incremental", "--use", "abort=~lib/@lazyoc/assemblyscript/assembly/guest/abort"];
            using var process = Process.Start(new ProcessStartInfo("node", arguments) { RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = source }) ?? throw new InvalidOperationException("node did not start.");
            var problems = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, problems);
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static PackageFixture Plugin(byte[] module) => (PackageFixture.Clean with { Main = "main.wasm" }).Without("main.js").With("main.wasm", module);

    /// <summary>A module with functions of type [] -> [], imported and one of its own, which is exported as <c>activate</c>.</summary>
    internal static byte[] Module((string Module, string Name)[] imports, byte[]? data = null, bool exports = true)
    {
        var module = new List<byte> { 0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0 };
        Section(1, [1, 0x60, 0, 0]);
        if (imports.Length > 0) Section(2, [(byte)imports.Length, .. imports.SelectMany(import => (byte[])[.. Text(import.Module), .. Text(import.Name), 0, 0])]);
        Section(3, [1, 0]);
        if (data is not null) Section(5, [1, 0, 1]);
        if (exports) Section(7, [1, .. Text("activate"), 0, (byte)imports.Length]);
        Section(10, [1, 2, 0, 0x0b]);
        if (data is not null) Section(11, [1, 0, 0x41, 0, 0x0b, (byte)data.Length, .. data]);
        return [.. module];

        void Section(byte id, byte[] content) => module.AddRange([id, .. Number(content.Length), .. content]);

        static byte[] Text(string text) => [.. Number(text.Length), .. Encoding.UTF8.GetBytes(text)];

        static byte[] Number(int value) => value < 128 ? [(byte)value] : [(byte)(value | 0x80), (byte)(value >> 7)];
    }
}
