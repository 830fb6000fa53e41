namespace LazyOC.Cluster.Simulator.Tests.Server;

public sealed class FlakyTests
{
    [Fact]
    public async Task Flaky_SameSeed_MisbehavesTheSameWay()
    {
        Task<string>[] runs = [OutcomesAsync(), OutcomesAsync()];
        string[] outcomes = await Task.WhenAll(runs);

        Assert.Equal(outcomes[0], outcomes[1]);
        Assert.Contains("dropped", outcomes[0], StringComparison.Ordinal);
        Assert.Contains("429", outcomes[0], StringComparison.Ordinal);
        Assert.Contains("200", outcomes[0], StringComparison.Ordinal);
    }

    private static async Task<string> OutcomesAsync()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = "flaky", Seed = 3, TimeProvider = new SimulatedClock() });
        var outcomes = new List<string>();
        for (int i = 0; i < 25; i++)
        {
            // A connection of its own for each request: a client sends a request again that a kept connection dropped.
            using HttpClient client = ApiCluster.Connect(cluster, cluster.Token);
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri("/api/v1/nodes", UriKind.Relative));
                outcomes.Add($"{(int)response.StatusCode}");
            }
            catch (HttpRequestException)
            {
                outcomes.Add("dropped");
            }
        }

        return string.Join(' ', outcomes);
    }
}
