using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.PluginsScreen;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Overlays;

namespace LazyOC.Tui.Tests.PluginsScreen;

public sealed class PluginsPageTests : IDisposable
{
    private static readonly FrameSize Size = new(120, 40);
    private static readonly Rect Area = new(0, 1, 120, 38);

    private readonly ManualTime _time = new();
    private readonly ChangeSignal _changed = new();
    private readonly Dialogs _dialogs;
    private readonly ConcurrentQueue<string> _done = new();
    private readonly ConcurrentQueue<Exception> _bugs = new();
    private ImmutableArray<ListedPlugin> _installed = [.. SamplePlugins.All.Select(r => r.Plugin)];
    private int _watchers;
    private Outcome<PackageOffer> _offer = new PackageOffer(SampleOverlays.Manifest, "pod-health-1.2.0.lzp", Digest.Of("x"u8), Unsigned: true);

    public PluginsPageTests() => _dialogs = new Dialogs(_changed, _time);

    public void Dispose() => _dialogs.Dispose();

    [Fact]
    public void Keys_MoveAndOpen_ShowTheSelectedPlugin()
    {
        using var page = Page();
        Press(page, "down", "down", "enter", "]", "]");
        var state = page.Compose();
        Assert.Equal("Prometheus metrics", state.Current!.Plugin.Manifest.DisplayName);
        Assert.True(state.InDetails);
        Assert.Equal(PluginTab.Activity, state.Tab);
        Press(page, "esc");
        Assert.False(page.Compose().InDetails);
        Assert.False(page.IsClosed);
        Press(page, "esc");
        Assert.True(page.IsClosed);
    }

    [Fact]
    public void Compose_PluginComesBeforeTheSelectedOne_KeepsTheSelection()
    {
        using var page = Page();
        Press(page, "down");
        _installed = _installed.Insert(0, SamplePlugins.All[2].Plugin with { Source = "new" });
        Assert.Equal("Sleeper", page.Compose().Current!.Plugin.Manifest.DisplayName);
        _installed = [];
        Assert.Null(page.Compose().Current);
        Assert.True(page.Handle(Key("x"), Area) is false); // there is nothing to uninstall
    }

    [Fact]
    public void Mouse_ClickOnRow_SelectsIt()
    {
        using var page = Page();
        page.Handle(new TerminalEvent.Mouse(MouseAction.Press, 5, 1 + 1 + 1 + 3, KeyModifiers.None), Area);
        Assert.Equal(3, page.Compose().Selected);
        page.Handle(new TerminalEvent.Mouse(MouseAction.Press, 90, 10, KeyModifiers.None), Area);
        Assert.True(page.Compose().InDetails);
        page.Handle(new TerminalEvent.Mouse(MouseAction.Press, 78, 2, KeyModifiers.None), Area);
        Assert.Equal(PluginTab.Permissions, page.Compose().Tab);
    }

    [Fact]
    public void Log_AtItsEnd_FollowsUntilScrolledUp()
    {
        using var page = Page();
        Press(page, "enter", "]", "]", "]");
        Assert.Null(page.Compose().Scroll);
        var low = Area with { Height = 8 };
        page.Handle(Key("up"), low);
        Assert.NotNull(page.Compose().Scroll);
        page.Handle(Key("down"), low);
        Assert.Null(page.Compose().Scroll);
    }

    [Fact]
    public async Task Install_WithConsent_InstallsWhatWasRead()
    {
        using var page = Page();
        Press(page, "i");
        await AnswerAsync<Prompt>("p.lzp", "enter");
        await AnswerAsync<ConsentDialog>(["pagedown", "pagedown", "y"]);
        await UntilAsync(() => _done.Count == 1);
        Assert.Equal(["install lazyoc.pod-health pod-health-1.2.0.lzp"], _done);
        await UntilAsync(() => _dialogs.Notices is [{ Text: "installed" }]);
    }

    [Fact]
    public async Task Install_WithoutConsent_InstallsNothing()
    {
        using var page = Page();
        Press(page, "i");
        await AnswerAsync<Prompt>("p.lzp", "enter");
        await AnswerAsync<ConsentDialog>("n");
        await UntilAsync(() => _dialogs.Notices is [{ Text: var text }] && text.Contains("did not consent", StringComparison.Ordinal));
        Assert.Empty(_done);
    }

