namespace LazyOC.Plugins.Packages.Tests;

/// <summary>What a user reads when nothing fits.</summary>
public sealed class ExplanationTests
{
    [Fact]
    public Task SolveAsync_NoSuchVersion_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0
        aa 2.1.0
        """,
        "aa ^5",
        """
        `acme.aa ^5.0.0` is wanted (you asked for it), but there is no such version: the newest is `2.1.0`
        hint: `acme.aa ^2.1.0` would do
        """);

    [Fact]
    public Task SolveAsync_UnknownPlugin_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0
        """,
        "zz",
        """
        `acme.zz` is wanted (you asked for it), but no registry knows it
        hint: check the spelling of `acme.zz`, or add the registry that has it
        """);

    [Fact]
    public Task SolveAsync_OnlyAPrerelease_SaysSo() => IsExplainedAsync(
        """
        aa 2.0.0-beta.1
        """,
        "aa",
        """
        `acme.aa` is wanted (you asked for it), but there is no such version: the newest is `2.0.0-beta.1`
        hint: `acme.aa ^2.0.0-beta.1` would do
        """);

    [Fact]
    public Task SolveAsync_MissingDependency_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: zz ^1
        aa 1.1.0: zz ^1
        """,
        "aa",
        """
        Because every version of `acme.aa` depends on `acme.zz ^1.0.0` (no registry knows it) and `acme.aa` is wanted (you asked for it), no versions fit together
        hint: add the registry that has `acme.zz`
        """);

    [Fact]
    public Task SolveAsync_DependencyWithoutSuchAVersion_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: bb ^5
        bb 1.0.0
        bb 2.0.0
        """,
        "aa",
        """
        Because `acme.aa 1.0.0` depends on `acme.bb ^5.0.0` (there is no such version: the newest is `2.0.0`) and `acme.aa` is wanted (you asked for it), no versions fit together
        hint: ask the publisher of `acme.aa` for a version that fits
        """);

    [Fact]
    public Task SolveAsync_DependencyOfADependencyWithoutSuchAVersion_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: bb ^1
        bb 1.0.0: cc ^5
        cc 1.0.0
        """,
        "aa",
        """
        Because `acme.aa 1.0.0` depends on `acme.bb ^1.0.0`, which depends on `acme.cc ^5.0.0` (there is no such version: the newest is `1.0.0`), `acme.aa 1.0.0` cannot be used
        So, because `acme.aa` is wanted (you asked for it), no versions fit together
        hint: ask the publisher of `acme.bb` for a version that fits
        """);

    [Fact]
    public Task SolveAsync_TwoRangesOfOnePlugin_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0
        aa 2.0.0
        aa 3.0.0
        """,
        "aa ^1, aa ^2",
        """
        Because `acme.aa ^1.0.0` is wanted (you asked for it) and `acme.aa ^2.0.0` is wanted (you asked for it), no versions fit together
        hint: `acme.aa ^3.0.0` would do
        """);

    [Fact]
    public Task SolveAsync_DisjointConstraints_SaysSo() => IsExplainedAsync(
        """
        foo 1.0.0: shared ^2
        bar 1.0.0: shared ^3
        shared 2.0.0
        shared 3.0.0
        shared 4.0.0
        """,
        "foo, bar",
        """
        Because `acme.foo 1.0.0` depends on `acme.shared ^2.0.0` and `acme.bar 1.0.0` depends on `acme.shared ^3.0.0`, `acme.foo 1.0.0` and `acme.bar 1.0.0` cannot be used together
        So, because `acme.bar` is wanted (you asked for it) and `acme.foo` is wanted (you asked for it), no versions fit together
        hint: without `acme.foo` the others fit together
        """);

    [Fact]
    public Task SolveAsync_LinearProof_SaysSo() => IsExplainedAsync(
        """
        menu 1.0.0: dropdown ^1
        menu 1.1.0: dropdown ^2
        menu 1.2.0: dropdown ^2
        dropdown 1.8.0: intl ^3
        dropdown 2.0.0: icons ^2
        dropdown 2.1.0: icons ^2
        icons 1.0.0
        icons 2.0.0
        intl 3.0.0
        intl 4.0.0
        intl 5.0.0
        """,
        "menu, icons ^1, intl ^5",
        """
        Because `acme.menu 1.0.0` depends on `acme.dropdown ^1.0.0`, which depends on `acme.intl ^3.0.0`, `acme.menu 1.0.0` needs `acme.intl ^3.0.0`
        And because `acme.menu >=1.1.0` depends on `acme.dropdown ^2.0.0`, which depends on `acme.icons ^2.0.0`, every version of `acme.menu` needs `acme.icons ^2.0.0` or `acme.intl ^3.0.0`
        And because `acme.intl ^5.0.0` is wanted (you asked for it) and `acme.icons ^1.0.0` is wanted (you asked for it), no version of `acme.menu` can be used
        So, because `acme.menu` is wanted (you asked for it), no versions fit together
        hint: `acme.icons ^2.0.0` would do
        """);

    [Fact]
    public Task SolveAsync_BranchingProof_SaysSo() => IsExplainedAsync(
        """
        foo 1.0.0: aa ^1, bb ^1
        foo 1.1.0: xx ^1, yy ^1
        aa 1.0.0: bb ^2
        bb 1.0.0
        bb 2.0.0
        xx 1.0.0: yy ^2
        yy 1.0.0
        yy 2.0.0
        """,
        "foo ^1",
        """
            Because `acme.foo 1.0.0` depends on `acme.aa ^1.0.0`, which depends on `acme.bb ^2.0.0`, `acme.foo 1.0.0` needs `acme.bb ^2.0.0`
        (1) And because `acme.foo 1.0.0` depends on `acme.bb ^1.0.0`, `acme.foo 1.0.0` cannot be used
            Because `acme.foo 1.1.0` depends on `acme.xx ^1.0.0`, which depends on `acme.yy ^2.0.0`, `acme.foo 1.1.0` needs `acme.yy ^2.0.0`
            And because `acme.foo 1.1.0` depends on `acme.yy ^1.0.0`, `acme.foo 1.1.0` cannot be used
            And because `acme.foo 1.0.0` cannot be used (1), no version of `acme.foo` can be used
            So, because `acme.foo ^1.0.0` is wanted (you asked for it), no versions fit together
        hint: ask the publisher of `acme.foo` for a version that fits
        """);

    [Fact]
    public Task SolveAsync_Quarantined_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0
        aa 1.1.0: quarantined looks odd
        aa 1.2.0: quarantined looks odd
        """,
        "aa ^1.1.0",
        """
        Because `acme.aa ^1.1.0` is quarantined (looks odd) and `acme.aa ^1.1.0` is wanted (you asked for it), no versions fit together
        hint: `acme.aa ^1.0.0` would do
        """);

    [Fact]
    public Task SolveAsync_EveryVersionFilteredInItsOwnWay_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: yanked breaks
        aa 1.1.0: cooling
        aa 1.2.0: host ^2
        aa 1.3.0: killed steals tokens
        """,
        "aa",
        """
        Because `acme.aa 1.0.0` is yanked (breaks) and `acme.aa 1.1.0` is cooling down until 2026-05-02 10:30 UTC, `acme.aa <=1.1.0` cannot be used
        And because `acme.aa 1.2.0` needs host API `^2.0.0` (this LazyOC has `1.0.0`) and `acme.aa 1.3.0` is on the kill list (steals tokens), no version of `acme.aa` can be used
        So, because `acme.aa` is wanted (you asked for it), no versions fit together
        hint: try again after 2026-05-02 10:30 UTC
        """);

    [Fact]
    public Task SolveAsync_FilteredBesideAConflict_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: bb ^1
        bb 1.0.0: killed evil
        bb 1.1.0: cc ^2
        bb 1.2.0: yanked
        cc 1.0.0
        cc 2.0.0
        """,
        "aa, cc ^1",
        """
        Because `acme.aa 1.0.0` depends on `acme.bb ^1.0.0` and `acme.bb 1.1.0` depends on `acme.cc ^2.0.0`, `acme.aa 1.0.0` needs `acme.cc ^2.0.0` or `acme.bb 1.0.0 || 1.2.0`
        And because `acme.bb 1.0.0` is on the kill list (evil) and `acme.bb 1.2.0` is yanked, `acme.aa 1.0.0` needs `acme.cc ^2.0.0`
        So, because `acme.cc ^1.0.0` is wanted (you asked for it) and `acme.aa` is wanted (you asked for it), no versions fit together
        hint: `acme.cc ^2.0.0` would do
        """);

    [Fact]
    public Task SolveAsync_HostOfADependency_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: bb ^1
        bb 1.0.0: host ^2
        bb 1.1.0: host ^2
        """,
        "aa",
        """
        Because `acme.aa 1.0.0` depends on `acme.bb ^1.0.0` and every version of `acme.bb` needs host API `^2.0.0` (this LazyOC has `1.0.0`), `acme.aa 1.0.0` cannot be used
        So, because `acme.aa` is wanted (you asked for it), no versions fit together
        hint: use a LazyOC with host API `^2.0.0`
        """);

    [Fact]
    public Task SolveAsync_DependencyThatIsCoolingDown_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: bb ^1
        bb 1.0.0: cooling
        """,
        "aa",
        """
        Because `acme.aa 1.0.0` depends on `acme.bb ^1.0.0` and `acme.bb 1.0.0` is cooling down until 2026-05-02 10:30 UTC, `acme.aa 1.0.0` cannot be used
        So, because `acme.aa` is wanted (you asked for it), no versions fit together
        hint: try again after 2026-05-02 10:30 UTC
        """);

    [Fact]
    public Task SolveAsync_OptionalDependency_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: ?bb ^1
        bb 1.0.0
        bb 2.0.0
        """,
        "aa, bb ^2",
        """
        Because `acme.aa 1.0.0` works only with `acme.bb ^1.0.0` and `acme.bb ^2.0.0` is wanted (you asked for it), `acme.aa 1.0.0` cannot be used
        So, because `acme.aa` is wanted (you asked for it), no versions fit together
        hint: `acme.bb ^1.0.0` would do
        """);

    [Fact]
    public Task SolveAsync_OptionalDependencyWithoutSuchAVersion_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: ?bb ^3
        bb 1.0.0
        bb 2.0.0
        """,
        "aa, bb ^2",
        """
        Because `acme.aa 1.0.0` works with no version of `acme.bb` that there is and `acme.bb ^2.0.0` is wanted (you asked for it), `acme.aa 1.0.0` cannot be used
        So, because `acme.aa` is wanted (you asked for it), no versions fit together
        hint: without `acme.aa` the others fit together
        """);

    [Fact]
    public Task SolveAsync_SelfConflict_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: aa ^2
        aa 2.0.0: aa ^3
        """,
        "aa",
        """
        Because `acme.aa 1.0.0` depends on `acme.aa ^2.0.0` and `acme.aa 2.0.0` depends on `acme.aa ^3.0.0` (there is no such version: the newest is `2.0.0`), no version of `acme.aa` can be used
        So, because `acme.aa` is wanted (you asked for it), no versions fit together
        hint: ask the publisher of `acme.aa` for a version that fits
        """);

    [Fact]
    public Task SolveAsync_CircularDependency_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: bb 1.0.0
        bb 1.0.0: cc ^1
        cc 1.0.0: aa ^2
        aa 2.0.0
        """,
        "aa ^1",
        """
        Because `acme.aa 1.0.0` depends on `acme.bb 1.0.0`, which depends on `acme.cc ^1.0.0`, `acme.aa 1.0.0` needs `acme.cc ^1.0.0`
        So, because `acme.cc 1.0.0` depends on `acme.aa ^2.0.0` and `acme.aa ^1.0.0` is wanted (you asked for it), no versions fit together
        hint: `acme.aa ^2.0.0` would do
        """);

    [Fact]
    public Task SolveAsync_AlternativesThatMeet_SaysSo() => IsExplainedAsync(
        """
        aa 1.0.0: cc *
        aa 1.1.0: cc *
        bb 1.0.0: cc *
        bb 1.1.0: cc *
        cc 1.0.0: dd 1.0.0
        cc 2.0.0: dd 2.0.0
        dd 1.0.0: ee *
        dd 2.0.0: ff *
        ee 1.0.0: gg 1.0.0
        ff 1.0.0: gg 1.0.0
        gg 1.0.0: hh 1.0.0
        gg 2.0.0
        hh 1.0.0
        hh 2.0.0
        """,
        "aa, bb, hh ^2",
        """
        Because `acme.cc 1.0.0` depends on `acme.dd 1.0.0`, which depends on `acme.ee`, `acme.cc 1.0.0` needs `acme.ee`
        And because `acme.ee 1.0.0` depends on `acme.gg 1.0.0` and every version of `acme.bb` depends on `acme.cc`, every version of `acme.bb` needs `acme.cc 2.0.0` or `acme.gg 1.0.0`
        And because `acme.cc 2.0.0` depends on `acme.dd 2.0.0`, which depends on `acme.ff`, every version of `acme.bb` needs `acme.ff` or `acme.gg 1.0.0`
        And because `acme.ff 1.0.0` depends on `acme.gg 1.0.0`, which depends on `acme.hh 1.0.0`, every version of `acme.bb` needs `acme.hh 1.0.0`
        So, because `acme.hh ^2.0.0` is wanted (you asked for it) and `acme.bb` is wanted (you asked for it), no versions fit together
        hint: `acme.hh ^1.0.0` would do
        """);

    private static async Task IsExplainedAsync(string universe, string roots, string expected) => Assert.Equal(expected, await Universe.Of(universe).SolveAsync(Request.Of(roots)));
}
