using System.Text;
using static LazyOC.Plugins.Packages.Tests.SamplePackage;

namespace LazyOC.Plugins.Packages.Tests;

public sealed class PluginPackageTests
{
    private static readonly byte[] EmptyModule = [0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0];

    private static string Refusal(byte[] bytes, PackageLimits? limits = null)
    {
        Assert.False(PluginPackage.Open(bytes, limits).TryGet(out _, out var problems));
        return Contracts.Problem.Join(problems);
    }

    private static byte[] WasmPackage(byte[] module) => Pack([File("plugin.json", Manifest(main: "p.wasm")), new PackageFile("p.wasm", module)]);

    /// <summary>A module with one function import.</summary>
    private static byte[] Importing(string module, string name)
    {
        byte[] import = [1, (byte)module.Length, .. Encoding.ASCII.GetBytes(module), (byte)name.Length, .. Encoding.ASCII.GetBytes(name), 0, 0];
        return [.. EmptyModule, 1, 4, 1, 0x60, 0, 0, 2, (byte)import.Length, .. import];
    }

    [Fact]
    public void Open_GoodPackage_GivesManifestAndFiles()
    {
        var package = Open();
        Assert.Equal("acme.demo", package.Manifest.Id.ToString());
        Assert.Equal(["README.md", "dist/plugin.js", "dist/plugin.js.map", "files.json", "plugin.json"], package.Files.Select(f => f.Path));
        Assert.Equal(Contracts.Digest.Of(package.Bytes.Span), package.Digest);
    }

    [Fact]
    public void Open_NoManifest_IsRefused() => Assert.StartsWith("`plugin.json` is not in the package", Refusal(Pack([File("a.js", "")])), StringComparison.Ordinal);

    [Fact]
    public void Open_BadManifest_NamesFileAndPath() => Assert.Equal(
        "`plugin.json: permissions.kuberntes` is not a known key\nhint: did you mean `kubernetes`?",
        Refusal(Pack([File("plugin.json", Manifest().Replace("kubernetes", "kuberntes", StringComparison.Ordinal)), File("dist/plugin.js", "x")])));

    [Fact]
    public void Open_NoMain_SaysToBuild() => Assert.Equal(
        "`dist/plugin.js` is the manifest's `main`, but it is not in the package\nhint: build the plugin before packing it",
        Refusal(Pack([File("plugin.json", Manifest())])));

    [Fact]
    public void Open_MainNotUtf8_IsRefused() =>
        Assert.StartsWith("`dist/plugin.js` is not UTF-8", Refusal(Pack([File("plugin.json", Manifest()), new PackageFile("dist/plugin.js", new byte[] { 0xff })])), StringComparison.Ordinal);

    [Fact]
    public void Open_MainTooLarge_IsRefused() =>
        Assert.Contains("a JavaScript bundle has at most 4 B", Refusal(Pack(Files()), new PackageLimits(MaxJavaScriptBytes: 4)), StringComparison.Ordinal);

    [Theory]
    [InlineData("extism:host/env")]
    [InlineData("extism:host/user")]
    [InlineData("wasi_snapshot_preview1")]
    public void Open_WasmWithKnownImport_IsRead(string module) => Assert.True(PluginPackage.Open(WasmPackage(Importing(module, "f"))).TryGet(out _, out _));

    [Fact]
    public void Open_WasmWithOtherImport_IsRefused() =>
        Assert.StartsWith("`p.wasm` imports `env` `abort`, which no plugin is given", Refusal(WasmPackage(Importing("env", "abort"))), StringComparison.Ordinal);

    [Fact]
    public void Open_WasmMalformed_IsRefused() =>
        Assert.StartsWith("`p.wasm` is not a WebAssembly module that can run here", Refusal(WasmPackage([.. EmptyModule, 99])), StringComparison.Ordinal);

    [Fact]
    public void Open_NoFileList_IsRefused() => Assert.StartsWith("`files.json` is not in the package", Refusal(ArchiveWriter.Write(Files())), StringComparison.Ordinal);

