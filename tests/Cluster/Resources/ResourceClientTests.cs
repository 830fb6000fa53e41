using System.Text;
using System.Text.Json;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Tests.Peer;

namespace LazyOC.Cluster.Tests.Resources;

public sealed class ResourceClientTests : IAsyncLifetime
{
    private const string Web = "/apis/apps/v1/namespaces/shop/deployments/web";
    private const string Log = "/api/v1/namespaces/shop/pods/web/log";

    private readonly ManualTime _time = new();
    private ScriptedServer _server = null!;
    private ClusterClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _client = new ClusterClient(_server.Options, time: _time);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task List_Page_CarriesItemsAndTheNextToken()
    {
        _server.On("/api/v1/pods", """{"metadata":{"continue":"next","remainingItemCount":7,"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}""");

        using var page = await _client.Resources.ListAsync(Kinds.Pods, null, new ListOptions { Selector = new Selector("a=b"), Limit = 2, Continue = "here" });

        Assert.Equal(["a", "b"], page.Items.Select(i => i.GetProperty("metadata").GetProperty("name").GetString()));
        Assert.Equal(("next", 7, "5"), (page.Continue, page.Remaining, page.ResourceVersion));
        var query = _server.Requests.Single().Query;
        Assert.Equal(("a=b", "2", "here"), (query["labelSelector"], query["limit"], query["continue"]));
    }

    [Theory]
    [InlineData(PatchType.Merge, "application/merge-patch+json", null)]
    [InlineData(PatchType.Json, "application/json-patch+json", null)]
    [InlineData(PatchType.Strategic, "application/strategic-merge-patch+json", null)]
    [InlineData(PatchType.Apply, "application/apply-patch+yaml", "true")]
    public async Task Patch_Type_HasItsMediaTypeAndOwner(PatchType type, string contentType, string? force)
    {
        _server.On(Web, "{}");

        using var answer = await _client.Resources.PatchAsync(Kinds.Deployments, "shop", "web", type, "{\"a\":1}"u8.ToArray(), new WriteOptions { Force = true, DryRun = true });

        var request = _server.Requests.Single();
        Assert.Equal(("PATCH", contentType, "{\"a\":1}"), (request.Method, request.Headers["Content-Type"], request.Body));
        Assert.Equal(("lazyoc", "All", force), (request.Query["fieldManager"], request.Query["dryRun"], request.Query.GetValueOrDefault("force")));
    }

    [Fact]
    public async Task CreateAndReplace_SendTheObject()
    {
        _server.On("/apis/apps/v1/namespaces/shop/deployments", "{}", 201).On(Web, "{}");

        using var created = await _client.Resources.CreateAsync(Kinds.Deployments, "shop", "{\"x\":1}"u8.ToArray());
        using var replaced = await _client.Resources.ReplaceAsync(Kinds.Deployments, "shop", "web", "{\"x\":2}"u8.ToArray());

        Assert.Equal(["POST {\"x\":1}", "PUT {\"x\":2}"], _server.Requests.Select(r => $"{r.Method} {r.Body}"));
    }

    [Fact]
    public async Task Delete_Options_AreInTheBody()
    {
        _server.On(Web, "{}");

        using var answer = await _client.Resources.DeleteAsync(Kinds.Deployments, "shop", "web", new DeleteOptions { Propagation = Propagation.Foreground, GracePeriodSeconds = 0, Uid = "u1", DryRun = true });

        Assert.Equal("""{"apiVersion":"v1","kind":"DeleteOptions","propagationPolicy":"Foreground","gracePeriodSeconds":0,"preconditions":{"uid":"u1"},"dryRun":["All"]}""", _server.Requests.Single().Body);
    }