    [Fact]
    public async Task Install_UnreadablePackage_ShowsCauseAndHint()
    {
        _offer = new Problem("plugin.json", "is missing", "ask the author for a sound package");
        using var page = Page();
        Press(page, "i");
        await AnswerAsync<Prompt>("p.lzp", "enter");
        await UntilAsync(() => _dialogs.Top is Message { Hint: "ask the author for a sound package", Text: "`plugin.json` is missing" });
        Assert.Empty(_dialogs.Notices);
    }

    [Fact]
    public async Task Update_FileOfAnotherPlugin_IsRefused()
    {
        using var page = Page();
        Press(page, "down", "u");
        await AnswerAsync<Prompt>("p.lzp", "enter");
        await UntilAsync(() => _dialogs.Top is Message { Title: "Cannot update acme.sleeper" });
        Assert.Empty(_done);
    }

    [Fact]
    public async Task Uninstall_Confirmed_IsDone()
    {
        using var page = Page();
        Press(page, "x");
        await AnswerAsync<Confirmation>("y");
        await UntilAsync(() => _done.Count == 1);
        Assert.Equal(["uninstall lazyoc.pod-health"], _done);
    }

    [Fact]
    public async Task Switch_EnabledAndDisabled_AsksTheBackendForTheOther()
    {
        using var page = Page();
        Press(page, "e");
        await UntilAsync(() => _done.Count == 1);
        Press(page, "end", "e");
        await UntilAsync(() => _done.Count == 2);
        Assert.Equal(["lazyoc.pod-health False", "acme.off True"], _done);
    }

    [Fact]
    public async Task Settings_RefusedThenMended_AreSavedWithoutTheSecretEverShown()
    {
        _installed = [_installed[0] with { Manifest = SettingsFormTests.Manifest with { Id = _installed[0].Manifest.Id } }];
        using var page = Page();
        Assert.Contains(page.Hints, hint => hint.Key == "s");
        Press(page, "s");
        // The server's address first, the token below it; enter in the last field submits.
        await AnswerAsync<Prompt>(["nowhere", "tab", "hunter2", .. Enumerable.Repeat("tab", 5), "enter"]);
        await UntilAsync(() => _dialogs.Top is Message { Title: "These settings are not accepted", Text: var text } && text.Contains("expected a URI", StringComparison.Ordinal));
        await AnswerAsync<Message>("enter");
        await UntilAsync(() => _dialogs.Top is Prompt);
        Assert.DoesNotContain("hunter2", Drawn((Prompt)_dialogs.Top!), StringComparison.Ordinal);
        await AnswerAsync<Prompt>([.. Enumerable.Repeat("backspace", 7), "urn:x", "tab", "hunter2", .. Enumerable.Repeat("tab", 5)]);
        Assert.DoesNotContain("hunter2", Drawn((Prompt)_dialogs.Top!), StringComparison.Ordinal);
        await AnswerAsync<Prompt>("enter");
        await UntilAsync(() => _done.Count == 1);

        Assert.Equal(["lazyoc.pod-health token=hunter2 url=urn:x"], _done.Select(done => string.Join(' ', done.Split(' ').Order(StringComparer.Ordinal))));
    }

    [Fact]
    public async Task Settings_OfAPluginWithoutAny_SaysSo()
    {
        using var page = Page();
        Press(page, "s");
        await UntilAsync(() => _dialogs.Notices is [{ Text: "lazyoc.pod-health has no settings" }]);
    }

