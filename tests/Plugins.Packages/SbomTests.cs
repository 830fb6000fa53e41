using System.Diagnostics;
using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Tests;

public sealed class SbomTests : IDisposable
{
    private const string Sha512 = "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==";

    private readonly TemporaryDirectory _directory = new();

    public SbomTests()
    {
        _directory.Write("plugin.json", SamplePackage.Manifest()[..^1] + ""","license":"Apache-2.0","description":"Shows things"}""");
        _directory.Write("dist/plugin.js", "export {};");
    }

    public void Dispose() => _directory.Dispose();

    private PackedPlugin Pack(PackageLimits? limits = null)
    {
        Assert.True(PackageSource.Pack(_directory.Path, limits).TryGet(out var packed, out var problems), Problem.Join(problems));
        return packed;
    }

    private string Refusal(PackageLimits? limits = null)
    {
        Assert.False(PackageSource.Pack(_directory.Path, limits).TryGet(out _, out var problems));
        return Assert.Single(problems).ToString();
    }

    private static JsonElement Document(PackedPlugin packed)
    {
        var document = JsonDocument.Parse(packed.Package.Find(Sbom.Path)!.Value).RootElement;
        CycloneDx.Check(document);
        return document;
    }

    private static IEnumerable<string> Names(PackedPlugin packed)
    {
        Document(packed);
        Assert.True(Sbom.Read(packed.Package.Find(Sbom.Path)!.Value).TryGet(out var entries, out var problems), Problem.Join(problems));
        return entries.Select(entry => $"{entry.Name} {entry.Version} {entry.License}".TrimEnd());
    }

    private void WriteMetafile(params string[] inputs) => WriteMetafileAt("dist/meta.json", inputs);

    private void WriteMetafileAt(string name, params string[] inputs)
    {
        var taken = string.Join(",", inputs.Select(input => JsonSerializer.Serialize(input) + """:{"bytesInOutput":5}"""));
        _directory.Write(name, """{"inputs":{},"outputs":{"dist/plugin.js":{"bytes":9,"inputs":{""" + taken + ""","node_modules/shaken-off/i.js":{"bytesInOutput":0}},"imports":[]}}}""");
    }

    private void WriteLock(string packages) => _directory.Write("package-lock.json", """{"name":"x","lockfileVersion":3,"packages":{""" + packages + "}}");

    [Fact]
    public void Pack_NeitherMetafileNorLock_ListsThePluginAlone()
    {
        var document = Document(Pack());
        var plugin = document.GetProperty("metadata").GetProperty("component");
        Assert.Equal("""{"type":"application","bom-ref":"pkg:generic/acme.demo@1.0.0","name":"acme.demo","version":"1.0.0","description":"Shows things","licenses":[{"expression":"Apache-2.0"}],"purl":"pkg:generic/acme.demo@1.0.0"}""", JsonSerializer.Serialize(plugin));
        Assert.Equal(0, document.GetProperty("components").GetArrayLength());
    }

