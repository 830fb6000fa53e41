using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Overlays;

public sealed class PluginPromptsTests : IDisposable
{
    private static readonly PluginId Plugin = PluginId.Parse("lazyoc.pod-health");
    private static readonly FrameSize Size = new(80, 24);

    private readonly ManualTime _time = new();
    private readonly Dialogs _dialogs;
    private readonly PluginPrompts _prompts;

    public PluginPromptsTests()
    {
        _dialogs = new Dialogs(new ChangeSignal(), _time);
        _prompts = new PluginPrompts(_dialogs, (_, _, _) => Task.FromResult(true));
    }

    public void Dispose() => _dialogs.Dispose();

    [Fact]
    public async Task ConfirmAsync_Yes_NamesThePluginAndAnswersTrue()
    {
        var asked = _prompts.ConfirmAsync(Plugin, "Pod health", "Restart all of them?", DangerLevel.Caution, default);
        Golden.Verify(SampleOverlays.Frame(_dialogs.Top!, 80, 24), "overlay-plugin-confirm-80x24");
        Press('y'); // too early: nobody can have read it
        Assert.False(asked.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Press('y');
        Assert.True(await asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Copy_Text_SaysWhetherTheClipboardTookIt(bool takes)
    {
        var copied = "";
        var prompts = new PluginPrompts(_dialogs, (_, _, _) => Task.FromResult(true))
        {
            Clipboard = text =>
            {
                copied = text;
                return takes;
            },
        };

        Assert.Equal(takes, prompts.Copy(Plugin, "some text"));
        Assert.Equal("some text", copied);
        Assert.False(_prompts.Copy(Plugin, "some text"));
    }

    [Fact]
    public async Task ConfirmAsync_Enter_IsNo()
    {
        var asked = _prompts.ConfirmAsync(Plugin, "Pod health", "Restart all of them?", DangerLevel.None, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        _dialogs.Handle(new TerminalEvent.KeyPressed(new KeyPress(Key.Enter)), Size);
        Assert.False(await asked);
    }

    [Fact]
    public async Task ConfirmAsync_SecondOfTheSamePlugin_IsDismissed()
    {
        var first = _prompts.ConfirmAsync(Plugin, "Pod health", "One?", DangerLevel.None, default);
        Assert.False(await _prompts.ConfirmAsync(Plugin, "Pod health", "Two?", DangerLevel.None, default));
        Assert.Null(await _prompts.PromptAsync(Plugin, "Pod health", "Three?", [], default));
        Assert.Equal(1, _dialogs.Count);
        _time.Advance(TimeSpan.FromSeconds(1));
        Press('y');
        Assert.True(await first);
        var again = _prompts.ConfirmAsync(Plugin, "Pod health", "Four?", DangerLevel.None, default);
        Assert.Equal(1, _dialogs.Count);
        Assert.False(again.IsCompleted);
    }

    [Fact]
    public async Task ConfirmAsync_VeryManyPlugins_AreBounded()
    {
        var asked = Enumerable.Range(0, 100).Select(i => _prompts.ConfirmAsync(PluginId.Parse($"acme.plugin{i}"), "P", "?", DangerLevel.None, default)).ToArray();
        Assert.Equal(OverlayLimits.Default.PluginQuestions, _dialogs.Count);
        Assert.Equal(100 - OverlayLimits.Default.PluginQuestions, asked.Count(task => task.IsCompleted));
        _dialogs.Dispose();
        Assert.DoesNotContain(true, await Task.WhenAll(asked));
    }

    [Fact]
    public async Task PromptAsync_InstanceEnds_GoesAwayUnanswered()
    {
        using var ended = new CancellationTokenSource();
        ImmutableArray<FormField> fields = [new FormField { Name = "text", Label = "Text", Kind = FieldKind.Text }];
        var asked = _prompts.PromptAsync(Plugin, "Pod health", "What?", fields, ended.Token);
        Assert.Equal(1, _dialogs.Count);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(0, _dialogs.Count);
    }

    [Fact]
    public async Task PromptAsync_Submitted_GivesTheValues()
    {
        ImmutableArray<FormField> fields = [new FormField { Name = "text", Label = "Text", Kind = FieldKind.Text }];
        var asked = _prompts.PromptAsync(Plugin, "Pod health", "What?", fields, default);
        _time.Advance(TimeSpan.FromSeconds(1));
        foreach (var c in "hi")
            Press(c);
        _dialogs.Handle(new TerminalEvent.KeyPressed(new KeyPress(Key.Enter)), Size);
        Assert.Equal("hi", (await asked)!.Value.GetProperty("text").GetString());
    }

    [Fact]
    public void Progress_UntilDone_IsOneNoticeOfThePlugin()
    {
        _prompts.Progress(Plugin, "Pod health", "copy", "Copying", 0.1, done: false);
        _prompts.Progress(Plugin, "Pod health", "copy", "Copying", 0.9, done: false);
        Assert.Equal(0.9, Assert.Single(_dialogs.Notices).Progress);
        _prompts.Progress(PluginId.Parse("acme.other"), "Other", "copy", "", null, done: true); // another plugin's id names another thing
        Assert.Single(_dialogs.Notices);
        _prompts.Progress(Plugin, "Pod health", "copy", "", null, done: true);
        Assert.Empty(_dialogs.Notices);
    }

    [Fact]
    public void Notify_ChattyPlugin_PushesOutNothingOfTheHost()
    {
        _dialogs.Notify(new Notice("Cannot reach the cluster", TextStyle.Error));
        for (var i = 0; i < 1_000; i++)
            _prompts.Notify(Plugin, "Pod health", $"look at me {i}", TextStyle.Error);
        Assert.Equal("Cannot reach the cluster", _dialogs.Notices[0].Text);
        Assert.Equal("Cannot reach the cluster", _dialogs.Board.History[0].Text);
        Assert.All(_dialogs.Notices.Skip(1), notice => Assert.Equal(Plugin, notice.Plugin!.Id));
    }

    [Fact]
    public void Tell_OfAPlugin_IsOneNoticeOfTheHostThatNamesItAndTheAct()
    {
        const string act = "is suspended: more than 20 refused calls within a minute, the last `kubernetes.list`";
        for (var i = 0; i < 3; i++)
            _prompts.Tell(Plugin, "Pod (admin) health", act, "`lazyoc plugin enable lazyoc.pod-health` lets it run again", TextStyle.Error);
        for (var i = 0; i < 1_000; i++)
            _prompts.Notify(Plugin, "Pod health", $"never mind {i}", TextStyle.Error);

        var notice = Assert.Single(_dialogs.Board.History, notice => notice.Plugin is null);
        Assert.Equal($"Plugin Pod [admin] health (lazyoc.pod-health) {act}", notice.Text);
        Assert.Contains(_dialogs.Notices, shown => shown.Text == notice.Text);
    }

    private void Press(char character) => _dialogs.Handle(new TerminalEvent.KeyPressed(KeyPress.Of(character)), Size);
}
