using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Tests.Peer;

namespace LazyOC.Cluster.Tests.Discovery;

public sealed class ApiDiscoveryTests : IAsyncLifetime
{
    private const string AggregatedCore = """
        {"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":""},"versions":[{"version":"v1","freshness":"Current","resources":[
          {"resource":"pods","responseKind":{"kind":"Pod"},"scope":"Namespaced","singularResource":"pod","shortNames":["po"],"categories":["all"],"verbs":["get","list","watch"],"subresources":[{"subresource":"log"},{"subresource":"status"}]},
          {"resource":"namespaces","responseKind":{"kind":"Namespace"},"scope":"Cluster","singularResource":"namespace","shortNames":["ns"],"verbs":["get"]},
          {"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced","singularResource":"event","verbs":["get"]}]}]}]}
        """;

    private const string AggregatedGroups = """
        {"kind":"APIGroupDiscoveryList","items":[
          {"metadata":{"name":"events.k8s.io"},"versions":[{"version":"v1","resources":[{"resource":"events","responseKind":{"kind":"Event"},"scope":"Namespaced","singularResource":"event"}]}]},
          {"metadata":{"name":"apps"},"versions":[
            {"version":"v1","resources":[{"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced","singularResource":"deployment","shortNames":["deploy"]}]},
            {"version":"v1beta2","resources":[{"resource":"deployments","responseKind":{"kind":"Deployment"},"scope":"Namespaced"},{"resource":"oldies","responseKind":{"kind":"Oldie"},"scope":"Namespaced"}]}]},
          {"metadata":{"name":"route.openshift.io"},"versions":[{"version":"v1","resources":[{"resource":"routes","responseKind":{"kind":"Route"},"scope":"Namespaced","singularResource":"route"}]}]},
          {"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale","resources":[]}]}]}
        """;

    private ScriptedServer _server = null!;
    private ClusterClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _client = new ClusterClient(_server.Options);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Get_Aggregated_ReadsEverythingInTwoRequests()
    {
        _server.On("/api", AggregatedCore).On("/apis", AggregatedGroups);

        var catalogs = await Task.WhenAll(_client.Discovery.GetAsync(), _client.Discovery.GetAsync());

        Assert.Same(catalogs[0], catalogs[1]);
        Assert.Equal(2, _server.Requests.Count);
        Assert.Contains("v=v2;as=APIGroupDiscoveryList", _server.Requests.First().Headers["Accept"], StringComparison.Ordinal);
        var pod = catalogs[0].FindKind("", "Pod")!;
        Assert.Equal(("v1", "pods", "pod", true), (pod.ApiVersion, pod.Plural, pod.Singular, pod.Namespaced));
        Assert.Equal(("po", "all", "log,status"), (pod.ShortNames.Single(), pod.Categories.Single(), string.Join(',', pod.Subresources)));
        Assert.True(pod.Supports("watch"));
        Assert.False(catalogs[0].FindKind("", "Namespace")!.Namespaced);
    }

    [Fact]
    public async Task Get_Aggregated_PrefersTheFirstVersionAndMarksStaleGroups()
    {
        _server.On("/api", AggregatedCore).On("/apis", AggregatedGroups);

        var catalog = await _client.Discovery.GetAsync();

        Assert.Equal("apps/v1", catalog.FindPlural("apps", "deployments")!.ApiVersion);
        Assert.Equal("apps/v1beta2", catalog.FindPlural("apps", "oldies")!.ApiVersion);
        Assert.Equal<IEnumerable<string>>(["metrics.k8s.io"], catalog.StaleGroups);
        Assert.True(catalog.IsOpenShift);
        Assert.True(catalog.HasApi("apps/v1beta2") && catalog.HasApi("apps") && catalog.HasApi("v1"));
        Assert.False(catalog.HasApi("build.openshift.io"));
    }

    [Theory]
    [InlineData("pods", "v1/Pod")]
    [InlineData("po", "v1/Pod")]
    [InlineData("POD", "v1/Pod")]
    [InlineData("deployment", "apps/v1/Deployment")]
    [InlineData("Deployment", "apps/v1/Deployment")]
    [InlineData("deploy", "apps/v1/Deployment")]
    [InlineData("deployments.apps", "apps/v1/Deployment")]
    [InlineData("deploy.apps", "apps/v1/Deployment")]
    [InlineData("deployments.v1.apps", "apps/v1/Deployment")]
    [InlineData("routes.route.openshift.io", "route.openshift.io/v1/Route")]
    [InlineData("events", "v1/Event")]
    [InlineData("events.events.k8s.io", "events.k8s.io/v1/Event")]
    [InlineData("pods.v1.", "v1/Pod")]
    [InlineData("deployments.batch", null)]
    [InlineData("nonsense", null)]
    [InlineData("", null)]
    public async Task Resolve_Word_FindsWhatTheUserMeans(string word, string? expected)
    {
        _server.On("/api", AggregatedCore).On("/apis", AggregatedGroups);

        var kind = (await _client.Discovery.GetAsync()).Resolve(word);

        Assert.Equal(expected, kind is null ? null : $"{kind.ApiVersion}/{kind.Kind}");
    }

