using System.Text.Json;
using System.Text.RegularExpressions;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Packages;

namespace LazyOC.Cli.Tests.Plugin.Authoring;

/// <summary>Every template, by the program that authors run: what it makes builds, is valid, passes its own tests and can be packed.</summary>
public sealed partial class TemplateTests : IDisposable
{
    private const string InC = "wasm-c";
    private const string InAssemblyScript = "wasm-assemblyscript";

    private readonly AuthorFolder _author = new();

    public static IEnumerable<string> Names => Directory.GetDirectories(Path.Combine(LazyOc.RepositoryRoot, "sdk", "templates")).Where(folder => File.Exists(Path.Combine(folder, "template.json"))).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal);

    /// <summary>Those that need nothing but Node.js.</summary>
    public static TheoryData<string> Templates => new(Names.Where(name => name != InC));

    public void Dispose() => _author.Dispose();

    [Theory]
    [MemberData(nameof(Templates))]
    public Task Plugin_OfATemplate_BuildsIsValidPassesItsTestsAndIsPacked(string template) => HoldsAsync(template, template == InAssemblyScript ? ["dist/plugin.wasm"] : ["dist/plugin.js", "dist/plugin.js.map"]);

    [ClangFact]
    public Task Plugin_OfTheTemplateInC_BuildsIsValidPassesItsTestsAndIsPacked() => HoldsAsync(InC, ["dist/plugin.wasm"]);

    private async Task HoldsAsync(string template, string[] code)
    {
        var directory = await _author.NewAsync(template);
        Assert.Empty(LeftPlaceholders(directory));

        // The first of them builds it.
        var tests = await _author.LazyOC.JsonAsync("plugin", "test", directory);
        Assert.Equal(0, tests.GetProperty("failed").GetInt32());
        Assert.True(tests.GetProperty("passed").GetInt32() >= 3, "a template shows more than one test");
        Assert.Empty(tests.GetProperty("unused").EnumerateArray());
        Assert.Empty(tests.GetProperty("written").EnumerateArray());

        var validation = await _author.LazyOC.JsonAsync("plugin", "validate", directory, "--no-build", "--strict");
        Assert.True(validation.GetProperty("valid").GetBoolean());
        Assert.All(validation.GetProperty("findings").EnumerateArray(), finding => Assert.Contains(finding.GetProperty("rule").GetString(), (string[])["manifest-repository-missing", "manifest-full-trust"]));

        var file = _author.LazyOC.PathOf("plugin.lzp");
        await _author.LazyOC.OkAsync("plugin", "pack", directory, "--no-build", "--file", file);
        Assert.True(PluginPackage.Open(await File.ReadAllBytesAsync(file)).TryGet(out var package, out _));
        Assert.Equal($"example.{template}", package.Manifest.Id.ToString());
        Assert.Equal(["LICENSE", "README.md", .. code, "files.json", "package.json", "plugin.json", "sbom.cdx.json", "tsconfig.json"], package.Files.Select(one => one.Path).Order(StringComparer.Ordinal));
        // Least permissions: each of them has its reason.
        Assert.All(package.Manifest.Permissions.InWords(), sentence => Assert.Contains(package.Manifest.PermissionReasons.Keys, reason => sentence.Path.StartsWith($"permissions.{reason}", StringComparison.Ordinal)));
    }

    /// <summary>The tools of a template are those that are tried here.</summary>
    [Theory]
    [InlineData("shared")]
    [InlineData(InC)]
    [InlineData(InAssemblyScript)]
    public void Tools_AreThoseOfTheRepository(string folder)
    {
        using var own = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(LazyOc.RepositoryRoot, "package.json")));
        using var theirs = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(LazyOc.RepositoryRoot, "sdk", "templates", folder, "package.json")));
        foreach (var tool in theirs.RootElement.GetProperty("devDependencies").EnumerateObject())
            Assert.Equal(own.RootElement.GetProperty("devDependencies").GetProperty(tool.Name).GetString(), tool.Value.GetString());
    }

    /// <summary>The SDK comes out of the plugin's own folder, without any registry.</summary>
    [Fact]
    public async Task Install_OfTheSdk_NeedsNoRegistry()
    {
        var directory = _author.LazyOC.PathOf("alone");
        await _author.LazyOC.OkAsync("plugin", "new", directory, "--template", "column", "--yes", "--no-install");
        var described = Path.Combine(directory, "package.json");
        File.WriteAllText(described, DevDependencies().Replace(File.ReadAllText(described), ""));

        var install = await _author.LazyOC.RunAsync("npm", ["--prefix", directory, "install", "--offline", "--no-audit", "--no-fund", "--registry", "http://127.0.0.1:1"]);

        Assert.True(install.ExitCode == 0, install.Error);
        Assert.True(File.Exists(Path.Combine(directory, "node_modules", "@lazyoc", "plugin", "src", "testing.ts")));
    }

    private static IEnumerable<string> LeftPlaceholders(string directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".tgz", StringComparison.Ordinal) && Placeholder().IsMatch(File.ReadAllText(file)));

    [GeneratedRegex("__[A-Z]+__", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();

    [GeneratedRegex(",\\s*\"devDependencies\": \\{[^}]*\\}", RegexOptions.NonBacktracking)]
    private static partial Regex DevDependencies();
}
