using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Tests.Capabilities;

namespace LazyOC.Plugins.Runtime.Tests.Events;

/// <summary><c>kubernetes.logs</c> with <c>follow</c>, from the simulator's server.</summary>
public sealed class FollowedLogTests
{
    private const string Call = "kubernetes.logs";
    private const string ReadLogs = """{ "kubernetes": [{ "apiGroups": [""], "resources": ["pods/log"], "verbs": ["get"], "namespaces": ["bookstore"] }] }""";
    private const string Followed = """{"namespace":"bookstore","pod":"noisy","tailLines":10000,"follow":true}""";

    private readonly ConcurrentQueue<JsonElement> _messages = [];

    [Fact]
    public async Task Follow_TellsTheLatestLinesThenThoseThatComeLater()
    {
        await using var door = await OpenAsync();
        var answer = await door.CallAsync(Call, """{"namespace":"bookstore","pod":"noisy","tailLines":2,"follow":true}""");
        await UntilAsync(() => Lines().Length == 2);
        Assert.Equal((await WholeAsync(door))[^2..], Lines());

        await door.Fixture.Cluster.AdvanceAsync(3);
        await UntilAsync(() => Lines().Length > 3);

        Assert.Equal((await WholeAsync(door))[^Lines().Length..], Lines());
        Assert.Empty(answer.GetProperty("lines").EnumerateArray());
        Assert.All(_messages, m => Assert.Equal(answer.GetProperty("watch").GetString(), m.GetProperty("watch").GetString()));
        Assert.All(_messages, m => Assert.Empty(m.GetProperty("events").EnumerateArray()));
        Assert.All(_messages, m => Assert.False(m.TryGetProperty("gap", out _) || m.TryGetProperty("lost", out _) || m.TryGetProperty("reset", out _) || m.TryGetProperty("ended", out _)));
    }

    [Fact]
    public async Task Follow_ConnectionLostAgainAndAgain_HasEveryLineOnce()
    {
        await using var door = await OpenAsync();
        await door.CallAsync(Call, Followed);
        for (var i = 0; i < 2; i++)
        {
            await door.Fixture.Cluster.AdvanceAsync(2);
            await UntilCaughtUpAsync(door);
            door.Fixture.Cluster.Disconnect();
            await UntilAsync(() => door.Fixture.LogLines.Count(line => line.Contains("is not readable now", StringComparison.Ordinal)) == i + 1);
            await door.Fixture.Cluster.AdvanceAsync(7);
            door.Fixture.Cluster.Reconnect();
            await UntilCaughtUpAsync(door);
        }

        Assert.Equal(await WholeAsync(door), Lines());
        Assert.All(_messages, m => Assert.False(m.TryGetProperty("gap", out _)));
    }

    [Fact]
    public async Task Unwatch_EndsIt()
    {
        await using var door = await OpenAsync();
        var id = (await door.CallAsync(Call, Followed)).GetProperty("watch").GetString();
        await UntilCaughtUpAsync(door);
        await door.CallAsync("kubernetes.unwatch", $$"""{"watch":"{{id}}"}""");
        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync("kubernetes.unwatch", $$"""{"watch":"{{id}}"}"""));
        var before = _messages.Count;

        // Another one is told; by then the first would have been too.
        var other = (await door.CallAsync(Call, Followed)).GetProperty("watch").GetString();
        await UntilAsync(() => _messages.Count > before);
        await door.Fixture.Cluster.AdvanceAsync(5);
        await UntilAsync(() => _messages.Count > before + 1);

