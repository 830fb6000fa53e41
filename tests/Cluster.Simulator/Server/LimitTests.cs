using System.Net;
using System.Text.Json.Nodes;
using LazyOC.Cluster.Simulator.Resources;
using LazyOC.Cluster.Simulator.Storage;

namespace LazyOC.Cluster.Simulator.Tests.Server;

/// <summary>Every value of <see cref="SimulatorLimits"/>, met.</summary>
public sealed class LimitTests
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task RequestBodyBytes_ExceededByABodyOfUnknownLength_Is413()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { RequestBodyBytes = 1024 });
        using HttpClient client = ApiCluster.Connect(cluster, cluster.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, ConfigMaps);
        request.Headers.TransferEncodingChunked = true;
        request.Content = new StringContent($$"""{"data":{"x":"{{new string('x', 2048)}}"} }""", System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Equal("Status", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["kind"]);
    }

    [Fact]
    public async Task ObjectBytes_ExceededByPatches_KeepsTheObjectAsItWas()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { ObjectBytes = 8192 });
        await CreateAsync(cluster, "small");
        (int code, JsonNode status) = await ApiCluster.SendAsync(cluster, HttpMethod.Patch, ConfigMaps + "/small", $$"""{"data":{"x":"{{new string('x', 9000)}}"} }""", "application/merge-patch+json");

        Assert.Equal((413, "RequestEntityTooLarge"), (code, (string?)status["reason"]));
        Assert.Null(cluster.Store.Get("v1", "ConfigMap", "default", "small")!["data"]);
    }

    [Fact]
    public async Task ObjectBytes_ExceededByCopiesOfCopies_Is413()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { ObjectBytes = 8192 });
        await CreateAsync(cluster, "doubled", """, "data":{"a":"0123456789"}""");
        string copies = string.Join(',', Enumerable.Range(0, 40).Select(i => $$"""{"op":"copy","from":"/data","path":"/data/copy{{i}}"}"""));
        (int code, JsonNode status) = await ApiCluster.SendAsync(cluster, HttpMethod.Patch, ConfigMaps + "/doubled", $"[{copies}]", "application/json-patch+json");

        Assert.Equal(413, code);
        Assert.Contains("the patch copies", (string?)status["message"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "", """{"metadata":{"name":"deep","annotations":{"a":{"b":{"c":{"d":{"e":{"f":{}}}}}}}}}""", "application/json")]
    [InlineData("PATCH", "/flat", """[{"op":"add","path":"/data/a","value":{"b":{"c":{"d":{}}}}},{"op":"add","path":"/data/a/b/c/d/e","value":{"f":{"g":{"h":{}}}}}]""", "application/json-patch+json")]
    public async Task BodyDepth_Exceeded_Is400(string method, string name, string body, string type)
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { BodyDepth = 8 });
        await CreateAsync(cluster, "flat", """, "data":{"a":"b"}""");
        (int code, JsonNode status) = await ApiCluster.SendAsync(cluster, new HttpMethod(method), ConfigMaps + name, body, type);

        Assert.Equal((400, "BadRequest"), (code, (string?)status["reason"]));
        Assert.Contains("8", (string?)status["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PatchOperations_Exceeded_Is413()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { PatchOperations = 3 });
        await CreateAsync(cluster, "patched", """, "data":{"a":"b"}""");
        string test = """{"op":"test","path":"/data/a","value":"b"}""";
        (int within, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Patch, ConfigMaps + "/patched", $"[{test},{test},{test}]", "application/json-patch+json");
        (int beyond, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Patch, ConfigMaps + "/patched", $"[{test},{test},{test},{test}]", "application/json-patch+json");

        Assert.Equal((200, 413), (within, beyond));
    }

    [Fact]
    public async Task Objects_Exceeded_RefusesCreationAndLeavesTheClusterWorking()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { Objects = 100 });
        (int scheduled, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Post, "/apis/apps/v1/namespaces/default/deployments", """{"metadata":{"name":"crowd"},"spec":{"replicas":500,"selector":{"matchLabels":{"app":"crowd"}},"template":{"metadata":{"labels":{"app":"crowd"}},"spec":{"containers":[{"name":"a","image":"b"}]}}}}""");
        (int refused, JsonNode status) = await ApiCluster.SendAsync(cluster, HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"late"}}""");
        (int scaled, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Patch, "/apis/apps/v1/namespaces/default/deployments/crowd/scale", """{"spec":{"replicas":0}}""", "application/merge-patch+json");
        await ApiCluster.SendAsync(cluster, HttpMethod.Delete, "/api/v1/namespaces/default/events");
        (int accepted, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"late"}}""");

        Assert.Equal((201, 403, 200, 201), (scheduled, refused, scaled, accepted));
        Assert.Contains("limit of 100 objects", (string?)status["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Objects_FewerThanTheScenarioHas_IsSaidAtTheStart()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => EmptyAsync(new SimulatorLimits { Objects = 5 }));

        Assert.Contains("does not fit the limits", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replicas_Exceeded_Is422()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock(), Limits = new SimulatorLimits { Replicas = 10 } });
        (int code, JsonNode status) = await ApiCluster.SendAsync(cluster, HttpMethod.Patch, "/apis/apps/v1/namespaces/bookstore/deployments/cart/scale", """{"spec":{"replicas":9000000000000000000}}""", "application/merge-patch+json");

        Assert.Equal((422, "Invalid"), (code, (string?)status["reason"]));
        Assert.Contains("at most 10 pods", (string?)status["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task HistoryEvents_Exceeded_CompactsTheOldest()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { HistoryEvents = 5 });
        long before = cluster.Store.ResourceVersion;
        for (int i = 0; i < 6; i++)
            await CreateAsync(cluster, $"a{i}");
        using HttpClient client = ApiCluster.Connect(cluster, cluster.Token);
        string tooOld = await FirstLineAsync(client, before);
        string kept = await FirstLineAsync(client, before + 1);

        Assert.Equal(410, (int)JsonNode.Parse(tooOld)!["object"]!["code"]!);
        Assert.Equal("a1", (string?)JsonNode.Parse(kept)!["object"]!["metadata"]!["name"]);
    }

    [Fact]
    public async Task ListSnapshots_Exceeded_ExpiresTheOldestContinueToken()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { ListSnapshots = 1 });
        (_, JsonNode first) = await ApiCluster.SendAsync(cluster, HttpMethod.Get, "/api/v1/configmaps?limit=1");
        await CreateAsync(cluster, "between");
        (_, JsonNode second) = await ApiCluster.SendAsync(cluster, HttpMethod.Get, "/api/v1/configmaps?limit=1");
        (int expired, JsonNode status) = await ApiCluster.SendAsync(cluster, HttpMethod.Get, $"/api/v1/configmaps?limit=1&continue={first["metadata"]!["continue"]}");
        (int kept, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Get, $"/api/v1/configmaps?limit=1&continue={second["metadata"]!["continue"]}");

        Assert.Equal((410, "Expired", 200), (expired, (string?)status["reason"], kept));
    }

    [Fact]
    public async Task Watches_Exceeded_Is429WithRetryAfter()
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { Watches = 1 });
        using HttpClient client = ApiCluster.Connect(cluster, cluster.Token);
        await using Stream open = await client.GetStreamAsync(new Uri("/api/v1/nodes?watch=true", UriKind.Relative));
        using HttpResponseMessage response = await client.GetAsync(new Uri("/api/v1/nodes?watch=true", UriKind.Relative));

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task WatchBufferEvents_Exceeded_EndsTheSlowWatchAndNotTheWriter()
    {
        var store = new ObjectStore(new SimulatorLimits { WatchBufferEvents = 2 });
        store.Open();
        using WatchSubscription watch = store.Watch(ResourceCatalog.Nodes, "", store.Version);
        for (int i = 0; i < 4; i++)
            store.Put(ResourceCatalog.Nodes, new JsonObject { ["metadata"] = new JsonObject { ["name"] = $"node-{i}" } });
        int delivered = 0;
        await foreach (WatchEvent _ in watch.Live.ReadAllAsync())
            delivered++;

        Assert.True(watch.Overflowed);
        Assert.Equal((2, 4), (delivered, store.Snapshot(ResourceCatalog.Nodes).Objects.Count));
    }

    [Theory]
    [InlineData("labelSelector=app")]
    [InlineData("fieldSelector=metadata.name%3D")]
    public async Task SelectorCharacters_Exceeded_Is400(string selector)
    {
        await using SimulatedCluster cluster = await EmptyAsync(new SimulatorLimits { SelectorCharacters = 20 });
        (int within, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Get, $"/api/v1/pods?{selector}");
        (int beyond, JsonNode status) = await ApiCluster.SendAsync(cluster, HttpMethod.Get, $"/api/v1/pods?{selector}{new string('a', 20)}");

        Assert.Equal((200, 400), (within, beyond));
        Assert.Contains("limit is 20", (string?)status["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogLines_OfAnOldContainer_AreTheLast()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock(), Limits = new SimulatorLimits { LogLines = 7 } });
        using HttpClient client = ApiCluster.Connect(cluster, cluster.Token);
        string all = await client.GetStringAsync(new Uri("/api/v1/namespaces/bookstore-data/pods/postgres-0/log", UriKind.Relative));
        string more = await client.GetStringAsync(new Uri("/api/v1/namespaces/bookstore-data/pods/postgres-0/log?tailLines=100", UriKind.Relative));

        Assert.Equal(7, all.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(all, more);
    }

    [Fact]
    public async Task ReconcilesPerWrite_Exceeded_NamesTheLastController()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => EmptyAsync(new SimulatorLimits { ReconcilesPerWrite = 2 }));

        Assert.Contains("controllers did not settle after 2 reconciliations", error.Message, StringComparison.Ordinal);
    }

    private static Task<SimulatedCluster> EmptyAsync(SimulatorLimits limits) =>
        SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = "empty", TimeProvider = new SimulatedClock(), Limits = limits });

    private static async Task CreateAsync(SimulatedCluster cluster, string name, string more = "")
    {
        (int code, _) = await ApiCluster.SendAsync(cluster, HttpMethod.Post, ConfigMaps, $$"""{"metadata":{"name":"{{name}}"}{{more}} }""");
        Assert.Equal(201, code);
    }

    private static async Task<string> FirstLineAsync(HttpClient client, long version)
    {
        await using Stream stream = await client.GetStreamAsync(new Uri($"{ConfigMaps}?watch=true&resourceVersion={version}", UriKind.Relative));
        using var reader = new StreamReader(stream);
        return (await reader.ReadLineAsync())!;
    }
}
