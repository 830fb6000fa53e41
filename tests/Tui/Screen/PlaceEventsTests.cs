using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>The whole screen, driven by keys, tells plugins where the user is.</summary>
public sealed class PlaceEventsTests : IAsyncLifetime
{
    private const string Manifest = """ "activation": ["onStartup"], "permissions": { "events": { "subscribe": ["ui.*"] } } """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MemoryTerminal _terminal = TerminalOf(new FrameSize(150, 44));
    private readonly ConcurrentQueue<(string Topic, JsonElement Data)> _heard = [];
    private readonly ConcurrentBag<string> _bugs = [];
    private SimulatedCluster _cluster = null!;
    private ClusterClient _client = null!;
    private PluginFixture _plugins = null!;
    private Task<string> _running = null!;

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock() });
        _client = ClientOf(_cluster);
        var session = new ClusterSession { Client = _client, Context = "simulated", User = "kubeadmin", Namespace = "bookstore" };
        _plugins = await PluginFixture.StartAsync(session, Manifest, HearAsync);
        var screen = new ScreenSession { Cluster = session, Extensions = _plugins.Host.Extensions, AllNamespaces = true };
        _running = LiveScreen.RunAsync(
            new LiveScreenOptions { Session = screen, Request = new ViewRequest("pods"), SwitchContext = (_, _) => Task.FromResult(screen), Bug = (what, error) => _bugs.Add($"{what}: {error}") },
            _terminal);
        await _terminal.WaitForAsync(text => text.Contains("1 of ", StringComparison.Ordinal), Patience);
    }

    public async Task DisposeAsync()
    {
        _terminal.Send(new TerminalEvent.Closing("the test is over"));
        await _running.WaitAsync(Patience);
        await _plugins.DisposeAsync();
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
        await _terminal.DisposeAsync();
        Assert.Empty(_bugs);
    }

    [Fact]
    public async Task Selection_Moved_IsToldAsAnIdentityAndNothingMore()
    {
        var first = await HearsAsync("ui.selection", data => data.TryGetProperty("object", out _));
        _terminal.Press("j");
        var second = await HearsAsync("ui.selection", data => data.TryGetProperty("object", out var obj) && obj.GetProperty("uid").GetString() != first.GetProperty("object").GetProperty("uid").GetString());

        Assert.Equal(["group", "kind", "name", "namespace", "uid"], second.GetProperty("object").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
        Assert.Equal("object", Assert.Single(second.EnumerateObject()).Name);
        Assert.Equal("Pod", second.GetProperty("object").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task Screen_AnotherKindAndItsDetails_AreTold()
    {
        await HearsAsync("ui.screen", data => Is(data, "list", "Pod"));
        _terminal.Press("1", "j", "enter");
        await HearsAsync("ui.screen", data => Is(data, "list", "Deployment"));
        await _terminal.WaitForAsync(text => text.Contains("1 of ", StringComparison.Ordinal), Patience);
        _terminal.Press("enter");
        await HearsAsync("ui.screen", data => Is(data, "details", "Deployment"));
    }

    [Fact]
    public async Task NamespaceAndTheme_Chosen_AreTold()
    {
        await HearsAsync("ui.namespace", data => !data.EnumerateObject().Any());
        await HearsAsync("ui.theme", data => data.GetProperty("name").GetString() == "dark");
        _terminal.Press("n");
        // What is typed before the projects are there chooses none. The list behind says the same once.
        await _terminal.WaitForAsync(text => text.Contains("─ Projects ─", StringComparison.Ordinal) && text.Split("all namespaces").Length > 2, Patience);
        _terminal.Type("bookstore");
        _terminal.Press("enter");
        await HearsAsync("ui.namespace", data => data.TryGetProperty("namespace", out var name) && name.GetString() == "bookstore");
        _terminal.Press("C");
        await _terminal.WaitForAsync(text => text.Contains("Themes", StringComparison.Ordinal), Patience);
        _terminal.Type("light");
        _terminal.Press("enter");
        await HearsAsync("ui.theme", data => data.GetProperty("isLight").GetBoolean());
    }

    private static bool Is(JsonElement data, string screen, string kind) => data.GetProperty("screen").GetString() == screen && data.GetProperty("kind").GetString() == kind;

    private async Task<string> HearAsync(Envelope message, GuestOptions options, CancellationToken cancellationToken)
    {
        if (message.Type == MessageType.Activate)
            Assert.Null((await options.Call(new HostCall("events.subscribe", Encoding.UTF8.GetBytes("""{"topics":["ui.*"]}"""), null), cancellationToken)).Error);
        if (message.Type == MessageType.Event)
        {
            var told = JsonDocument.Parse(message.Payload).RootElement;
            _heard.Enqueue((told.GetProperty("topic").GetString()!, told.GetProperty("data").Clone()));
        }
        return "{}";
    }

    private async Task<JsonElement> HearsAsync(string topic, Func<JsonElement, bool> wanted)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            foreach (var told in _heard)
            {
                if (told.Topic == topic && wanted(told.Data))
                    return told.Data;
            }
            Assert.False(patience.IsCancellationRequested, $"{topic}: {string.Join("\n", _heard)}");
            await Task.Delay(10);
        }
    }

    private static MemoryTerminal TerminalOf(FrameSize size) => new(size);

    private static ClusterClient ClientOf(SimulatedCluster cluster) => new(new ClusterOptions { Server = cluster.Server, Context = "simulated", ClusterName = "simulated", UserName = "kubeadmin", CertificateAuthorityPem = cluster.CertificateAuthorityPem, Token = cluster.Token });
}
