using System.Collections.Immutable;
using System.Text;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Packages;
using LazyOC.Tui.Operations;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Details;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Operations;

/// <summary>Plugins take part in what the user does to objects: the host shows what they say, and does what the user then chooses.</summary>
public sealed class HookedOperationsTests : IAsyncLifetime
{
    private const string Manifest = """
        "permissions": {
          "kubernetes": [{ "apiGroups": ["", "apps"], "resources": ["configmaps", "deployments"], "verbs": ["get"] }],
          "hooks": [{ "kinds": ["ConfigMap", "apps/Deployment"], "verbs": ["create", "update", "scale", "delete"], "effects": ["warn", "deny", "patch"] }]
        },
        "contributes": {
          "hooks": [{ "id": "acme.hooked.guard", "title": "Guard", "phase": "before", "resources": ["ConfigMap", "apps/Deployment"], "verbs": ["create", "update", "scale", "delete"], "effects": ["warn", "deny", "patch"] }],
          "templates": [{ "id": "acme.hooked.new", "resource": "ConfigMap", "title": "Settings", "file": "settings.yaml" }]
        }
        """;

    private const string Template = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: fresh\ndata:\n  greeting: hello\n";

    private static readonly FrameSize Size = new(120, 40);

    private DetailsFixture _fixture = null!;
    private PluginFixture _plugins = null!;
    private Dialogs _dialogs = null!;
    private string _answer = "{}";

    public async Task InitializeAsync()
    {
        _fixture = await DetailsFixture.StartAsync();
        _plugins = await PluginFixture.StartAsync(
            _fixture.Session.Cluster, Manifest, (message, _, _) => Task.FromResult(message.Type == MessageType.Hook ? _answer : "{}"),
            plugin => plugin with { Content = PackageContent.Of([new PackageFile("settings.yaml", Encoding.UTF8.GetBytes(Template))]) });
        _fixture.Session = _fixture.Session with { Extensions = _plugins.Host.Extensions };
        // A question that nobody asked for is deaf at first; here nobody types by mistake.
        _dialogs = DialogsOf(_fixture);
    }

    public async Task DisposeAsync()
    {
        _dialogs.Dispose();
        await _fixture.DisposeAsync();
        await _plugins.DisposeAsync();
    }

    [Theory]
    [InlineData("enter")]
    [InlineData("y")]
    [InlineData("escape")]
    public async Task DeleteAsync_Denied_IsRefusedWithTheReasonWhateverIsPressed(string key)
    {
        _answer = """{"outcome":"deny","reason":"the audit needs it"}""";
        var deleting = await BeginDeletingAsync();
        var said = await AskedAsync<HookDialog>();
        var frame = FrameOf(said);
        Assert.Contains("Refused by a plugin: delete configmap shop-settings", frame, StringComparison.Ordinal);
        Assert.Contains("plugin Hooked (acme.hooked)", frame, StringComparison.Ordinal);
        Assert.Contains("the audit needs it", frame, StringComparison.Ordinal);
        for (var i = 0; i < 2 && !deleting.IsCompleted; i++)
            Press(i == 0 ? key : "enter");
        await deleting;
        Assert.NotNull(Settings());
    }

    [Theory]
    [InlineData("y", true)]
    [InlineData("enter", false)]
    [InlineData("n", false)]
    public async Task DeleteAsync_Warned_GoesOnOnlyWhenTheUserSaysSo(string key, bool deletes)
    {
        _answer = """{"outcome":"warn","text":"three pods read it"}""";
        var deleting = await BeginDeletingAsync();
        Assert.Contains("three pods read it", FrameOf(await AskedAsync<HookDialog>()), StringComparison.Ordinal);
        Press(key);
        await deleting;
        Assert.Equal(deletes, Settings() is null);
    }

    [Fact]
    public async Task DeleteAsync_Allowed_AsksNothingMore()
    {
        var deleting = await BeginDeletingAsync();
        await deleting;
        Assert.Null(Settings());
        Assert.Null(_dialogs.Top);
    }

    [Theory]
    [InlineData("y", 5)]
    [InlineData("n", 2)]
    public async Task ScaleByAsync_Patched_ShowsTheDifferenceAndScalesToIt(string key, int replicas)
    {
        _answer = """{"outcome":"patch","patch":[{"op":"replace","path":"/spec/replicas","value":5}]}""";
        var (kind, rows) = await RowsAsync("deployments", "cart");
        var scaling = Operations().ScaleByAsync(kind, rows, 1);
        var frame = FrameOf(await AskedAsync<HookDialog>());
        Assert.Contains("-   replicas: 3", frame, StringComparison.Ordinal);
        Assert.Contains("+   replicas: 5", frame, StringComparison.Ordinal);
        Press(key);
        await scaling;
        Assert.Equal(replicas, _fixture.Cluster.Store.Get("apps/v1", "Deployment", "bookstore", "cart")!["spec"]!["replicas"]!.GetValue<int>());
    }

    [Fact]
    public async Task EditAsync_ChangedByAHook_WritesWhatWasConfirmed()
    {
        _answer = """{"outcome":"patch","patch":[{"op":"add","path":"/data/REVIEWED","value":"yes"}]}""";
        var (kind, rows) = await RowsAsync("configmaps", "shop-settings");
        var editing = Operations((_, text, _) => Task.FromResult<string?>(text.Replace("CURRENCY: EUR", "CURRENCY: CHF", StringComparison.Ordinal))).EditAsync(kind, rows);
        var frame = FrameOf(await AskedAsync<HookDialog>());
        Assert.Contains("+   REVIEWED: \"yes\"", frame, StringComparison.Ordinal);
        Press("y");
        await editing;
        Assert.Equal(("CHF", "yes"), (Settings()!["data"]!["CURRENCY"]!.GetValue<string>(), Settings()!["data"]!["REVIEWED"]!.GetValue<string>()));
    }

