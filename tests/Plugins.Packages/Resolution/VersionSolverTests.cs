using LazyOC.Plugins.Packages.Resolution;
using static LazyOC.Plugins.Packages.Resolution.Resolution;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>Which versions are chosen.</summary>
public sealed class VersionSolverTests
{
    [Theory]
    [InlineData("nothing is wanted", "aa 1.0.0", "", "")]
    [InlineData("the newest version", "aa 1.0.0 / aa 1.1.0 / aa 2.0.0", "aa ^1", "aa 1.1.0")]
    [InlineData("dependencies, and nothing else", "aa 1.0.0: bb ^1 / bb 1.0.0: cc * / bb 2.0.0 / cc 3.0.0 / dd 1.0.0", "aa", "aa 1.0.0, bb 1.0.0, cc 3.0.0")]
    [InlineData("a shared dependency", "aa 1.0.0: shared >=2.0.0 <4.0.0 / bb 1.0.0: shared >=3.0.0 <5.0.0 / shared 2.0.0 / shared 3.0.0 / shared 3.6.9 / shared 4.0.0 / shared 5.0.0", "aa, bb", "aa 1.0.0, bb 1.0.0, shared 3.6.9")]
    [InlineData("a shared dependency that narrows another", "aa 1.0.0: shared >=1.0.0 / shared 1.0.1: bang 1.0.0 / shared 1.0.0 / bang 1.0.0: shared 1.0.0 / shared 2.0.0: bang 1.0.0", "aa", "aa 1.0.0, shared 1.0.0")]
    [InlineData("a circle", "aa 1.0.0: bb ^1 / bb 1.0.0: aa ^1 / bb 1.1.0: aa ^2", "aa", "aa 1.0.0, bb 1.0.0")]
    [InlineData("a circle whose newest versions are at odds", "aa 1.0.0 / aa 2.0.0: bb 1.0.0 / bb 1.0.0: aa 1.0.0", "aa", "aa 1.0.0")]
    [InlineData("a version that depends on itself", "aa 1.0.0: aa ^1 / aa 1.1.0: aa ^2", "aa", "aa 1.0.0")]
    [InlineData("a missing dependency of the newest", "aa 1.0.0 / aa 1.1.0: gone ^1", "aa", "aa 1.0.0")]
    [InlineData("two ranges of one plugin", "aa 1.0.0 / aa 1.5.0 / aa 2.0.0", "aa >=1.2.0, aa <2.0.0", "aa 1.5.0")]
    [InlineData("not a prerelease where a release was asked for", "aa 1.0.0 / aa 2.0.0-beta.1", "aa", "aa 1.0.0")]
    [InlineData("a prerelease that the range names", "aa 1.0.0 / aa 2.0.0-beta.1 / aa 2.0.0-beta.2 / aa 2.1.0-beta.1", "aa ^2.0.0-beta", "aa 2.0.0-beta.2")]
    [InlineData("not a prerelease that only one range names", "aa 1.0.0: cc ^1.0.0-rc.1 / bb 1.0.0: cc * / cc 1.0.0-rc.2 / cc 1.0.0", "aa, bb", "aa 1.0.0, bb 1.0.0, cc 1.0.0")]
    public async Task SolveAsync_Universe_ChoosesWhatFits(string what, string universe, string roots, string expected)
    {
        var versions = Universe.Of(universe.Replace(" / ", "\n", StringComparison.Ordinal));

        Assert.True(expected == await versions.SolveAsync(Request.Of(roots)), what);
    }

    [Fact]
    public async Task SolveAsync_NewestAtOddsWithAnother_AvoidsItWithoutTryingIts()
    {
        var versions = Universe.Of(
            """
            foo 1.0.0
            foo 1.1.0: bar ^2.0.0
            bar 1.0.0
            bar 1.1.0
            bar 2.0.0: deep ^1
            """);

        Assert.Equal("bar 1.1.0, foo 1.0.0", await versions.SolveAsync(Request.Of("foo ^1, bar ^1")));
        Assert.DoesNotContain("deep", versions.Asked);
    }

