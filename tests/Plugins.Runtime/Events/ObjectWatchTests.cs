using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Tests.Capabilities;

namespace LazyOC.Plugins.Runtime.Tests.Events;

public sealed class ObjectWatchTests
{
    private const string Call = "kubernetes.watch";
    private const string WatchPods = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"], "namespaces": ["bookstore"] }] }""";
    private const string WatchOnly = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["list", "watch"], "namespaces": ["bookstore"] }] }""";
    private const string Pods = """{"resource":"pods","namespace":"bookstore","fields":[".status.phase",".spec.containers[*].name",".metadata.labels.absent"]}""";

    private readonly ConcurrentQueue<JsonElement> _messages = [];

    private IEnumerable<JsonElement> Events => _messages.SelectMany(m => m.GetProperty("events").EnumerateArray());

    [Fact]
    public async Task Watch_TellsThoseThatAreThereThenChangesInOrder()
    {
        await using var door = await CommandDoor.OpenAsync(WatchPods, others: Listen);
        var id = (await door.CallAsync(Call, Pods)).GetProperty("watch").GetString();
        await UntilAsync(() => _messages.Any(m => m.TryGetProperty("synced", out _)));
        var there = door.Fixture.Cluster.Store.List("v1", "Pod", "bookstore");

        Assert.All(_messages, m => Assert.Equal(id, m.GetProperty("watch").GetString()));
        Assert.Equal(there.Select(p => (string)p["metadata"]!["name"]!).Order(), Events.Select(NameOf).Order());
        Assert.All(Events, e =>
        {
            var fields = e.GetProperty("fields");
            var pod = there.Single(p => (string)p["metadata"]!["name"]! == NameOf(e));
            Assert.Equal((string?)pod["status"]!["phase"], fields.GetProperty(".status.phase").GetString());
            Assert.Equal((string?)pod["spec"]!["containers"]![0]!["name"], fields.GetProperty(".spec.containers[*].name")[0].GetString());
            Assert.Equal(JsonValueKind.Null, fields.GetProperty(".metadata.labels.absent").ValueKind);
        });

        door.Fixture.Cluster.Store.Apply(Pod("late"));
        await UntilAsync(() => Events.Any(e => NameOf(e) == "late"));
        door.Fixture.Cluster.Store.Delete("v1", "Pod", "bookstore", "late");
        await UntilAsync(() => Events.Any(e => NameOf(e) == "late" && TypeOf(e) == "deleted"));
        var late = Events.Where(e => NameOf(e) == "late").ToArray();
        Assert.Equal(("added", "deleted"), (TypeOf(late[0]), TypeOf(late[^1])));
        Assert.False(late[^1].TryGetProperty("fields", out _));
    }

    [Fact]
    public async Task Watch_WithoutGet_TellsIdentityOnly()
    {
        await using var door = await CommandDoor.OpenAsync(WatchOnly, others: Listen);
        await door.CallAsync(Call, Pods);
        await UntilAsync(() => _messages.Any(m => m.TryGetProperty("synced", out _)));

        Assert.NotEmpty(Events);
        Assert.All(Events, e => Assert.Equal(["type", "object"], e.EnumerateObject().Select(p => p.Name)));
        Assert.All(Events, e => Assert.Equal(["group", "kind", "namespace", "name", "uid"], e.GetProperty("object").EnumerateObject().Select(p => p.Name)));
    }

    [Fact]
    public async Task Watch_Selectors_NarrowIt()
    {
        await using var door = await CommandDoor.OpenAsync(WatchPods, others: Listen);
        await door.CallAsync(Call, """{"resource":"pods","namespace":"bookstore","labelSelector":"app=catalog","fields":[".status.phase"]}""");
        await UntilAsync(() => _messages.Any(m => m.TryGetProperty("synced", out _)));

        Assert.NotEmpty(Events);
        Assert.All(Events, e => Assert.StartsWith("catalog-", NameOf(e), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Pods, ErrorCode.PermissionDenied, Permissions.ReadPods)]
    [InlineData(Pods, ErrorCode.PermissionDenied, """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods"], "verbs": ["get", "watch"] }] }""")]
    [InlineData("""{"resource":"pods","fields":[".a"]}""", ErrorCode.PermissionDenied, WatchPods)]
    [InlineData("""{"resource":"pods","namespace":"kube-system","fields":[".a"]}""", ErrorCode.PermissionDenied, WatchPods)]
    [InlineData("""{"resource":"secrets","namespace":"bookstore","fields":[".data"]}""", ErrorCode.PermissionDenied, """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] }""")]
    [InlineData("""{"resource":"pods","namespace":"bookstore","fields":[]}""", ErrorCode.Invalid, WatchPods)]
    [InlineData("""{"resource":"pods","namespace":"bookstore","fields":["[["]}""", ErrorCode.Invalid, WatchPods)]
    [InlineData("""{"resource":"pods","namespace":"bookstore","labelSelector":"a b","fields":[".a"]}""", ErrorCode.Invalid, WatchPods)]
    [InlineData("""{"resource":"unicorns","namespace":"bookstore","fields":[".a"]}""", ErrorCode.NotFound, """{ "kubernetes": [{ "apiGroups": ["*"], "resources": ["*"], "verbs": ["*"] }] }""")]
    public async Task Watch_OfWhatIsNotPermittedOrNotThere_IsRefused(string arguments, string code, string permissions)
    {
        await using var door = await CommandDoor.OpenAsync(permissions, others: Listen);

        Assert.Equal(code, await door.CodeAsync(Call, arguments));

        Assert.Empty(_messages);
    }

    [Fact]
    public async Task Watch_UserWhoMayNot_IsRefusedByTheCluster()
    {
        await using var door = await CommandDoor.OpenAsync(WatchPods.Replace("bookstore", "*", StringComparison.Ordinal), prepare: fixture => fixture.ActAsDeveloper());

        Assert.Equal(ErrorCode.PermissionDenied, await door.CodeAsync(Call, Pods.Replace("bookstore", "kube-system", StringComparison.Ordinal)));
        Assert.Null((await door.TryAsync(Call, Pods)).Error);
    }

    [Fact]
    public async Task Watch_MoreThanAPluginMayHave_IsRefusedUntilOneEnds()
    {
        await using var door = await CommandDoor.OpenAsync(WatchPods, prepare: fixture => fixture.Limits = fixture.Limits with { Watches = 2 });
        var first = (await door.CallAsync(Call, Pods)).GetProperty("watch").GetString();
        await door.CallAsync(Call, Pods);

        Assert.Equal(ErrorCode.QuotaExceeded, await door.CodeAsync(Call, Pods));
        await door.CallAsync("kubernetes.unwatch", $$"""{"watch":"{{first}}"}""");
        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync("kubernetes.unwatch", $$"""{"watch":"{{first}}"}"""));
        await door.CallAsync(Call, Pods);
    }

    [Fact]
    public async Task Watch_PluginThatIsSlow_IsToldTheLatestOfEachAndHowManyItLost()
    {
        var gate = new TaskCompletionSource();
        await using var door = await CommandDoor.OpenAsync(
            WatchPods,
            prepare: fixture => fixture.Limits = fixture.Limits with { WatchEvents = 4 },
            others: async turn =>
            {
                await Listen(turn);
                if (turn.Message.Type == MessageType.Watch && turn.Payload.TryGetProperty("synced", out _)) await gate.Task;
                return "{}";
            });
        await door.CallAsync(Call, """{"resource":"pods","namespace":"bookstore","labelSelector":"test=yes","fields":[".metadata.labels.n"]}""");
        await UntilAsync(() => _messages.Any(m => m.TryGetProperty("synced", out _)));

        for (var i = 0; i < 3; i++) door.Fixture.Cluster.Store.Apply(Pod("same", $$""","labels":{"test":"yes","n":"{{i}}"}"""));
        for (var i = 0; i < 10; i++) door.Fixture.Cluster.Store.Apply(Pod($"pod-{i}", $$""","labels":{"test":"yes","n":"{{i}}"}"""));
        using var watch = door.Fixture.Session().Client.Watches.Open((await door.Fixture.Session().Client.Discovery.GetAsync()).FindPlural("", "pods")!, "bookstore", [], new("test=yes"));
        await watch.Synced.WaitAsync(TimeSpan.FromSeconds(15));
        await UntilAsync(() => watch.Current.Rows.Length == 11);
        gate.SetResult();
        await UntilAsync(() => Events.Any(e => NameOf(e) == "pod-9"));

        var lost = _messages.Sum(m => m.TryGetProperty("lost", out var n) ? n.GetInt64() : 0);
        Assert.Equal(11, Events.Count() + lost);
        Assert.InRange(lost, 1, 7);
        Assert.All(Events, e => Assert.Equal("added", TypeOf(e)));
    }

    [Fact]
    public async Task Watch_OfAVersionThatTakesOver_BeginsThenAndAnew()
    {
        await using var door = await CommandDoor.OpenAsync(WatchPods, others: Listen);
        await door.CallAsync(Call, Pods);
        await UntilAsync(() => _messages.Any(m => m.TryGetProperty("synced", out _)));
        var messages = new ConcurrentQueue<(string Type, JsonElement Payload)>();
        var package = door.Fixture.Package(CommandDoor.Id, "2.0.0", WatchPods, async turn =>
        {
            messages.Enqueue((turn.Message.Type, turn.Payload));
            if (turn.Message.Type == MessageType.Activate) await turn.CallAsync(Call, Pods);
            return "{}";
        });

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await door.Fixture.Host.ApplyAsync([package])));
        await UntilAsync(() => messages.Any(m => m.Type == MessageType.Watch && m.Payload.TryGetProperty("synced", out _)));

        var told = messages.Where(m => m.Type == MessageType.Watch).ToArray();
        Assert.True(told[0].Payload.GetProperty("reset").GetBoolean());
        Assert.All(told[1..], m => Assert.False(m.Payload.TryGetProperty("reset", out _)));
        Assert.Equal(door.Fixture.Cluster.Store.List("v1", "Pod", "bookstore").Count, told.Sum(m => m.Payload.GetProperty("events").GetArrayLength()));
        var before = _messages.Count;
        door.Fixture.Cluster.Store.Apply(Pod("late"));
        await UntilAsync(() => messages.Any(m => m.Type == MessageType.Watch && m.Payload.GetProperty("events").EnumerateArray().Any(e => NameOf(e) == "late")));
        Assert.Equal(before, _messages.Count);
    }

    [Fact]
    public async Task Watch_InstanceThatEnds_EndsItsWatches()
    {
        await using var door = await CommandDoor.OpenAsync(WatchPods, others: Listen);
        await door.CallAsync(Call, Pods);
        var client = door.Fixture.Session().Client;
        await UntilAsync(() => _messages.Any(m => m.TryGetProperty("synced", out _)));
        Assert.Equal(1, client.Watches.Count);

        await door.Fixture.Host.ApplyAsync([]);

        Assert.Equal(0, client.Watches.Count);
    }

    private Task<string> Listen(Turn turn)
    {
        if (turn.Message.Type == MessageType.Watch) _messages.Enqueue(turn.Payload);
        return Task.FromResult("{}");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (!condition()) await Task.Delay(10, patience.Token);
    }

    private static string Pod(string name, string more = "") =>
        $$$"""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"{{{name}}}","namespace":"bookstore"{{{more}}} },"spec":{"containers":[{"name":"a","image":"b"}]}}""";

    private static string? NameOf(JsonElement happened) => happened.GetProperty("object").GetProperty("name").GetString();

    private static string? TypeOf(JsonElement happened) => happened.GetProperty("type").GetString();
}
