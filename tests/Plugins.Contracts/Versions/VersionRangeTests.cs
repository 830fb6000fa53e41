using FsCheck;
using FsCheck.Fluent;
using LazyOC.Plugins.Contracts.Versions;

namespace LazyOC.Plugins.Contracts.Tests.Versions;

public sealed class VersionRangeTests
{
    [Theory]
    [InlineData("^1.2.3", "1.2.3 1.9.0", "1.2.2 2.0.0 2.0.0-0 1.3.0-beta 1.2.3-beta")]
    [InlineData("^1.2.3-beta.2", "1.2.3-beta.2 1.2.3-beta.4 1.2.3 1.9.9", "1.2.3-beta.1 1.2.4-beta.2 2.0.0-0")]
    [InlineData("^0.2.3", "0.2.3 0.2.9", "0.3.0 0.2.2")]
    [InlineData("^0.0.3", "0.0.3", "0.0.4 0.0.2")]
    [InlineData("^0.0.0", "0.0.0", "0.0.1 0.1.0")]
    [InlineData("^0.0", "0.0.0 0.0.9", "0.1.0")]
    [InlineData("^0.x", "0.0.0 0.9.9", "1.0.0")]
    [InlineData("^1.x", "1.0.0 1.9.9", "2.0.0 0.9.9")]
    [InlineData("^1.0", "1.0.0", "2.0.0")]
    [InlineData("~1.2.3", "1.2.3 1.2.9", "1.3.0 1.2.2")]
    [InlineData("~1.2", "1.2.0 1.2.9", "1.3.0")]
    [InlineData("~1", "1.0.0 1.9.0", "2.0.0")]
    [InlineData("~> 1.2.3", "1.2.9", "1.3.0")]
    [InlineData("~1.2.3-beta.2", "1.2.3-beta.2 1.2.3 1.2.4", "1.2.4-beta.2")]
    [InlineData("1.2.3", "1.2.3 1.2.3+build", "1.2.4 1.2.3-a")]
    [InlineData("=1.2.3", "1.2.3", "1.2.4")]
    [InlineData("v1.2.3", "1.2.3", "1.2.4")]
    [InlineData("1.2", "1.2.0 1.2.9", "1.3.0 1.1.9")]
    [InlineData("1.x", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("1.X.3", "1.0.0 1.9.9", "2.0.0")]
    [InlineData("*", "0.0.0 9.9.9", "1.0.0-a")]
    [InlineData("", "0.0.0 9.9.9", "1.0.0-a")]
    [InlineData(">1.2", "1.3.0", "1.2.9 1.2.0")]
    [InlineData(">1", "2.0.0", "1.9.9")]
    [InlineData(">=1.2", "1.2.0", "1.1.9")]
    [InlineData("<1.2", "1.1.9", "1.2.0 1.2.0-a")]
    [InlineData("<=1.2", "1.2.9", "1.3.0 1.3.0-0")]
    [InlineData("<*", "", "0.0.0 1.0.0")]
    [InlineData(">*", "", "0.0.0 1.0.0")]
    [InlineData(">=*", "0.0.0 1.0.0", "1.0.0-a")]
    [InlineData("1.2.3 - 2.3.4", "1.2.3 2.3.4", "2.3.5 1.2.2")]
    [InlineData("1.2 - 2.3", "1.2.0 2.3.9", "2.4.0")]
    [InlineData("1.2.3 - 2", "2.9.9", "3.0.0")]
    [InlineData(">=1.0.0 <2.0.0", "1.5.0", "2.0.0 2.0.0-a")]
    [InlineData(">= 1.0.0   < 2.0.0", "1.5.0", "2.0.0")]
    [InlineData(">1.0.0-alpha", "1.0.0-beta 1.0.0 3.0.0", "1.0.0-alpha 2.0.0-beta")]
    [InlineData(">=1.0.0-a <1.0.0-c", "1.0.0-b", "1.0.0-c 1.0.0")]
    [InlineData("1.0.0 || >=2.0.0 <2.1.0 || 3.x", "1.0.0 2.0.5 3.4.5", "1.0.1 2.1.0 4.0.0")]
    [InlineData("<1.0.0 >2.0.0", "", "1.5.0 0.5.0")]
    public void Contains_NpmSyntax_HoldsAndLeavesOut(string range, string inside, string outside)
    {
        var parsed = VersionRange.Parse(range);
        foreach (var version in inside.Split(' ', StringSplitOptions.RemoveEmptyEntries)) Assert.True(parsed.Contains(SemanticVersion.Parse(version)), $"{version} in {range}");
        foreach (var version in outside.Split(' ')) Assert.False(parsed.Contains(SemanticVersion.Parse(version)), $"{version} in {range}");
    }

    [Theory]
    [InlineData("^1.0", "^1.0.0")]
    [InlineData(">=1.0.0 <2.0.0-0", "^1.0.0")]
    [InlineData("~1.2", ">=1.2.0 <1.3.0")]
    [InlineData("<2.0.0 || >=1.0.0", "*")]
    [InlineData("1.0.0 || 1.0.1", ">=1.0.0 <1.0.2")]
    [InlineData("1.0.0-rc.1", "1.0.0-rc.1")]
    [InlineData("<0.0.0", "<0.0.0-0")]
    [InlineData("^1.0.0-rc.1", "^1.0.0 || >=1.0.0-rc.1 <1.0.0")]
    public void ToString_Range_IsCanonical(string range, string canonical) => Assert.Equal(canonical, VersionRange.Parse(range).ToString());

    [Theory]
    [InlineData("latest")]
    [InlineData("^")]
    [InlineData(">>1.0.0")]
    [InlineData("=>1.0.0")]
    [InlineData("1.2.3.4")]
    [InlineData("01.0.0")]
    [InlineData("1.0.0 - ")]
    [InlineData("1 - 2 - 3")]
    [InlineData("1.0-beta")]
    [InlineData("1.0.0 & 2.0.0")]
    [InlineData("||^")]
    public void TryParse_NotARange_IsRefused(string range) => Assert.False(VersionRange.TryParse(range, out _));

    [Fact]
    public void TryParse_BeyondLimits_IsRefused()
    {
        Assert.False(VersionRange.TryParse(new string(' ', VersionLimits.Default.MaxRangeLength + 1), out _));
        Assert.False(VersionRange.TryParse(string.Join("||", Enumerable.Repeat("1", VersionLimits.Default.MaxComparators + 1)), out _));
    }

    [Fact]
    public void Complement_Range_PrintsBeyondNpm()
    {
        Assert.Equal("not (^1.0.0)", VersionRange.Parse("^1").Complement().ToString());
        Assert.Equal(VersionRange.All, VersionRange.Parse("^1").Union(VersionRange.Parse("^1").Complement()));
    }

    // Few numbers and tags, so that bounds meet and touch.
    private static readonly Gen<string> Tag = Gen.Elements("", "", "-0", "-a", "-a.0", "-a.1", "-b");

    private static readonly Gen<string> Version =
        from major in Gen.Choose(0, 2) from minor in Gen.Choose(0, 1) from patch in Gen.Choose(0, 2) from tag in Tag select $"{major}.{minor}.{patch}{tag}";

    private static readonly Gen<(string Op, string Version)[][]> Comparators =
        (from op in Gen.Elements("<", "<=", ">", ">=", "=") from version in Version select (op, version)).ArrayOf().Resize(3).NonEmptyListOf().Resize(3).Select(sets => sets.ToArray());

    private static readonly Gen<VersionRange> Range = Gen.OneOf(
        Comparators.Select(c => VersionRange.Parse(Print(c))),
        from op in Gen.Elements("^", "~") from version in Version select VersionRange.Parse(op + version));

    private static string Print((string Op, string Version)[][] sets) => string.Join(" || ", sets.Select(set => string.Join(' ', set.Select(c => c.Op + c.Version))));

    /// <summary>npm's definition, word for word, over the comparators.</summary>
    private static bool Oracle((string Op, string Version)[][] sets, SemanticVersion version) => sets.Any(set =>
        set.All(c => version.CompareTo(SemanticVersion.Parse(c.Version)) is var order && c.Op switch { "<" => order < 0, "<=" => order <= 0, ">" => order > 0, ">=" => order >= 0, _ => order == 0 })
        && (!version.IsPrerelease || set.Any(c => SemanticVersion.Parse(c.Version) is { IsPrerelease: true } named && named.CompareRelease(version) == 0)));

    private static void Check(Property property) => property.Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Contains_AnyComparators_AgreesWithNpmsDefinition() => Check(Prop.ForAll(Comparators.ToArbitrary(), Version.ToArbitrary(), (sets, text) =>
        VersionRange.Parse(Print(sets)).Contains(SemanticVersion.Parse(text)) == Oracle(sets, SemanticVersion.Parse(text))));

    [Fact]
    public void Parse_Printed_IsTheSameRange() => Check(Prop.ForAll(Range.ToArbitrary(), Range.ToArbitrary(), (left, right) =>
        new[] { left, left.Union(right), left.Intersect(right), left.Intersect(right.Complement()) }.All(r => VersionRange.Parse(r.ToString()).Equals(r))));

    [Fact]
    public void Algebra_AnyRanges_IsMembership() => Check(Prop.ForAll(Range.ToArbitrary(), Range.ToArbitrary(), Version.ToArbitrary(), (left, right, text) =>
    {
        var version = SemanticVersion.Parse(text);
        var (inLeft, inRight) = (left.Contains(version), right.Contains(version));
        return left.Intersect(right).Contains(version) == (inLeft && inRight)
            && left.Union(right).Contains(version) == (inLeft || inRight)
            && left.Complement().Contains(version) == !inLeft
            && VersionRange.Exactly(version).Contains(version);
    }));

    /// <summary>Equal sets have one representation, which holds the laws of a Boolean algebra to account.</summary>
    [Fact]
    public void Algebra_AnyRanges_IsCanonical() => Check(Prop.ForAll(Range.ToArbitrary(), Range.ToArbitrary(), (left, right) =>
        left.Complement().Complement().Equals(left)
        && left.Union(right).Complement().Equals(left.Complement().Intersect(right.Complement()))
        && left.Union(left.Complement()).Equals(VersionRange.All)
        && left.Intersect(left.Complement()).IsEmpty
        && left.Union(left.Intersect(right)).Equals(left)
        && left.Intersect(right).IsSubsetOf(left)));

    [Fact]
    public void Algebra_ThreeRanges_IsABooleanAlgebra() => Check(Prop.ForAll(Range.ToArbitrary(), Range.ToArbitrary(), Range.ToArbitrary(), (a, b, c) =>
        a.Union(b).Equals(b.Union(a)) && a.Intersect(b).Equals(b.Intersect(a))
        && a.Union(b).Union(c).Equals(a.Union(b.Union(c))) && a.Intersect(b).Intersect(c).Equals(a.Intersect(b.Intersect(c)))
        && a.Intersect(b.Union(c)).Equals(a.Intersect(b).Union(a.Intersect(c))) && a.Union(b.Intersect(c)).Equals(a.Union(b).Intersect(a.Union(c)))
        && a.Union(VersionRange.None).Equals(a) && a.Intersect(VersionRange.All).Equals(a) && a.Union(a).Equals(a)));

    /// <summary>Every version of the small world that the ranges are made in is tried, so that the answer is known both ways.</summary>
    [Fact]
    public void IsSubsetOf_AnyRanges_IsThatOfTheirVersions() => Check(Prop.ForAll(Range.ToArbitrary(), Range.ToArbitrary(), (left, right) =>
        left.IsSubsetOf(right) == left.Intersect(right.Complement()).IsEmpty
        && left.IsSubsetOf(right) == left.Union(right).Equals(right)
        && (!left.IsSubsetOf(right) || World.All(version => !left.Contains(version) || right.Contains(version)))
        && left.Intersect(right).IsSubsetOf(right) && left.IsSubsetOf(left.Union(right))));

    /// <summary>npm's rule: without a comparator that names a prerelease of the same three numbers, none is in.</summary>
    [Fact]
    public void Contains_Prerelease_OnlyWhereItsNumbersAreNamedAsOne() => Check(Prop.ForAll(Comparators.ToArbitrary(), sets =>
    {
        var range = VersionRange.Parse(Print(sets));
        return World.All(version => !version.IsPrerelease || !range.Contains(version)
            || sets.Any(set => set.Any(c => SemanticVersion.Parse(c.Version) is { IsPrerelease: true } named && named.CompareRelease(version) == 0)));
    }));

    [Fact]
    public void Above_AnyVersion_HoldsWhatComesAfterIt() => Check(Prop.ForAll(Version.ToArbitrary(), text =>
    {
        var version = SemanticVersion.Parse(text);
        return World.All(other => VersionRange.Above(version).Contains(other) == (other.CompareTo(version) > 0));
    }));

    private static readonly SemanticVersion[] World =
        [.. from major in Enumerable.Range(0, 4) from minor in Enumerable.Range(0, 3) from patch in Enumerable.Range(0, 4) from tag in new[] { "", "-0", "-a", "-a.0", "-a.1", "-b" } select SemanticVersion.Parse($"{major}.{minor}.{patch}{tag}")];
}
