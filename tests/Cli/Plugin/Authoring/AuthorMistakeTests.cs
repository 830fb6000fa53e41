using LazyOC.EndToEnd.Tests;

namespace LazyOC.Cli.Tests.Plugin.Authoring;

/// <summary>What authors get wrong, and what they are told: where it is, and what to do.</summary>
public sealed class AuthorMistakeTests : IDisposable
{
    private readonly AuthorFolder _author = new();

    private LazyOc LazyOC => _author.LazyOC;

    public void Dispose() => _author.Dispose();

    [Theory]
    [InlineData("definePlugin({", "error TS1005")]
    [InlineData("import { nothing } from \"@lazyoc/plugin\"; export const number: number = \"text\";", "error TS2322", "has no exported member 'nothing'")]
    public async Task Source_WithAMistake_IsNotTested(string line, params string[] what)
    {
        var directory = await _author.NewAsync("column");
        File.AppendAllText(Path.Combine(directory, "src", "plugin.ts"), line + "\n");

        var run = await LazyOC.RunAsync("plugin", "test", directory);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("src/plugin.ts(", run.Error, StringComparison.Ordinal);
        Assert.All(what, words => Assert.Contains(words, run.Error, StringComparison.Ordinal));
        Assert.Contains("hint: mend what is named", run.Error, StringComparison.Ordinal);
    }

    /// <summary>A slip in an id, one that is forgotten, and one of a kind of which there is none.</summary>
    [Theory]
    [InlineData("\"example.tab.images\":", "\"example.tab.imges\":", "'\"example.tab.imges\"' does not exist in type")]
    [InlineData("definePlugin({", "definePlugin({\n  pages: { \"example.tab.page\": () => table([], []) },", "'\"example.tab.page\"' does not exist in type 'NoneInManifest'")]
    [InlineData("\"title\": \"Images\" }", "\"title\": \"Images\" }, { \"id\": \"example.tab.more\", \"resource\": \"Pod\", \"title\": \"More\" }", "Property '\"example.tab.more\"' is missing in type")]
    public async Task Ids_ThatAreNotThoseOfTheManifest_AreErrorsOfTheCompiler(string from, string to, string error)
    {
        var directory = await _author.NewAsync("tab");
        var file = Path.Combine(directory, from.Contains("title", StringComparison.Ordinal) ? "plugin.json" : Path.Combine("src", "plugin.ts"));
        var text = File.ReadAllText(file);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(file, text.Replace(from, to, StringComparison.Ordinal));

        var run = await LazyOC.RunAsync("plugin", "pack", directory);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("src/plugin.ts(", run.Error, StringComparison.Ordinal);
        Assert.Contains(error, run.Error, StringComparison.Ordinal);
    }

    /// <summary>One run with several mistakes: each start of the program costs.</summary>
    [Fact]
    public async Task Tests_ThatFail_AreToldWithTheirPlace()
    {
        var directory = await _author.NewAsync("column");
        File.WriteAllText(
            Path.Combine(directory, "tests", "more.test.ts"),
            """
            import { expect, golden, plugin, test } from "@lazyoc/plugin/testing";

            test("expects what is not", () => {
              expect([1, 2]).toContain(3);
            });

            test("has a golden file that is not there", async () => {
              await golden("absent", "text");
            });

            test("asks for what there is not", async () => {
              await plugin.start();
              await plugin.page("example.column.page");
            });
            """);
        var junit = LazyOC.PathOf("out/junit.xml");

        // The types are not the point: what was built is that of the template.
        var run = await LazyOC.RunAsync("plugin", "test", directory, "--junit", junit);

        Assert.Equal(1, run.ExitCode);
        foreach (var text in (string[])
            ["FAILED expects what is not", "expected [1,2] to contain 3", "tests/more.test.ts:4", "tests/goldens/absent.txt is missing", "tests/more.test.ts:8", "contributes no `example.column.page`", "tests/more.test.ts:13", "3 passed, 3 failed; 1 of 1 contributions used"])
            Assert.Contains(text, run.Output, StringComparison.Ordinal);
        var suite = System.Xml.Linq.XDocument.Load(junit).Root!.Element("testsuite")!;
        Assert.Equal(("6", "3"), (suite.Attribute("tests")!.Value, suite.Attribute("failures")!.Value));
        Assert.Equal(3, suite.Elements("testcase").Count(test => test.Element("failure") is not null));
    }

    [Fact]
    public async Task Tests_ThatAreNotThere_AreAskedFor()
    {
        var directory = LazyOC.PathOf("plain");
        PluginDirectory.JavaScript(directory, "acme.plain", "");

        var run = await LazyOC.RunAsync("plugin", "test", directory);

        Assert.Equal(4, run.ExitCode);
        Assert.Contains("there are no tests in", run.Error, StringComparison.Ordinal);
        Assert.Contains("hint: write `tests/plugin.test.ts`", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_OfAPluginWithManyMistakes_FindsEach()
    {
        var directory = LazyOC.PathOf("wrong");
        var package = await PluginDirectory.JavaScript(
                directory, "acme.wrong",
                """
                lazyoc.on("activate", () => lazyoc.call("kubernetes.delete", { resource: "pods", name: "x" }));
                export const view = { type: "chart", kind: "bar", series: [] };
                """)
            .With("permissions", """{ "storage": "1MiB", "kubernetes": [{ "apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["patch"], "unattended": true }] }""")
            .With("contributes", """{ "tabs": [{ "id": "acme.wrong.tab", "resource": "Pod", "title": "Tab" }], "actions": [{ "id": "acme.wrong.action", "resources": ["Pod"], "title": "Remove", "verb": "delete" }] }""")
            .PackAsync(LazyOC);

        var run = await LazyOC.RunAsync("plugin", "validate", package, "--output", "json");

        Assert.Equal(1, run.ExitCode);
        using var report = System.Text.Json.JsonDocument.Parse(run.Output);
        var findings = report.RootElement.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("level").GetString()} {finding.GetProperty("rule").GetString()} {finding.GetProperty("where").GetString()}").ToHashSet();
        Assert.Superset(
            new HashSet<string>
            {
                "Error js-undeclared-call plugin.js:1",
                "Error handler-missing plugin.json: contributes.tabs",
                "Error handler-missing plugin.json: contributes.actions",
                "Warning contribution-unclear plugin.json: contributes.actions[0]",
                "Warning manifest-unattended plugin.json:1",
                "Warning manifest-reason-missing plugin.json:1",
                "Warning licence-missing plugin.json",
                "Note js-unused-permission plugin.json",
                "Note js-view-unnamed plugin.js:2",
            },
            findings);
    }

    [Fact]
    public async Task Validate_OfABrokenManifest_SaysWhere()
    {
        var directory = Directory.CreateDirectory(LazyOC.PathOf("broken")).FullName;
        File.WriteAllText(Path.Combine(directory, "plugin.json"), """{ "manifestVersion": 1, "id": "acme.broken", "version": "1", "displayName": "x", "engines": { "lazyoc": "^1.0" }, "main": "m.js", "permisions": {} }""");

        var run = await LazyOC.RunAsync("plugin", "validate", directory);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("error", run.Output, StringComparison.Ordinal);
        Assert.Contains("permisions", run.Output, StringComparison.Ordinal);
        Assert.Contains("permissions", run.Output, StringComparison.Ordinal);
        Assert.Contains("is not valid", run.Output, StringComparison.Ordinal);
    }
}