    [Fact]
    public void Lift_NotStopped_SaysSo()
    {
        using var page = Page();
        Press(page, "l");
        Assert.Contains("nothing to lift", Assert.Single(_dialogs.Notices).Text, StringComparison.Ordinal);
        Press(page, "down", "down", "down", "l");
        Assert.Contains("lazyoc.crasher may run again", _dialogs.Notices[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Backend_Throws_IsABugAndThePageGoesOn()
    {
        using var page = Page();
        _offer = null!;
        Press(page, "i");
        await AnswerAsync<Prompt>("p.lzp", "enter");
        await UntilAsync(() => !_bugs.IsEmpty);
        Press(page, "x");
        await UntilAsync(() => _dialogs.Top is Confirmation);
    }

    [Fact]
    public async Task Dispose_WhileAsking_ClosesTheQuestionAndStopsWatching()
    {
        var page = Page();
        Assert.Equal(1, _watchers);
        Press(page, "x");
        await UntilAsync(() => _dialogs.Top is Confirmation);
        page.Dispose();
        await UntilAsync(() => _dialogs.Top is null);
        Assert.Equal(0, _watchers);
        Assert.Empty(_bugs);
    }

    [Fact]
    public void Handle_AnyInput_KeepsItDrawable()
    {
        var random = new Random(3);
        using var page = Page();
        for (var i = 0; i < 2_000; i++)
        {
            var area = new Rect(0, 1, random.Next(1, 140), random.Next(1, 50));
            TerminalEvent input = random.Next(3) switch
            {
                0 => new TerminalEvent.Mouse((MouseAction)random.Next(5), random.Next(140), random.Next(50), KeyModifiers.None),
                1 => new TerminalEvent.KeyPressed(KeyPress.Of("jkgG[] z"[random.Next(8)])),
                _ => new TerminalEvent.KeyPressed(new KeyPress((LazyOC.Tui.Terminal.Key)random.Next(1, 26))),
            };
            page.Handle(input, area);
            PluginsDrawing.Draw(new Canvas(new CellBuffer(area.Width, area.Height)), page.Compose(), _time.GetUtcNow());
        }
    }

    private PluginsPage Page()
    {
        var page = new PluginsPage(Backend(), _dialogs, _changed, _time);
        page.Compose();
        return page;
    }

    private PluginsBackend Backend() => new()
    {
        Installed = () => _installed,
        Statuses = () => [.. SamplePlugins.All.Where(r => r.Status is not null).Select(r => r.Status!)],
        History = id => SamplePlugins.All.First(r => r.Plugin.Manifest.Id == id).History,
        Watch = _ =>
        {
            _watchers++;
            return new Watching(this);
        },
        Log = _ => [.. SamplePlugins.Log, .. SamplePlugins.Log],
        Audit = _ => SamplePlugins.Audit,
        ReadPackageAsync = (_, _) => Task.FromResult(_offer),
        InstallAsync = (offer, _) => Done($"install {offer.Manifest.Id} {offer.Path}", "installed"),
        UninstallAsync = (id, _) => Done($"uninstall {id}", "uninstalled"),
        SwitchAsync = (id, enable, _) => Done($"{id} {enable}", "switched"),
        Settings = _ => SettingsFormTests.Values("""{"mode":"fast"}""", "token"),
        ChangeSettingsAsync = (manifest, changes, _) => Done($"{manifest.Id} {string.Join(' ', changes.Select(c => $"{c.Key}={c.Value}"))}", "saved"),
        Lift = id => SamplePlugins.All.Any(r => r.Plugin.Manifest.Id == id && r.IsStopped),
        Bug = _bugs.Enqueue,
    };

    private Task<Outcome<string>> Done(string what, string said)
    {
        _done.Enqueue(what);
        return Task.FromResult<Outcome<string>>(said);
    }

    private static string Drawn(Prompt prompt)
    {
        var cells = new CellBuffer(Size.Width, Size.Height);
        prompt.Draw(new Canvas(cells), DateTimeOffset.UnixEpoch);
        return Golden.Text(cells);
    }

    private static TerminalEvent Key(string key) => KeyPress.TryParse(key, out var press) ? new TerminalEvent.KeyPressed(press) : throw new FormatException(key);

    private static void Press(PluginsPage page, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Assert.True(page.Handle(Key(key == "esc" ? "escape" : key), Area));
            page.Compose();
        }
    }

    /// <summary>Waits for an overlay, then types into it.</summary>
    private async Task AnswerAsync<T>(params string[] inputs) where T : Overlay
    {
        await UntilAsync(() => _dialogs.Top is T);
        foreach (var press in inputs.SelectMany(input => KeyPress.TryParse(input, out var one) ? [one] : input.Select(c => KeyPress.Of(c)).ToArray()))
            Assert.True(_dialogs.Handle(new TerminalEvent.KeyPressed(press), Size));
    }

    /// <summary>Waits for what runs on the pool; the screen is told of each change.</summary>
    private async Task UntilAsync(Func<bool> happened)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!happened())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.WhenAny(_changed.Next, Task.Delay(5, patience.Token));
        }
    }

    private sealed class Watching(PluginsPageTests tests) : IDisposable
    {
        public void Dispose() => tests._watchers--;
    }
}
