using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LazyOC.EndToEnd.Tests;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Cli.Tests.Plugin.Authoring;

/// <summary>The pages for authors are true: what they tell to type is typed, what they tell to write is written, in their order.</summary>
public sealed partial class AuthorPagesTests : IDisposable
{
    private readonly AuthorFolder _author = new();

    public void Dispose() => _author.Dispose();

    [Fact]
    public async Task GettingStarted_FromNothing_LeadsToATestedPackage()
    {
        var story = Blocks("getting-started.md").ToList();
        Assert.Contains(story, block => block.Language == "sh");
        var folder = _author.LazyOC.Home;
        foreach (var (language, file, code) in story)
        {
            if (language == "ts") File.WriteAllText(Path.Combine(folder, file), code);
            else if (language == "sh") folder = await TypeAsync(folder, code);
        }

        Assert.Equal("Note: restart on Mondays\n", File.ReadAllText(Path.Combine(folder, "tests", "goldens", "note.txt")));
        Assert.True(File.Exists(Path.Combine(folder, "acme.pod-notes-0.1.0.lzp")));

        // It is built already, and nothing has changed since.
        foreach (var (_, _, code) in Blocks("testing.md").Where(block => block.Language == "sh")) await TypeAsync(folder, code.Replace("plugin test", "plugin test --no-build", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(folder, "out", "junit.xml")));

        // What the other page shows is of a plugin with more parts: its types are right.
        var index = 0;
        foreach (var (_, _, code) in Blocks("testing.md").Where(block => block.Language == "ts")) File.WriteAllText(Path.Combine(folder, "tests", $"shown{index++}.ts"), code);
        Assert.True(index > 1);
        var check = await _author.LazyOC.RunAsync("npm", ["--prefix", folder, "run", "--silent", "check"]);
        Assert.True(check.ExitCode == 0, check.Output + check.Error);
    }

