using System.Collections.Immutable;

namespace LazyOC.Cli.Commands.Bench.Wasm;

/// <summary>Measures sides in turns, A B A B, so that what the machine does meanwhile meets all of them.</summary>
internal static class SideBySide
{
    /// <summary>The median of each side's runs, in nanoseconds.</summary>
    /// <param name="what">The work's name, for people.</param>
    /// <param name="sides">Who does it; the first is the one that the others' results are compared with.</param>
    /// <param name="size">How much of it.</param>
    /// <param name="options">How often.</param>
    /// <param name="cancellationToken">Ends it between two runs.</param>
    /// <exception cref="UserError">Two sides did not come to the same result: their figures would say nothing.</exception>
    public static async Task<ImmutableDictionary<string, double>> MeasureAsync(
        string what, IReadOnlyList<Side> sides, int size, WasmBenchOptions options, CancellationToken cancellationToken)
    {
        var samples = sides.ToDictionary(side => side.Name, _ => new List<double>(), StringComparer.Ordinal);
        for (var run = -options.Warmups; run < options.Runs; run++)
        {
            Progress.Show(run < 0 ? $"{what}: warming up" : $"{what}: run {run + 1} of {options.Runs}");
            string? expected = null;
            foreach (var side in sides)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var lap = await side.RunAsync(size, cancellationToken);
                expected ??= lap.Result;
                if (!string.Equals(lap.Result, expected, StringComparison.Ordinal))
                    throw new UserError(ExitCode.Failed, $"{what} of size {size}: `{sides[0].Name}` came to {expected}, `{side.Name}` to {lap.Result}");
                if (run >= 0) samples[side.Name].Add(lap.Nanoseconds);
            }
        }

        return samples.ToImmutableDictionary(side => side.Key, side => Median.Of(side.Value), StringComparer.Ordinal);
    }

    /// <summary>A row of one side's median beside those of the others, in a unit of so many nanoseconds.</summary>
    public static BenchRow Row(string name, string unit, double unitNanoseconds, ImmutableDictionary<string, double> medians, string ours = Side.Ours)
    {
        return new BenchRow
        {
            Name = name,
            Unit = unit,
            Ours = Rounded(medians[ours]),
            Peers = medians.Remove(ours).ToImmutableSortedDictionary(median => median.Key, median => Rounded(median.Value)),
        };

        double Rounded(double nanoseconds) => Math.Round(nanoseconds / unitNanoseconds, 4);
    }
}
