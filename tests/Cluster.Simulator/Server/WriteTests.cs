using System.Text.Json.Nodes;

namespace LazyOC.Cluster.Simulator.Tests.Server;

/// <summary>Apply and its conflicts, preconditions, propagation, dry run.</summary>
public sealed class WriteTests(ApiCluster api) : IClassFixture<ApiCluster>
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";
    private const string ApplyPatch = "application/apply-patch+yaml";

    [Fact]
    public async Task Apply_FieldOfAnotherManager_NamesItAndIsTakenByForce()
    {
        await ApplyAsync("shared", "alpha", """{"key":"1","mine":"1"}""");
        (int code, JsonNode status) = await ApplyAsync("shared", "beta", """{"key":"2"}""");
        (int forced, JsonNode taken) = await ApplyAsync("shared", "beta", """{"key":"2"}""", "&force=true");

        Assert.Equal((409, "Conflict"), (code, (string?)status["reason"]));
        JsonNode cause = status["details"]!["causes"]!.AsArray().Single()!;
        Assert.Equal(("FieldManagerConflict", "conflict with \"alpha\"", ".data.key"), ((string?)cause["reason"], (string?)cause["message"], (string?)cause["field"]));
        Assert.Equal((200, "2", "1"), (forced, (string?)taken["data"]!["key"], (string?)taken["data"]!["mine"]));
    }

    [Fact]
    public async Task Apply_WithoutAFieldItAppliedBefore_RemovesIt()
    {
        await ApplyAsync("shrinking", "alpha", """{"a":"1","b":"2"}""");
        (int code, JsonNode applied) = await ApplyAsync("shrinking", "alpha", """{"a":"1"}""");

        Assert.Equal(200, code);
        Assert.Equal("""{"a":"1"}""", applied["data"]!.ToJsonString());
    }

    [Fact]
    public async Task Apply_WithoutAManager_Is400()
    {
        (int code, _) = await api.SendAsync(HttpMethod.Patch, ConfigMaps + "/nobody", """{"apiVersion":"v1","kind":"ConfigMap"}""", ApplyPatch);

        Assert.Equal(400, code);
    }

    [Fact]
    public async Task StrategicPatch_Containers_MergesByName()
    {
        (_, JsonNode patched) = await api.SendAsync(HttpMethod.Patch, "/apis/apps/v1/namespaces/bookstore/deployments/cart?dryRun=All", """{"spec":{"template":{"spec":{"containers":[{"name":"cart","image":"new"},{"name":"sidecar","image":"s"}]}}}}""", "application/strategic-merge-patch+json");
        JsonArray containers = patched["spec"]!["template"]!["spec"]!["containers"]!.AsArray();

        Assert.Equal(["cart=new", "sidecar=s"], containers.Select(c => $"{c!["name"]}={c["image"]}"));
        Assert.NotNull(containers[0]!["readinessProbe"]);
    }

    [Theory]
    [InlineData("PATCH", """{"data":{"a":"tried"}}""", "application/merge-patch+json")]
    [InlineData("PUT", """{"data":{"a":"tried"}}""", "application/json")]
    [InlineData("DELETE", null, "application/json")]
    public async Task DryRun_OfAChange_LeavesEverythingAsItWas(string method, string? body, string type)
    {
        string name = "steady-" + method.ToLowerInvariant();
        await api.SendAsync(HttpMethod.Post, ConfigMaps, $$"""{"metadata":{"name":"{{name}}"},"data":{"a":"kept"} }""");
        long before = api.Cluster.Store.ResourceVersion;
        (int code, _) = await api.SendAsync(new HttpMethod(method), $"{ConfigMaps}/{name}?dryRun=All", body, type);

        Assert.Equal(200, code);
        Assert.Equal(before, api.Cluster.Store.ResourceVersion);
        Assert.Equal("kept", (string?)api.Cluster.Store.Get("v1", "ConfigMap", "default", name)!["data"]!["a"]);
    }

    [Fact]
    public async Task Delete_WithAnotherUid_Is409()
    {
        await api.SendAsync(HttpMethod.Post, ConfigMaps, """{"metadata":{"name":"precious"}}""");
        (int code, JsonNode status) = await api.SendAsync(HttpMethod.Delete, ConfigMaps + "/precious", """{"preconditions":{"uid":"other"}}""");

        Assert.Equal((409, "Conflict"), (code, (string?)status["reason"]));
    }

    [Theory]
    [InlineData("Background", 0)]
    [InlineData("Foreground", 0)]
    [InlineData("Orphan", 1)]
    public async Task Delete_OfAnOwner_TreatsDependentsAsAsked(string propagation, int left)
    {
        string owner = "owner-" + propagation.ToLowerInvariant();
        (_, JsonNode created) = await api.SendAsync(HttpMethod.Post, ConfigMaps, $$"""{"metadata":{"name":"{{owner}}"} }""");
        await api.SendAsync(HttpMethod.Post, ConfigMaps, $$"""{"metadata":{"name":"{{owner}}-child","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{owner}}","uid":"{{created["metadata"]!["uid"]}}"}]} }""");
        await api.SendAsync(HttpMethod.Delete, $"{ConfigMaps}/{owner}", $$"""{"propagationPolicy":"{{propagation}}"}""");

        Assert.Null(api.Cluster.Store.Get("v1", "ConfigMap", "default", owner));
        Assert.Equal(left, api.Cluster.Store.Get("v1", "ConfigMap", "default", owner + "-child") is null ? 0 : 1);
    }

    [Fact]
    public async Task UpdateStatus_ChangesNothingButTheStatus()
    {
        const string Route = "/apis/route.openshift.io/v1/namespaces/bookstore/routes/api";
        (_, JsonNode route) = await api.SendAsync(HttpMethod.Get, Route);
        route["spec"]!["host"] = "elsewhere.example.com";
        route["status"] = new JsonObject { ["ingress"] = new JsonArray() };
        (int code, JsonNode updated) = await api.SendAsync(HttpMethod.Put, Route + "/status", route.ToJsonString());

        Assert.Equal((200, "api-bookstore.apps.example.com"), (code, (string?)updated["spec"]!["host"]));
        Assert.NotNull(updated["status"]!["ingress"]);
    }

    private Task<(int Code, JsonNode Body)> ApplyAsync(string name, string manager, string data, string query = "") =>
        api.SendAsync(HttpMethod.Patch, $"{ConfigMaps}/{name}?fieldManager={manager}{query}", $$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{name}}"},"data":{{data}} }""", ApplyPatch);
}
