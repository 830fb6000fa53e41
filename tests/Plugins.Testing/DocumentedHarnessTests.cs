using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Testing.Tests;

/// <summary>The C# of docs/plugins/testing.md is this, and works.</summary>
public sealed partial class DocumentedHarnessTests
{
    [Fact]
    public async Task Harness_AsThePageShowsIt_RunsAPlugin()
    {
        var folder = Directory.CreateTempSubdirectory("lazyoc-documented-").FullName;
        try
        {
            foreach (var file in SamplePlugin.Package.Files.Where(file => file.Path is "plugin.json" or "main.js")) File.WriteAllBytes(Path.Combine(folder, file.Path), file.Content.ToArray());
            // begin
            var package = PluginHarness.Open(folder).TryGet(out var opened, out var problems) ? opened : throw new InvalidOperationException(Problem.Join(problems));
            await using var harness = await PluginHarness.StartAsync(package, new HarnessOptions
            {
                Withheld = ["kubernetes[1]"],
                Confirms = true,
                Faults = [new CallFault("kubernetes.list", ErrorCode.Unavailable, Times: 1)],
            });
            using var page = await harness.OpenPageAsync("acme.sample.page");
            var rows = page.Text.Split('\n');
            var calls = harness.Calls.Select(call => call.Name);
            // end
            Assert.Equal("drawn 1", rows[0]);
            Assert.Empty(calls);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Page_HasThisCode()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "LazyOC.slnx"))) root = root.Parent!;
        var page = File.ReadAllText(Path.Combine(root.FullName, "docs", "plugins", "testing.md"));
        var source = File.ReadAllText(Path.Combine(root.FullName, "tests", "Plugins.Testing", "DocumentedHarnessTests.cs"));

        Assert.Equal(Words(Shown().Match(page).Groups["code"].Value), Words(Run().Match(source).Groups["code"].Value));
    }

    private static string[] Words(string code) => code.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("```csharp\n(?<code>[^`]*)```", RegexOptions.NonBacktracking)]
    private static partial Regex Shown();

    [GeneratedRegex("// begin\n(?<code>(?s:.*))// end\n", RegexOptions.NonBacktracking)]
    private static partial Regex Run();
}