    [Fact]
    public async Task SolveAsync_ConflictThatLiesDeep_ResolvesIt()
    {
        var versions = Universe.Of(
            """
            foo 2.0.0: bar ^1
            foo 1.0.0
            bar 1.0.0: foo ^1
            """);

        Assert.Equal("foo 1.0.0", await versions.SolveAsync(Request.Of("foo >=1.0.0")));
    }

    [Fact]
    public async Task SolveAsync_TermThatTwoDecisionsSatisfyTogether_ResolvesIt()
    {
        var versions = Universe.Of(
            """
            foo 1.0.0
            foo 1.1.0: left ^1, right ^1
            left 1.0.0: shared >=1.0.0
            right 1.0.0: shared <2.0.0
            shared 2.0.0
            shared 1.0.0: target ^1
            target 2.0.0
            target 1.0.0
            """);

        Assert.Equal("foo 1.0.0, target 2.0.0", await versions.SolveAsync(Request.Of("foo ^1, target ^2")));
    }

    /// <summary>Which of a and b is at fault shows only at c: plain backtracking would try each a with each b.</summary>
    [Fact]
    public async Task SolveAsync_FailureThatIsNotOfTheLastDecision_JumpsBackOverIt()
    {
        var lines = Enumerable.Range(1, 9).SelectMany(a => (string[])
        [
            $"aa {a}.0.0: cc {(a == 1 ? "1.0.0" : "2.0.0")}",
            $"bb {a}.0.0: cc {(a == 1 ? "1.0.0" : "<=2.0.0")}",
        ]);
        var versions = Universe.Of(string.Join('\n', lines) + "\ncc 1.0.0\ncc 2.0.0: gone ^1");

        Assert.Equal("aa 1.0.0, bb 9.0.0, cc 1.0.0", await versions.SolveAsync(Request.Of("aa, bb"), new SolverLimits(MaxRounds: 16)));
    }

    /// <summary>The conflict says something of one plugin alone: a jump to where that is new would take back everything.</summary>
    [Theory]
    [InlineData(100, true)]
    [InlineData(int.MaxValue, false)]
    public async Task SolveAsync_ConflictAfterManyDecisions_KeepsThem(int maxJump, bool isEnough)
    {
        var others = Enumerable.Range(100, 200).Select(i => $"p{i}").ToArray();
        var versions = Universe.Of(string.Join('\n', others.Select(name => $"{name} 1.0.0")) + "\nzz 1.0.0\nzz 2.0.0: yy ^2\nyy 2.0.0: gone *");

        var end = await VersionSolver.SolveAsync(Request.Of($"{string.Join(", ", others)}, zz"), versions, new SolverLimits(MaxJump: maxJump, MaxRounds: 250));

        Assert.True(isEnough ? end is Solved : end is Refused);
    }

    [Fact]
    public async Task SolveAsync_LockedVersion_IsKeptWhereItFits()
    {
        var versions = Universe.Of("aa 1.0.0: bb * / aa 1.1.0: bb * / bb 1.0.0 / bb 2.0.0 / bb 3.0.0".Replace(" / ", "\n", StringComparison.Ordinal));

        Assert.Equal("aa 1.1.0, bb 2.0.0", await versions.SolveAsync(Request.Of("aa", locked: "bb 2.0.0")));
        Assert.Equal("aa 1.0.0, bb 2.0.0", await versions.SolveAsync(Request.Of("aa", locked: "aa 1.0.0, bb 2.0.0, cc 1.0.0")));
        Assert.Equal("aa 1.1.0, bb 2.0.0", await versions.SolveAsync(Request.Of("aa ^1.1.0", locked: "aa 1.0.0, bb 2.0.0")));
        Assert.Equal("aa 1.1.0, bb 3.0.0", await versions.SolveAsync(Request.Of("aa, bb 3.0.0", locked: "aa 1.1.0, bb 2.0.0")));
        Assert.Equal("aa 1.0.0, bb 3.0.0", await versions.SolveAsync(Request.Of("aa", locked: "aa 1.0.0, bb 2.0.0", unlock: "bb")));
        Assert.Equal("aa 1.0.0, bb 3.0.0", await versions.SolveAsync(Request.Of("aa", locked: "aa 1.0.0, bb 2.5.0")));
    }