    [Fact]
    public async Task Scale_UsesTheSubresource()
    {
        _server.On($"{Web}/scale", """{"spec":{"replicas":4}}""").On($"{Web}/scale", """{"spec":{}}""");

        Assert.Equal(4, await _client.Resources.ScaleAsync(Kinds.Deployments, "shop", "web", 4));
        Assert.Equal(0, await _client.Resources.ScaleAsync(Kinds.Deployments, "shop", "web", 0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => _client.Resources.ScaleAsync(Kinds.Deployments, "shop", "web", -1));

        Assert.Equal("""{"spec":{"replicas":4}}""", _server.Requests.First().Body);
    }

    [Fact]
    public async Task Restart_SetsTheAnnotationKubectlSets()
    {
        _server.On(Web, "{}");

        using var answer = await _client.Resources.RestartAsync(Kinds.Deployments, "shop", "web");

        using var body = JsonDocument.Parse(_server.Requests.Single().Body);
        Assert.Equal("2026-01-01T00:00:00Z", body.RootElement.GetProperty("spec").GetProperty("template").GetProperty("metadata").GetProperty("annotations").GetProperty("kubectl.kubernetes.io/restartedAt").GetString());
    }

    [Fact]
    public async Task Logs_Lines_ComeWithoutLineEndsAndWithOptions()
    {
        _server.On(Log, "one\r\ntwo\n\nünïcode\nlast", contentType: "text/plain");

        var lines = await LinesAsync(_client, new LogOptions { Container = "app", Follow = true, Previous = true, TailLines = 10, Since = TimeSpan.FromSeconds(1.5), Timestamps = true });

        Assert.Equal(["one", "two", "", "ünïcode", "last"], lines);
        var query = _server.Requests.Single().Query;
        Assert.Equal(("app", "true", "true", "10", "2", "true"), (query["container"], query["follow"], query["previous"], query["tailLines"], query["sinceSeconds"], query["timestamps"]));
    }

    [Fact]
    public async Task Logs_LongLineAndBadBytes_AreCutAndReplaced()
    {
        await using var client = new ClusterClient(_server.Options, ClusterLimits.Default with { MaxLogLineBytes = 10 });
        _server.On(Log, async context =>
        {
            context.Response.ContentType = "text/plain";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 25) + "\nab").Concat(new byte[] { 0xFF, (byte)'\n' }).ToArray());
        });

        Assert.Equal(["xxxxxxxxxx", "xxxxxxxxxx", "xxxxx", "ab\uFFFD"], await LinesAsync(client, null));
    }

    [Fact]
    public async Task Logs_Followed_ArriveBeforeTheEndAndStopWhenCancelled()
    {
        _server.On(Log, ScriptedServer.Stream("first"));
        using var cancel = new CancellationTokenSource();

        await using var lines = _client.Resources.LogsAsync("shop", "web", new LogOptions { Follow = true }, cancel.Token).GetAsyncEnumerator(CancellationToken.None);
        Assert.True(await lines.MoveNextAsync().AsTask().InTime());
        Assert.Equal("first", lines.Current);
        var next = lines.MoveNextAsync().AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.InTime());
    }

    [Fact]
    public async Task Logs_ContainerStarting_IsAnInvalidRequest()
    {
        _server.On(Log, ScriptedServer.Status(400, "BadRequest", "container is waiting to start"), 400);

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => LinesAsync(_client, null));

        Assert.Contains("waiting to start", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventsFor_Object_SelectsItsEvents()
    {
        _server.On("/api/v1/namespaces/shop/events", """{"items":[{"reason":"BackOff"}]}""").On("/api/v1/namespaces/default/events", """{"items":[]}""");

        using var events = await _client.Resources.EventsForAsync(Kinds.Pods, "shop", "web", "u1");
        using var nodeEvents = await _client.Resources.EventsForAsync(Kinds.Of("", "nodes", "Node", namespaced: false), null, "n1");

        Assert.Equal("BackOff", events.Items.Single().GetProperty("reason").GetString());
        Assert.Equal("involvedObject.kind=Pod,involvedObject.name=web,involvedObject.uid=u1", _server.Requests.First().Query["fieldSelector"]);
    }

    [Fact]
    public async Task CanI_Answer_IsReusedForFiveMinutes()
    {
        const string path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        _server.On(path, """{"status":{"allowed":true}}""", 201).On(path, """{"status":{"allowed":false,"reason":"no role"}}""", 201);

        Assert.True((await _client.Access.CanIAsync("delete", Kinds.Deployments, "shop")).Allowed);
        Assert.True((await _client.Access.CanIAsync("delete", Kinds.Deployments, "shop")).Allowed);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new AccessDecision(false, "no role"), await _client.Access.CanIAsync("delete", Kinds.Deployments, "shop"));

        Assert.Equal(2, _server.Requests.Count);
        Assert.Equal("""{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{"resourceAttributes":{"verb":"delete","group":"apps","resource":"deployments","namespace":"shop"}}}""", _server.Requests.First().Body);
    }

    [Fact]
    public async Task WhoAmI_OldServer_AsksOpenShift()
    {
        _server.On("/apis/user.openshift.io/v1/users/~", """{"metadata":{"name":"kube:admin"},"groups":["system:authenticated"]}""");

        var user = await _client.Access.WhoAmIAsync();

        Assert.Equal(("kube:admin", "system:authenticated"), (user.Name, user.Groups.Single()));
    }

    [Fact]
    public async Task WhoAmI_SelfSubjectReview_GivesNameAndGroups()
    {
        _server.On("/apis/authentication.k8s.io/v1/selfsubjectreviews", """{"status":{"userInfo":{"username":"alice","groups":["a","b"]}}}""", 201);

        var user = await _client.Access.WhoAmIAsync();

        Assert.Equal(("alice", "a,b"), (user.Name, string.Join(',', user.Groups)));
    }

    [Fact]
    public async Task Request_ServerWithPath_IsPrefixed()
    {
        _server.On("/k8s/clusters/c1/api/v1/pods", """{"items":[]}""");
        await using var client = new ClusterClient(_server.Options with { Server = new Uri(_server.Address, "/k8s/clusters/c1/") });

        using var page = await client.Resources.ListAsync(Kinds.Pods, null);

        Assert.Empty(page.Items);
    }

    private static async Task<List<string>> LinesAsync(ClusterClient client, LogOptions? options)
    {
        var lines = new List<string>();
        await foreach (var line in client.Resources.LogsAsync("shop", "web", options))
            lines.Add(line);
        return lines;
    }
}
