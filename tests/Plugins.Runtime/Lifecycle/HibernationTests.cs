using System.Collections.Concurrent;
using System.Text;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Tests.Lifecycle;

public sealed class HibernationTests
{
    private const string Id = "acme.test";
    private const string View = """{"type":"empty","message":"here"}""";

    private static readonly RuntimeLimits Sleepy = RuntimeLimits.OneFrame with { HibernateAfter = TimeSpan.FromMilliseconds(20) };
    private static readonly RuntimeLimits Sleepless = RuntimeLimits.OneFrame with { HibernateAfter = Timeout.InfiniteTimeSpan, StateInterval = TimeSpan.FromMilliseconds(20) };

    private readonly ConcurrentQueue<string> _messages = [];
    private int _commands;

    [Fact]
    public async Task Idle_Plugin_HibernatesAndWakesWithItsState()
    {
        await using var fixture = await StartAsync(Sleepy, Count);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Hibernated);
        Assert.Contains("nothing needed it", fixture.Status(Id).Reason, StringComparison.Ordinal);
        Assert.Equal(0, fixture.Status(Id).Account.MemoryBytes);

        Assert.IsType<InvocationResult.Done>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        await fixture.UntilAsync(() => _messages.Contains("hydrate 1"));
        Assert.Equal(2, _commands);
        Assert.Equal(
            ["plugin.activating", "plugin.active", "plugin.hibernated", "plugin.activating", "plugin.active"],
            (await fixture.AuditedAsync(Id)).Select(line => line.Call).Take(5));
    }

    [Fact]
    public async Task Idle_PluginWithAnOpenView_DoesNotHibernate()
    {
        var kept = new TaskCompletionSource();
        await using var fixture = await StartAsync(Sleepy with { StateInterval = Sleepy.HibernateAfter }, turn =>
        {
            if (turn.Message.Type == MessageType.Dehydrate) kept.TrySetResult();
            return Count(turn);
        });
        using (var view = fixture.Extensions.OpenTab($"{Id}.tab", HostFixture.Pod(), 80, 20))
        {
            await fixture.UntilAsync(() => view.State is ViewState.Ready);
            // Its state is kept by the same look that would have put it to rest.
            await kept.Task.WaitAsync(TimeSpan.FromSeconds(15));
            Assert.Equal(PluginState.Active, fixture.Status(Id).State);
        }
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Hibernated);
    }

    [Fact]
    public async Task Idle_PluginWithASubscription_DoesNotHibernate()
    {
        using var looks = new SemaphoreSlim(0);
        await using var fixture = await StartAsync(
            Sleepy,
            async turn =>
            {
                if (turn.Message.Type == MessageType.Command) await turn.CallAsync("events.subscribe", """{"topics":["plugin.tick"]}""");
                if (turn.Message.Type == MessageType.Dehydrate) looks.Release();
                return await Count(turn);
            },
            """{ "events": { "subscribe": ["plugin.*"] } }""");
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.True(await looks.WaitAsync(TimeSpan.FromSeconds(15)));

        Assert.Equal(PluginState.Active, fixture.Status(Id).State);
        Assert.Equal([Id], fixture.Starts);
    }

    [Fact]
    public async Task Fault_AfterStateWasKept_RestartsWithIt()
    {
        var state = new TaskCompletionSource();
        await using var fixture = await StartAsync(Sleepless, turn =>
        {
            if (turn.Message.Type == MessageType.Dehydrate && _commands == 1) state.TrySetResult();
            if (turn.Message.Type == MessageType.Command && _commands == 1)
            {
                _commands++;
                throw new GuestException("unreachable", GuestFaultKind.Trapped, instanceLost: true);
            }
            return Count(turn);
        });
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        await state.Task.WaitAsync(TimeSpan.FromSeconds(15));

        // Waits at the gate until the answer is kept.
        Assert.IsType<InvocationResult.Faulted>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));
        await fixture.UntilAsync(() => fixture.Starts.Count == 2 && fixture.Status(Id).State == PluginState.Active);

        Assert.Contains("hydrate 1", _messages);
        // What it failed on is not sent again.
        Assert.Equal(2, _commands);
    }

    [Fact]
    public async Task Wake_HydrateThatFails_StartsFresh()
    {
        await using var fixture = await StartAsync(Sleepy, turn =>
            turn.Message.Type == MessageType.Hydrate ? throw new GuestException("not mine") : Count(turn));
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Hibernated);

        Assert.IsType<InvocationResult.Faulted>(await fixture.Extensions.RunCommandAsync($"{Id}.command", null));

        await fixture.UntilAsync(() => fixture.Starts.Count == 3);
        Assert.Equal(1, fixture.Status(Id).Account.Restarts);
    }

    [Fact]
    public async Task SwitchSession_WhileHibernated_ForgetsTheState()
    {
        await using var fixture = await StartAsync(Sleepy, Count);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Hibernated);

        await fixture.Host.SwitchSessionAsync(fixture.Session());
        Assert.Equal(PluginState.Enabled, fixture.Status(Id).State);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);

        Assert.DoesNotContain(_messages, message => message.StartsWith("hydrate", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wake_OfAJavaScriptGuest_StartsFromItsImageWithItsState()
    {
        await using var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = Sleepy;
        await fixture.StartAsync();
        var code = $$"""
            let count = 0;
            lazyoc.on('command', async () => { await lazyoc.call('ui.status', { item: '{{Id}}.status', text: `${++count}` }); return {}; });
            lazyoc.on('dehydrate', () => ({ state: count }));
            lazyoc.on('hydrate', ({ state }) => { count = state; return {}; });
            """;
        var plugin = fixture.Package(Id, "1.0.0", Permissions.None, _ => Task.FromResult("{}")) with { Main = Encoding.UTF8.GetBytes(code) };
        await fixture.Host.ApplyAsync([plugin]);
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        Assert.Equal((1, 0), (fixture.Host.Images.Count, fixture.Host.Images.Restored));
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Hibernated);

        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        Assert.Equal("2", Text());
        Assert.Equal(1, fixture.Host.Images.Restored);

        // The image holds nothing of what a session told.
        await fixture.Host.SwitchSessionAsync(fixture.Session());
        await fixture.Extensions.RunCommandAsync($"{Id}.command", null);
        Assert.Equal("1", Text());
        Assert.Equal((1, 2), (fixture.Host.Images.Count, fixture.Host.Images.Restored));

        string Text() => Assert.IsType<StatusItemState.Set>(fixture.Extensions.StatusItems[0].State).Text;
    }

    private Task<string> Count(Turn turn)
    {
        switch (turn.Message.Type)
        {
            case MessageType.Command:
                _commands++;
                return Task.FromResult("{}");
            case MessageType.Dehydrate:
                return Task.FromResult($$"""{"state":{{_commands}}}""");
            case MessageType.Hydrate:
                _messages.Enqueue($"hydrate {turn.Payload.GetProperty("state").GetInt32()}");
                return Task.FromResult("{}");
            default:
                _messages.Enqueue(turn.Message.Type);
                return Task.FromResult(View);
        }
    }

    private static async Task<HostFixture> StartAsync(RuntimeLimits limits, Script script, string permissions = Permissions.None)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        fixture.Limits = limits;
        return await fixture.With(Id, permissions, script).StartAsync();
    }
}
