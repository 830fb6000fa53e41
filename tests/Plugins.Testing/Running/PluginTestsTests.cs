using System.Text;
using LazyOC.Plugins.Testing.Running;

namespace LazyOC.Plugins.Testing.Tests.Running;

/// <summary>Tests of a plugin, as the sandbox runs them. The bundles are plain JavaScript; those of the templates are made by the SDK.</summary>
public sealed class PluginTestsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lazyoc-tests-").FullName;

    private string Goldens => Path.Combine(_folder, "goldens");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Run_TellsOfEachTest_AndOfWhatNoneUsed()
    {
        var told = new List<string>();

        var report = await RunAsync(
            """
            ["uses the page", async () => {
              await call("start", {});
              const view = await call("open", { part: "page", id: "acme.sample.page" });
              if (!(await call("text", { view })).includes("drawn 1")) throw new Error("not drawn");
            }],
            ["starts anew", async () => {
              await call("start", {});
              const view = await call("open", { part: "page", id: "acme.sample.page" });
              if (!(await call("text", { view })).includes("drawn 1")) throw new Error("not anew");
            }],
            ["fails", async () => { console.warn("about to"); throw new Error("as it must"); }]
            """, told: result => told.Add(result.Name));

        Assert.Equal(["uses the page", "starts anew", "fails"], told);
        Assert.Equal([null, null, "Error: as it must"], report.Tests.Select(test => test.Failure?.Message));
        Assert.Contains("test warn: about to", report.Tests[2].Log);
        Assert.False(report.Passed);
        Assert.Equal(8, report.Contributed.Length);
        Assert.Equal(report.Contributed.Remove("acme.sample.page").ToArray(), report.Undriven.ToArray());
    }

    [Fact]
    public async Task Run_AfterATestThatNeverEndsItsTurn_GoesOn()
    {
        var report = await RunAsync("""["spins", () => { for (;;); }], ["is fine", () => {}]""", new TestingLimits { TestTurnCpuMs = 300 });

        Assert.Equal([false, true], report.Tests.Select(test => test.Passed));
    }

    [Fact]
    public async Task Run_WithAFilter_LeavesTheOthersOut() =>
        Assert.Equal(["second one"], (await RunAsync("""["first", () => { throw new Error() }], ["second one", () => {}]""", filter: "SECOND")).Tests.Select(test => test.Name));

    [Fact]
    public async Task Goldens_AreMissedWrittenComparedAndTold()
    {
        const string tests = """["golden", () => call("golden", { name: "one", text: "a\nb\nc\n" })]""";

        var missing = (await RunAsync(tests)).Tests.Single().Failure!;
        Assert.Contains("tests/goldens/one.txt is missing", missing.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Goldens));
        Assert.Equal("one.txt", Assert.Single((await RunAsync(tests, update: true)).Written));
        Assert.Empty((await RunAsync(tests, update: true)).Written);
        Assert.True((await RunAsync(tests)).Passed);

        File.WriteAllText(Path.Combine(Goldens, "one.txt"), "a\nx\nc\n");
        var different = (await RunAsync(tests)).Tests.Single().Failure!;
        Assert.Contains("  - x\n  + b", different.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("- a", different.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Goldens_OfAnotherFolder_AreRefused()
    {
        var report = await RunAsync("""["escapes", () => call("golden", { name: "../out", text: "x" })], ["hides", () => call("golden", { name: ".x", text: "x" })]""", update: true);

        Assert.All(report.Tests, test => Assert.Contains("is no name of a golden file", test.Failure!.Message, StringComparison.Ordinal));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    [Fact]
    public async Task Goldens_BehindALink_AreNotWritten()
    {
        var (target, folder) = (Path.Combine(_folder, "target"), Path.Combine(_folder, "elsewhere"));
        File.WriteAllText(target, "mine");
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Goldens);
        File.CreateSymbolicLink(Path.Combine(Goldens, "one.txt"), target);
        const string tests = """["writes", () => call("golden", { name: "one", text: "theirs" })]""";

        Assert.Contains("behind a link", (await RunAsync(tests, update: true)).Tests.Single().Failure!.Message, StringComparison.Ordinal);
        Directory.Delete(Goldens, recursive: true);
        Directory.CreateSymbolicLink(Goldens, folder);
        Assert.Contains("behind a link", (await RunAsync(tests, update: true)).Tests.Single().Failure!.Message, StringComparison.Ordinal);

        Assert.Equal("mine", File.ReadAllText(target));
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Theory]
    [InlineData("""() => call("text", { view: 0 })""", "the view is of another test")]
    [InlineData("""() => call("calls", {})""", "begin the test with `await plugin.start()`")]
    [InlineData("""() => call("fly", {})""", "the SDK is another version than this program")]
    [InlineData("""() => call("start", { withhold: "kubernetes" })""", "`withhold` is to be texts")]
    [InlineData("""() => call("start", { width: 100000 })""", "`width` is to be a number from 1 to 500")]
    [InlineData("""() => call("start", { scenario: "nowhere" })""", "there is no scenario `nowhere`")]
    [InlineData("""async () => { await call("start", {}); await call("cluster.apply", { object: { kind: "Nothing" } }); }""", "the cluster serves no kind")]
    [InlineData("""() => lazyoc.call("kubernetes.list", { resource: "secrets" })""", "a test may not call `kubernetes.list`")]
    public async Task Calls_ThatAreWrong_SayWhy(string run, string message) =>
        Assert.Contains(message, (await RunAsync($"""["wrong", {run}]""")).Tests.Single().Failure!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("throw new Error('at once');", "the tests cannot be loaded: Error: at once")]
    [InlineData("const = ;", "the tests cannot be loaded")]
    [InlineData("lazyoc.on('list', () => ({ tests: ['a', 'a'] }));", "two tests have the name `a`")]
    [InlineData("lazyoc.on('list', () => 7);", "do not say their names")]
    public async Task Bundles_ThatAreNoTests_SayWhy(string code, string message)
    {
        var error = await Assert.ThrowsAsync<TestsNotRunException>(() => PluginTests.RunAsync(SamplePlugin.Package, new TestBundle { Code = Encoding.UTF8.GetBytes(code), Goldens = Goldens }));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private Task<TestReport> RunAsync(string tests, TestingLimits? limits = null, string? filter = null, bool update = false, Action<TestResult>? told = null)
    {
        var code = $$"""
            const call = async (name, args) => {
              const answer = await lazyoc.call("testing." + name, args);
              if (answer.failure) throw new Error(answer.failure.message);
              return answer.ok;
            };
            const tests = [{{tests}}];
            lazyoc.on("list", () => ({ tests: tests.map(([name]) => name) }));
            lazyoc.on("run", async ({ index }) => { await tests[index][1](); return {}; });
            """;
        var bundle = new TestBundle { Code = Encoding.UTF8.GetBytes(code), Goldens = Goldens, Filter = filter, Update = update, Limits = limits ?? TestingLimits.Default };
        return PluginTests.RunAsync(SamplePlugin.Package, bundle, told);
    }
}
