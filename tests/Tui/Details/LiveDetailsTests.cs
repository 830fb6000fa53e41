using LazyOC.Tui.Details;

namespace LazyOC.Tui.Tests.Details;

/// <summary>Details of objects that change, go, and whose cluster cannot be reached for a while.</summary>
public sealed class LiveDetailsTests : IAsyncLifetime
{
    private DetailsFixture _fixture = null!;

    public async Task InitializeAsync() => _fixture = await DetailsFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Theory]
    [InlineData("Overview")]
    [InlineData("YAML")]
    public async Task Update_ObjectEdited_ShowsTheNewContent(string tab)
    {
        var open = await _fixture.OpenAsync("configmaps", "shop-settings", tab);
        await open.UntilAsync("CURRENCY");
        Edit("\"CURRENCY\":\"EUR\",\"RECENTLY\":\"added\"");
        await open.UntilAsync("RECENTLY");
    }

    [Fact]
    public async Task Advance_AgainAndAgain_ReadsOnceForEachChangeOfTheRow()
    {
        var (kind, watch) = await _fixture.WatchAsync("configmaps");
        var row = watch.Current.Find("bookstore", "shop-settings")!;
        using var source = new ObjectSource(_fixture.Session, kind, row, _fixture.Changed, new TuiLimits { RefreshInterval = TimeSpan.Zero });
        await ReadAsync(1);
        Edit("\"CURRENCY\":\"CHF\"");
        row = await _fixture.UntilAsync(() => watch.Current.Find("bookstore", "shop-settings") is { } now && now != row ? now : null, () => "the row");
        source.Update(row);
        await ReadAsync(2);
        source.Update(row);
        for (var i = 0; i < 20; i++)
            source.Advance();
        Edit("\"CURRENCY\":\"GBP\"");
        row = await _fixture.UntilAsync(() => watch.Current.Find("bookstore", "shop-settings") is { } now && now != row ? now : null, () => "the row");
        source.Update(row);
        await ReadAsync(3);

        async Task ReadAsync(int generation)
        {
            await _fixture.UntilAsync(() =>
            {
                source.Advance();
                return source.State.Generation >= generation ? source : null;
            }, () => "the object");
            Assert.Equal(generation, source.State.Generation);
        }
    }

    [Fact]
    public async Task Update_ObjectDeleted_KeepsTheLastContentAndSaysSo()
    {
        var open = await _fixture.OpenAsync("configmaps", "shop-settings");
        await open.UntilAsync("CURRENCY");
        Assert.True(_fixture.Cluster.Store.Delete("v1", "ConfigMap", "bookstore", "shop-settings"));
        var frame = await open.UntilAsync("✗ deleted");
        Assert.Contains("CURRENCY", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_AnotherObjectOfTheSameName_IsOpenedInItsPlace()
    {
        var open = await _fixture.OpenAsync("configmaps", "shop-settings", "YAML");
        await open.UntilAsync("CURRENCY");
        _fixture.Cluster.Store.Delete("v1", "ConfigMap", "bookstore", "shop-settings");
        await open.UntilAsync("✗ deleted");
        Edit("\"REBORN\":\"yes\"");
        var frame = await open.UntilAsync("REBORN");
        Assert.DoesNotContain("✗ deleted", frame, StringComparison.Ordinal);
        Assert.Contains("[YAML]", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Advance_ConnectionLostAndBack_MarksTheContentStaleAndHeals()
    {
        var open = await _fixture.OpenAsync("configmaps", "shop-settings");
        await open.UntilAsync("CURRENCY");
        _fixture.Cluster.Disconnect();
        var frame = await open.UntilAsync("▲ stale for");
        Assert.Contains("hint: ", frame, StringComparison.Ordinal);
        Assert.Contains("CURRENCY", frame, StringComparison.Ordinal);
        Edit("\"AFTER\":\"the outage\"");
        _fixture.Cluster.Reconnect();
        await open.UntilAsync(f => f.Contains("AFTER", StringComparison.Ordinal) && !f.Contains("stale", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Advance_EventsTab_ShowsEventsAsTheyComeAndSurvivesAnOutage()
    {
        var open = await _fixture.OpenAsync("deployments", "cart", "Events");
        await open.UntilAsync(frame => open.Details.Pending is null && frame.Contains("[Events]", StringComparison.Ordinal));
        Event("FirstThing");
        await open.UntilAsync("FirstThing");
        _fixture.Cluster.Disconnect();
        var frame = await open.UntilAsync("▲ stale for");
        Assert.Contains("FirstThing", frame, StringComparison.Ordinal);
        Event("SecondThing");
        _fixture.Cluster.Reconnect();
        await open.UntilAsync("SecondThing");
        await open.UntilAsync(f => !f.Contains("stale", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Advance_NothingMayBeRead_SaysVerbResourceAndNextStep()
    {
        await using var developer = await DetailsFixture.StartAsync(asDeveloper: true);
        var open = await developer.OpenAsync("configmaps", "shop-settings", "Events");
        RevokeEvents(developer);
        var frame = await open.UntilAsync("✗ ");
        Assert.Contains("`events`", frame, StringComparison.Ordinal);
        Assert.Contains("you may not list", frame, StringComparison.Ordinal);
        Assert.Contains("hint: ", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Switch_BackAndForth_KeepsEachTabsScroll()
    {
        var open = await _fixture.OpenAsync("pods", "cart", "YAML");
        open.Size = new(100, 14);
        await open.UntilAsync("apiVersion: v1");
        open.Press("down", "down", "down");
        var yaml = open.Frame();
        Assert.DoesNotContain("apiVersion: v1", yaml, StringComparison.Ordinal);
        open.Press("[");
        await open.UntilAsync("CONTAINER");
        open.Press("]");
        Assert.Equal(yaml, open.Frame());
    }

    private static void RevokeEvents(DetailsFixture fixture) => fixture.Cluster.Store.Apply("""
        {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"ClusterRole","metadata":{"name":"view"},"rules":[{"apiGroups":[""],"resources":["configmaps"],"verbs":["get","list","watch"]}]}
        """);

    private void Edit(string data) => _fixture.Cluster.Store.Apply($$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shop-settings","namespace":"bookstore"},"data":{{{{data}}}} }""");

    private void Event(string reason)
    {
        var uid = _fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart")!["metadata"]!["uid"];
        _fixture.Cluster.Store.Apply($$"""
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"cart.{{reason.ToLowerInvariant()}}","namespace":"bookstore"},"type":"Normal","reason":"{{reason}}","message":"m","involvedObject":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"bookstore","name":"cart","uid":"{{uid}}"},"lastTimestamp":"2026-01-15T09:31:00Z"}
            """);
    }
}
