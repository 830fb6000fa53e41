using System.Collections.Immutable;
using System.Diagnostics;
using LazyOC.Cli.Commands.Bench.Guests;
using LazyOC.Plugins.Packages.Resolution;

namespace LazyOC.Cli.Commands.Bench.Resolve;

/// <summary>
/// Solving made-up universes whose metadata is in memory, beside npm's own resolver on the same plugins. npm nests versions
/// where they do not fit together, and so never has to look for others: it is asked only where both have an answer.
/// </summary>
internal static class ResolveBench
{
    private const int Seed = 1;

    /// <summary>Solutions of a small universe a run.</summary>
    private const int Repeats = 20;

    /// <summary>The same for npm, whose process is new in each run.</summary>
    private const int NpmRounds = 9;

    private static readonly ImmutableArray<int> Sizes = [83, 830, 8_300];

    public static async Task<BenchReport> RunAsync(int runs, CancellationToken cancellationToken)
    {
        var (real, large) = (GeneratedUniverse.RealShaped(83, 641, Seed), GeneratedUniverse.RealShaped(5_000, 40_000, Seed));
        var first = await SolveAsync<Resolution.Solved>(real, cancellationToken);
        ImmutableArray<Subject> subjects =
        [
            new("83 plugins, 641 versions", Repeats, () => SolveAsync<Resolution.Solved>(real, cancellationToken)),
            Explained("83 plugins, 641 versions: a conflict explained", await real.WithConflictAsync()),
            new("5,000 plugins, 40,000 versions", 1, () => SolveAsync<Resolution.Solved>(large, cancellationToken)),
            new("a chain of 20 plugins, 19 of 20 versions of the last broken", Repeats, Solved(GeneratedUniverse.Backtracking(20, 20))),
            Explained("500 versions with a missing dependency, explained", GeneratedUniverse.MissingDependency(500)),
        ];
        var grown = Sizes.Select(size => new Subject("", size < 1_000 ? Repeats : 1, Solved(GeneratedUniverse.RealShaped(size, size * 641 / 83, Seed)))).ToArray();
        var npm = new NpmPeer(await Peers.FindAsync(cancellationToken), cancellationToken);
        for (var run = 0; run <= runs; run++)
        {
            foreach (var subject in subjects.Concat(grown)) await subject.RunAsync(isWarmUp: run == 0);
            if (run > 0) await npm.MeasureAsync(real, NpmRounds);
            // npm takes its time over a large universe: once is enough to see how much.
            if (run == 1) await npm.MeasureAsync(large, 1);
        }
        var rows = subjects.Select(subject => subject.Row).ToArray();
        rows[0] = npm.Beside(rows[0], real);
        rows[2] = npm.Beside(rows[2], large);
        return new BenchReport
        {
            Subject = "resolve",
            Rows = [new BenchRow { Name = "83 plugins, 641 versions: the first of the process (once)", Unit = "ms", Ours = first }, .. rows],
            Growth = [new BenchGrowth { Name = "solved, by plugins", Unit = "ms", Points = [.. Sizes.Zip(grown, (size, subject) => new GrowthPoint(size, subject.Row.Ours))] }],
            Missing = npm.Missing,
        };

        Func<Task<double>> Solved(GeneratedUniverse universe) => () => SolveAsync<Resolution.Solved>(universe, cancellationToken);

        Subject Explained(string name, GeneratedUniverse universe) => new(name, Repeats, () => SolveAsync<Resolution.Unsolvable>(universe, cancellationToken));
    }

    /// <summary>Milliseconds until there is the solution, or the explanation as text.</summary>
    private static async Task<double> SolveAsync<TEnd>(GeneratedUniverse universe, CancellationToken cancellationToken)
    {
        var source = new FixedVersions(universe.Packages);
        var request = universe.Request;
        var started = Stopwatch.GetTimestamp();
        var end = await VersionSolver.SolveAsync(request, source, cancellationToken: cancellationToken);
        var length = end is Resolution.Unsolvable(var explanation) ? explanation.ToString().Length : 0;
        var elapsed = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        return end is TEnd ? elapsed : throw new InvalidOperationException($"Solving ended in {end}, {length} characters long.");
    }

    /// <summary>Something to measure, and what was measured.</summary>
    private sealed class Subject(string name, int repeats, Func<Task<double>> measure)
    {
        private readonly List<double> _samples = [];

        public BenchRow Row => new() { Name = name, Unit = "ms", Ours = Median.Of(_samples) };

        public async Task RunAsync(bool isWarmUp)
        {
            for (var i = 0; i < repeats; i++)
            {
                var sample = await measure();
                if (!isWarmUp) _samples.Add(sample);
            }
        }
    }
}