    [Fact]
    public async Task SolveAsync_YankedVersion_IsChosenOnlyWhenLocked()
    {
        var versions = Universe.Of("aa 1.0.0\naa 1.1.0: yanked breaks\naa 1.2.0: yanked");

        Assert.Equal("aa 1.0.0", await versions.SolveAsync(Request.Of("aa")));
        Assert.Equal("aa 1.1.0", await versions.SolveAsync(Request.Of("aa", locked: "aa 1.1.0")));
        Assert.Equal("aa 1.0.0", await versions.SolveAsync(Request.Of("aa", locked: "aa 1.1.0", unlock: "aa")));
    }

    [Theory]
    [InlineData("quarantined looks odd")]
    [InlineData("cooling")]
    [InlineData("killed steals tokens")]
    [InlineData("host ^2")]
    public async Task SolveAsync_OtherFilter_HoldsAlsoForALockedVersion(string filter)
    {
        Assert.Equal("aa 1.0.0", await Universe.Of($"aa 1.0.0\naa 1.1.0: {filter}").SolveAsync(Request.Of("aa", locked: "aa 1.1.0")));
        // Without it, the same request keeps the version.
        Assert.Equal("aa 1.1.0", await Universe.Of("aa 1.0.0\naa 1.1.0").SolveAsync(Request.Of("aa", locked: "aa 1.1.0")));
    }

    [Fact]
    public async Task SolveAsync_HostApi_DecidesWhichVersionsThereAre()
    {
        var versions = Universe.Of("aa 1.0.0: host ^1\naa 2.0.0: host ^1.2\naa 3.0.0: host ^2");

        Assert.Equal("aa 1.0.0", await versions.SolveAsync(Request.Of("aa")));
        Assert.Equal("aa 2.0.0", await versions.SolveAsync(Request.Of("aa", host: "1.4.0")));
        Assert.Equal("aa 3.0.0", await versions.SolveAsync(Request.Of("aa", host: "2.0.1")));
    }

    [Fact]
    public async Task SolveAsync_OptionalDependency_BringsNothingInButBinds()
    {
        var versions = Universe.Of("aa 1.0.0: ?theme ^1\ntheme 1.0.0\ntheme 2.0.0\nbb 1.0.0: theme *\nzz 1.0.0: aa *");

        Assert.Equal("aa 1.0.0", await versions.SolveAsync(Request.Of("aa")));
        Assert.Equal(["aa"], versions.Asked);
        // Whichever of them is decided on first.
        Assert.Equal("aa 1.0.0, theme 1.0.0", await versions.SolveAsync(Request.Of("aa, theme")));
        Assert.Equal("aa 1.0.0, bb 1.0.0, theme 1.0.0", await versions.SolveAsync(Request.Of("aa, bb")));
        Assert.Equal("aa 1.0.0, bb 1.0.0, theme 1.0.0, zz 1.0.0", await versions.SolveAsync(Request.Of("bb, zz")));
        Assert.Equal("bb 1.0.0, theme 2.0.0", await versions.SolveAsync(Request.Of("bb")));
    }

    [Fact]
    public async Task SolveAsync_Solution_SaysWhoNeedsWhat()
    {
        var versions = Universe.Of("aa 1.0.0: cc ^1, ?bb ^1\nbb 1.0.0: cc ^1, aa ^1\ncc 1.0.0");

        var solved = Assert.IsType<Solved>(await VersionSolver.SolveAsync(Request.Of("aa, bb"), versions));

        Assert.Equal(["acme.aa: acme.bb", "acme.bb: ", "acme.cc: acme.aa acme.bb"], solved.NeededBy.Select(entry => $"{entry.Key}: {string.Join(' ', entry.Value)}"));
    }
}
