using System.Globalization;
using LazyOC.Fuzz.Plugins;
using LazyOC.Fuzz.Plugins.Simulation;

namespace LazyOC.Plugins.Runtime.Tests.HotSwap;

/// <summary>
/// A slice of <c>fuzz/run swap</c>. <c>LAZYOC_SWAP_SCHEDULES</c> says how many orders; <c>fuzz/run swap --replay SEED</c>
/// shows one.
/// </summary>
public sealed class SwapSimulationTests
{
    private const int DefaultSchedules = 3_000;

    private static int Schedules =>
        int.TryParse(Environment.GetEnvironmentVariable("LAZYOC_SWAP_SCHEDULES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : DefaultSchedules;

    [Fact]
    public void Swap_InAnyOrder_LosesNoEventAndDoublesNone()
    {
        var campaign = new SimulationCampaign(SwapSimulation.Run);

        campaign.Run(0, Schedules, _ => { });

        Assert.Empty(campaign.Failures);
        // The orders are of use only when they lead everywhere: each way to fail, and each version that does not.
        foreach (var failing in Enum.GetValues<Failing>().Except([Failing.Nowhere, Failing.Migrate, Failing.MigrateHangs, Failing.StateTooLarge]))
            Assert.True(campaign.Counts.GetValueOrDefault($"{nameof(PluginChange.SwapFailed)} {failing}") > 0, $"{failing}: {string.Join(", ", campaign.Counts)}");
        Assert.True(campaign.Counts[$"{nameof(PluginChange.Swapped)} {Failing.Nowhere}"] > Schedules / 2, string.Join(", ", campaign.Counts));
        Assert.True(campaign.Counts["event cancelled"] > 0);
    }

    [Fact]
    public void Simulation_WithOneSeed_IsTheSameEachTime() => Assert.Equal(SwapSimulation.Run(7).ToString(), SwapSimulation.Run(7).ToString());
}
