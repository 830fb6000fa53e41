using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Versions;
using LazyOC.Plugins.Packages.Resolution;
using static LazyOC.Plugins.Packages.Resolution.Resolution;

namespace LazyOC.Plugins.Packages.Tests;

/// <summary>Small universes by seed, against a solver that tries everything.</summary>
public sealed class RandomUniverseTests
{
    private const int Universes = 10_000;

    private static readonly ImmutableArray<string> Names = ["aa", "bb", "cc", "dd", "ee", "ff"];
    private static readonly ImmutableArray<string> Versions = ["1.0.0", "1.1.0", "2.0.0-rc.1", "2.0.0", "2.1.0", "3.0.0"];
    private static readonly ImmutableArray<VersionRange> Ranges =
        [.. ((string[])["*", "^1.0.0", "^2.0.0", "^2.0.0-rc.1", "^3.0.0", ">=1.1.0", "<2.0.0", ">=1.1.0 <3.0.0", "1.0.0", "2.1.0", "1.0.0 || 3.0.0"]).Select(VersionRange.Parse)];

    private static readonly ImmutableArray<Filter?> Filters =
        [null, null, null, null, null, null, null, new Filter.Yanked(), new Filter.Quarantined("odd"), new Filter.CoolingDown(Universe.Tomorrow), new Filter.Killed("bad")];

    private static readonly ImmutableArray<VersionRange> Hosts = [.. ((string[])["*", "*", "*", "*", "^1.0.0", "^2.0.0"]).Select(VersionRange.Parse)];

