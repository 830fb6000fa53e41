using System.Text.RegularExpressions;

namespace LazyOC.Repository.Tests;

/// <summary>The tests that SECURITY.md names are there: a threat whose test was renamed or deleted is found.</summary>
public sealed partial class SecurityTests
{
    [Fact]
    public void Tests_ThatSecurityNames_AreThere()
    {
        var names = Names().Matches(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "SECURITY.md"))).ToList();
        var sources = Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}node_modules{Path.DirectorySeparatorChar}", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();

        Assert.True(names.Count > 50, $"only {names.Count} names were found");
        Assert.All(names, name => Assert.True(IsThere(name.Groups["class"].Value, name.Groups["method"].Value), $"no test {name.Value}"));
        Assert.False(IsThere("FormTests", "Form_ThatNobodyHasWritten"));

        bool IsThere(string type, string method) =>
            sources.Any(source => (type.Length == 0 || source.Contains($" class {type}", StringComparison.Ordinal)) && (method.Length == 0 || source.Contains($" {method}", StringComparison.Ordinal)));
    }

    /// <summary>A class, a method of it, or a method, of which an ellipsis leaves out the end.</summary>
    [GeneratedRegex(@"`(?:(?<class>[A-Z]\w+Tests)(?:\.(?!cs\b)(?<method>\w+))?|(?<method>[A-Z][a-zA-Z]+_\w*))(?:\.cs|…)?`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Names();
}
