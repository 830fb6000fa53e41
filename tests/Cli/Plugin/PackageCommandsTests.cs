using System.Text.Json;
using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin;

/// <summary><c>plugin inspect</c> and <c>plugin verify</c>, of packages that <c>plugin pack</c> made.</summary>
public sealed class PackageCommandsTests : IDisposable
{
    private const string Id = "acme.notes";

    private readonly LazyOc _lazyoc = new();

    public void Dispose() => _lazyoc.Dispose();

    private Task<string> PackAsync() => PluginDirectory.JavaScript(_lazyoc.PathOf("notes"), Id, "export {};")
        .With("permissions", """{"kubernetes":[{"apiGroups":[""],"resources":["pods"],"verbs":["delete"]}]}""")
        .With("permissionReasons", """{"kubernetes":"deletes what you point at"}""")
        .PackAsync(_lazyoc);

    private async Task<IEnumerable<JsonElement>> InstalledAsync() => (await _lazyoc.JsonAsync("plugin", "list")).EnumerateArray();

    [Fact]
    public async Task Inspect_Package_TellsWhatIsInIt()
    {
        var package = await PackAsync();

        var report = await _lazyoc.JsonAsync("plugin", "inspect", package);
        var text = await _lazyoc.OkAsync("plugin", "inspect", package);

        Assert.Equal((Id, "1.0.0", new FileInfo(package).Length), (report.GetProperty("id").GetString(), report.GetProperty("version").GetString(), report.GetProperty("packedBytes").GetInt64()));
        Assert.Equal(["files.json", "plugin.js", "plugin.json", "sbom.cdx.json"], report.GetProperty("files").EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.Equal("plugin.js", report.GetProperty("manifest").GetProperty("main").GetString());
        Assert.Equal("none", report.GetProperty("signature").GetProperty("state").GetString());
        Assert.Empty(report.GetProperty("sbom").EnumerateArray());
        Assert.Contains(Assert.Single(report.GetProperty("permissions").EnumerateArray()).GetString()!, text, StringComparison.Ordinal);
        Assert.Contains("deletes what you point at", text, StringComparison.Ordinal);
        Assert.Contains(report.GetProperty("digest").GetString()!, text, StringComparison.Ordinal);
        Assert.Empty(await InstalledAsync());
    }

    [Fact]
    public async Task Inspect_InstalledPlugin_TellsTheSame()
    {
        var package = await PackAsync();
        await _lazyoc.OkAsync("plugin", "install", package, "--yes", "--allow-unsigned");

        var (file, installed) = (await _lazyoc.JsonAsync("plugin", "inspect", package), await _lazyoc.JsonAsync("plugin", "inspect", Id));

        foreach (var member in new[] { "id", "version", "digest", "manifest", "permissions", "sbom" })
            Assert.Equal(file.GetProperty(member).ToString(), installed.GetProperty(member).ToString());
        Assert.False(installed.TryGetProperty("packedBytes", out _));
    }

    [Theory]
    [InlineData("acme.absent", "acme.absent is not installed")]
    [InlineData("absent.lzp", "there is no file absent.lzp")]
    public async Task Inspect_NothingOfThatName_IsNotFound(string subject, string message)
    {
        var run = await _lazyoc.RunAsync("plugin", "inspect", subject);
        Assert.Equal(4, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    /// <summary>A name in a lock file can be anything, and becomes one in the SBOM.</summary>
    [Fact]
    public async Task Inspect_TextThatATerminalWouldObey_IsPrintedWithoutIt()
    {
        var directory = _lazyoc.PathOf("notes");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "package-lock.json"), """{"lockfileVersion":3,"packages":{"node_modules/x":{"name":"evil\u001b[2J\u009b31m","version":"1.0.0\u0007","license":"\u001b]0;pwned\u0007"}}}""");
        var package = await PackAsync();

        var text = await _lazyoc.OkAsync("plugin", "inspect", package);

        Assert.Contains("evil", text, StringComparison.Ordinal);
        Assert.DoesNotContain(text, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotContain(await _lazyoc.OkAsync("plugin", "inspect", package, "--output", "json"), c => char.IsControl(c) && c is not ('\n' or '\r'));
    }

    /// <summary>A refusal quotes what it refuses.</summary>
    [Fact]
    public async Task Pack_KeyThatATerminalWouldObey_IsQuotedWithoutIt()
    {
        var directory = _lazyoc.PathOf("hostile");
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "plugin.json"), """{"manifestVersion":1,"key\u001b[2J\u0007":1}""");

        var run = await _lazyoc.RunAsync("plugin", "pack", directory);

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("[2J", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Error, c => char.IsControl(c) && c is not ('\n' or '\r'));
    }

    [Fact]
    public async Task Verify_SoundPackage_SaysWhatWasChecked()
    {
        var package = await PackAsync();

        var text = await _lazyoc.OkAsync("plugin", "verify", package);
        var row = await _lazyoc.JsonAsync("plugin", "verify", package);

        Assert.Equal(["archive", "file list", "manifest", "code", "migrations", "templates"], row.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
        Assert.All(row.GetProperty("checks").EnumerateArray(), check => Assert.Contains(check.GetProperty("detail").GetString()!, text, StringComparison.Ordinal));
        Assert.True(row.GetProperty("sound").GetBoolean());
        Assert.Contains("the package is not signed", text, StringComparison.Ordinal);
        Assert.Empty(await InstalledAsync());
    }

    [Fact]
    public async Task Verify_BrokenSignatureBesideThePackage_IsRefused()
    {
        var package = await PackAsync();
        File.WriteAllText(package + ".dsse.json", "{}");

        var run = await _lazyoc.RunAsync("plugin", "verify", package);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("bad      signature", run.Output, StringComparison.Ordinal);
        Assert.Contains("would be refused", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_DamagedPackage_IsRefusedAsInstallingItIs()
    {
        var package = await PackAsync();
        var bytes = File.ReadAllBytes(package);
        bytes[50] ^= 0xff;
        File.WriteAllBytes(package, bytes);

        var run = await _lazyoc.RunAsync("plugin", "verify", package);
        var row = await _lazyoc.RunAsync("plugin", "verify", package, "--output", "json");
        var install = await _lazyoc.RunAsync("plugin", "install", package, "--yes", "--allow-unsigned");

        Assert.Equal((3, 3, 3), (run.ExitCode, row.ExitCode, install.ExitCode));
        Assert.Contains("refused  archive", run.Output, StringComparison.Ordinal);
        Assert.Contains("notes.lzp would be refused", run.Output, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(row.Output);
        var check = Assert.Single(document.RootElement.GetProperty("checks").EnumerateArray());
        Assert.False(check.GetProperty("passed").GetBoolean());
        Assert.Contains(check.GetProperty("detail").GetString()!.Split('\n')[0], install.Error, StringComparison.Ordinal);
    }
}