    /// <summary>Each guide shows a part of one plugin: together they are valid and pass the tests that stand in them.</summary>
    [Fact]
    public async Task Guides_OfTheExtensionPoints_AreAPluginThatPassesItsTests()
    {
        const string first = "extension-points.md";
        var folder = await _author.NewAsync("column", "guide");
        foreach (var own in (string[])["src", "tests"]) Directory.Delete(Path.Combine(folder, own), recursive: true);
        var manifest = new JsonObject();
        var guides = Guide().Matches(File.ReadAllText(Page(first))).Select(link => link.Groups["page"].Value).Distinct().ToList();
        Assert.True(guides.Count > 10, "a guide for every group of points, and the permissions");
        foreach (var (_, file, code) in guides.Prepend(first).SelectMany(Blocks).Where(block => block.File.Length > 0))
        {
            if (file == "plugin.json") Join(manifest, JsonNode.Parse(code)!.AsObject());
            else Write(file, code);
        }
        var shown = 0;
        foreach (var (_, _, code) in Blocks("performance.md").Where(block => block.Language == "ts")) Write($"src/shown{shown++}.ts", code);
        Write("plugin.json", manifest.ToJsonString());

        var tests = await _author.LazyOC.JsonAsync("plugin", "test", folder);
        Assert.Equal(0, tests.GetProperty("failed").GetInt32());
        Assert.Empty(tests.GetProperty("unused").EnumerateArray());
        var validation = await _author.LazyOC.JsonAsync("plugin", "validate", folder, "--no-build", "--strict");
        Assert.True(validation.GetProperty("valid").GetBoolean(), validation.GetRawText());

        // The page on permissions has a manifest of its own.
        var head = Blocks(first).First(block => block.File == "plugin.json").Code;
        var permissions = Blocks("permissions.md").Single(block => block.Language == "json").Code;
        var example = JsonNode.Parse(head)!.AsObject();
        Join(example, JsonNode.Parse(permissions)!.AsObject());
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(example.ToJsonString())).TryGet(out _, out var problems), Problem.Join(problems));

        void Write(string file, string code)
        {
            var path = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, code);
        }
    }

    /// <summary>Adds a part of a manifest: lists are joined, objects member by member.</summary>
    private static void Join(JsonObject whole, JsonObject part)
    {
        foreach (var (name, value) in part)
        {
            if (whole[name] is JsonObject inner && value is JsonObject more) Join(inner, more);
            else if (whole[name] is JsonArray items && value is JsonArray added)
                foreach (var item in added) items.Add(item?.DeepClone());
            else whole[name] = value?.DeepClone();
        }
    }

    [Fact]
    public Task WebAssembly_InAssemblyScript_LeadsToATestedPlugin() => FollowAsync("webassembly.md", "## In AssemblyScript", "goldens/restarts.txt");

    [ClangFact]
    public Task WebAssembly_InC_LeadsToATestedPlugin() => FollowAsync("webassembly.md", "## In C", "plugin.test.ts");

    /// <summary>A language whose sample no test builds says so.</summary>
    [Fact]
    public void WebAssembly_InOtherLanguages_IsMarkedAsNotBuiltHere()
    {
        string[] built = ["sh", "ts", "c"];
        foreach (var section in Sections("webassembly.md"))
            if (Block().Matches(section).Any(block => !built.Contains(block.Groups["language"].Value))) Assert.Contains("\n\nNot built here: ", section, StringComparison.Ordinal);
    }

    /// <summary>Types and writes what a section of a page tells to, in its order; a file of its tests is there in the end.</summary>
    private async Task FollowAsync(string page, string heading, string test)
    {
        var folder = _author.LazyOC.Home;
        foreach (Match block in Block().Matches(Sections(page).Single(section => section.StartsWith(heading + "\n", StringComparison.Ordinal))))
        {
            var (file, code) = (block.Groups["file"].Value, block.Groups["code"].Value);
            if (block.Groups["language"].Value == "sh") folder = await TypeAsync(folder, code);
            else File.WriteAllText(Path.Combine(folder, file), code);
        }
        Assert.True(File.Exists(Path.Combine(folder, "tests", test)));
    }

    private static IEnumerable<string> Sections(string page) => File.ReadAllText(Page(page)).Split("\n## ").Select((section, i) => i == 0 ? section : "## " + section);

    /// <summary>Types some lines, each of which must succeed; the folder that they lead to.</summary>
    private async Task<string> TypeAsync(string folder, string lines)
    {
        // The packages are there already, as in the test's own folder; everything else is typed as it stands.
        var script = $"set -e\ncd '{folder}'\nlazyoc() {{ '{LazyOc.Program}' \"$@\"; }}\n{NewPlugin().Replace(lines, "$0 --no-install")}\npwd > '{_author.LazyOC.PathOf("where")}'\n";
        var run = await _author.LazyOC.RunAsync("/bin/bash", ["-c", script]);
        Assert.True(run.ExitCode == 0, $"{lines}\nended with {run.ExitCode}\n{run.Output}{run.Error}");
        return File.ReadAllText(_author.LazyOC.PathOf("where")).Trim();
    }

    private static IEnumerable<(string Language, string File, string Code)> Blocks(string page) =>
        Block().Matches(File.ReadAllText(Page(page))).Select(block => (block.Groups["language"].Value, block.Groups["file"].Value, block.Groups["code"].Value));

    private static string Page(string name) => Path.Combine(LazyOc.RepositoryRoot, "docs", "plugins", name);

    [GeneratedRegex(@"\]\((?<page>[a-z-]+\.md)\)", RegexOptions.NonBacktracking)]
    private static partial Regex Guide();

    [GeneratedRegex("^```(?<language>[a-z]+) ?(?<file>[^\n]*)\n(?<code>(?s:.*?))^```$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Block();

    [GeneratedRegex("^lazyoc plugin new .*$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex NewPlugin();
}
