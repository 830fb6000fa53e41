using System.Text.Json;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Cli.Tests.Keys;

/// <summary><c>keys</c>, <c>plugin pack --sign</c> and <c>market export-static</c>, as their user types them.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private const string Passphrase = "correct horse";

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    /// <summary>With the passphrase in the environment.</summary>
    private Task<ProgramRun> RunAsync(params string[] arguments) => _lazyoc.RunAsync("env", [$"LAZYOC_KEY_PASSPHRASE={Passphrase}", LazyOc.Program, .. arguments]);

    private async Task<JsonElement> JsonAsync(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--output", "json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(run.Output);
        return document.RootElement.Clone();
    }

    [Fact]
    public async Task New_List_Export_AreOneKey()
    {
        Assert.Empty((await JsonAsync("keys", "list")).EnumerateArray());
        var made = await RunAsync("keys", "new", "acme");
        var row = Assert.Single((await JsonAsync("keys", "list")).EnumerateArray());
        var fingerprint = row.GetProperty("fingerprint").GetString();
        Assert.Equal($"acme is made, fingerprint {fingerprint}\n", made.Output);
        Assert.Equal("active", row.GetProperty("state").GetString());
        Assert.Contains(fingerprint!, (await RunAsync("keys", "list")).Output, StringComparison.Ordinal);

        Assert.True(PublicKey.FromPem((await RunAsync("keys", "export", "acme")).Output).TryGet(out var key, out _));
        Assert.Equal(row.GetProperty("id").GetString(), key.Id.ToString());
        Assert.Equal(0, (await RunAsync("keys", "export", "acme", "--private", "--file", _lazyoc.PathOf("acme.pem"))).ExitCode);
        Assert.True(SigningKey.FromPem(File.ReadAllText(_lazyoc.PathOf("acme.pem")), Passphrase).TryGet(out var opened, out _));
        using (opened) Assert.Equal(key, opened.PublicKey);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_lazyoc.PathOf("acme.pem")));
        // A file that is there stays.
        Assert.Equal(1, (await RunAsync("keys", "export", "acme", "--file", _lazyoc.PathOf("acme.pem"))).ExitCode);
    }

    [Fact]
    public async Task New_WithoutAPassphrase_SaysWhereItComesFrom()
    {
        var run = await _lazyoc.RunAsync("keys", "new", "acme");
        Assert.Equal((2, "lazyoc: the passphrase of acme is needed and there is no one to ask\nhint: `LAZYOC_KEY_PASSPHRASE` gives it\n"), (run.ExitCode, run.Error));
        Assert.Equal(2, (await RunAsync("keys", "new", "Not A Name")).ExitCode);
        Assert.Equal(4, (await RunAsync("keys", "export", "acme")).ExitCode);
    }

    [Fact]
    public async Task Import_Rotate_Revoke_EndWithOneActiveKey()
    {
        await RunAsync("keys", "new", "first");
        await RunAsync("keys", "export", "first", "--private", "--file", _lazyoc.PathOf("first.pem"));
        var again = await RunAsync("keys", "import", "second", _lazyoc.PathOf("first.pem"));
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("the key is here already, as `first`", again.Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(_lazyoc.Home, "keys", "first.json"));
        Assert.Equal("second", (await JsonAsync("keys", "import", "second", _lazyoc.PathOf("first.pem"))).GetProperty("name").GetString());

        Assert.Equal("third", (await JsonAsync("keys", "rotate", "second", "third")).GetProperty("name").GetString());
        await RunAsync("keys", "new", "fourth");
        var unasked = await RunAsync("keys", "revoke", "fourth", "--reason", "lost");
        Assert.Equal(3, unasked.ExitCode);
        Assert.Equal("revoked", (await JsonAsync("keys", "revoke", "fourth", "--reason", "lost", "--yes")).GetProperty("state").GetString());
        Assert.Equal(
            ["fourth revoked", "second rotated", "third active"],
            (await JsonAsync("keys", "list")).EnumerateArray().Select(row => $"{row.GetProperty("name").GetString()} {row.GetProperty("state").GetString()}"));
        var rotated = await RunAsync("plugin", "pack", _lazyoc.Home, "--sign", "second");
        Assert.Equal((3, "lazyoc: `second` was replaced by the key `third`\nhint: sign with that one\n"), (rotated.ExitCode, rotated.Error));
    }

    [Fact]
    public async Task PackAndExportStatic_MakeARegistryThatAStrictClientTrusts()
    {
        await RunAsync("keys", "new", "acme");
        await RunAsync("keys", "new", "registry");
        var directory = Directory.CreateDirectory(_lazyoc.PathOf("demo"));
        File.WriteAllText(Path.Combine(directory.FullName, "plugin.json"), """{"manifestVersion":1,"id":"acme.demo","version":"1.0.0","displayName":"Demo","engines":{"lazyoc":"^1.0"},"main":"plugin.js"}""");
        File.WriteAllText(Path.Combine(directory.FullName, "plugin.js"), "export {};");
        var package = _lazyoc.PathOf("demo.lzp");
        var unsigned = await JsonAsync("plugin", "pack", directory.FullName, "--file", package);
        Assert.False(unsigned.TryGetProperty("signatures", out _));
        var refused = await RunAsync("market", "export-static", _lazyoc.PathOf("site"), "--key", "registry", package);
        Assert.Equal((3, true), (refused.ExitCode, refused.Error.Contains("is not signed by its author", StringComparison.Ordinal)));

        var packed = await JsonAsync("plugin", "pack", directory.FullName, "--file", package, "--sign", "acme");
        Assert.Equal(package + ".dsse.json", packed.GetProperty("signatures").GetString());
        var exported = await JsonAsync("market", "export-static", _lazyoc.PathOf("site"), "--key", "registry", package);
        var digest = packed.GetProperty("digest").GetString();
        Assert.Equal(digest, exported.GetProperty("added")[0].GetProperty("digest").GetString());

        Assert.True(PluginPackage.Open(File.ReadAllBytes(Path.Combine(_lazyoc.PathOf("site"), "v1", "packages", digest + ".lzp"))).TryGet(out var read, out _));
        Assert.True(PackageSignatures.Read(File.ReadAllBytes(Path.Combine(_lazyoc.PathOf("site"), "v1", "packages", digest + ".lzp.dsse.json"))).TryGet(out var envelopes, out _));
        Assert.True(PublicKey.FromPem((await RunAsync("keys", "export", "registry")).Output).TryGet(out var root, out _));
        Assert.True(PublicKey.FromPem((await RunAsync("keys", "export", "acme")).Output).TryGet(out var author, out _));
        var request = new TrustRequest { Package = PackageIdentity.Of(read), Envelopes = envelopes, Registry = KeySet.Of(root), Publisher = new PublisherKeys("acme", [author], [], []), Pins = Pins.None };
        Assert.IsType<TrustDecision.Trusted>(TrustPolicy.Decide(TrustMode.Strict, request));
        Assert.Equal(2, (await RunAsync("market", "export-static", _lazyoc.PathOf("site"), "--key", "registry", "--days", "0")).ExitCode);
    }
}
