using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Simulator;
using LazyOC.Cluster.Tests.Peer;
using LazyOC.Cluster.Transport;
using LazyOC.Cluster.Watch;

namespace LazyOC.Cluster.Tests.Simulated;

/// <summary>The client against a whole API server, over TLS with a token.</summary>
public sealed class SimulatedClusterTests : IAsyncLifetime
{
    private SimulatedCluster _cluster = null!;
    private ClusterClient _client = null!;
    private ResourceCatalog _catalog = null!;

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions());
        _client = new ClusterClient(Options);
        _catalog = await _client.Discovery.GetAsync().InTime();
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    private ClusterOptions Options => new() { Server = _cluster.Server, CertificateAuthorityPem = _cluster.CertificateAuthorityPem, Token = _cluster.Token, UserName = "kubeadmin" };

    [Fact]
    public async Task Discovery_FindsOpenShiftAndWorkloads()
    {
        Assert.True(_catalog.IsOpenShift);
        Assert.Empty(_catalog.StaleGroups);
        foreach (var word in new[] { "po", "deploy", "svc", "routes", "builds", "ns", "projects" })
            Assert.NotNull(_catalog.Resolve(word));
        Assert.Equal("kubeadmin", (await _client.Access.WhoAmIAsync()).Name);
    }

    [Fact]
    public async Task Watch_EveryListableKind_SyncsWithItsColumns()
    {
        foreach (var kind in _catalog.Kinds.Where(k => k.Supports("list") && k.Supports("watch")))
        {
            using var watch = _client.Watches.Open(kind, null, await _client.Columns.ColumnsForAsync(kind));
            await watch.Synced.InTime();
            using var page = await _client.Resources.ListAsync(kind, null);
            Assert.Equal(page.Items.Count(), watch.Current.Rows.Length);
        }
    }

    [Fact]
    public async Task Watch_ScaledDeployment_ShowsTheChange()
    {
        var deployments = _catalog.Resolve("deployments")!;
        using var watch = _client.Watches.Open(deployments, null, ResourceTable.BuiltIn(deployments));
        await watch.Synced.InTime();
        var row = watch.Current.Rows[0];
        using var changes = watch.Subscribe(includeJson: true);

        Assert.Equal(7, await _client.Resources.ScaleAsync(deployments, row.Namespace, row.Name, 7));

        await foreach (var change in changes.ReadAllAsync(new CancellationTokenSource(Patience.Limit).Token))
        {
            using var json = JsonDocument.Parse(change.Json!.Value);
            if (change.Row.Name == row.Name && json.RootElement.GetProperty("spec").GetProperty("replicas").GetInt32() == 7)
                break;
        }

        Assert.EndsWith("/7", watch.Current.Find(row.Namespace, row.Name)![0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreatePatchDelete_ConfigMap_IsWatchedThroughItsLife()
    {
        var configMaps = _catalog.Resolve("configmaps")!;
        using var watch = _client.Watches.Open(configMaps, "default", ResourceTable.BuiltIn(configMaps));
        using var changes = watch.Subscribe();
        await watch.Synced.InTime();

        using (await _client.Resources.CreateAsync(configMaps, "default", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"probe"},"data":{"a":"1"}}"""u8.ToArray())) { }
        var conflict = await Assert.ThrowsAsync<ConflictException>(() => _client.Resources.CreateAsync(configMaps, "default", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"probe"}}"""u8.ToArray()));
        using (await _client.Resources.PatchAsync(configMaps, "default", "probe", PatchType.Merge, """{"data":{"b":"2"}}"""u8.ToArray())) { }
        using (await _client.Resources.PatchAsync(configMaps, "default", "probe", PatchType.Json, """[{"op":"add","path":"/data/c","value":"3"}]"""u8.ToArray())) { }
        using (await _client.Resources.PatchAsync(configMaps, "default", "probe", PatchType.Apply, """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"probe"},"data":{"d":"4"}}"""u8.ToArray())) { }
        using (await _client.Resources.DeleteAsync(configMaps, "default", "probe")) { }

        var seen = new List<string>();
        await foreach (var change in changes.ReadAllAsync(new CancellationTokenSource(Patience.Limit).Token))
        {
            if (change.Row.Name == "probe")
                seen.Add($"{change.Type} {change.Row[0].Number}");
            if (change.Type is ChangeType.Deleted)
                break;
        }

        Assert.Equal("AlreadyExists", conflict.Reason);
        Assert.Equal(["Added 1", "Modified 2", "Modified 3", "Modified 4", "Deleted 4"], seen);
        await Assert.ThrowsAsync<NotFoundException>(() => _client.Resources.GetAsync(configMaps, "default", "probe"));
    }

    [Fact]
    public async Task Logs_OfAPod_Arrive()
    {
        using var pods = await _client.Resources.ListAsync(Kinds.Pods, null, new ListOptions { Selector = new Selector(Fields: "status.phase=Running") });
        var pod = pods.Items.First().GetProperty("metadata");

        var count = 0;
        await foreach (var line in _client.Resources.LogsAsync(pod.GetProperty("namespace").GetString()!, pod.GetProperty("name").GetString()!, new LogOptions { TailLines = 3 }))
            count += line.Length > 0 ? 1 : 0;

        Assert.InRange(count, 1, 3);
    }

    [Fact]
    public async Task Access_Developer_IsRefusedWhatItHasNoRoleFor()
    {
        await using var developer = new ClusterClient(Options with { Token = _cluster.DeveloperToken, UserName = "developer" });
        var nodes = _catalog.Resolve("nodes")!;

        var error = await Assert.ThrowsAsync<ForbiddenException>(() => developer.Resources.DeleteAsync(nodes, null, "any"));

        Assert.Equal(("delete", "nodes"), (error.Verb, error.Resource));
        Assert.False((await developer.Access.CanIAsync("delete", nodes, null)).Allowed);
        Assert.True((await _client.Access.CanIAsync("delete", nodes, null)).Allowed);
    }

    [Fact]
    public async Task Connect_WrongTokenOrAuthority_SaysWhich()
    {
        await using var expired = new ClusterClient(Options with { Token = "expired" });
        await using var untrusted = new ClusterClient(Options with { CertificateAuthorityPem = null });

        await Assert.ThrowsAsync<UnauthorizedException>(() => expired.Discovery.GetAsync());
        await Assert.ThrowsAsync<CertificateException>(() => untrusted.Discovery.GetAsync());
    }

    /// <summary>The server prints its own tables; ours are to say the same, but for what depends on the moment.</summary>
    [Theory]
    [InlineData("pods")]
    [InlineData("deployments")]
    [InlineData("replicasets")]
    [InlineData("services")]
    [InlineData("nodes")]
    [InlineData("namespaces")]
    [InlineData("configmaps")]
    [InlineData("secrets")]
    [InlineData("jobs")]
    [InlineData("horizontalpodautoscalers")]
    [InlineData("routes")]
    [InlineData("builds")]
    [InlineData("buildconfigs")]
    [InlineData("projects")]
    public async Task Columns_AgainstTheServersTable_Agree(string word)
    {
        var kind = _catalog.Resolve(word)!;
        using var watch = _client.Watches.Open(kind, null, ResourceTable.BuiltIn(kind));
        using var connection = new ClusterConnection(Options, ClusterLimits.Default, TimeProvider.System, terminal: null);
        using var table = await connection.ReadJsonAsync(new ClusterRequest { Path = kind.PathFor(null), Accept = "application/json;as=Table;v=v1;g=meta.k8s.io" }, CancellationToken.None);
        await watch.Synced.InTime();
        var snapshot = watch.Current;

        var titles = table.RootElement.GetProperty("columnDefinitions").EnumerateArray().Select(c => c.GetProperty("name").GetString()!.ToUpperInvariant()).ToList();
        var compared = snapshot.Columns.Where(c => c.Type is not (ColumnType.Age or ColumnType.Restarts) && titles.Contains(c.Title)).ToList();
        var theirs = table.RootElement.GetProperty("rows").EnumerateArray().ToDictionary(
            row => Key(row.GetProperty("object").GetProperty("metadata").Text("namespace"), row.GetProperty("object").GetProperty("metadata").Text("name")),
            row => string.Join(" | ", compared.Select(c => row.GetProperty("cells")[titles.IndexOf(c.Title)].ToString())), StringComparer.Ordinal);
        var ours = snapshot.Rows.ToDictionary(
            row => Key(row.Namespace, row.Name),
            row => string.Join(" | ", compared.Select(c => row[snapshot.IndexOf(c.Id)].Display(c.Type, DateTimeOffset.UtcNow))), StringComparer.Ordinal);

        Assert.Equal(Show(theirs), Show(ours));
        Assert.NotEmpty(ours);
        static string Show(Dictionary<string, string> rows) => string.Join('\n', rows.OrderBy(r => r.Key, StringComparer.Ordinal).Select(r => $"{r.Key}: {r.Value}"));
        static string Key(string? ns, string? name) => $"{ns}/{name}";
    }
}
