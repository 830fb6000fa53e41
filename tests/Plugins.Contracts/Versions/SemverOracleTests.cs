using System.Text.RegularExpressions;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Tests.Versions;

/// <summary>Ranges and precedence against npm's <c>semver</c>. What differs is in <c>semver-differences.txt</c>, each with its reason, and nothing else.</summary>
public sealed partial class SemverOracleTests
{
    private const int Pairs = 100_000;
    private const int Orders = 20_000;

    /// <summary>A range is tried with this many versions.</summary>
    private const int VersionsPerRange = 10;

    private static string ListOfDifferences => Path.Combine(SemverOracle.Root, "tests", "Plugins.Contracts", "Versions", "semver-differences.txt");

    [SemverFact]
    public void Contains_GeneratedRangesAndVersions_AgreesWithNpm()
    {
        var text = new RangeText(seed: 1);
        var pairs = new List<string[]>(Pairs);
        while (pairs.Count < Pairs)
        {
            var range = text.Range();
            for (var i = 0; i < VersionsPerRange; i++) pairs.Add([range, text.VersionNear(range)]);
        }

        var (npm, _) = SemverOracle.Ask(pairs, []);

        var ours = pairs.ConvertAll(pair => VersionRange.TryParse(pair[0], out var range) ? range.Contains(SemanticVersion.Parse(pair[1])) ? '1' : '0' : '!');
        // Damage must leave most ranges to compare, and versions must fall on both sides.
        Assert.All("01!", answer => Assert.True(npm.Count(c => c == answer) > Pairs / 50, $"{answer}: {npm.Count(c => c == answer)}"));
        var differences = pairs.Select((pair, i) => (Range: pair[0], Version: pair[1], Npm: npm[i], Ours: ours[i])).Where(d => d.Npm != d.Ours)
            .Select(d => $"{Reason(d.Range, d.Version, d.Npm, d.Ours)}: `{d.Range}`{(d.Npm == '!' || d.Ours == '!' ? "" : $" with {d.Version}")}, npm {Word(d.Npm, d.Ours)}, ours {Word(d.Ours, d.Npm)}").Distinct().Order(StringComparer.Ordinal);
        AssertListed(differences);
    }

    [SemverFact]
    public void CompareTo_GeneratedVersions_AgreesWithNpm()
    {
        var text = new RangeText(seed: 2);
        // npm refuses numbers that JavaScript cannot hold.
        var pairs = Enumerable.Range(0, Orders).Select(_ => new[] { text.Version(), text.Version() }).Where(pair => !pair.Any(version => version.Contains("9999999", StringComparison.Ordinal))).ToArray();

        var (_, npm) = SemverOracle.Ask([], pairs);

        Assert.Equal(npm, string.Concat(pairs.Select(pair => "<=>"[Math.Sign(SemanticVersion.Parse(pair[0]).CompareTo(SemanticVersion.Parse(pair[1]))) + 1])));
        Assert.All("<=>", order => Assert.Contains(order, npm));
    }

    private static string Word(char answer, char other) => (answer, other) switch
    {
        ('!', _) => "refuses",
        (_, '!') => "accepts",
        ('1', _) => "in",
        _ => "out",
    };

    /// <summary>Why the two may differ; a difference without a reason fails the test.</summary>
    private static string Reason(string range, string version, char npm, char ours) => (npm, ours) switch
    {
        _ when HugeNumber().IsMatch(range) || HugeNumber().IsMatch(version) => "a number that JavaScript cannot hold or add 1 to, which npm refuses and SemVer does not",
        (not '!', '!') when PartialWithBuild().IsMatch(range) => "build metadata after less than three numbers, which is not in npm's grammar",
        (not '!', '!') when StrayStar().IsMatch(range) => "a star next to a number, which npm strikes out before it looks at the rest",
        (not '!', '!') when DoubledOperator().IsMatch(range) => "an operator or `v` after another operator, which is not in npm's grammar",
        ('0', '1') when AnyAmongOthers(range) => "npm forgets the other alternatives beside one that is any version, and so their prereleases",
        ('1', '0') when version.StartsWith("0.0.0-", StringComparison.Ordinal) => "npm takes `>=0.0.0` for no bound, and so lets prereleases of 0.0.0 in",
        _ => "no reason",
    };

    private static bool AnyAmongOthers(string range) => range.Split("||").Any(set => VersionRange.TryParse(set, out var any) && any.Equals(VersionRange.Parse("*")));

    [GeneratedRegex(@"9007199254740991|9{16}", RegexOptions.NonBacktracking)]
    private static partial Regex HugeNumber();

    [GeneratedRegex(@"(^|[\s<>=~^v|])((\d+|[xX*])(\.(\d+|[xX*]))?)?\+", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex PartialWithBuild();

    [GeneratedRegex(@"[0-9A-Za-z-][<>]?=?\*|\*[0-9]", RegexOptions.NonBacktracking)]
    private static partial Regex StrayStar();

    [GeneratedRegex(@"[<>=~^v]\s*[=v]|~>\s*>", RegexOptions.NonBacktracking)]
    private static partial Regex DoubledOperator();

    private static void AssertListed(IEnumerable<string> differences)
    {
        var found = string.Concat(differences.Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("LAZYOC_UPDATE_GOLDENS") == "1") File.WriteAllText(ListOfDifferences, found);
        Assert.True(File.Exists(ListOfDifferences), $"{ListOfDifferences} is missing: run the tests with LAZYOC_UPDATE_GOLDENS=1");
        Assert.Equal(File.ReadAllText(ListOfDifferences), found, ignoreLineEndingDifferences: true);
        Assert.DoesNotContain("no reason", found, StringComparison.Ordinal);
    }
}
