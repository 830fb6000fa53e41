using System.Text.RegularExpressions;

namespace LazyOC.Repository.Tests;

/// <summary>What the pages on style say, as far as a machine can see it.</summary>
public sealed partial class StyleTests
{
    /// <summary>Lines of a source file that is not a test; the aim is below 300.</summary>
    private const int MaxLines = 400;

    private static readonly string[] Folders = ["src", "build", "fuzz", "tests"];

    private static readonly string[] Sources =
        [.. Folders.SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, folder), "*.cs", SearchOption.AllDirectories))];

    [Fact]
    public void SourceFiles_AreShortEnoughToRead()
    {
        Assert.NotEmpty(Sources);
        Assert.DoesNotContain(Sources.Select(Relative), file => !file.StartsWith("tests", StringComparison.Ordinal) && File.ReadLines(Path.Combine(RepositoryRoot.Path, file)).Count() > MaxLines);
    }

    [Fact]
    public void Types_AreNamedByTheirRole()
    {
        Assert.Empty(Sources.Where(file => VagueName().IsMatch(File.ReadAllText(file))).Select(Relative));
    }

    [Fact]
    public void Sources_HoldNoUnfinishedMarks()
    {
        Assert.Empty(Sources.Where(file => Path.GetFileName(file) != "StyleTests.cs" && UnfinishedMark().IsMatch(File.ReadAllText(file))).Select(Relative));
    }

    [Fact]
    public void Links_OfThePages_LeadSomewhere()
    {
        var pages = Directory.EnumerateFiles(RepositoryRoot.Path, "*.md").Concat(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "docs"), "*.md", SearchOption.AllDirectories));
        var dead = from page in pages
                   from Match link in Link().Matches(File.ReadAllText(page))
                   let target = link.Groups["target"].Value
                   where !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
                   select $"{Relative(page)}: {target}";
        Assert.Empty(dead);
    }

    private static string Relative(string file) => Path.GetRelativePath(RepositoryRoot.Path, file);

    [GeneratedRegex(@"\b(class|record|interface|struct)\s+\w*(Manager|Helper|Helpers|Utils?|Common|Misc)\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex VagueName();

    [GeneratedRegex(@"NotImplementedException|\b(TODO|FIXME|HACK)\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UnfinishedMark();

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)[^)]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Link();
}
