namespace LazyOC.EndToEnd.Tests;

/// <summary>What is done to objects from the screen, and what is not: looked at in the cluster itself.</summary>
[Collection(TerminalCollection.Screens)]
public sealed class OperationTests : IAsyncLifetime
{
    private ClusterFixture _cluster = null!;

    public async Task InitializeAsync() => _cluster = await ClusterFixture.StartAsync();

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [TmuxFact]
    public async Task Delete_AskedForByKey_HappensOnlyAfterAYesToWhatIsNamed()
    {
        await using var screen = await _cluster.OpenAsync("--view configmaps");
        await screen.FilterAsync("shop-settings");
        await screen.SeeSelectedAsync("ConfigMaps ·", "shop-settings");

        // Neither escape nor enter on what is chosen by default.
        foreach (var key in new[] { "Escape", "Enter", "n" })
        {
            await screen.PressAsync("d");
            await screen.SeeInAsync("Delete configmap shop-settings?", "namespace  bookstore", "context    simulated", "object     shop-settings", "▸ Cancel");
            await screen.PressAsync(key);
            await screen.SeeNoMoreAsync("Delete configmap");
            Assert.NotNull(_cluster.ConfigMap("shop-settings"));
        }

        await screen.PressAsync("d");
        await screen.SeeInAsync("Delete configmap shop-settings?", "Delete");
        await screen.PressAsync("y");
        await screen.SeeAsync("Deleted configmap shop-settings");
        Assert.Null(_cluster.ConfigMap("shop-settings"));
        await screen.SeeAsync(frame => !frame.Panel("ConfigMaps ·").Any(row => row.Contains("shop-settings", StringComparison.Ordinal)), "the row's end");
        Assert.NotNull(_cluster.ConfigMap("kube-root-ca.crt"));
    }

    [TmuxFact]
    public async Task RestartScaleAndUndo_Confirmed_ReachTheDeployment()
    {
        await using var screen = await _cluster.OpenAsync("--view deployments");
        await screen.FilterAsync("storefront");
        await screen.SeeSelectedAsync("Deployments ·", "3/3");

        await screen.PressAsync("r");
        await screen.SeeInAsync("Restart deployment storefront?", "namespace  bookstore", "context    simulated", "Their pods are replaced");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("Restart deployment");
        Assert.Null(RestartedAt);
        await screen.PressAsync("r");
        await screen.SeeInAsync("Restart deployment storefront?");
        await screen.PressAsync("y");
        await screen.SeeAsync("Restarted deployment storefront");
        Assert.NotNull(RestartedAt);

        await screen.PressAsync("+");
        await screen.SeeAsync("Scaled deployment storefront to 4");
        Assert.Equal(4, _cluster.Replicas("storefront"));
        await screen.PressAsync("u");
        await screen.SeeAsync(_ => _cluster.Replicas("storefront") == 3, "3 replicas again");

        await screen.PressAsync("s");
        await screen.SeeAsync("Scale deployment storefront");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("─ Scale deployment storefront");
        Assert.Equal(3, _cluster.Replicas("storefront"));
        await screen.PressAsync("s");
        await screen.SeeAsync("Scale deployment storefront", "simulated", "bookstore");
        await screen.PressAsync("C-u");
        await screen.TypeAsync("6");
        await screen.PressAsync("Enter");
        await screen.SeeAsync("Scaled deployment storefront to 6");
        Assert.Equal(6, _cluster.Replicas("storefront"));
        await screen.SeeSelectedAsync("Deployments ·", "/6");
    }

    [TmuxFact]
    public async Task SeveralMarked_Deleted_AskForTheirNumber()
    {
        string[] spare = [.. Enumerable.Range(1, 11).Select(number => $"spare-{number}")];
        foreach (var name in spare)
            _cluster.Store.Apply($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}","namespace":"bookstore"}}""");
        await using var screen = await _cluster.OpenAsync("--view configmaps");
        await screen.FilterAsync("spare-");
        await screen.SeeInAsync("ConfigMaps ·", "of 11,");
        await screen.PressAsync("C-a");
        await screen.SeeInAsync("ConfigMaps ·", "11 marked");
        await screen.PressAsync("d");
        await screen.SeeInAsync("Delete 11 configmaps?", "Type 11 to confirm", "spare-1");
        await screen.PressAsync("Enter");
        await screen.TypeAsync("12");
        await screen.PressAsync("Enter");
        await screen.SeeInAsync("Delete 11 configmaps?", "to confirm 12");
        Assert.NotNull(_cluster.ConfigMap("spare-1"));
        await screen.PressAsync("BSpace");
        await screen.TypeAsync("1");
        await screen.PressAsync("Enter");
        await screen.SeeAsync("Deleted 11 configmaps");
        Assert.All(spare, name => Assert.Null(_cluster.ConfigMap(name)));
        Assert.NotNull(_cluster.ConfigMap("shop-settings"));
    }

    [TmuxFact]
    public async Task ReadOnlyOrWithoutTheRight_IsRefusedWithTheReason()
    {
        await using var screen = await _cluster.OpenAsync("--view deployments --read-only");
        await screen.FilterAsync("storefront");
        var version = _cluster.Store.ResourceVersion;
        foreach (var key in new[] { "d", "r", "+", "s" })
        {
            await screen.PressAsync(key);
            await screen.SeeAsync("the session is read-only");
        }
        await screen.PressAsync("N");
        await screen.SeeInAsync("Notices", "Delete: the session is read-only", "Restart the rollout: the", "Scale up by one: the", "Scale: the");
        await screen.PressAsync("Escape");
        await screen.SeeNoMoreAsync("─ Notices ─");
        await screen.QuitAsync();
        Assert.Equal(version, _cluster.Store.ResourceVersion);

        await screen.StartAsync($"--kubeconfig {_cluster.Kubeconfig} --context simulated-developer --namespace bookstore --view deployments");
        await screen.SeeAsync("user developer", "storefront");
        await screen.FilterAsync("storefront");
        await screen.PressAsync("d");
        await screen.SeeAsync("Delete: you may not delete");
        await screen.PressAsync("+");
        await screen.SeeAsync("Scale up by one: you may not patch");
        Assert.NotNull(_cluster.Deployment("storefront"));
        Assert.Equal(3, _cluster.Replicas("storefront"));
    }

    private System.Text.Json.Nodes.JsonNode? RestartedAt => _cluster.Deployment("storefront")!["spec"]!["template"]!["metadata"]?["annotations"]?["kubectl.kubernetes.io/restartedAt"];
}
