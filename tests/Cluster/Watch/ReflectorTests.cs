using System.Globalization;
using System.Text;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Tests.Peer;
using LazyOC.Cluster.Watch;

namespace LazyOC.Cluster.Tests.Watch;

public sealed class ReflectorTests : IAsyncLifetime
{
    private const string Path = "/api/v1/pods";
    private static readonly ColumnSpec Phase = ColumnSpec.FromPath("phase", "PHASE", JsonPath.Parse(".status.phase"));
    private static readonly ColumnSpec Node = ColumnSpec.FromPath("node", "NODE", JsonPath.Parse(".spec.nodeName"));
    private static readonly ClusterLimits Impatient = ClusterLimits.Default with { MinBackoff = TimeSpan.FromMilliseconds(5), MaxBackoff = TimeSpan.FromMilliseconds(20) };

    private ScriptedServer _server = null!;
    private ClusterClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await ScriptedServer.StartAsync();
        _client = new ClusterClient(_server.Options, Impatient);
    }

    public async Task DisposeAsync()
    {
        await _client.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Open_ListThenWatch_KeepsRowsLikeTheCluster()
    {
        _server.On(Path, List(10, Pod("b", 2), Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.Stream(Event("ADDED", Pod("c", 11)), Event("MODIFIED", Pod("a", 12, "Failed")), Event("DELETED", Pod("b", 13))));

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await watch.Synced.InTime();
        await UntilAsync(watch, s => s.Find("shop", "b") is null);

        Assert.Equal(["a:Failed", "c:Running"], Show(watch));
        Assert.Equal(ConnectionPhase.Connected, watch.State.Phase);
        Assert.Equal("10", _server.RequestsTo(Path).Single(r => r.Query.ContainsKey("watch")).Query["resourceVersion"]);
        var list = _server.Requests.First().Query;
        Assert.Equal(("0", "500"), (list["resourceVersion"], list["limit"]));
    }

    [Fact]
    public async Task Open_Pages_AreFollowedWithTheirTokens()
    {
        _server.On(Path, Page(10, "tok/1=", Pod("a", 1))).On(Path, Page(10, "tok2", Pod("b", 2))).On(Path, List(10, Pod("c", 3)));
        _server.On($"watch {Path}", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await watch.Synced.InTime();

        Assert.Equal(3, watch.Current.Rows.Length);
        Assert.Equal(["", "tok/1=", "tok2"], Lists().Select(r => r.Query.GetValueOrDefault("continue", "")));
        Assert.Equal(["0", "", ""], Lists().Select(r => r.Query.GetValueOrDefault("resourceVersion", "")));
    }

    [Fact]
    public async Task Open_LaterPageExpired_ListsOnceWithoutPages()
    {
        _server.On(Path, Page(10, "old", Pod("a", 1))).On(Path, ScriptedServer.Status(410, "Expired", "too old"), 410).On(Path, List(20, Pod("a", 1), Pod("b", 2)));
        _server.On($"watch {Path}", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await watch.Synced.InTime();

        Assert.Equal(2, watch.Current.Rows.Length);
        Assert.Equal(3, Lists().Count);
        Assert.False(Lists()[2].Query.ContainsKey("limit"));
        Assert.False(Lists()[2].Query.ContainsKey("resourceVersion"));
    }

    [Fact]
    public async Task Watch_ErrorGone_ListsTheNewestAgain()
    {
        _server.On(Path, List(10, Pod("a", 1))).On(Path, List(50, Pod("z", 40)));
        _server.On($"watch {Path}", ScriptedServer.StreamThenEnd($$"""{"type":"ERROR","object":{{ScriptedServer.Status(410, "Expired", "too old")}}}""")).On($"watch {Path}", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await UntilAsync(watch, s => s.Find("shop", "z") is not null);

        Assert.Equal(["z:Running"], Show(watch));
        Assert.False(Lists()[1].Query.ContainsKey("resourceVersion"));
    }

    [Fact]
    public async Task Watch_CleanEnd_WatchesOnFromTheLastEvent()
    {
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.StreamThenEnd(Event("ADDED", Pod("b", 11)), Bookmark(99))).On($"watch {Path}", ScriptedServer.Stream(Event("ADDED", Pod("c", 100))));

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await UntilAsync(watch, s => s.Rows.Length == 3);

        Assert.Single(Lists());
        Assert.Equal(["10", "99"], Watches().Select(r => r.Query["resourceVersion"]));
        Assert.All(Watches(), r => Assert.InRange(int.Parse(r.Query["timeoutSeconds"], CultureInfo.InvariantCulture), 300, 600));
    }

    [Fact]
    public async Task Watch_BrokenConnection_ReconnectsWithoutListing()
    {
        var states = new List<ConnectionPhase>();
        var seen = new TaskCompletionSource();
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.StreamThenBreak(seen.Task, Event("ADDED", Pod("b", 11)))).On($"watch {Path}", ScriptedServer.Stream(Event("ADDED", Pod("c", 12))));

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        watch.Changed += (_, _) => states.Add(watch.State.Phase);
        await UntilAsync(watch, s => s.Find("shop", "b") is not null);
        seen.SetResult();
        await UntilAsync(watch, s => s.Find("shop", "c") is not null);

        Assert.Single(Lists());
        Assert.Equal("11", Watches()[1].Query["resourceVersion"]);
        Assert.Contains(ConnectionPhase.Reconnecting, states);
        Assert.Equal(ConnectionPhase.Connected, watch.State.Phase);
    }

    [Fact]
    public async Task Watch_HalfAnEventThenBreak_IsNotApplied()
    {
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.StreamThenBreak(Task.CompletedTask, Event("ADDED", Pod("b", 11))[..40])).On($"watch {Path}", ScriptedServer.Stream(Event("ADDED", Pod("c", 12))));

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await UntilAsync(watch, s => s.Find("shop", "c") is not null);

        Assert.Equal(["a:Running", "c:Running"], Show(watch));
    }

    [Fact]
    public async Task Open_Forbidden_KeepsTryingAndSaysWhy()
    {
        _server.On(Path, ScriptedServer.Status(403, "Forbidden", "no"), 403).On(Path, ScriptedServer.Status(403, "Forbidden", "no"), 403);
        // Not before the test has seen why it keeps trying.
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.On(Path, async context =>
        {
            await seen.Task;
            await ScriptedServer.WriteAsync(context, List(10, Pod("a", 1)));
        });
        _server.On($"watch {Path}", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await UntilAsync(() => watch.State.Cause is not null);
        Assert.Equal("list", Assert.IsType<ForbiddenException>(watch.State.Cause).Verb);
        seen.SetResult();
        await watch.Synced.InTime();

        Assert.Equal(3, Lists().Count);
        Assert.Null(watch.State.Cause);
    }

    [Theory]
    [InlineData("""{"kind":"PodList","metadata":{"resourceVersion":"5"},"items":[{"metadata":{"name":"a"}""")]
    [InlineData("""{"kind":"PodList","items":"no"}""")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("""{"items":[{"metadata":{}}]}""")]
    [InlineData("""{"items":[{"metadata":{"name":"\ud800"}}]}""")]
    [InlineData("""{"items":[{"metadata":{"name":"a"},"status":{"phase":"\ud800"}}]}""")]
    public async Task Open_GarbledList_IsReportedAndRepeated(string garbage)
    {
        _server.On(Path, garbage).On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await watch.Synced.InTime();

        Assert.Equal(["a:Running"], Show(watch));
        Assert.Equal(2, Lists().Count);
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{}}}""")]
    public async Task Watch_GarbledEvent_IsWatchedAgain(string garbage)
    {
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.StreamThenEnd(garbage)).On($"watch {Path}", ScriptedServer.Stream(Event("ADDED", Pod("b", 11))));

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await UntilAsync(watch, s => s.Rows.Length == 2);

        Assert.Equal(2, Watches().Count);
    }

    [Fact]
    public async Task Watch_EventBeyondLimit_EndsTheWatchNotTheView()
    {
        await using var client = new ClusterClient(_server.Options, Impatient with { MaxEventBytes = 2000 });
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.StreamThenEnd(Event("ADDED", Pod("b", 11, new string('x', 3000))))).On($"watch {Path}", ScriptedServer.Stream(Event("ADDED", Pod("c", 12))));

        using var watch = client.Watches.Open(Kinds.Pods, null, [Phase]);
        await UntilAsync(watch, s => s.Rows.Length == 2);

        Assert.Equal(["a:Running", "c:Running"], Show(watch));
    }

    [Fact]
    public async Task Watch_SilentAfterBookmark_CountsAsDead()
    {
        await using var client = new ClusterClient(_server.Options, Impatient with { StallTimeout = TimeSpan.FromMilliseconds(100) });
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.Stream(Bookmark(30))).On($"watch {Path}", ScriptedServer.Stream(Event("ADDED", Pod("b", 31))));

        using var watch = client.Watches.Open(Kinds.Pods, null, [Phase]);
        await UntilAsync(watch, s => s.Rows.Length == 2);

        Assert.Equal("30", Watches()[1].Query["resourceVersion"]);
    }

    [Fact]
    public async Task Open_Twice_SharesOneReflectorUntilTheLastLeaves()
    {
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.Stream());

        var first = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await first.Synced.InTime();
        var second = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await second.Synced.InTime();

        Assert.Equal(1, _client.Watches.Count);
        Assert.Single(Lists());
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, _client.Watches.Count);
        second.Dispose();
        Assert.Equal(0, _client.Watches.Count);
    }

    [Fact]
    public async Task Open_NewColumn_ListsOnceMoreAndKeepsRowsMeanwhile()
    {
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.Stream());

        using var first = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await first.Synced.InTime();
        using var second = _client.Watches.Open(Kinds.Pods, null, [Node]);
        Assert.Single(first.Current.Rows);
        await second.Synced.InTime();

        var snapshot = second.Current;
        Assert.Equal(2, Lists().Count);
        Assert.Equal("node-1", snapshot.Rows[0][snapshot.IndexOf("node")].Text);
        Assert.Equal("Running", snapshot.Rows[0][snapshot.IndexOf("phase")].Text);
        Assert.Equal(("10", "NotOlderThan"), (Lists()[1].Query["resourceVersion"], Lists()[1].Query["resourceVersionMatch"]));
    }

    [Fact]
    public async Task Open_SelectorAndNamespace_AreSent()
    {
        _server.On("/api/v1/namespaces/shop/pods", List(10));
        _server.On("watch /api/v1/namespaces/shop/pods", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, "shop", [Phase], new Selector("app in (a,b)", "spec.nodeName=n"));
        await watch.Synced.InTime();
        await UntilAsync(() => _server.Requests.Count == 2);

        Assert.All(_server.Requests, r => Assert.Equal(("app in (a,b)", "spec.nodeName=n"), (r.Query["labelSelector"], r.Query["fieldSelector"])));
    }

    [Fact]
    public async Task Subscribe_WatchEvents_AreChangesWithJson()
    {
        var release = new TaskCompletionSource();
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", async context =>
        {
            await release.Task;
            await ScriptedServer.Stream(Event("ADDED", Pod("b", 11)), Event("MODIFIED", Pod("b", 11)), Event("MODIFIED", Pod("a", 12, "Failed")), Event("DELETED", Pod("b", 13)))(context);
        });

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        using var changes = watch.Subscribe(includeJson: true);
        using var plain = watch.Subscribe();
        await watch.Synced.InTime();
        release.SetResult();
        var seen = await TakeAsync(changes, 3);

        Assert.Equal(["Added b", "Modified a", "Deleted b"], seen.Select(c => $"{c.Type} {c.Row.Name}"));
        Assert.Equal("Running", seen[1].Previous![0].Text);
        Assert.Contains("\"Failed\"", Encoding.UTF8.GetString(seen[1].Json!.Value.Span), StringComparison.Ordinal);
        Assert.All(await TakeAsync(plain, 3), c => Assert.Null(c.Json));
    }

    [Fact]
    public async Task Subscribe_RelistAfterGap_PublishesTheDifference()
    {
        var release = new TaskCompletionSource();
        _server.On(Path, List(10, Pod("a", 1), Pod("b", 2), Pod("c", 3))).On(Path, List(50, Pod("a", 1), Pod("c", 44, "Failed"), Pod("d", 45)));
        _server.On($"watch {Path}", async context =>
        {
            await release.Task;
            await ScriptedServer.WriteAsync(context, ScriptedServer.Status(410, "Gone", "too old"), 410);
        }).On($"watch {Path}", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        using var changes = watch.Subscribe(includeJson: true);
        await watch.Synced.InTime();
        release.SetResult();
        var seen = await TakeAsync(changes, 3);

        Assert.Equal(["Deleted b", "Modified c", "Added d"], seen.Select(c => $"{c.Type} {c.Row.Name}"));
        Assert.NotNull(seen[1].Json);
    }

    [Fact]
    public async Task Subscribe_SlowReader_LosesTheOldestAndCountsThem()
    {
        _server.On(Path, List(10));
        _server.On($"watch {Path}", ScriptedServer.Stream([.. Enumerable.Range(0, 20).Select(i => Event("ADDED", Pod($"p{i:00}", 11 + i)))]));

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        using var changes = watch.Subscribe(capacity: 5);
        await UntilAsync(watch, s => s.Rows.Length == 20);

        Assert.Equal(["p15", "p16", "p17", "p18", "p19"], (await TakeAsync(changes, 5)).Select(c => c.Row.Name));
        Assert.Equal(15, changes.TakeLost());
        Assert.Equal(0, changes.TakeLost());
    }

    [Fact]
    public async Task Dispose_EndsStreamsAndSync()
    {
        _server.On(Path, context => Task.Delay(Timeout.Infinite, context.RequestAborted));

        var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        var changes = watch.Subscribe();
        watch.Dispose();

        Assert.Empty(await TakeAsync(changes, int.MaxValue));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.Synced.InTime());
        Assert.Throws<ObjectDisposedException>(() => watch.Subscribe());
    }

    [Fact]
    public async Task Current_NothingChanged_IsTheSameSnapshot()
    {
        _server.On(Path, List(10, Pod("a", 1)));
        _server.On($"watch {Path}", ScriptedServer.Stream());

        using var watch = _client.Watches.Open(Kinds.Pods, null, [Phase]);
        await watch.Synced.InTime();

        Assert.Same(watch.Current, watch.Current);
        Assert.Equal(watch.Version, watch.Current.Version);
    }

    private IReadOnlyList<SeenRequest> Lists() => [.. _server.RequestsTo(Path).Where(r => !r.Query.ContainsKey("watch"))];

    private IReadOnlyList<SeenRequest> Watches(string path = Path) => [.. _server.RequestsTo(path).Where(r => r.Query.ContainsKey("watch"))];

    private static IEnumerable<string> Show(ResourceWatch watch) => watch.Current.Rows.Select(r => $"{r.Name}:{r[0].Text}");

    private static async Task UntilAsync(ResourceWatch watch, Func<ResourceSnapshot, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            var (snapshot, state) = (watch.Current, watch.State);
            if (condition(snapshot))
                return;
            await watch.WaitForChangeAsync(snapshot.Version, state, limit.Token);
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        while (!condition())
            await Task.Delay(5, limit.Token);
    }

    private static async Task<List<ResourceChange>> TakeAsync(ChangeStream stream, int count)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        var seen = new List<ResourceChange>();
        await foreach (var change in stream.ReadAllAsync(limit.Token))
        {
            seen.Add(change);
            if (seen.Count == count)
                break;
        }

        return seen;
    }

    private static string Pod(string name, int version, string phase = "Running") =>
        $$"""{"metadata":{"name":"{{name}}","namespace":"shop","uid":"uid-{{name}}","resourceVersion":"{{version}}","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"nodeName":"node-1"},"status":{"phase":"{{phase}}"} }""";

    private static string Event(string type, string resource) => $$"""{"type":"{{type}}","object":{{resource}}}""";

    private static string Bookmark(int version) => $$$"""{"type":"BOOKMARK","object":{"kind":"Pod","metadata":{"resourceVersion":"{{{version}}}"} } }""";

    private static string List(int version, params string[] items) => Page(version, "", items);

    private static string Page(int version, string token, params string[] items) =>
        $$"""{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"{{version}}","continue":"{{token}}"},"items":[{{string.Join(',', items)}}]}""";
}
