using System.Text;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Tui.Operations;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Details;

/// <summary>Sections, tabs and actions of plugins in the details of an object.</summary>
public sealed class PluginDetailsTests : IAsyncLifetime
{
    private const string Manifest = """
        {
          "manifestVersion": 1, "id": "acme.health", "version": "1.0.0", "displayName": "Health", "engines": { "lazyoc": "^1.0" }, "main": "main.js",
          "activation": ["onTab:acme.health.tab", "onSection:acme.health.good", "onSection:acme.health.bad", "onAction:acme.health.heal", "onAction:acme.health.wipe"],
          "permissions": { "kubernetes": [{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list"] }] },
          "contributes": {
            "tabs": [{ "id": "acme.health.tab", "resource": "ConfigMap", "title": "Vitals" }],
            "sections": [{ "id": "acme.health.bad", "resource": "ConfigMap", "title": "Broken" }, { "id": "acme.health.good", "resource": "ConfigMap", "title": "Care" }],
            "actions": [
              { "id": "acme.health.heal", "resources": ["ConfigMap"], "title": "Heal", "inputs": [{ "name": "why", "label": "Why", "kind": "text", "required": true }] },
              { "id": "acme.health.wipe", "resources": ["ConfigMap"], "title": "Wipe", "danger": "destructive" }
            ]
          }
        }
        """;

    private readonly List<string> _heard = [];
    private readonly AuditMemory _auditFiles = new();
    private DetailsFixture _fixture = null!;
    private AuditLog _audit = null!;
    private PluginHost _host = null!;

    public async Task InitializeAsync()
    {
        _fixture = await DetailsFixture.StartAsync();
        Assert.True(ManifestReader.Read(Encoding.UTF8.GetBytes(Manifest)).TryGet(out var manifest, out var problems), Problem.Join(problems));
        _audit = AuditLog.Begin(_auditFiles, new AuditLimits(), TimeProvider.System, span => span.Clear());
        _host = await PluginHost.StartAsync(new PluginHostOptions
        {
            Plugins = [ScriptedPlugin.Installed(manifest)],
            Session = _fixture.Session.Cluster,
            Audit = _audit,
            Log = (_, _, _) => { },
            Bug = (what, bug) => throw new InvalidOperationException(what, bug),
            StartGuest = (_, options, _) => ValueTask.FromResult<GuestStart>(new GuestStart.Running(new ScriptedPlugin(options, AnswerAsync))),
        });
        _host.Extensions.Changed += (_, _) => _fixture.Changed.Raise();
        _fixture.Session = _fixture.Session with { Extensions = _host.Extensions };
    }

    public async Task DisposeAsync()
    {
        await _fixture.DisposeAsync();
        await _host.DisposeAsync();
        await _audit.DisposeAsync();
    }

