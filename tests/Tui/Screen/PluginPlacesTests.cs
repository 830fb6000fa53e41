using System.Text;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Simulator;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime;
using LazyOC.Tui.Operations;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Screen;

/// <summary>Related objects, plugins' views of a kind, templates and keys on the whole screen, driven by keys.</summary>
public sealed class PluginPlacesTests : IAsyncLifetime
{
    private const string Manifest = """
        "contributes": {
          "relations": [
            { "id": "acme.hooked.pods", "from": "apps/Deployment", "to": "Pod", "title": "Its pods", "selector": "{.spec.selector.matchLabels}" },
            { "id": "acme.hooked.maker", "from": "Pod", "to": "Node", "title": "Its node", "name": "{.spec.nodeName}" }
          ],
          "resourceViews": [
            { "id": "acme.hooked.runs", "resource": "tekton.dev/PipelineRun", "title": "Runs", "part": "list", "replaces": true },
            { "id": "acme.hooked.run", "resource": "tekton.dev/PipelineRun", "title": "Run", "part": "details", "replaces": true },
            { "id": "acme.hooked.map", "resource": "ConfigMap", "title": "Map", "part": "details" }
          ],
          "templates": [{ "id": "acme.hooked.new", "resource": "ConfigMap", "title": "Settings", "file": "settings.yaml" }],
          "pages": [{ "id": "acme.hooked.page", "title": "Every hook" }],
          "commands": [{ "id": "acme.hooked.hello", "title": "Hello" }, { "id": "acme.hooked.all", "title": "Every hook: count them" }],
          "keys": [{ "key": "d", "command": "acme.hooked.hello", "context": "list" }]
        }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly MemoryTerminal _terminal = TerminalOf(150, 44);
    private readonly string _keys = Path.Combine(Path.GetTempPath(), $"lazyoc-keys-{Guid.NewGuid():N}.json");
    private readonly System.Collections.Concurrent.ConcurrentBag<string> _bugs = [];
    private SimulatedCluster _cluster = null!;
    private ClusterClient _client = null!;
    private PluginFixture _plugins = null!;
    private ClusterSession _session = null!;
    private Task<string>? _running;

    public async Task InitializeAsync()
    {
        _cluster = await SimulatedCluster.StartAsync(new SimulatorOptions { TimeProvider = new SimulatedClock() });
        _client = ClientOf(_cluster);
        _session = new ClusterSession { Client = _client, Context = "simulated", User = "kubeadmin", Namespace = "bookstore" };
        _plugins = await PluginFixture.StartAsync(_session, Manifest, AnswerAsync, plugin => plugin with
        {
            Content = PackageContent.Of([new PackageFile("settings.yaml", Encoding.UTF8.GetBytes("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fresh\n"))]),
        });
    }

    public async Task DisposeAsync()
    {
        if (_running is { IsCompleted: false })
        {
            _terminal.Send(new TerminalEvent.Closing("the test is over"));
            await _running.WaitAsync(Patience);
        }
        await _plugins.DisposeAsync();
        await _client.DisposeAsync();
        await _cluster.DisposeAsync();
        File.Delete(_keys);
        Assert.Empty(_bugs);
    }

    [Fact]
    public async Task Related_SeveralObjects_OneIsChosenAndTheWayBackLeadsBack()
    {
        Start(new ViewRequest("deployments", "cart"));
        await SeesAsync("Deployment · bookstore/cart");
        _terminal.Press("J");
        await SeesAsync("all 2 as a list");
        _terminal.Type("cart-");
        _terminal.Press("enter");
        await SeesAsync("Pod · bookstore/cart-");
        _terminal.Press("ctrl-o");
        await SeesAsync("Deployment · bookstore/cart");
    }

    [Fact]
    public async Task Related_OneObjectOfTheCluster_IsShownAtOnce()
    {
        Start(new ViewRequest("pods"));
        await SeesAsync("Pod · bookstore/");
        _terminal.Press("J");
        await SeesAsync("Node · ");
    }

    [Fact]
    public async Task Related_KindWithoutRelations_SaysSo()
    {
        Start(new ViewRequest("configmaps"));
        await SeesAsync("ConfigMap · bookstore/");
        _terminal.Press("J");
        await SeesAsync("no plugin knows");
    }

    [Fact]
    public async Task ResourceView_ThatReplacesTheList_IsShownAndTheListIsAKeyAway()
    {
        Start(new ViewRequest("pipelineruns"));
        await SeesAsync("runs of bookstore");
        _terminal.Press("v");
        await SeesAsync(text => text.Contains("PipelineRuns · bookstore", StringComparison.Ordinal) && !text.Contains("runs of bookstore", StringComparison.Ordinal));
        _terminal.Press("v");
        await SeesAsync("runs of bookstore");
    }

    [Fact]
    public async Task ResourceView_OfDetails_IsTheFirstTabOrStandsForTheOverview()
    {
        Start(new ViewRequest("configmaps", "shop-settings"));
        var text = await SeesAsync("map of shop-settings");
        Assert.Matches(@"Map.*Overview.*YAML", text);
    }

    [Fact]
    public async Task Template_FromThePalette_IsEditedConfirmedAndCreated()
    {
        Start(new ViewRequest("configmaps"), (_, text, _) => Task.FromResult<string?>(text.Replace("fresh", "brand-new", StringComparison.Ordinal)));
        await SeesAsync("ConfigMap · bookstore/");
        _terminal.Press(":");
        await SeesAsync("Commands");
        _terminal.Type("template: Settings");
        _terminal.Press("enter");
        await SeesAsync("Create configmap brand-new?");
        _terminal.Press("y");
        await SeesAsync("Created configmap brand-new");
        Assert.NotNull(_cluster.Store.Get("v1", "ConfigMap", "bookstore", "brand-new"));
    }

    [Fact]
    public async Task Palette_TitleOfAPageTypedWhole_OpensIt_ThoughACommandBeginsSo()
    {
        Start(new ViewRequest("configmaps"));
        await SeesAsync("ConfigMap · bookstore/");
        _terminal.Press(":");
        await SeesAsync("Commands");
        _terminal.Type("every hook");
        await SeesAsync("Every hook: count them");
        _terminal.Press("enter");
        await SeesAsync("all of them");
    }

    [Fact]
    public async Task Key_OfThePluginThatTheScreenHas_IsToldWithTheWayOut()
    {
        Start(new ViewRequest("configmaps"));
        await SeesAsync("key `d` of plugin Hooked");
        await SeesAsync("acme.hooked.hello");
    }

    [Fact]
    public async Task Key_ThatTheUserGave_RunsTheCommand()
    {
        File.WriteAllText(_keys, """{ "acme.hooked.hello": ["f9"] }""");
        Start(new ViewRequest("configmaps"));
        var text = await SeesAsync("ConfigMap · bookstore/");
        Assert.DoesNotContain("is taken by", text, StringComparison.Ordinal);
        _terminal.Press("f9");
        await SeesAsync("Hello: done");
    }

    private static Task<string> AnswerAsync(Envelope message, Plugins.Sandbox.Guests.GuestOptions options, CancellationToken cancellationToken)
    {
        if (message.Type != MessageType.Render)
            return Task.FromResult("{}");
        using var payload = JsonDocument.Parse(message.Payload);
        var root = payload.RootElement;
        var text = root.GetProperty("view").GetString() switch
        {
            "acme.hooked.runs" => $"runs of {(root.TryGetProperty("namespace", out var ns) ? ns.GetString() : "everywhere")}",
            "acme.hooked.run" => "a run",
            "acme.hooked.page" => "all of them",
            _ => $"map of {root.GetProperty("object").GetProperty("name").GetString()}",
        };
        return Task.FromResult($$"""{"type":"text","spans":[{"text":"{{text}}"}]}""");
    }

    private static MemoryTerminal TerminalOf(int width, int height) => new(new FrameSize(width, height));

    private static ClusterClient ClientOf(SimulatedCluster cluster) =>
        new(new ClusterOptions { Server = cluster.Server, CertificateAuthorityPem = cluster.CertificateAuthorityPem, Token = cluster.Token });

    private void Start(ViewRequest request, EditText? editor = null)
    {
        var session = new ScreenSession { Cluster = _session, Extensions = _plugins.Host.Extensions };
        _running = LiveScreen.RunAsync(
            new LiveScreenOptions
            {
                Session = session,
                Request = request,
                SwitchContext = (_, _) => Task.FromResult(session),
                Bug = (what, error) => _bugs.Add($"{what}: {error}"),
                Keys = new UserKeys(_keys),
                Editor = editor,
            },
            _terminal);
    }

    private Task<string> SeesAsync(string part) => SeesAsync(text => text.Contains(part, StringComparison.Ordinal));

    private Task<string> SeesAsync(Func<string, bool> wanted) => _terminal.WaitForAsync(wanted, Patience);
}