    [Fact]
    public void Pack_Metafile_ListsWhatIsInTheCodeAndNothingElse()
    {
        WriteMetafile("src/plugin.ts", "node_modules/@acme/lines/dist/index.js", "node_modules/@acme/lines/dist/more.js", "node_modules/outer/node_modules/inner/index.js");
        WriteLock($$$"""
            "": {"version":"9.9.9"},
            "node_modules/@acme/lines": {"version":"2.1.0+build","integrity":"{{{Sha512}}}","license":"(MIT OR Apache-2.0)"},
            "node_modules/outer/node_modules/inner": {"version":"1.0.0","license":"SEE LICENSE IN LICENSE.md"},
            "node_modules/outer": {"version":"3.0.0","license":"MIT"},
            "node_modules/unused": {"version":"1.0.0"}
            """);

        var packed = Pack();

        Assert.Equal(["@acme/lines 2.1.0+build (MIT OR Apache-2.0)", "inner 1.0.0 SEE LICENSE IN LICENSE.md"], Names(packed));
        var lines = Document(packed).GetProperty("components")[0];
        Assert.Equal(("@acme", "lines", "pkg:npm/%40acme/lines@2.1.0%2Bbuild"), (lines.GetProperty("group").GetString(), lines.GetProperty("name").GetString(), lines.GetProperty("purl").GetString()));
        Assert.Equal(Convert.ToHexStringLower(Convert.FromBase64String(Sha512["sha512-".Length..])), lines.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Empty(packed.SbomGaps);
        Assert.Equal(["dist/meta.json", "package-lock.json"], packed.LeftOut.Select(problem => problem.Where));
    }

    [Fact]
    public void Pack_PackageThatNoLockHas_IsReadFromItsFolder()
    {
        WriteMetafile("node_modules/old/index.js", "node_modules/absent/index.js");
        _directory.Write("node_modules/old/package.json", """{"name":"old","version":"0.1.0","license":{"type":"MIT"},"scripts":{}}""");

        var packed = Pack();

        Assert.Equal(["absent", "old 0.1.0"], Names(packed));
        Assert.StartsWith("`node_modules/absent` is in the code, but neither", Assert.Single(packed.SbomGaps).ToString(), StringComparison.Ordinal);
    }

    /// <summary>npm links the packages of a workspace, and the bundler follows the links out of the plugin's folder.</summary>
    [Fact]
    public void Pack_PackageOfTheWorkspace_IsFoundByItsFolder()
    {
        WriteLock(""" "kit": {"name":"@acme/kit","version":"0.3.0","license":"MIT"}, "node_modules/@acme/kit": {"resolved":"kit","link":true} """);
        _directory.Write("kit/package.json", """{"name":"@acme/kit","version":"0.3.0"}""");
        _directory.Write("p/plugin.json", SamplePackage.Manifest());
        _directory.Write("p/dist/plugin.js", "export {};");
        WriteMetafileAt("p/dist/meta.json", "src/plugin.ts", "../kit/src/a.ts", "../kit/src/b.ts", "../strays/c.ts");

        Assert.True(PackageSource.Pack(Path.Combine(_directory.Path, "p")).TryGet(out var packed, out var problems), Problem.Join(problems));

        Assert.Equal(["@acme/kit 0.3.0 MIT"], Names(packed));
        Assert.StartsWith("`../strays` is in the code", Assert.Single(packed.SbomGaps).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_LockAlone_ListsWhatIsNotForBuilding()
    {
        WriteLock("""
            "node_modules/used": {"version":"1.0.0","license":"MIT"},
            "node_modules/builder": {"version":"2.0.0","dev":true},
            "node_modules/linked": {"resolved":"lib","link":true}
            """);
        Assert.Equal(["used 1.0.0 MIT"], Names(Pack()));
    }

    /// <summary>The document is the same wherever the plugin lies and in whatever order it was written; another version has another serial number.</summary>
    [Fact]
    public void Pack_Twice_GivesTheSameDocument()
    {
        WriteMetafile("node_modules/b/i.js", "node_modules/a/i.js");
        WriteLock("""
            "node_modules/a": {"version":"1.0.0"},
            "node_modules/b": {"version":"1.0.0"}
            """);
        var first = Document(Pack());

        WriteMetafile("node_modules/a/i.js", "node_modules/b/i.js");
        Assert.Equal(first.ToString(), Document(Pack()).ToString());

        _directory.Write("plugin.json", SamplePackage.Manifest(version: "1.0.1"));
        Assert.NotEqual(first.GetProperty("serialNumber").GetString(), Document(Pack()).GetProperty("serialNumber").GetString());
    }

    [Theory]
    [InlineData("""{"inputs":[1,2]}""")]
    [InlineData("""["not","esbuild's"]""")]
    [InlineData("not JSON")]
    public void Pack_FileNamedLikeAMetafile_IsPacked(string content)
    {
        _directory.Write("dist/meta.json", content);
        Assert.Contains("dist/meta.json", Pack().Package.Files.Select(file => file.Path));
    }

    [Fact]
    public void Pack_BeyondLimits_IsRefused()
    {
        WriteMetafile("node_modules/a/i.js", "node_modules/b/i.js");
        Assert.StartsWith("`sbom.cdx.json` would have 2 components; at most 1 are allowed", Refusal(new PackageLimits(MaxSbomComponents: 1)), StringComparison.Ordinal);
        Assert.Equal(2, Names(Pack(new PackageLimits(MaxSbomComponents: 2))).Count());

        WriteLock(""" "node_modules/a": {"version":"1.0.0"} """ + new string(' ', 1_000));
        Assert.Contains("at most 1000 B are read for the SBOM", Refusal(new PackageLimits(MaxBuildFileBytes: 1_000)), StringComparison.Ordinal);
    }

    [Fact]
    public void Pack_LockThatIsNone_IsRefusedByName()
    {
        _directory.Write("package-lock.json", "{\n\n]");
        Assert.Equal($"`{Path.Combine(_directory.Path, "package-lock.json")}` is not what its name says, at line 3", Refusal());
    }

    /// <summary>A bundle that esbuild makes of a package that npm installed.</summary>
    [EsbuildFact]
    public async Task Pack_WhatEsbuildBundles_NamesTheInstalledPackage()
    {
        _directory.Write("src/plugin.js", $"import Long from {JsonSerializer.Serialize(Path.Combine(EsbuildFactAttribute.Modules, "long"))};\nexport const one = Long.ONE;\n");
        using var esbuild = Process.Start(new ProcessStartInfo("node", [EsbuildFactAttribute.Program, "src/plugin.js", "--bundle", "--format=esm", "--outfile=dist/plugin.js", "--metafile=dist/meta.json", "--log-level=error"])
        {
            WorkingDirectory = _directory.Path,
            UseShellExecute = false,
            RedirectStandardError = true,
        })!;
        var errors = await esbuild.StandardError.ReadToEndAsync();
        await esbuild.WaitForExitAsync();
        Assert.True(esbuild.ExitCode == 0, errors);

        var packed = Pack();

        Assert.Matches("^long [0-9.]+ Apache-2.0$", Assert.Single(Names(packed)));
        Assert.Equal("SHA-512", Document(packed).GetProperty("components")[0].GetProperty("hashes")[0].GetProperty("alg").GetString());
        Assert.Empty(packed.SbomGaps);
    }

    [Theory]
    [InlineData("MIT", """[{"expression":"MIT"}]""")]
    [InlineData("GPL-2.0-only WITH Classpath-exception-2.0", """[{"expression":"GPL-2.0-only WITH Classpath-exception-2.0"}]""")]
    [InlineData("((A OR B) AND C+)", """[{"expression":"((A OR B) AND C\u002B)"}]""")]
    [InlineData("MIT or so", """[{"license":{"name":"MIT or so"}}]""")]
    [InlineData("(MIT", """[{"license":{"name":"(MIT"}}]""")]
    [InlineData(")MIT(", """[{"license":{"name":")MIT("}}]""")]
    [InlineData("UNLICENSED", """[{"license":{"name":"UNLICENSED"}}]""")]
    [InlineData(" ", "null")]
    [InlineData(null, "null")]
    public void License_Text_IsAnExpressionOrAName(string? text, string json) =>
        Assert.Equal(json, SbomLicense.Of(text) is { } licenses ? $"[{string.Join(",", licenses.Select(license => license.Expression is { } expression ? $$"""{"expression":{{JsonSerializer.Serialize(expression)}}}""" : $$$"""{"license":{"name":{{{JsonSerializer.Serialize(license.License!.Name)}}}}}"""))}]" : "null");

    [Theory]
    [InlineData("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=", "SHA-1 da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= md5-AAAA sha512-short", "SHA-1 da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [InlineData("sha512-AAAA", null)]
    [InlineData("nonsense", null)]
    public void Hashes_Integrity_AreThoseThatAreWhole(string integrity, string? hash) =>
        Assert.Equal(hash, SbomHash.Of(integrity) is { } hashes ? string.Join(", ", hashes.Select(h => $"{h.Alg} {h.Content}")) : null);

    /// <summary>Test vector of RFC 9562, appendix A.4.</summary>
    [Fact]
    public void Uuid_Version5_IsTheRfcs() =>
        Assert.Equal("2ed6657d-e927-568b-95e1-2665a8aea6a2", ContentUuid.Of(Guid.Parse("6ba7b810-9dad-11d1-80b4-00c04fd430c8"), "www.example.com"u8).ToString());

    [Theory]
    [InlineData("""{"bomFormat":"CycloneDX","components":[{"name":"a","version":7,"licenses":[{"license":{"id":"MIT"}},{"license":{"name":"own"}}]},{"version":"1"},3,{"group":"g","name":"b"}]}""", "a MIT, own; g/b")]
    [InlineData("""{"bomFormat":"CycloneDX"}""", "")]
    [InlineData("""{"bomFormat":"SPDX"}""", "`sbom.cdx.json` is not a CycloneDX document")]
    [InlineData("[]", "`sbom.cdx.json` is not a CycloneDX document")]
    [InlineData("""{"bomFormat":"CycloneDX","components":{}}""", "`sbom.cdx.json` has `components` that are no list")]
    [InlineData("""{"bomFormat":"CycloneDX","components":[{"name":"\ud800"}]}""", "`sbom.cdx.json` is not JSON")]
    [InlineData("{", "`sbom.cdx.json` is not JSON")]
    public void Read_AnyProducersDocument_IsReadOrRefused(string json, string expected) => Assert.Equal(expected, Sbom.Read(Encoding.UTF8.GetBytes(json)).TryGet(out var entries, out var problems)
        ? string.Join("; ", entries.Select(entry => $"{entry.Name} {entry.License}".TrimEnd()))
        : Problem.Join(problems));

    [Fact]
    public void Read_BeyondLimits_IsRefused()
    {
        var document = """{"bomFormat":"CycloneDX","components":[{"name":"a"},{"name":"b"}]}"""u8.ToArray();
        Assert.True(Sbom.Read(document, new PackageLimits(MaxSbomComponents: 2, MaxSbomBytes: document.Length)).TryGet(out _, out _));
        Assert.False(Sbom.Read(document, new PackageLimits(MaxSbomComponents: 1)).TryGet(out _, out _));
        Assert.False(Sbom.Read(document, new PackageLimits(MaxSbomBytes: document.Length - 1)).TryGet(out _, out _));
    }
}

/// <summary>A test that bundles with the repository's esbuild; reported as skipped where it is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class EsbuildFactAttribute : FactAttribute
{
    public static readonly string Modules = Path.Combine(Root(), "node_modules");

    public static readonly string Program = Path.Combine(Modules, "esbuild", "bin", "esbuild");

    public EsbuildFactAttribute() => Skip = !File.Exists(Program) ? "esbuild is not in node_modules; run `npm ci --ignore-scripts`" : null;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "LazyOC.slnx"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
