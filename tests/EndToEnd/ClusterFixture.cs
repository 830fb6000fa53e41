using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator;

namespace LazyOC.EndToEnd.Tests;

/// <summary>A simulated cluster in this process that LazyOC reaches over the network, and whose objects the test reads beside the API.</summary>
internal sealed class ClusterFixture : IAsyncDisposable
{
    private readonly SimulatedCluster _cluster;

    private ClusterFixture(SimulatedCluster cluster) => (_cluster, Cable) = (cluster, new Cable(cluster.Server.Port));

    /// <summary>What connects LazyOC to it.</summary>
    public Cable Cable { get; }

    /// <summary>The program whose user looks at it; its home goes with the cluster.</summary>
    public LazyOc LazyOc { get; } = new();

    /// <summary>Its kubeconfig, with the contexts <c>simulated</c> and <c>simulated-developer</c>.</summary>
    public string Kubeconfig => LazyOc.PathOf("kubeconfig");

    public SimulatedCluster Cluster => _cluster;

    public ClusterStore Store => _cluster.Store;

    /// <summary>Starts one whose time stands still, but for its logs.</summary>
    public static async Task<ClusterFixture> StartAsync()
    {
        var fixture = new ClusterFixture(await SimulatedCluster.StartAsync(new SimulatorOptions { BookmarkInterval = TimeSpan.FromMilliseconds(500) }));
        var config = fixture._cluster.KubeconfigYaml().Replace($":{fixture._cluster.Server.Port}", $":{fixture.Cable.Port}", StringComparison.Ordinal);
        await File.WriteAllTextAsync(fixture.Kubeconfig, config);
        return fixture;
    }

    /// <summary>Replicas that a deployment of the bookstore is to have.</summary>
    public int Replicas(string deployment) => (int)Deployment(deployment)!["spec"]!["replicas"]!;

    public JsonObject? Deployment(string name) => Store.Get("apps/v1", "Deployment", "bookstore", name);

    public JsonObject? ConfigMap(string name) => Store.Get("v1", "ConfigMap", "bookstore", name);

    /// <summary>Opens the screen on it.</summary>
    public Task<Screen> OpenAsync(string arguments = "", int width = 120, int height = 40) => Screen.OpenAsync(LazyOc, $"--kubeconfig {Kubeconfig} {arguments}", width, height);

    public async ValueTask DisposeAsync()
    {
        await Cable.DisposeAsync();
        await _cluster.DisposeAsync();
        LazyOc.Dispose();
    }
}