    [Fact]
    public async Task EditAsync_SavedAsItWas_WritesNothing()
    {
        var before = _fixture.Cluster.Store.ResourceVersion;
        var (kind, rows) = await RowsAsync("configmaps", "shop-settings");
        await Operations((_, text, _) => Task.FromResult<string?>(text)).EditAsync(kind, rows);
        Assert.Equal(before, _fixture.Cluster.Store.ResourceVersion);
        Assert.Contains(_dialogs.Notices, n => n.Text == "configmap shop-settings is as it was");
    }

    [Fact]
    public async Task EditAsync_BrokenYaml_CanBeEditedAgain()
    {
        var (kind, rows) = await RowsAsync("configmaps", "shop-settings");
        var times = 0;
        var editing = Operations((_, text, _) => Task.FromResult<string?>(times++ == 0 ? "a: [1" : text.Length < 10 ? "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: shop-settings\n  namespace: bookstore\ndata:\n  ONLY: one\n" : text)).EditAsync(kind, rows);
        Assert.Contains("not valid YAML", (await AskedAsync<Confirmation>()).Consequence, StringComparison.Ordinal);
        Press("y");
        await editing;
        Assert.Equal("one", Settings()!["data"]!["ONLY"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("""{"outcome":"allow"}""", true)]
    [InlineData("""{"outcome":"deny","reason":"not here"}""", false)]
    public async Task CreateAsync_FromATemplate_IsConfirmedAndGoesThroughTheHooks(string answer, bool creates)
    {
        _answer = answer;
        var extensions = _fixture.Session.Extensions!;
        var template = Assert.Single(extensions.Contributions.Templates);
        var catalog = await _fixture.Client.Discovery.GetAsync();
        var creating = Operations((_, text, _) => Task.FromResult<string?>(text.Replace("hello", "good day", StringComparison.Ordinal))).CreateAsync(template, extensions.Contributions.TextOf(template)!, catalog);
        var asked = await AskedAsync<Confirmation>();
        Assert.Equal(("configmap fresh", "bookstore"), (asked.What, asked.Namespace));
        Press("y");
        if (!creates)
        {
            Assert.Contains("not here", FrameOf(await AskedAsync<HookDialog>()), StringComparison.Ordinal);
            Press("enter");
        }
        await creating;
        Assert.Equal(creates ? "good day" : null, _fixture.Cluster.Store.Get("v1", "ConfigMap", "bookstore", "fresh")?["data"]!["greeting"]!.GetValue<string>());
    }

    [Fact]
    public async Task EditAsync_ReadOnlyOrWithoutAnEditor_IsRefusedWithTheReason()
    {
        var (kind, rows) = await RowsAsync("configmaps", "shop-settings");
        await Operations().EditAsync(kind, rows);
        Assert.Contains(_dialogs.Notices, n => n.Text.EndsWith("there is no editor here", StringComparison.Ordinal));
        _fixture.Session = _fixture.Session with { Cluster = _fixture.Session.Cluster with { ReadOnly = true } };
        await Operations((_, _, _) => throw new InvalidOperationException("it was run")).EditAsync(kind, rows);
        Assert.Contains(_dialogs.Notices, n => n.Text.EndsWith("the session is read-only", StringComparison.Ordinal));
    }

    private static Dialogs DialogsOf(DetailsFixture fixture) => new(fixture.Changed, TimeProvider.System, OverlayLimits.Default with { Deaf = TimeSpan.Zero });

    private System.Text.Json.Nodes.JsonObject? Settings() => _fixture.Cluster.Store.Get("v1", "ConfigMap", "bookstore", "shop-settings");

    private ObjectOperations Operations(EditText? editor = null) => new(_fixture.Session, _dialogs, _fixture.Changed) { Editor = editor };

    private async Task<Task> BeginDeletingAsync()
    {
        var (kind, rows) = await RowsAsync("configmaps", "shop-settings");
        var deleting = Operations().DeleteAsync(kind, rows);
        await AskedAsync<Confirmation>();
        Press("y");
        return deleting;
    }

    private async Task<(ResourceKind Kind, ImmutableArray<ResourceRow> Rows)> RowsAsync(string resource, string name)
    {
        var (kind, watch) = await _fixture.WatchAsync(resource);
        return (kind, [watch.Current.Rows.First(r => r.Name == name)]);
    }

    private Task<T> AskedAsync<T>() where T : Overlay => _fixture.UntilAsync(() => _dialogs.Top as T, () => $"{_dialogs.Top?.GetType().Name} {string.Join(" | ", _dialogs.Notices.Select(n => n.Text))}");

    private static string FrameOf(Overlay overlay)
    {
        var frame = new CellBuffer(Size.Width, Size.Height);
        var area = overlay.AreaIn(Size);
        overlay.Draw(new Canvas(frame).Part(area), DateTimeOffset.UnixEpoch);
        return Golden.Text(frame);
    }

    private void Press(string key)
    {
        Assert.True(KeyPress.TryParse(key, out var press), key);
        _dialogs.Handle(new TerminalEvent.KeyPressed(press), Size);
    }
}