    [Fact]
    public async Task Overview_Sections_EachShowsItsViewOrItsFault()
    {
        var open = await _fixture.OpenAsync("configmaps", "shop-settings");
        var frame = await open.UntilAsync("care for shop-settings");
        Assert.Contains("CURRENCY", frame, StringComparison.Ordinal);
        Assert.Contains("Care  Health", frame, StringComparison.Ordinal);
        frame = await open.UntilAsync("no such section");
        Assert.Contains("hint: ", frame, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tab_ObjectChanged_IsRenderedAgain()
    {
        var open = await _fixture.OpenAsync("configmaps", "shop-settings", "Vitals");
        await open.UntilAsync("render 1");
        _fixture.Cluster.Store.Apply("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"shop-settings","namespace":"bookstore"},"data":{"a":"b"}}""");
        await open.UntilAsync("render 2");
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("escape", false)]
    public async Task Section_DangerousButton_ReachesItsPluginOnlyAfterAYes(string answer, bool reaches)
    {
        var open = await _fixture.OpenAsync("configmaps", "shop-settings");
        await open.UntilAsync("Purge");
        open.Press("ctrl-n", "enter");
        var asked = await _fixture.UntilAsync(() => _fixture.Dialogs.Top as Confirmation, open.Frame);
        Assert.Equal(("acme.health", "demo"), (asked.Plugin!.Id.ToString(), asked.Context));
        Press(answer);
        await _fixture.UntilAsync(() => _fixture.Dialogs.Top is null ? open : null, open.Frame);
        if (reaches)
            await open.UntilAsync("purged by button");
        Assert.Equal(reaches, Heard("input:purge"));
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("escape", false)]
    public async Task RunPluginActionAsync_Destructive_RunsOnlyAfterAYes(string answer, bool runs)
    {
        var operations = new ObjectOperations(_fixture.Session, _fixture.Dialogs, _fixture.Changed);
        var (kind, watch) = await _fixture.WatchAsync("configmaps");
        var row = watch.Current.Find("bookstore", "shop-settings")!;
        var running = operations.RunPluginActionAsync(Action("acme.health.wipe"), kind, [row]);
        var asked = await _fixture.UntilAsync(() => _fixture.Dialogs.Top as Confirmation, () => "a question");
        Assert.Equal(("acme.health", "Wipe", DangerLevel.Destructive), (asked.Plugin!.Id.ToString(), asked.PluginText, asked.Danger));
        Press(answer);
        await running;
        Assert.Equal(runs, Heard("action:acme.health.wipe"));
        Assert.Equal(runs, _fixture.Dialogs.Notices.Any(n => n.Text == "Wipe: done"));
    }

    [Fact]
    public async Task RunPluginActionAsync_Inputs_AreAskedForAndGivenToThePlugin()
    {
        var operations = new ObjectOperations(_fixture.Session, _fixture.Dialogs, _fixture.Changed);
        var (kind, watch) = await _fixture.WatchAsync("configmaps");
        var running = operations.RunPluginActionAsync(Action("acme.health.heal"), kind, [watch.Current.Find("bookstore", "shop-settings")!]);
        await _fixture.UntilAsync(() => _fixture.Dialogs.Top as Prompt, () => "a prompt");
        Press("i", "l", "l");
        for (var i = 0; i < 5 && _fixture.Dialogs.Top is Prompt; i++)
            Press("enter");
        await running;
        Assert.True(Heard("action:acme.health.heal ill"), string.Join(", ", _heard));
    }

    [Fact]
    public async Task RunPluginActionAsync_SeveralObjectsForAnActionOnOne_SaysSo()
    {
        var operations = new ObjectOperations(_fixture.Session, _fixture.Dialogs, _fixture.Changed);
        var (kind, watch) = await _fixture.WatchAsync("pods");
        await operations.RunPluginActionAsync(Action("acme.health.wipe"), kind, [watch.Current.Rows[0], watch.Current.Rows[1]]);
        Assert.Contains(_fixture.Dialogs.Notices, n => n.Text == "cannot run `Wipe`: it works on one object at a time");
        Assert.False(Heard("action:acme.health.wipe"));
    }

    private Contributed<ActionContribution> Action(string id) => _host.Extensions.Contributions.Actions.First(a => a.Contribution.Id == id);

    private bool Heard(string what)
    {
        lock (_heard)
            return _heard.Contains(what);
    }

    private void Press(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Assert.True(KeyPress.TryParse(key, out var press), key);
            _fixture.Dialogs.Handle(new TerminalEvent.KeyPressed(press), new FrameSize(120, 40));
        }
    }

    private int _renders;

    private Task<string> AnswerAsync(Envelope message, GuestOptions options, CancellationToken cancellationToken)
    {
        using var payload = JsonDocument.Parse(message.Payload);
        var root = payload.RootElement;
        switch (message.Type)
        {
            case MessageType.Render when root.GetProperty("view").GetString() == "acme.health.bad":
                throw new InvalidOperationException("no such section");
            case MessageType.Render when root.GetProperty("view").GetString() == "acme.health.tab":
                return Task.FromResult($$"""{"type":"text","spans":[{"text":"render {{Interlocked.Increment(ref _renders)}}"}]}""");
            case MessageType.Render:
                return Task.FromResult($$"""{"type":"stack","children":[{"type":"text","spans":[{"text":"care for {{root.GetProperty("object").GetProperty("name").GetString()}}"}]},{"type":"button","id":"purge","label":"Purge","danger":"destructive"}]}""");
            case MessageType.Input:
                Hear($"input:{root.GetProperty("node").GetString()}");
                return Task.FromResult("""{"type":"text","spans":[{"text":"purged by button"}]}""");
            case MessageType.Action:
                Hear($"action:{root.GetProperty("action").GetString()}{(root.TryGetProperty("inputs", out var inputs) && inputs.ValueKind == JsonValueKind.Object ? " " + inputs.GetProperty("why").GetString() : "")}");
                return Task.FromResult("{}");
            default:
                return Task.FromResult("{}");
        }
    }

    private void Hear(string what)
    {
        lock (_heard)
            _heard.Add(what);
    }
}