    [Fact]
    public async Task Get_PlainServer_ReadsEachVersionAndSurvivesAFailingGroup()
    {
        Plain().On("/apis/metrics.k8s.io/v1beta1", ScriptedServer.Status(503, "ServiceUnavailable", "down"), 503);

        var catalog = await _client.Discovery.GetAsync();

        Assert.Equal("apps/v1", catalog.FindKind("apps", "Deployment")!.ApiVersion);
        Assert.Equal<IEnumerable<string>>(["scale"], catalog.FindKind("apps", "Deployment")!.Subresources);
        Assert.Equal("v1", catalog.FindKind("", "Pod")!.ApiVersion);
        Assert.Equal<IEnumerable<string>>(["metrics.k8s.io"], catalog.StaleGroups);
        Assert.False(catalog.IsOpenShift);
    }

    [Fact]
    public async Task Refresh_GroupWentDown_KeepsWhatWasKnownOfIt()
    {
        Plain()
            .On("/apis/metrics.k8s.io/v1beta1", """{"kind":"APIResourceList","resources":[{"name":"nodemetrics","kind":"NodeMetrics","namespaced":false}]}""")
            .On("/apis/metrics.k8s.io/v1beta1", ScriptedServer.Status(503, "ServiceUnavailable", "down"), 503);

        var before = await _client.Discovery.GetAsync();
        var after = await _client.Discovery.RefreshAsync();

        Assert.Empty(before.StaleGroups);
        Assert.Equal<IEnumerable<string>>(["metrics.k8s.io"], after.StaleGroups);
        Assert.NotNull(after.FindKind("metrics.k8s.io", "NodeMetrics"));
        Assert.Same(after, await _client.Discovery.GetAsync());
    }

    [Fact]
    public async Task Get_FailedOnce_IsTriedAgain()
    {
        _server.On("/api", ScriptedServer.Status(500, "InternalError", "starting"), 500).On("/api", AggregatedCore).On("/apis", AggregatedGroups);

        await Assert.ThrowsAsync<ServerFailureException>(() => _client.Discovery.GetAsync());

        Assert.NotEmpty((await _client.Discovery.GetAsync()).Kinds);
    }

    [Fact]
    public async Task Get_TooManyKinds_IsRefused()
    {
        await using var client = new ClusterClient(_server.Options, ClusterLimits.Default with { MaxDiscoveredResources = 2 });
        _server.On("/api", AggregatedCore).On("/apis", AggregatedGroups);

        await Assert.ThrowsAsync<InvalidAnswerException>(() => client.Discovery.GetAsync());
    }

    [Fact]
    public void PathFor_NamesWithSpecialCharacters_AreEscaped()
    {
        var kind = Kinds.Of("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", namespaced: false);

        Assert.Equal("apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode%2Fx", kind.PathFor("ignored", "system:node/x"));
        Assert.Equal("api/v1/namespaces/shop/pods/web/log", Kinds.Pods.PathFor("shop", "web", "log"));
        Assert.Equal(new ResourceKind { Group = "", Version = "v1", Plural = "pods", Kind = "Other", Namespaced = false }, Kinds.Pods);
    }

    private ScriptedServer Plain() => _server
        .On("/api", """{"kind":"APIVersions","versions":["v1"]}""")
        .On("/apis", """{"kind":"APIGroupList","groups":[{"name":"apps","versions":[{"version":"v1beta2"},{"version":"v1"}],"preferredVersion":{"version":"v1"}},{"name":"metrics.k8s.io","versions":[{"version":"v1beta1"}],"preferredVersion":{"version":"v1beta1"}}]}""")
        .On("/api/v1", """{"kind":"APIResourceList","groupVersion":"v1","resources":[{"name":"pods","singularName":"pod","namespaced":true,"kind":"Pod","verbs":["get"]},{"name":"pods/log","kind":"Pod"}]}""")
        .On("/apis/apps/v1", """{"kind":"APIResourceList","resources":[{"name":"deployments","namespaced":true,"kind":"Deployment","verbs":["get"]},{"name":"deployments/scale","kind":"Scale"}]}""")
        .On("/apis/apps/v1beta2", """{"kind":"APIResourceList","resources":[{"name":"deployments","namespaced":true,"kind":"Deployment","verbs":["get"]}]}""");
}
