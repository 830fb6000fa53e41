using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Server;

public sealed class WatchTests
{
    private const string Default = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task Watch_FromAVersion_ReplaysThenFollows()
    {
        await using SimulatedCluster cluster = await EmptyAsync();
        long version = cluster.Store.ResourceVersion;
        Apply(cluster, "before", "{}");
        await using Stream stream = await OpenAsync(cluster, $"{Default}?watch=true&resourceVersion={version}");
        using var reader = new StreamReader(stream);

        Assert.Equal(("ADDED", "before"), await NextAsync(reader));
        Apply(cluster, "after", "{}");
        Assert.Equal(("ADDED", "after"), await NextAsync(reader));
        cluster.Store.Delete("v1", "ConfigMap", "default", "after");
        Assert.Equal(("DELETED", "after"), await NextAsync(reader));
    }

    [Fact]
    public async Task Watch_ObjectLeavesTheSelector_IsDeletedForTheWatcher()
    {
        await using SimulatedCluster cluster = await EmptyAsync();
        await using Stream stream = await OpenAsync(cluster, $"{Default}?watch=true&labelSelector=tier%3Dgold&resourceVersion={cluster.Store.ResourceVersion}");
        using var reader = new StreamReader(stream);

        Apply(cluster, "one", """{"tier":"silver"}""");
        Apply(cluster, "one", """{"tier":"gold"}""");
        Assert.Equal(("ADDED", "one"), await NextAsync(reader));
        Apply(cluster, "one", """{"tier":"silver"}""");
        Assert.Equal(("DELETED", "one"), await NextAsync(reader));
    }

    [Fact]
    public async Task Watch_FromACompactedVersion_GetsA410Event()
    {
        await using SimulatedCluster cluster = await EmptyAsync();
        long version = cluster.Store.ResourceVersion;
        Apply(cluster, "one", "{}");
        cluster.Store.CompactHistory();
        await using Stream stream = await OpenAsync(cluster, $"{Default}?watch=true&resourceVersion={version}");
        using var reader = new StreamReader(stream);
        JsonNode error = JsonNode.Parse((await reader.ReadLineAsync())!)!;

        Assert.Equal(("ERROR", 410, "Expired"), ((string?)error["type"], (int)error["object"]!["code"]!, (string?)error["object"]!["reason"]));
        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Watch_WithInitialEvents_MarksTheirEnd()
    {
        await using SimulatedCluster cluster = await EmptyAsync();
        await using Stream stream = await OpenAsync(cluster, "/api/v1/nodes?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");
        using var reader = new StreamReader(stream);
        for (int node = 0; node < 3; node++)
            Assert.Equal("ADDED", (await NextAsync(reader)).Type);
        JsonNode bookmark = JsonNode.Parse((await reader.ReadLineAsync())!)!;

        Assert.Equal("BOOKMARK", (string?)bookmark["type"]);
        Assert.Equal("true", (string?)bookmark["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
    }

    [Fact]
    public async Task Watch_WhenIdle_GetsABookmarkOfTheLatestVersion()
    {
        await using SimulatedCluster cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = "empty", TimeProvider = new SimulatedClock(), BookmarkInterval = TimeSpan.FromMilliseconds(1) });
        await using Stream stream = await OpenAsync(cluster, $"/api/v1/nodes?watch=true&allowWatchBookmarks=true&resourceVersion={cluster.Store.ResourceVersion}");
        using var reader = new StreamReader(stream);
        Apply(cluster, "elsewhere", "{}");
        string latest = cluster.Store.ResourceVersion.ToString(System.Globalization.CultureInfo.InvariantCulture);
        JsonNode bookmark;
        do
        {
            bookmark = JsonNode.Parse((await reader.ReadLineAsync())!)!;
            Assert.Equal(("BOOKMARK", "Node"), ((string?)bookmark["type"], (string?)bookmark["object"]!["kind"]));
        }
        while ((string?)bookmark["object"]!["metadata"]!["resourceVersion"] != latest);
    }

    [Fact]
    public async Task Watch_PastItsTimeout_EndsCleanly()
    {
        await using SimulatedCluster cluster = await EmptyAsync();
        await using Stream stream = await OpenAsync(cluster, $"{Default}?watch=true&timeoutSeconds=1&resourceVersion={cluster.Store.ResourceVersion}");
        using var reader = new StreamReader(stream);

        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Watch_ClusterStops_EndsTheStream()
    {
        SimulatedCluster cluster = await EmptyAsync();
        await using Stream stream = await OpenAsync(cluster, $"{Default}?watch=true&resourceVersion={cluster.Store.ResourceVersion}");
        using var reader = new StreamReader(stream);
        Task<string?> line = reader.ReadLineAsync();
        await cluster.DisposeAsync();

        Assert.Null(await line);
    }

    [Fact]
    public async Task Watch_AsTable_SendsColumnsInTheFirstEventOnly()
    {
        await using SimulatedCluster cluster = await EmptyAsync();
        await using Stream stream = await OpenAsync(cluster, "/api/v1/nodes?watch=true", "application/json;as=Table;v=v1;g=meta.k8s.io");
        using var reader = new StreamReader(stream);
        JsonNode first = JsonNode.Parse((await reader.ReadLineAsync())!)!;
        JsonNode second = JsonNode.Parse((await reader.ReadLineAsync())!)!;

        Assert.Equal("Table", (string?)first["object"]!["kind"]);
        Assert.NotEmpty(first["object"]!["columnDefinitions"]!.AsArray());
        Assert.Null(second["object"]!["columnDefinitions"]);
    }

    private static Task<SimulatedCluster> EmptyAsync() => SimulatedCluster.StartAsync(new SimulatorOptions { Scenario = "empty", TimeProvider = new SimulatedClock() });

    private static void Apply(SimulatedCluster cluster, string name, string labels) =>
        cluster.Store.Apply($$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}","namespace":"default","labels":{{labels}} } }""");

    private static async Task<Stream> OpenAsync(SimulatedCluster cluster, string path, string accept = "application/json")
    {
        HttpClient client = ApiCluster.Connect(cluster, cluster.Token);
        client.DefaultRequestHeaders.TryAddWithoutValidation("Accept", accept);
        return await client.GetStreamAsync(new Uri(path, UriKind.Relative));
    }

    private static async Task<(string? Type, string? Name)> NextAsync(StreamReader reader)
    {
        JsonNode change = JsonNode.Parse((await reader.ReadLineAsync())!)!;
        return ((string?)change["type"], (string?)change["object"]!["metadata"]!["name"]);
    }
}
