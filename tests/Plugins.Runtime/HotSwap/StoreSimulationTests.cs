using System.Globalization;
using LazyOC.Fuzz.Plugins;
using LazyOC.Fuzz.Plugins.Simulation;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>
/// A slice of <c>fuzz/run store</c>. <c>LAZYOC_STORE_SCHEDULES</c> says how many orders; <c>fuzz/run store --replay SEED</c>
/// shows one.
/// </summary>
public sealed class StoreSimulationTests : IDisposable
{
    private const int DefaultSchedules = 300;

    private readonly string _root = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"lazyoc-simulation-{Environment.ProcessId}")).FullName;

    private static int Schedules =>
        int.TryParse(Environment.GetEnvironmentVariable("LAZYOC_STORE_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : DefaultSchedules;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Swap_ThatMigrates_LeavesOneWholeEpochWheneverItIsKilled()
    {
        var campaign = new SimulationCampaign(Run);

        campaign.Run(0, Schedules, _ => { });

        Assert.Empty(campaign.Failures);
        // The orders are of use only when they lead everywhere.
        foreach (var expected in (string[])
            [
                nameof(PluginChange.Swapped), nameof(PluginChange.SwapFailed), "one host", "two hosts", "taken back", "change refused, as its epoch was left", "killed at a turn",
                .. StoreSimulation.Steps.Select(step => $"killed at {step}"),
            ])
            Assert.True(campaign.Counts.GetValueOrDefault(expected) > 0, $"{expected}: {string.Join(", ", campaign.Counts)}");
    }

    [Fact]
    public void Swap_WithoutTheMarkOfAnEpochThatIsLeft_LosesWhatAnotherHostStores()
    {
        var campaign = new SimulationCampaign(seed => StoreSimulation.Run(seed, Path.Combine(_root, $"{seed}"), unmarked: true));

        campaign.Run(0, 100, _ => { });

        Assert.Contains(campaign.Failures, failure => failure.Kinds.Contains("two hosts") && failure.Wrong.Any(wrong => wrong.EndsWith("are lost", StringComparison.Ordinal)));
    }

    [Fact]
    public void Simulation_WithOneSeed_IsTheSameEachTime() => Assert.Equal(Run(7).ToString(), Run(7).ToString());

    private SimulationOutcome Run(int seed) => StoreSimulation.Run(seed, Path.Combine(_root, $"{seed}"));
}
