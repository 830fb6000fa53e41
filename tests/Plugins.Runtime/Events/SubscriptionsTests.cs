using System.Collections.Concurrent;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Events;

public sealed class SubscriptionsTests
{
    private const string Id = "acme.listener";

    private readonly ConcurrentQueue<JsonElement> _events = [];

    [Fact]
    public async Task Subscribe_ToPods_TellsThoseThatAreThereThenChanges()
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.HearOfAndReadPods, Listen, "onStartup").StartAsync();
        await fixture.Extensions.WhenSettledAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var there = fixture.Cluster.Store.List("v1", "Pod");

        Assert.Equal(there.Count, _events.Count(e => e.GetProperty("data").GetProperty("change").GetString() == "added"));
        Assert.Equal(
            there.Select(p => (string?)p["status"]?["phase"]).Order(),
            _events.Select(e => e.GetProperty("data").GetProperty("object").GetProperty("phase").GetString()).Order());
        Assert.Equal(Enumerable.Range(1, there.Count), _events.Select(e => e.GetProperty("sequence").GetInt32()));

        fixture.Cluster.Store.Apply("""{"apiVersion":"v1","kind":"Pod","metadata":{"name":"late","namespace":"bookstore"},"spec":{"containers":[{"name":"a","image":"b"}]}}""");
        await fixture.UntilAsync(() => fixture.Extensions.StatusItems.Any(i => i.State is StatusItemState.Set { Text: "late" }));
        fixture.Cluster.Store.Delete("v1", "Pod", "bookstore", "late");
        await fixture.UntilAsync(() => _events.Any(e => e.GetProperty("data").GetProperty("change").GetString() == "deleted"));
    }

    [Fact]
    public async Task Subscribe_WithoutGetPermission_TellsIdentityOnly()
    {
        await using var fixture = await (await HostFixture.CreateAsync()).With(Id, Permissions.HearOfPods, Listen, "onStartup").StartAsync();
        await fixture.Extensions.WhenSettledAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.NotEmpty(_events);
        Assert.All(_events, e => Assert.Equal(
            ["group", "kind", "namespace", "name", "uid"],
            e.GetProperty("data").GetProperty("object").EnumerateObject().Select(p => p.Name)));
    }

    [Theory]
    [InlineData("""{"topics":["resource.pods"]}""", ErrorCode.PermissionDenied, Permissions.None)]
    [InlineData("""{"topics":["resource.secrets"]}""", ErrorCode.PermissionDenied, Permissions.HearOfPods)]
    [InlineData("""{"topics":["resource.unicorns"]}""", ErrorCode.NotFound, """{ "events": { "subscribe": ["resource.*"] } }""")]
    [InlineData("""{"topics":["weather.today"]}""", ErrorCode.NotFound, """{ "events": { "subscribe": ["weather.*"] } }""")]
    public async Task Subscribe_ToWhatIsNotPermittedOrNotThere_IsRefused(string arguments, string code, string permissions)
    {
        Answer answer = default;
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, permissions, async turn =>
        {
            if (turn.Message.Type == MessageType.Command) answer = await turn.TryCallAsync("events.subscribe", arguments, null);
            return "{}";
        }).StartAsync();

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        Assert.Equal(code, answer.Error?.Code);
    }

    [Fact]
    public async Task Subscribe_ToPluginStates_TellsTransitionsOfOthers()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty"))
            .With(Id, """{ "events": { "subscribe": ["plugin.*"] } }""", turn => Listen(turn, "plugin.*"), "onStartup")
            .With("acme.other", Permissions.None, _ => Task.FromResult("{}"))
            .StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);

        await fixture.Extensions.RunCommandAsync("acme.other.command", null);

        await fixture.UntilAsync(() => _events.Any(e => e.GetProperty("topic").GetString() == "plugin.active" && e.GetProperty("data").GetProperty("plugin").GetString() == "acme.other"));
    }

    [Fact]
    public async Task Event_ThatFaults_ShowsInTheStatusItemAndTheOtherPluginGoesOn()
    {
        await using var fixture = await (await HostFixture.CreateAsync())
            .With("acme.broken", Permissions.HearOfPods, async turn =>
            {
                if (turn.Message.Type == MessageType.Activate) await turn.CallAsync("events.subscribe", """{"topics":["resource.pods"]}""");
                return turn.Message.Type == MessageType.Event ? throw new GuestException("it broke") : "{}";
            }, "onStartup")
            .With(Id, Permissions.HearOfAndReadPods, Listen, "onStartup")
            .StartAsync();

        await fixture.UntilAsync(() => fixture.Extensions.StatusItems.Any(i => i.State is StatusItemState.Faulted { Failure.Message: "it broke" }));
        await fixture.UntilAsync(() => fixture.Extensions.StatusItems.Any(i => i.Item.Plugin.ToString() == Id && i.State is StatusItemState.Set));
    }

    private Task<string> Listen(Turn turn) => Listen(turn, "resource.pods");

    private async Task<string> Listen(Turn turn, string topic)
    {
        if (turn.Message.Type == MessageType.Activate) await turn.CallAsync("events.subscribe", $$"""{"topics":["{{topic}}"]}""");
        if (turn.Message.Type == MessageType.Event)
        {
            _events.Enqueue(turn.Payload);
            var subject = turn.Payload.GetProperty("data").TryGetProperty("object", out var obj) ? obj.GetProperty("name").GetString() : "plugin";
            await turn.CallAsync("ui.status", $$"""{"item":"{{Id}}.status","text":"{{subject}}"}""");
        }
        return "{}";
    }
}