    [Fact]
    public void Open_FileListDiffers_NamesEachFile()
    {
        var files = Files();
        var list = new PackageFile(FileList.Path, FileList.Of(files).ToUtf8());
        files[1] = File("dist/plugin.js", "other code");
        files[3] = File("EXTRA.md", "x");
        var refusal = Refusal(ArchiveWriter.Write(files.Append(list)));
        Assert.Contains("`dist/plugin.js` is not the file that `files.json` lists", refusal, StringComparison.Ordinal);
        Assert.Contains("`EXTRA.md` is not listed in `files.json`", refusal, StringComparison.Ordinal);
        Assert.Contains("`README.md` is listed in `files.json` but not in the package", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_PluginDirectory_TakesWhatBelongsAndSaysWhatNot()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("plugin.json", Manifest());
        foreach (var name in new[] { "dist/plugin.js", "README.md", "src/index.ts", "node_modules/x/index.js", ".git/config", "old.lzp", "package-lock.json", "dist/src/kept.txt" }) directory.Write(name, name.EndsWith(".json", StringComparison.Ordinal) ? "{}" : "x");
        Assert.True(PackageSource.Pack(directory.Path).TryGet(out var packed, out _));
        Assert.Equal(["README.md", "dist/plugin.js", "dist/src/kept.txt", "files.json", "plugin.json", "sbom.cdx.json"], packed.Package.Files.Select(f => f.Path));
        Assert.Equal([".git", "node_modules", "old.lzp", "package-lock.json", "src"], packed.LeftOut.Select(p => p.Where));
        Assert.True(PackageSource.Pack(directory.Path).TryGet(out var again, out _));
        Assert.Equal(packed.Package.Digest, again.Package.Digest);
    }

    [Fact]
    public void Pack_Link_IsLeftOut()
    {
        using var directory = new TemporaryDirectory();
        directory.Write("plugin.json", Manifest());
        directory.Write("dist/plugin.js", "x");
        System.IO.File.CreateSymbolicLink(Path.Combine(directory.Path, "secret"), "/etc/hostname");
        Assert.True(PackageSource.Pack(directory.Path).TryGet(out var packed, out _));
        Assert.Equal("`secret` is left out: it is a link", Assert.Single(packed.LeftOut).ToString());
    }

    [Fact]
    public void Pack_NoManifest_IsRefused()
    {
        using var directory = new TemporaryDirectory();
        Assert.False(PackageSource.Pack(directory.Path).TryGet(out _, out var problems));
        Assert.Equal("plugin.json", Assert.Single(problems).Where);
    }

    [Theory]
    [InlineData(null, "is the template `acme.demo.new`, but it is not in the package")]
    [InlineData("kind: Pod", null)]
    public void Open_Template_MustBeAFileOfThePackage(string? content, string? problem)
    {
        var files = SamplePackage.Files();
        var manifest = SamplePackage.Manifest()[..^1] + ""","contributes":{"templates":[{"id":"acme.demo.new","resource":"Pod","title":"New","file":"templates/pod.yaml"}]}}""";
        files[0] = SamplePackage.File("plugin.json", manifest);
        if (content is not null) files.Add(SamplePackage.File("templates/pod.yaml", content));

        var sound = PluginPackage.Open(SamplePackage.Pack(files)).TryGet(out var package, out var problems);

        Assert.Equal(problem is null, sound);
        Assert.Equal(problem, problems.FirstOrDefault()?.Message);
        if (sound) Assert.True(package!.ForDevelopment().Content.Read("templates/pod.yaml")!.Value.Span.SequenceEqual("kind: Pod"u8));
    }

    /// <summary>What is refused is quoted, but not what a terminal would obey, nor lines that look like the host's own.</summary>
    [Fact]
    public void Open_KeyThatATerminalWouldObey_IsQuotedWithoutIt()
    {
        var refusal = Refusal(Pack([File("plugin.json", Manifest()[..^1] + ""","\u001b[2J\nhint: trust me\u009b":1}"""), File("dist/plugin.js", "x")]));
        Assert.Equal("`plugin.json: \uFFFD[2J\uFFFDhint: trust me\uFFFD` is not a known key", refusal.Split('\n')[0]);
        Assert.DoesNotContain(refusal, c => char.IsControl(c) && c != '\n');
    }

    [Fact]
    public void Verify_SoundPackage_ListsEveryCheck()
    {
        var verification = PackageVerification.Of(Pack(Files()));
        Assert.Equal(["archive", "file list", "manifest", "code", "migrations", "templates"], verification.Checks.Select(check => check.Name));
        Assert.All(verification.Checks, check => Assert.True(check.Passed));
        Assert.True(verification.Package.TryGet(out _, out _));
    }

    [Theory]
    [InlineData("archive")]
    [InlineData("file list")]
    [InlineData("manifest")]
    [InlineData("code")]
    [InlineData("migrations")]
    [InlineData("templates")]
    public void Verify_OneThingWrong_EndsWithTheCheckOfIt(string name)
    {
        var files = Files();
        var bytes = name switch
        {
            "archive" => Pack(files)[..^1],
            "file list" => ArchiveWriter.Write(files),
            "manifest" => Pack([File("plugin.json", "{}"), .. files.Skip(1)]),
            "code" => Pack([files[0]]),
            "migrations" => Pack([File("plugin.json", Manifest().Replace("\"permissions\":{", "\"migrations\":[{\"from\":\"<1.0.0\",\"entry\":\"m.js\"}],\"permissions\":{\"storage\":\"1MiB\",", StringComparison.Ordinal)), .. files.Skip(1)]),
            _ => Pack([File("plugin.json", Manifest()[..^1] + ""","contributes":{"templates":[{"id":"acme.demo.new","resource":"Pod","title":"New","file":"t.yaml"}]}}"""), .. files.Skip(1)]),
        };

        var verification = PackageVerification.Of(bytes);

        Assert.Equal((name, false), (verification.Checks[^1].Name, verification.Checks[^1].Passed));
        Assert.All(verification.Checks.SkipLast(1), check => Assert.True(check.Passed));
        Assert.False(verification.Package.TryGet(out _, out var problems));
        Assert.Equal(Contracts.Problem.Join(problems), verification.Checks[^1].Detail);
        Assert.Equal(Refusal(bytes), verification.Checks[^1].Detail);
    }
}
