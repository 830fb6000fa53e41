using LazyOC.Fuzz.Wasm.Differential;
using LazyOC.Fuzz.Wasm.Execution;

namespace LazyOC.Wasm.Tests.Fuzzing;

/// <summary>The first of the modules that <c>fuzz/run differential</c> compares. A failure names the seed, for <c>--replay</c>.</summary>
public sealed class GeneratedModuleTests
{
    private const int Count = 300;

    [PeersFact]
    public void Run_GeneratedModules_DoWhatTheyDoInV8()
    {
        using var v8 = new V8Peer();
        using var report = Campaign(Count).Run(v8, _ => { });

        Assert.Equal("", string.Join('\n', report.Differences));
        Assert.Equal(Count, report.Modules + report.Skipped.Values.Sum());
        Assert.InRange(report.Skipped.Values.Sum(), 0, Count / 20);
        // Stacks are each engine's own: where they end the comparison often, the harness is at fault.
        Assert.InRange(report.EndedByHost, 0, Count / 50);
        Assert.True(report.Calls > 20 * Count);
        Assert.Contains("memory-bounds", report.Traps);
        Assert.Equal(Count / 8, report.Metered);
    }

    [PeersFact]
    public void Run_OfTheSameSeeds_HasTheSameHash()
    {
        using var v8 = new V8Peer();
        using var first = Campaign(10).Run(v8, _ => { });
        using var second = Campaign(10).Run(v8, _ => { });

        Assert.Equal(first.Hash, second.Hash);
    }

    private static DifferentialCampaign Campaign(int count) =>
        new(1, count, DifferentialCampaign.DefaultFeatures, Environment.ProcessorCount, Path.Combine(AppContext.BaseDirectory, "differences"));
}
