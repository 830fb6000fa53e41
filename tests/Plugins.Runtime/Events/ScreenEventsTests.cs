using LazyOC.Cluster;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Tests.Events;

/// <summary>What plugins hear of the screen, which tells where the user is.</summary>
public sealed class ScreenEventsTests
{
    private const string Id = "acme.listener";
    private const string MayHear = """{ "events": { "subscribe": ["ui.*"] } }""";

    private static readonly UserPlace Pods = new(
        new UiScreen { Screen = "list", Group = "", Kind = "Pod" },
        new UiNamespace { Namespace = "bookstore" },
        new UiSelection { Object = HostFixture.Pod("cart") },
        new UiTheme { Name = "dark", IsLight = false });

    private readonly Listener _listener = new("ui.*");

    [Fact]
    public async Task TellPlace_TellsWhatIsDifferentAndNothingElse()
    {
        await using var fixture = await StartAsync();
        var session = fixture.Session();

        fixture.Extensions.TellPlace(session, Pods);
        await _listener.HearsAsync(4);
        fixture.Extensions.TellPlace(session with { Namespace = "shop" }, Pods);
        fixture.Extensions.TellPlace(session, Pods with { Selection = new UiSelection { Object = HostFixture.Pod("web") } });
        await _listener.HearsAsync(5);
        fixture.Extensions.TellPlace(session, Pods with { Selection = new UiSelection(), Namespace = new UiNamespace() });
        await _listener.HearsAsync(7);

        Assert.Equal(
            [
                """ui.theme {"name":"dark","isLight":false}""",
                """ui.namespace {"namespace":"bookstore"}""",
                """ui.screen {"screen":"list","group":"","kind":"Pod"}""",
                """ui.selection {"object":{"group":"","kind":"Pod","namespace":"bookstore","name":"cart"}}""",
                """ui.selection {"object":{"group":"","kind":"Pod","namespace":"bookstore","name":"web"}}""",
                "ui.namespace {}",
                "ui.selection {}",
            ],
            _listener.Heard);
    }

    [Fact]
    public async Task TellPlace_AFastWalk_IsCoalescedAndEndsWhereTheUserIs()
    {
        var busy = new TaskCompletionSource();
        var listener = new Listener("ui.selection") { OnEvent = _ => busy.Task };
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, MayHear, listener.ListenAsync, "onStartup").StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
        var session = fixture.Session();

        fixture.Extensions.TellPlace(session, Pods);
        await listener.HearsAsync(1);
        for (var i = 0; i < 1_000; i++) fixture.Extensions.TellPlace(session, Pods with { Selection = new UiSelection { Object = HostFixture.Pod($"pod-{i}") } });
        busy.SetResult();

        await listener.HearsAsync(2);
        Assert.Contains("pod-999", listener.Heard[1], StringComparison.Ordinal);
        Assert.Equal([1L, 1_001L], listener.Events.Select(told => told.Sequence));
    }

    [Fact]
    public async Task Subscribe_Later_IsToldWhereTheUserIs()
    {
        await using var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, MayHear, _listener.ListenAsync).StartAsync();
        fixture.Extensions.TellPlace(fixture.Session(), Pods);

        await fixture.Extensions.RunCommandAsync($"{Id}.command");

        await _listener.HearsAsync(4);
    }

    [Fact]
    public async Task TellPlace_OfAClusterThatPluginsHaveLeft_IsToldToNobody()
    {
        await using var fixture = await StartAsync();
        var before = fixture.Session();
        fixture.Extensions.TellPlace(before, Pods);
        await _listener.HearsAsync(4);
        await using var elsewhere = new ClusterClient(before.Client.Options);

        await fixture.Host.SwitchSessionAsync(before with { Client = elsewhere, Context = "other" });
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
        // The screen is still drawn from the session before.
        fixture.Extensions.TellPlace(before, Pods with { Selection = new UiSelection { Object = HostFixture.Pod("left-behind") } });
        fixture.Extensions.TellPlace(before with { Client = elsewhere }, Pods with { Selection = new UiSelection { Object = HostFixture.Pod("here") } });

        await _listener.HearsAsync(heard => heard.Any(told => told.Contains("\"here\"", StringComparison.Ordinal)));
        Assert.DoesNotContain(_listener.Heard, told => told.Contains("left-behind", StringComparison.Ordinal));
        Assert.Equal(1, _listener.Heard.Count(told => told.Contains("\"cart\"", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("demo", false)]
    [InlineData("other", true)]
    public async Task Subscribe_InAClusterOfNoGrant_IsRefusedBesideItsControl(string context, bool refused)
    {
        var fixture = await HostFixture.CreateAsync("empty");
        var package = fixture.Package(Id, "1.0.0", MayHear, _listener.ListenAsync, "onStartup");
        await using var started = await fixture.With(package with { Entry = package.Entry with { Contexts = [context] } }).StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);

        Assert.Equal(refused ? ErrorCode.PermissionDenied : null, _listener.Refused?.Code);
    }

    private async Task<HostFixture> StartAsync()
    {
        var fixture = await (await HostFixture.CreateAsync("empty")).With(Id, MayHear, _listener.ListenAsync, "onStartup").StartAsync();
        await fixture.UntilAsync(() => fixture.Status(Id).State == PluginState.Active);
        return fixture;
    }
}
