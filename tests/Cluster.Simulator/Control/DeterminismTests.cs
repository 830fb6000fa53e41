using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Control;

public sealed class DeterminismTests
{
    private static readonly (string ApiVersion, string Kind)[] Kinds = [("v1", "Pod"), ("v1", "Event"), ("apps/v1", "ReplicaSet"), ("v1", "Service"), ("autoscaling/v2", "HorizontalPodAutoscaler")];

    [Fact]
    public async Task SameSeedAndSteps_GiveTheSameHistory() =>
        Assert.Equal(await HistoryAsync(seed: 7), await HistoryAsync(seed: 7));

    [Fact]
    public async Task AnotherSeed_GivesOtherNames() =>
        Assert.NotEqual(await HistoryAsync(seed: 7), await HistoryAsync(seed: 8));

    [Fact]
    public async Task Start_TheCrashLoopingPod_IsBackingOff()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock() });
        JsonObject pod = cluster.Store.List("v1", "Pod", "bookstore").Single(p => (string?)p["metadata"]!["labels"]!["app"] == "recommendations");

        Assert.Equal("CrashLoopBackOff", (string?)pod["status"]!["containerStatuses"]![0]!["state"]!["waiting"]!["reason"]);
    }

    [Fact]
    public async Task Steps_CompleteTheRolloutThatTheScenarioBegan()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock() });
        JsonObject before = cluster.Store.Get("apps/v1", "Deployment", "bookstore", "search")!;
        await cluster.AdvanceAsync(20);
        JsonObject after = cluster.Store.Get("apps/v1", "Deployment", "bookstore", "search")!;

        Assert.NotEqual((int)before["status"]!["replicas"]!, (int?)before["status"]!["updatedReplicas"]);
        Assert.Equal((2, 2, 2), ((int)after["status"]!["replicas"]!, (int)after["status"]!["updatedReplicas"]!, (int)after["status"]!["readyReplicas"]!));
    }

    [Fact]
    public async Task Large_HasTenThousandPodsAndFiftyChangesAStep()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = "large", TimeProvider = new SimulatedClock() });
        long before = cluster.Store.ResourceVersion;
        await cluster.AdvanceAsync(2);

        Assert.Equal(10_000, cluster.Store.List("v1", "Pod").Count);
        Assert.Equal(100, cluster.Store.ResourceVersion - before);
    }

    private static async Task<string> HistoryAsync(int seed)
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Seed = seed, TimeProvider = new SimulatedClock() });
        await cluster.AdvanceAsync(30);
        return string.Join('\n', Kinds.SelectMany(k => cluster.Store.List(k.ApiVersion, k.Kind)).Select(o => o.ToJsonString()));
    }
}