        Assert.All(_messages.Skip(before), m => Assert.Equal(other, m.GetProperty("watch").GetString()));
    }

    [Fact]
    public async Task Follow_IsOneOfThePluginsWatches()
    {
        await using var door = await OpenAsync(prepare: fixture => fixture.Limits = fixture.Limits with { Watches = 2 });
        var first = (await door.CallAsync(Call, Followed)).GetProperty("watch").GetString();
        await door.CallAsync(Call, Followed);

        Assert.Equal(ErrorCode.QuotaExceeded, await door.CodeAsync(Call, Followed));
        await door.CallAsync("kubernetes.unwatch", $$"""{"watch":"{{first}}"}""");
        await door.CallAsync(Call, Followed);
    }

    [Theory]
    [InlineData(Followed, ErrorCode.PermissionDenied, Permissions.ReadPods)]
    [InlineData("""{"namespace":"kube-system","pod":"noisy","follow":true}""", ErrorCode.PermissionDenied, ReadLogs)]
    [InlineData("""{"namespace":"bookstore","pod":"absent","follow":true}""", ErrorCode.NotFound, ReadLogs)]
    [InlineData("""{"namespace":"bookstore","pod":"noisy","container":"absent","follow":true}""", ErrorCode.Invalid, ReadLogs)]
    [InlineData("""{"namespace":"bookstore","pod":"noisy","follow":true,"previous":true}""", ErrorCode.Invalid, ReadLogs)]
    public async Task Follow_OfWhatIsNotPermittedOrNotThere_IsRefused(string arguments, string code, string permissions)
    {
        await using var door = await OpenAsync(permissions);

        Assert.Equal(code, await door.CodeAsync(Call, arguments));
        Assert.Empty(_messages);
    }

    [Fact]
    public async Task Follow_PluginThatIsSlow_IsToldTheNewestAndHowManyItLost()
    {
        using var gate = new SemaphoreSlim(0);
        await using var door = await OpenAsync(prepare: fixture => fixture.Limits = fixture.Limits with { FollowedLines = 1 }, others: async turn =>
        {
            await Listen(turn);
            if (turn.Message.Type == MessageType.Watch && _messages.Count == 1) await gate.WaitAsync();
            return "{}";
        });
        await door.CallAsync(Call, """{"namespace":"bookstore","pod":"noisy","tailLines":1,"follow":true}""");
        await UntilAsync(() => !_messages.IsEmpty);
        await door.Fixture.Cluster.AdvanceAsync(20);
        var newest = (await WholeAsync(door))[^1];
        gate.Release();
        await UntilAsync(() => Lines().Contains(newest));

        var lost = _messages.Sum(m => m.TryGetProperty("lost", out var n) ? n.GetInt64() : 0);
        var whole = await WholeAsync(door);
        Assert.Equal(whole.Length - Array.IndexOf(whole, Lines()[0]), Lines().Length + lost);
    }

    [Fact]
    public async Task Follow_PodThatIsGone_EndsAndMakesRoom()
    {
        await using var door = await OpenAsync(prepare: fixture => fixture.Limits = fixture.Limits with { Watches = 1 });
        var id = (await door.CallAsync(Call, Followed)).GetProperty("watch").GetString();
        await UntilCaughtUpAsync(door);

        door.Fixture.Cluster.Store.Delete("v1", "Pod", "bookstore", "noisy");
        await door.Fixture.Cluster.AdvanceAsync(40);
        await UntilAsync(() => _messages.Any(m => m.TryGetProperty("ended", out _)));

        Assert.True(_messages.Last().GetProperty("ended").GetBoolean());
        Assert.Equal(ErrorCode.NotFound, await door.CodeAsync("kubernetes.unwatch", $$"""{"watch":"{{id}}"}"""));
    }

    [Fact]
    public async Task Follow_OfAVersionThatTakesOver_BeginsThenAndAnew()
    {
        await using var door = await OpenAsync();
        await door.CallAsync(Call, Followed);
        await UntilCaughtUpAsync(door);
        var told = new ConcurrentQueue<JsonElement>();
        var package = door.Fixture.Package(CommandDoor.Id, "2.0.0", ReadLogs, async turn =>
        {
            if (turn.Message.Type == MessageType.Activate) await turn.CallAsync(Call, Followed);
            if (turn.Message.Type == MessageType.Watch) told.Enqueue(turn.Payload);
            return "{}";
        });
        var whole = await WholeAsync(door);

        Assert.IsType<PluginChange.Swapped>(Assert.Single(await door.Fixture.Host.ApplyAsync([package])));
        await UntilAsync(() => LinesOf(told).Length >= whole.Length);

        Assert.True(told.First().GetProperty("reset").GetBoolean());
        Assert.All(told.Skip(1), m => Assert.False(m.TryGetProperty("reset", out _)));
        Assert.Equal(whole, LinesOf(told)[..whole.Length]);
        var before = _messages.Count;
        await door.Fixture.Cluster.AdvanceAsync(5);
        await UntilAsync(() => LinesOf(told).Length > whole.Length);
        Assert.Equal(before, _messages.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follow_InstanceWithNothingElseToDo_DoesNotHibernate(bool follows)
    {
        using var looks = new SemaphoreSlim(0);
        await using var door = await OpenAsync(
            prepare: fixture => fixture.Limits = fixture.Limits with { HibernateAfter = TimeSpan.FromMilliseconds(20), StateInterval = TimeSpan.FromMilliseconds(20) },
            others: async turn =>
            {
                if (turn.Message.Type == MessageType.Dehydrate) looks.Release();
                return await Listen(turn);
            });
        await door.CallAsync(follows ? Call : "host.info", follows ? Followed : "{}");

        if (follows)
        {
            await UntilAsync(() => !_messages.IsEmpty);
            Assert.True(await looks.WaitAsync(TimeSpan.FromSeconds(15)));
            Assert.Equal(PluginState.Active, door.Fixture.Status(CommandDoor.Id).State);
        }
        else
        {
            await door.Fixture.UntilAsync(() => door.Fixture.Status(CommandDoor.Id).State == PluginState.Hibernated);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Follow_InstanceOrSessionThatEnds_EndsIt(bool session)
    {
        await using var door = await OpenAsync();
        await door.CallAsync(Call, Followed);
        await UntilCaughtUpAsync(door);

        // Waits for what reads the log.
        await (session ? door.Fixture.Host.SwitchSessionAsync(door.Fixture.Session()) : door.Fixture.Host.ApplyAsync([])).WaitAsync(TimeSpan.FromSeconds(15));

        var before = _messages.Count;
        await door.Fixture.Cluster.AdvanceAsync(5);
        if (session)
        {
            var id = (await door.CallAsync(Call, Followed)).GetProperty("watch").GetString();
            await UntilAsync(() => _messages.Count > before);
            Assert.Equal("w1", id);
            Assert.Equal(await WholeAsync(door), LinesOf(_messages.Skip(before)));
        }
        Assert.Empty(door.Fixture.Bugs);
    }

    [Fact]
    public async Task Follow_JavaScriptPlugin_IsTold()
    {
        await using var fixture = await HostFixture.CreateAsync("empty", new SimulatedClock());
        await AddPodAsync(fixture);
        fixture.WithCode(CommandDoor.Id, ReadLogs, Encoding.UTF8.GetBytes("""
            lazyoc.on("command", async () => { await lazyoc.call("kubernetes.logs", { namespace: "bookstore", pod: "noisy", tailLines: 3, follow: true }); return {}; });
            lazyoc.on("watch", ({ watch, lines }) => { for (const line of lines) console.log(`${watch} ${line}`); });
            """));
        await fixture.StartAsync();

        await fixture.Extensions.RunCommandAsync($"{CommandDoor.Id}.command");

        await UntilAsync(() => fixture.LogLines.Count(line => line.Contains(" w1 line ", StringComparison.Ordinal)) >= 3);
    }

    private async Task<CommandDoor> OpenAsync(string permissions = ReadLogs, Action<HostFixture>? prepare = null, Script? others = null)
    {
        var door = await CommandDoor.OpenAsync(permissions, "empty", prepare: prepare, others: others ?? Listen, clock: new SimulatedClock());
        await AddPodAsync(door.Fixture);
        return door;
    }

    private static async Task AddPodAsync(HostFixture fixture)
    {
        fixture.Cluster.Store.Apply("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"bookstore"}}""");
        fixture.Cluster.Store.Apply("""
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"noisy","namespace":"bookstore","annotations":{"simulator.lazyoc.dev/log":"line {n} of {user} for {path}"}},"spec":{"containers":[{"name":"a","image":"b"}]}}
            """);
        await fixture.Cluster.AdvanceAsync(20);
    }

    private async Task UntilCaughtUpAsync(CommandDoor door)
    {
        var whole = await WholeAsync(door);
        await UntilAsync(() => Lines().Contains(whole[^1]));
    }

    private static async Task<string[]> WholeAsync(CommandDoor door)
    {
        var lines = new List<string>();
        await foreach (var line in door.Fixture.Session().Client.Resources.LogsAsync("bookstore", "noisy")) lines.Add(line);
        return [.. lines];
    }

    private string[] Lines() => LinesOf(_messages);

    private static string[] LinesOf(IEnumerable<JsonElement> messages) => [.. messages.SelectMany(m => m.GetProperty("lines").EnumerateArray()).Select(line => line.GetString()!)];

    private Task<string> Listen(Turn turn)
    {
        if (turn.Message.Type == MessageType.Watch) _messages.Enqueue(turn.Payload);
        return Task.FromResult("{}");
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition()) await Task.Delay(10, patience.Token);
    }
}