    [Fact]
    public async Task SolveAsync_RandomUniverse_AgreesWithTryingEverything()
    {
        var ends = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < Universes; seed++)
        {
            var (universe, request) = Make(new Random(seed));
            var oracle = new ExhaustiveSolver(universe.Packages, request);
            // Half of them never jump over a decision.
            var end = await VersionSolver.SolveAsync(request, universe, new SolverLimits(MaxJump: seed % 2 == 0 ? 100 : 0));
            var name = end is Unsolvable { Explanation.Remedy: { } remedy } ? remedy.GetType().Name : end.GetType().Name;
            ends[name] = ends.GetValueOrDefault(name) + 1;
            Assert.True(oracle.IsSolvable == end is Solved, $"seed {seed}: {end}");
            if (end is Solved solved) Assert.True(oracle.IsSolution(solved.Versions), $"seed {seed}: {string.Join(", ", solved.Versions)}");
            else CheckExplanation(((Unsolvable)end).Explanation, oracle, universe, request, seed);
            Assert.True(universe.Asked.Distinct().Count() == universe.Asked.Count(), $"seed {seed}: asked twice");
        }
        // Every kind of end is among them.
        Assert.Equal(["AskFor", "AwaitVersion", "FindRegistry", "LeaveOut", "Solved", "UpdateHost", "Wait"], ends.Keys);
        Assert.All(ends.Values, count => Assert.True(count >= 10));
    }

    private static void CheckExplanation(Explanation explanation, ExhaustiveSolver oracle, Universe universe, ResolutionRequest request, int seed)
    {
        ImmutableArray<Cause> facts = [.. explanation.Proof.Facts().Select(fact => fact.Cause)];
        Assert.All(facts, fact => Assert.True(oracle.IsTrue(fact), $"seed {seed}: {fact}\n{explanation}"));
        Assert.False(ExhaustiveSolver.CanHold(facts), $"seed {seed}: the facts do not suffice\n{explanation}");
        // The control: no fact is beside the point of all, or the check above would prove nothing.
        if (facts.Length > 1) Assert.True(facts.Any(fact => ExhaustiveSolver.CanHold(facts.Remove(fact))), $"seed {seed}: no fact is needed\n{explanation}");
        if (Mended(explanation.Remedy!, universe.Packages, request) is var (packages, mended))
            Assert.True(new ExhaustiveSolver(packages, mended).IsSolvable, $"seed {seed}: the hint does not help\n{explanation}");
    }

    /// <summary>The universe and the request when the hint is followed; null when that is beyond the user.</summary>
    private static (ImmutableSortedDictionary<PluginId, ImmutableArray<PackageVersion>> Packages, ResolutionRequest Request)? Mended(
        Remedy remedy, ImmutableSortedDictionary<PluginId, ImmutableArray<PackageVersion>> packages, ResolutionRequest request) => remedy switch
        {
            Remedy.AskFor { Plugin: var plugin, Range: var range } => (packages, request with { Roots = [.. request.Roots.Select(root => root.Id == plugin ? root with { Range = range } : root)] }),
            Remedy.LeaveOut(var plugin) => (packages, request with { Roots = [.. request.Roots.Where(root => root.Id != plugin)] }),
            Remedy.UpdateHost(var range) => (packages, request with { HostApi = Enumerable.Range(1, 2).Select(major => SemanticVersion.Parse($"{major}.0.0")).First(range.Contains) }),
            Remedy.Wait(var until) => (packages.ToImmutableSortedDictionary(
                entry => entry.Key,
                entry => entry.Value.Select(version => version.Filtered is Filter.CoolingDown cooling && cooling.Until <= until ? version with { Filtered = null } : version).ToImmutableArray()), request),
            _ => null,
        };

    [Fact]
    public async Task SolveAsync_ShuffledAndSlow_EndsInTheSame()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var (universe, request) = Make(new Random(seed));
            var expected = await universe.SolveAsync(request);
            for (var order = 0; order < 3; order++)
            {
                var shuffled = new ShuffledVersions(universe, order);
                Assert.Equal(expected, await shuffled.SolveAsync(request));
                Assert.Equal(universe.Asked.Order(StringComparer.Ordinal), shuffled.Asked.Order(StringComparer.Ordinal));
            }
        }
    }

    private static (Universe Universe, ResolutionRequest Request) Make(Random random)
    {
        var names = Names[..random.Next(2, Names.Length + 1)];
        var packages = names.Where(_ => random.Next(12) > 0).ToImmutableSortedDictionary(Universe.Id, name => Shuffled(Versions, random)[..random.Next(1, 5)]
            .Select(version => new PackageVersion
            {
                Version = SemanticVersion.Parse(version),
                Host = Pick(Hosts, random),
                Dependencies = Some(2),
                OptionalDependencies = Some(1),
                Filtered = Pick(Filters, random),
            }).ToImmutableArray());
        var request = new ResolutionRequest
        {
            Roots = [.. Enumerable.Range(0, random.Next(1, 4)).Select(i => new RootRequirement(Universe.Id(Pick(names, random)), Pick(Ranges, random), string.Create(CultureInfo.InvariantCulture, $"wish {i}")))],
            Locked = Shuffled(names, random)[..random.Next(names.Length)].ToImmutableSortedDictionary(Universe.Id, _ => SemanticVersion.Parse(Pick(Versions, random))),
            Unlock = [.. names.Where(_ => random.Next(8) == 0).Select(Universe.Id)],
            HostApi = SemanticVersion.Parse("1.0.0"),
        };
        return (new Universe { Packages = packages }, request);

        ImmutableSortedDictionary<PluginId, VersionRange> Some(int atMost) =>
            Shuffled(names, random)[..Math.Min(names.Length, random.Next(atMost + 1))].ToImmutableSortedDictionary(Universe.Id, _ => Pick(Ranges, random));
    }

    private static T Pick<T>(ImmutableArray<T> from, Random random) => from[random.Next(from.Length)];

    private static ImmutableArray<T> Shuffled<T>(ImmutableArray<T> items, Random random)
    {
        var array = items.ToArray();
        random.Shuffle(array);
        return [.. array];
    }

    /// <summary>The same versions in another order, each answer after others that were asked for later.</summary>
    private sealed class ShuffledVersions(Universe universe, int seed) : IPackageVersions
    {
        private readonly Universe _universe = new() { Packages = universe.Packages };
        private readonly Random _random = new(seed);

        public IEnumerable<string> Asked => _universe.Asked;

        public async ValueTask<Outcome<ImmutableArray<PackageVersion>>> VersionsOfAsync(PluginId id, CancellationToken cancellationToken)
        {
            int turns;
            ImmutableArray<PackageVersion> versions;
            var answer = await _universe.VersionsOfAsync(id, cancellationToken);
            Assert.True(answer.TryGet(out versions, out _));
            lock (_random)
            {
                turns = _random.Next(4);
                versions = Shuffled(versions, _random);
            }
            for (var turn = 0; turn < turns; turn++) await Task.Yield();
            return versions;
        }
    }
}
