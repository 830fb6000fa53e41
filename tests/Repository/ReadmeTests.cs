using System.Diagnostics;
using System.Text.RegularExpressions;

namespace LazyOC.Repository.Tests;

/// <summary>What the README shows is true.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public async Task TypeScript_OfTheReadme_CompilesAgainstTheSdk()
    {
        var snippets = TypeScript().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md")));
        Assert.NotEmpty(snippets);
        var folder = Path.Combine(RepositoryRoot.Path, "artifacts", "readme");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "tsconfig.json"), """{ "extends": "../../sdk/typescript/tsconfig.json", "include": ["*.ts"] }""");
        for (var i = 0; i < snippets.Count; i++) File.WriteAllText(Path.Combine(folder, $"snippet{i}.ts"), snippets[i].Groups["code"].Value);

        var start = new ProcessStartInfo("node", [Path.Combine(RepositoryRoot.Path, "node_modules", "typescript", "bin", "tsc"), "--project", folder])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var compiler = Process.Start(start)!;
        var output = await compiler.StandardOutput.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        Assert.True(compiler.ExitCode == 0, output);
    }

    [GeneratedRegex("```ts\n(?<code>[^`]*)```", RegexOptions.NonBacktracking)]
    private static partial Regex TypeScript();
}
