using FsCheck;
using FsCheck.Fluent;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Tests.Versions;

public sealed class SemanticVersionTests
{
    [Theory]
    [InlineData("0.0.0")]
    [InlineData("1.2.3-alpha.1.0valid+build.001")]
    [InlineData("1.0.0--")]
    [InlineData("1.0.0+0.build.1-rc.10000aaa-kk-0.1")]
    [InlineData("99999999999999999999999.999999999999999999.99999999999999999")]
    public void TryParse_Valid_PrintsAsWritten(string text) => Assert.Equal(text, SemanticVersion.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2")]
    [InlineData("1.2.3.4")]
    [InlineData("01.2.3")]
    [InlineData("1.2.3-")]
    [InlineData("1.2.3-01")]
    [InlineData("1.2.3-a..b")]
    [InlineData("1.2.3+")]
    [InlineData("1.2.3+a+b")]
    [InlineData("1.2.3-\u0661")]
    [InlineData("\u0661.2.3")]
    [InlineData("v1.2.3")]
    [InlineData(" 1.2.3")]
    [InlineData("-1.2.3")]
    [InlineData("1.2.3-a_b")]
    public void TryParse_Invalid_IsRefused(string text) => Assert.False(SemanticVersion.TryParse(text, out _));

    [Fact]
    public void TryParse_LongerThanLimit_IsRefused()
    {
        var longest = "1.0." + new string('9', VersionLimits.Default.MaxVersionLength - 4);
        Assert.True(SemanticVersion.TryParse(longest, out _));
        Assert.False(SemanticVersion.TryParse(longest + "9", out _));
    }

    /// <summary>The order of semver.org, item 11, and its neighbourhood.</summary>
    [Fact]
    public void CompareTo_Specification_Ascends()
    {
        string[] ascending =
        [
            "0.0.0-0", "0.0.0", "1.0.0-0", "1.0.0-2", "1.0.0-10", "1.0.0-99999999999999999999", "1.0.0--", "1.0.0-A", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta",
            "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0", "18446744073709551617.0.0",
        ];
        for (var i = 0; i < ascending.Length; i++)
            for (var j = 0; j < ascending.Length; j++)
                Assert.Equal(i.CompareTo(j), Math.Sign(SemanticVersion.Parse(ascending[i]).CompareTo(SemanticVersion.Parse(ascending[j]))));
    }

    [Fact]
    public void Equals_OtherBuild_IsTheSameVersion()
    {
        var (left, right) = (SemanticVersion.Parse("1.0.0-a+1"), SemanticVersion.Parse("1.0.0-a+2"));
        Assert.Equal(left, right);
        Assert.Equal(left.GetHashCode(), right.GetHashCode());
    }

    private static readonly Gen<string> Identifier = Gen.OneOf(
        Gen.Choose(0, 12).Select(number => number.ToString(System.Globalization.CultureInfo.InvariantCulture)),
        Gen.Elements("a", "A", "b", "alpha", "-", "0a", "99999999999999999999"));

    private static readonly Gen<SemanticVersion> Version =
        from numbers in Gen.Choose(0, 3).ArrayOf(3)
        from tags in Identifier.ArrayOf().Resize(3)
        from build in Gen.Elements("", "+1", "+a.b")
        select SemanticVersion.Parse($"{string.Join('.', numbers)}{(tags.Length > 0 ? "-" : "")}{string.Join('.', tags)}{build}");

    private static void Check(Property property) => property.Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));

    [Fact]
    public void Parse_AnyPrinted_IsTheSameVersion() => Check(Prop.ForAll(Version.ToArbitrary(), version =>
        SemanticVersion.Parse(version.ToString()) is var again && again.Equals(version) && again.Build == version.Build && again.GetHashCode() == version.GetHashCode()));

    /// <summary>A total order, in which a release ends its own prereleases and more identifiers come after fewer.</summary>
    [Fact]
    public void CompareTo_AnyThree_IsATotalOrder() => Check(Prop.ForAll(Version.ToArbitrary(), Version.ToArbitrary(), Version.ToArbitrary(), (a, b, c) =>
        Math.Sign(a.CompareTo(b)) == -Math.Sign(b.CompareTo(a))
        && (a.CompareTo(b) == 0) == a.Equals(b)
        && (a.CompareTo(b) > 0 || b.CompareTo(c) > 0 || a.CompareTo(c) <= 0)
        && a.CompareTo(SemanticVersion.Parse($"{a.Major}.{a.Minor}.{a.Patch}")) == (a.IsPrerelease ? -1 : 0)
        && (!a.IsPrerelease || a.CompareTo(SemanticVersion.Parse($"{a.Major}.{a.Minor}.{a.Patch}-{string.Join('.', a.Prerelease)}.0")) < 0)));
}
