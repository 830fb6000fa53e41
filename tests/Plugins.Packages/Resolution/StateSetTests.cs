using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Resolution;

namespace LazyOC.Plugins.Packages.Tests;

public sealed class StateSetTests
{
    /// <summary>Around the sizes at which another word begins.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(500)]
    public void Algebra_AnySets_IsThatOfSets(int states)
    {
        var random = new Random(states);
        for (var round = 0; round < 200; round++)
        {
            var (left, right) = (Some(), Some());
            var (x, y) = (StateSet.Of(states, left.Contains), StateSet.Of(states, right.Contains));
            Is(left.Intersect(right), x.Intersect(y));
            Is(left.Union(right), x.Union(y));
            Is(left.Except(right), x.Except(y));
            Assert.Equal(left.IsSubsetOf(right), x.IsSubsetOf(y));
            Assert.Equal(left.Overlaps(right), x.Overlaps(y));
            Assert.Equal(left.SetEquals(right), x.Equals(y));
            Assert.True(x.Union(y).GetHashCode() == y.Union(x).GetHashCode());
        }
        Is([.. Enumerable.Range(0, states)], StateSet.All(states));
        for (var state = 0; state < states; state++) Is([state], StateSet.Only(states, state));

        HashSet<int> Some()
        {
            var percent = random.Next(101);
            return [.. Enumerable.Range(0, states).Where(_ => random.Next(100) < percent)];
        }

        void Is(IEnumerable<int> expected, StateSet actual)
        {
            int[] members = [.. expected.Order()];
            Assert.Equal(members, Enumerable.Range(0, states).Where(actual.Contains));
            Assert.Equal((members.Length, members.Length == 0, members.Contains(0)), (actual.Count, actual.IsEmpty, actual.HasAbsence));
            if (members.Length > 0) Assert.Equal(members[^1], actual.Highest);
        }
    }

    [Theory]
    [InlineData("1.0.0", "1.0.0")]
    [InlineData("1.0.0 1.1.0", "<=1.1.0")]
    [InlineData("1.1.0 2.0.0", ">=1.1.0 <=2.0.0")]
    [InlineData("2.0.0 3.0.0", ">=2.0.0")]
    [InlineData("1.0.0 2.0.0", "1.0.0 || 2.0.0")]
    [InlineData("1.0.0 1.1.0 3.0.0", "<=1.1.0 || 3.0.0")]
    [InlineData("1.0.0 1.1.0 2.0.0 3.0.0", "*")]
    [InlineData("2.0.0-beta.1", "2.0.0-beta.1")]
    [InlineData("2.0.0-beta.1 2.0.0-beta.2 2.0.0 3.0.0", ">=2.0.0 || >=2.0.0-beta.1 <=2.0.0-beta.2")]
    [InlineData("1.0.0 2.0.0-beta.2 3.0.0-rc.1", "1.0.0 || 2.0.0-beta.2 || 3.0.0-rc.1")]
    public void Describe_SomeVersions_IsShortAndHoldsThemAlone(string members, string expected)
    {
        string[] all = ["1.0.0", "1.1.0", "2.0.0-beta.1", "2.0.0-beta.2", "2.0.0", "3.0.0-rc.1", "3.0.0"];
        var answer = all.Select(version => new PackageVersion { Version = SemanticVersion.Parse(version) });
        Assert.True(KnownPackage.Create(Universe.Id("aa"), 0, [.. answer], SolverLimits.Default).TryGet(out var package, out _));
        var versions = StateSet.Of(package.StateCount, state => state > 0 && members.Split(' ').Contains(package[state].Version.ToString()));

        Assert.Equal(expected, VersionRuns.Describe(package, versions));
        Assert.Equal(versions, package.Matching(VersionRange.Parse(expected)));
    }
}
