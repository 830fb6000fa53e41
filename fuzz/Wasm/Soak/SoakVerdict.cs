using System.Globalization;

namespace LazyOC.Fuzz.Wasm.Soak;

/// <summary>Says what has grown: of each number, the median of the later half against that of the earlier half.</summary>
internal static class SoakVerdict
{
    /// <summary>Code is compiled in the background, and caches of the runtime fill slowly.</summary>
    private const double HeapTolerance = 0.05;

    private const long HeapSlackBytes = 512 * 1024;

    /// <summary>The runtime's pool comes and goes.</summary>
    private const long ThreadSlack = 3;

    /// <summary>Assemblies that a collection has not yet reached.</summary>
    private const long AssemblySlack = 2;

    /// <summary>A line for each number that is not flat.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<SoakSample> samples)
    {
        var half = samples.Count / 2;
        if (half == 0)
            return ["too few samples to compare"];
        var problems = new List<string>();
        void Check(string name, Func<SoakSample, long> number, double tolerance, long slack)
        {
            var (early, late) = (Median(samples.Take(half).Select(number)), Median(samples.Skip(half).Select(number)));
            if (late > (early * (1 + tolerance)) + slack)
                problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} grew from {early} to {late}"));
        }

        Check("instances", sample => sample.Instances, 0, 0);
        Check("reserved bytes", sample => sample.ReservedBytes, 0, 0);
        Check("committed bytes", sample => sample.CommittedBytes, 0, 0);
        Check("bytes of native blocks", sample => sample.BlockBytes, 0, 0);
        Check("generated assemblies", sample => sample.Assemblies, 0, AssemblySlack);
        Check("managed bytes", sample => sample.HeapBytes, HeapTolerance, HeapSlackBytes);
        Check("threads", sample => sample.Threads, 0, ThreadSlack);
        return problems;
    }

    private static long Median(IEnumerable<long> numbers)
    {
        var sorted = numbers.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
