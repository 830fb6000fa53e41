using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Server;

public sealed class ApiTests(ApiCluster api) : IClassFixture<ApiCluster>
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Fact]
    public async Task Get_WithoutToken_Is401Status()
    {
        using HttpClient client = ApiCluster.Connect(api.Cluster, token: null);
        using HttpResponseMessage response = await client.GetAsync(new Uri("/api/v1/pods", UriKind.Relative));

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal("Unauthorized", (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["reason"]);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nowhere", null, "application/json", 404, "NotFound")]
    [InlineData("GET", "/api/v1/namespaces/default/pods/absent", null, "application/json", 404, "NotFound")]
    [InlineData("GET", "/api/v1/pods?limit=x", null, "application/json", 400, "BadRequest")]
    [InlineData("GET", "/api/v1/pods?labelSelector=a%20b", null, "application/json", 400, "BadRequest")]
    [InlineData("GET", "/api/v1/pods?continue=zzz", null, "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "{", "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "[]", "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "{\"kind\":\"ConfigMap\",\"kind\":\"ConfigMap\"}", "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "{\"kind\":\"Secret\",\"apiVersion\":\"v1\"}", "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "{\"metadata\":{\"name\":\"Not A Name\"}}", "application/json", 422, "Invalid")]
    [InlineData("POST", ConfigMaps, "{\"metadata\":{\"name\":\"a\",\"labels\":{\"x\":1}}}", "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "{\"metadata\":{\"name\":\"\\ud800\"}}", "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "{\"data\":{\"\\udc00\":\"a\"}}", "application/json", 400, "BadRequest")]
    [InlineData("POST", ConfigMaps, "a: b", "text/csv", 415, "UnsupportedMediaType")]
    [InlineData("POST", ConfigMaps, "k8s", "application/vnd.kubernetes.protobuf", 400, "BadRequest")]
    [InlineData("POST", "/api/v1/namespaces/absent/configmaps", "{\"metadata\":{\"name\":\"a\"}}", "application/json", 404, "NotFound")]
    [InlineData("PATCH", "/api/v1/namespaces/default", "{}", "application/unknown", 415, "UnsupportedMediaType")]
    [InlineData("PUT", "/api/v1/pods", "{}", "application/json", 405, "MethodNotAllowed")]
    public async Task Request_ThatIsWrong_IsRefusedWithAStatus(string method, string path, string? body, string contentType, int code, string reason)
    {
        (int actual, JsonNode status) = await api.SendAsync(new HttpMethod(method), path, body, contentType);

        Assert.Equal("Status", (string?)status["kind"]);
        Assert.Equal((code, reason, code), (actual, (string?)status["reason"], (int)status["code"]!));
    }

    [Fact]
    public async Task Create_BodyOverTheLimit_Is413()
    {
        (int code, JsonNode status) = await api.SendAsync(HttpMethod.Post, ConfigMaps, $$"""{"metadata":{"name":"big"},"data":{"x":"{{new string('x', 70 * 1024)}}"} }""");

        Assert.Equal((413, "RequestEntityTooLarge"), (code, (string?)status["reason"]));
    }

    [Fact]
    public async Task Create_DeeplyNestedBody_Is400()
    {
        (int code, _) = await api.SendAsync(HttpMethod.Post, ConfigMaps, new string('[', 5000));

        Assert.Equal(400, code);
    }

    [Fact]
    public async Task Update_FieldNamesWithControlCharacters_KeepTheirOwner()
    {
        await api.SendAsync(HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"odd"},"data":{"a\nf:b":"1","\n":"2"}}""");
        (int code, JsonNode patched) = await api.SendAsync(HttpMethod.Patch, ConfigMaps + "/odd?fieldManager=other", """{"data":{"\n":"3"}}""", "application/merge-patch+json");

        Assert.Equal(200, code);
        JsonNode other = patched["metadata"]!["managedFields"]!.AsArray().Single(m => (string?)m!["manager"] == "other")!;
        Assert.Equal("""{"f:data":{"f:\n":{}}}""", other["fieldsV1"]!.ToJsonString());
    }

    [Theory]
    [InlineData(9_000_000_000_000_000_000)]
    [InlineData(-5)]
    public async Task Delete_WithAnAbsurdGracePeriod_IsAccepted(long seconds)
    {
        await api.SendAsync(HttpMethod.Post, "/api/v1/namespaces/default/pods", $$"""{"metadata":{"name":"brief{{Math.Sign(seconds) + 1}}"},"spec":{"nodeName":"worker-0","containers":[{"name":"a","image":"b"}]} }""");
        (int code, _) = await api.SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/default/pods/brief{Math.Sign(seconds) + 1}?gracePeriodSeconds={seconds}");

        Assert.Equal(200, code);
    }

    [Fact]
    public async Task Scale_DownDuringARollout_IsAccepted()
    {
        const string Search = "/apis/apps/v1/namespaces/bookstore/deployments/search";
        await api.SendAsync(HttpMethod.Patch, Search + "/scale", """{"spec":{"replicas":6}}""", "application/merge-patch+json");
        (int code, _) = await api.SendAsync(HttpMethod.Patch, Search + "/scale", """{"spec":{"replicas":1}}""", "application/merge-patch+json");
        await api.Cluster.AdvanceAsync(30);

        Assert.Equal(200, code);
        Assert.Equal(1, (int)api.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "search")!["status"]!["readyReplicas"]!);
    }

    [Fact]
    public async Task List_InPages_CoversOneSnapshot()
    {
        (_, JsonNode first) = await api.SendAsync(HttpMethod.Get, "/api/v1/pods?limit=15");
        string version = (string)first["metadata"]!["resourceVersion"]!;
        await api.SendAsync(HttpMethod.Post, ConfigMaps, """{"metadata":{"generateName":"between-"}}""");
        int count = first["items"]!.AsArray().Count;
        long remaining = (long)first["metadata"]!["remainingItemCount"]!;
        for (string? next = (string?)first["metadata"]!["continue"]; next is not null;)
        {
            (_, JsonNode page) = await api.SendAsync(HttpMethod.Get, $"/api/v1/pods?limit=15&continue={next}");
            Assert.Equal(version, (string?)page["metadata"]!["resourceVersion"]);
            count += page["items"]!.AsArray().Count;
            next = (string?)page["metadata"]!["continue"];
        }

        Assert.Equal(15 + remaining, count);
        Assert.Equal(api.Cluster.Store.List("v1", "Pod").Count, count);
    }

    [Fact]
    public async Task Update_WithAnOldVersion_Is409()
    {
        (_, JsonNode created) = await api.SendAsync(HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"raced"},"data":{"a":"1"}}""");
        created["data"]!["a"] = "2";
        (int first, _) = await api.SendAsync(HttpMethod.Put, ConfigMaps + "/raced", created.ToJsonString());
        created["data"]!["a"] = "3";
        (int second, JsonNode status) = await api.SendAsync(HttpMethod.Put, ConfigMaps + "/raced", created.ToJsonString());

        Assert.Equal((200, 409, "Conflict"), (first, second, (string?)status["reason"]));
    }

    [Fact]
    public async Task Delete_WithAFinalizer_WaitsForItsRemoval()
    {
        await api.SendAsync(HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"held","finalizers":["example.com/hold"]}}""");
        await api.SendAsync(HttpMethod.Delete, ConfigMaps + "/held");
        (int held, JsonNode marked) = await api.SendAsync(HttpMethod.Get, ConfigMaps + "/held");
        await api.SendAsync(HttpMethod.Patch, ConfigMaps + "/held", """{"metadata":{"finalizers":null}}""", "application/merge-patch+json");
        (int gone, _) = await api.SendAsync(HttpMethod.Get, ConfigMaps + "/held");

        Assert.Equal((200, 404), (held, gone));
        Assert.NotNull(marked["metadata"]!["deletionTimestamp"]);
    }

    [Fact]
    public async Task DryRun_Create_StoresNothing()
    {
        (int code, JsonNode shown) = await api.SendAsync(HttpMethod.Post, ConfigMaps + "?dryRun=All", """{"metadata":{"name":"tried"}}""");

        Assert.Equal((201, "tried"), (code, (string?)shown["metadata"]!["name"]));
        Assert.Null(api.Cluster.Store.Get("v1", "ConfigMap", "default", "tried"));
    }

    [Fact]
    public async Task Scale_PatchedDeployment_CreatesPodsAndKeepsSelector()
    {
        const string Path = "/apis/apps/v1/namespaces/bookstore/deployments/cart/scale";
        (int code, JsonNode scale) = await api.SendAsync(HttpMethod.Patch, Path, """{"spec":{"replicas":5}}""", "application/merge-patch+json");

        Assert.Equal((200, 5, "app=cart"), (code, (int)scale["spec"]!["replicas"]!, (string?)scale["status"]!["selector"]));
        (_, JsonNode pods) = await api.SendAsync(HttpMethod.Get, "/api/v1/namespaces/bookstore/pods?labelSelector=app%3Dcart");
        Assert.Equal(5, pods["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Discovery_Aggregated_ListsWhatPlainDiscoveryLists()
    {
        (_, JsonNode aggregated) = await api.SendAsync(HttpMethod.Get, "/apis", accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        (_, JsonNode plain) = await api.SendAsync(HttpMethod.Get, "/apis");

        Assert.Equal("apidiscovery.k8s.io/v2", (string?)aggregated["apiVersion"]);
        Assert.Equal(plain["groups"]!.AsArray().Select(g => (string?)g!["name"]), aggregated["items"]!.AsArray().Select(g => (string?)g!["metadata"]!["name"]));
    }

    [Fact]
    public async Task Developer_SeesOnlyOwnProjectsAndMayNotWrite()
    {
        (_, JsonNode projects) = await api.SendAsync(HttpMethod.Get, "/apis/project.openshift.io/v1/projects", asDeveloper: true);
        (int code, JsonNode status) = await api.SendAsync(HttpMethod.Delete, "/api/v1/namespaces/bookstore/pods/x", asDeveloper: true);
        (_, JsonNode self) = await api.SendAsync(HttpMethod.Get, "/apis/user.openshift.io/v1/users/~", asDeveloper: true);

        Assert.Equal(["bookstore", "bookstore-ci"], projects["items"]!.AsArray().Select(p => (string?)p!["metadata"]!["name"]));
        Assert.Equal((403, "Forbidden"), (code, (string?)status["reason"]));
        Assert.Equal("developer", (string?)self["metadata"]!["name"]);
    }

    [Fact]
    public async Task Eviction_BelowTheDisruptionBudget_Is429()
    {
        string[] pods = [.. api.Cluster.Store.List("v1", "Pod", "bookstore").Select(p => (string)p["metadata"]!["name"]!).Where(n => n.StartsWith("checkout-", StringComparison.Ordinal))];
        (int first, _) = await api.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/bookstore/pods/{pods[0]}/eviction", "{}");
        await api.Cluster.AdvanceAsync();
        (int second, JsonNode status) = await api.SendAsync(HttpMethod.Post, $"/api/v1/namespaces/bookstore/pods/{pods[1]}/eviction", "{}");

        Assert.Equal((201, 429, "TooManyRequests"), (first, second, (string?)status["reason"]));
    }
}
