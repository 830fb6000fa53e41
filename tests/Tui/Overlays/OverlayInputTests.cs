using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Overlays;

/// <summary>What keys and the mouse do in each overlay.</summary>
public sealed class OverlayInputTests
{
    private static readonly FrameSize Size = new(80, 24);

    [Fact]
    public void Palette_ResourceName_RunsItsKind()
    {
        var typed = SampleOverlays.After(CommandPalette.Of(SampleOverlays.Items), 80, 24, "deploy");
        Assert.Equal("kind:deployments.apps", Assert.IsType<PaletteItem>(Answer(typed, "enter")).Id);
    }

    [Fact]
    public void Palette_DisabledItem_DoesNotRun()
    {
        var typed = SampleOverlays.After(CommandPalette.Of(SampleOverlays.Items), 80, 24, "delet", "enter");
        Assert.Contains("✗ this context is read-only", Golden.Text(SampleOverlays.Frame(typed, 80, 24)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("enter", false)]
    [InlineData("n", false)]
    [InlineData("y", true)]
    public void Confirmation_Destructive_IsRefusedByDefault(string key, bool expected) => Assert.Equal(expected, Decision(SampleOverlays.DeletePod, key));

    [Fact]
    public void Confirmation_DestructiveButtonFocused_EnterAccepts() =>
        Assert.True(Decision(SampleOverlays.After(SampleOverlays.DeletePod, 80, 24, "tab"), "enter"));

    [Fact]
    public void Confirmation_Harmless_EnterAccepts() =>
        Assert.True(Decision(SampleOverlays.DeletePod with { Danger = DangerLevel.None }, "enter"));

    [Fact]
    public void Confirmation_OfPlugin_EnterNeverAccepts() =>
        Assert.False(Decision(SampleOverlays.PluginAction with { Danger = DangerLevel.None }, "enter"));

    [Fact]
    public void Confirmation_ManyObjects_NeedsTheirNumber()
    {
        Assert.Equal("42", SampleOverlays.DeletePods.Challenge);
        var wrong = SampleOverlays.After(SampleOverlays.DeletePods, 80, 24, "y", "41", "enter");
        var right = SampleOverlays.After(wrong, 80, 24, "ctrl-u", "42");
        Assert.True(Decision(right, "enter"));
    }

    [Fact]
    public void Confirmation_ClusterWideObject_NeedsItsName()
    {
        var delete = SampleOverlays.DeletePod with { Objects = ["prod"], What = "namespace prod", Namespace = null, ClusterWide = true };
        Assert.Equal("prod", delete.Challenge);
        SampleOverlays.After(delete, 80, 24, "enter");
        Assert.True(Decision(SampleOverlays.After(delete, 80, 24, "prod"), "enter"));
    }

    [Theory]
    [InlineData("Delete", true)]
    [InlineData("Cancel", false)]
    public void Confirmation_ClickOnButton_Decides(string label, bool expected)
    {
        var (x, y) = Find(SampleOverlays.DeletePod, $"  {label}  ", $"▸ {label}  ");
        Assert.Equal(expected, Decision(SampleOverlays.DeletePod.Handle(Click(x + 3, y), Size)));
    }

    [Fact]
    public void Confirmation_ClickOnDisabledButton_DoesNothing()
    {
        var (x, y) = Find(SampleOverlays.DeletePods, "  Delete  ");
        Assert.IsType<OverlayStep.Stayed>(SampleOverlays.DeletePods.Handle(Click(x + 3, y), Size));
    }

    [Fact]
    public void Consent_BeforeTheEndIsRead_CannotBeGiven()
    {
        Overlay consent = SampleOverlays.Install;
        var (x, y) = Find(consent, "  Install  ");
        Assert.IsType<OverlayStep.Stayed>(consent.Handle(Click(x + 3, y), Size));
        var pages = 0;
        for (var step = Press(consent, "y"); step is OverlayStep.Stayed(var next, _); step = Press(consent, "y"))
        {
            Assert.NotEqual(consent, next); // every press reads on
            consent = next;
            pages++;
        }
        Assert.True(pages > 0);
        Assert.True(Decision(Press(consent, "y")));
    }

    [Fact]
    public void Consent_Enter_IsNo() => Assert.False(Decision(SampleOverlays.Install, "enter"));

    [Fact]
    public void Message_Copy_GivesAllOfIt()
    {
        var stayed = Assert.IsType<OverlayStep.Stayed>(Press(SampleOverlays.Failure, "y"));
        Assert.Contains("is forbidden", stayed.Copied, StringComparison.Ordinal);
        Assert.Contains("hint: ask an administrator", stayed.Copied, StringComparison.Ordinal);
        Assert.Contains("request-id 0f6d2c9e", stayed.Copied, StringComparison.Ordinal);
    }

    [Fact]
    public void Message_OfNotices_TellsTheNewestFirst()
    {
        var notices = SampleOverlays.Notices.Select((n, i) => n with { Time = SampleOverlays.Now.AddMinutes(i) });
        var text = Message.OfNotices(notices, SampleOverlays.Now.AddMinutes(5)).Text;
        Assert.StartsWith("  2m  ✗ Cannot reach", text, StringComparison.Ordinal);
        Assert.Contains("plugin Pod health (lazyoc.pod-health): 3 of 14", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_Enter_AnswersTheKey()
    {
        var typed = SampleOverlays.After(SampleOverlays.Keys, 80, 24, "follow");
        Assert.Equal("l", Assert.IsType<HelpKey>(Answer(typed, "enter")).Key);
    }

    [Fact]
    public async Task Picker_ItemsComeLater_FiltersThemByWhatWasTyped()
    {
        using var dialogs = new Dialogs(new ChangeSignal(), new ManualTime());
        var items = new TaskCompletionSource<PickerContent>();
        var picked = Picker.PickAsync(dialogs, new Picker("Projects", new PickerContent.Loading()), _ => items.Task);
        foreach (var c in "pay")
            dialogs.Handle(new TerminalEvent.KeyPressed(KeyPress.Of(c)), Size);
        items.SetResult(SampleOverlays.Namespaces.Content);
        while (dialogs.Top is Picker { Content: PickerContent.Loading })
            await Task.Yield();
        dialogs.Handle(new TerminalEvent.KeyPressed(new KeyPress(Key.Enter)), Size);
        Assert.Equal("payments", (await picked)!.Id);
    }

    [Fact]
    public async Task Picker_DismissedWhileLoading_StopsLoading()
    {
        using var dialogs = new Dialogs(new ChangeSignal(), new ManualTime());
        var stopped = new TaskCompletionSource();
        var picked = Picker.PickAsync(dialogs, new Picker("Projects", new PickerContent.Loading()), async ct =>
        {
            ct.Register(stopped.SetResult);
            await Task.Delay(Timeout.Infinite, ct);
            return new PickerContent.Loading();
        });
        dialogs.Handle(new TerminalEvent.KeyPressed(new KeyPress(Key.Escape)), Size);
        Assert.Null(await picked);
        await stopped.Task;
    }

    [Fact]
    public void Picker_CurrentItem_IsSelectedAtFirst() => Assert.Equal(1, SampleOverlays.Namespaces.Choices.Current);

    [Fact]
    public void Prompt_Values_AreHeldToTheirRules()
    {
        var wrong = SampleOverlays.After(SampleOverlays.Scale, 80, 24, "99", "enter");
        Assert.Contains("✗", Golden.Text(SampleOverlays.Frame(wrong, 80, 24)), StringComparison.Ordinal);
        var right = SampleOverlays.After(wrong, 80, 24, "ctrl-u", "5");
        var answer = Assert.IsType<System.Text.Json.JsonElement>(Answer(right, "enter"));
        Assert.Equal(5, answer.GetProperty("replicas").GetInt32());
    }

    private static TerminalEvent Click(int x, int y) => new TerminalEvent.Mouse(MouseAction.Press, x, y, KeyModifiers.None);

    private static OverlayStep Press(Overlay overlay, string key) =>
        KeyPress.TryParse(key, out var press) ? overlay.Handle(new TerminalEvent.KeyPressed(press), Size) : throw new FormatException(key);

    private static object? Answer(Overlay overlay, string key) => Assert.IsType<OverlayStep.Answered>(Press(overlay, key)).Answer;

    private static bool Decision(Overlay overlay, string key) => Decision(Press(overlay, key));

    private static bool Decision(OverlayStep step) => step switch
    {
        OverlayStep.Answered { Answer: bool yes } => yes,
        OverlayStep.Dismissed => false,
        _ => throw new InvalidOperationException($"it is still open: {step}"),
    };

    /// <summary>Where one of some texts stands in the frame.</summary>
    private static (int X, int Y) Find(Overlay overlay, params ImmutableArray<string> texts)
    {
        var lines = Golden.Text(SampleOverlays.Frame(overlay, Size.Width, Size.Height)).Split('\n');
        foreach (var text in texts)
        {
            for (var y = 0; y < lines.Length; y++)
            {
                if (lines[y].IndexOf(text, StringComparison.Ordinal) is >= 0 and var x)
                    return (x, y);
            }
        }
        throw new InvalidOperationException($"`{texts[0]}` is not in the frame");
    }
}
