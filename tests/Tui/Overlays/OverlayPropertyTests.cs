using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.Overlays;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Overlays;

/// <summary>What holds for every overlay, whatever it is fed and however small the terminal is.</summary>
public sealed class OverlayPropertyTests
{
    private static readonly string[] Hostile =
    [
        "\u001b]0;owned\u0007\u001b[2J\u001b[31m", "a\u0000b\u0008\u007f\u009b31m", "\u202egnp.exe\u2066\u200b", new('x', 4_000), string.Concat(Enumerable.Repeat("e\u0301\u0301\u0301", 200)),
        "漢字👩‍👩‍👧‍👦🇩🇪", "line\nline\r\nline\ttab", "\ud800 lone", "", " ", "╔═ Delete 3 pods? ═╗", string.Join('\n', Enumerable.Repeat("many lines", 200)),
    ];

    private static readonly ImmutableArray<Key> Keys = [.. Enum.GetValues<Key>().Where(key => key is not (Key.Character or Key.Escape))];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 40)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void AnyInput_AtAnySize_KeepsItDrawableAndClosable(int seed)
    {
        var random = new Random(seed);
        foreach (var first in Overlays(random))
        {
            var time = new ManualTime();
            using var dialogs = new Dialogs(new ChangeSignal(), time);
            var size = new FrameSize(random.Next(1, 130), random.Next(1, 50));
            var answer = Ask(dialogs, first);
            for (var i = 0; i < 60 && dialogs.Top is not null; i++)
            {
                if (random.Next(12) == 0)
                    size = new FrameSize(random.Next(1, 130), random.Next(1, 50));
                OverlayDrawing.Draw(new CellBuffer(size.Width, size.Height), dialogs, time.GetUtcNow());
                dialogs.Handle(Input(random, size), size);
            }
            // A list within a form may take the first escape, never the second.
            for (var i = 0; i < 2; i++)
                dialogs.Handle(new TerminalEvent.KeyPressed(new KeyPress(Key.Escape)), size);
            Assert.Equal(0, dialogs.Count);
            Assert.True(answer.IsCompleted);
        }
    }

    [Fact]
    public void HostileText_InEverySlot_StaysInsideTheBox()
    {
        foreach (var text in Hostile)
        {
            foreach (var (width, height) in new[] { (40, 12), (80, 24), (120, 40) })
            {
                foreach (var overlay in OverlaysWith(text))
                {
                    var size = new FrameSize(width, height);
                    var frame = SampleOverlays.Frame(overlay, width, height);
                    var screen = ScreenDrawing.Render(SampleScreens.Pods, size);
                    new Canvas(screen).Dim();
                    var area = overlay.AreaIn(size);
                    for (var y = 0; y < height; y++)
                    {
                        for (var x = 0; x < width; x++)
                        {
                            if (!area.Contains(x, y))
                                Assert.Equal(screen.Row(y)[x].ToString(), frame.Row(y)[x].ToString());
                        }
                        Assert.DoesNotContain(Golden.Text(frame), c => char.IsControl(c) && c != '\n');
                    }
                    AssertBorder(frame, area);
                }
            }
        }
    }

    [Fact]
    public void AreaIn_EverySize_IsInsideTheFrame()
    {
        foreach (var overlay in OverlaysWith("text"))
        {
            for (var width = 1; width <= 130; width += 3)
            {
                for (var height = 1; height <= 50; height++)
                {
                    var area = overlay.AreaIn(new FrameSize(width, height));
                    Assert.Equal(area, area.Intersect(new Rect(0, 0, width, height)));
                    Assert.False(area.IsEmpty);
                }
            }
        }
    }

    /// <summary>Both sides of each box are border cells in every row, so nothing inside has shifted them.</summary>
    private static void AssertBorder(CellBuffer frame, Rect area)
    {
        for (var y = area.Y; y < area.Bottom; y++)
        {
            Assert.Contains(frame.Row(y)[area.X].Grapheme, "╭│╰├╔║╚╟", StringComparison.Ordinal);
            Assert.Contains(frame.Row(y)[area.Right - 1].Grapheme, "╮│┃╯┤╗║╝╢", StringComparison.Ordinal);
        }
    }

    private static Task Ask(Dialogs dialogs, Overlay overlay) => overlay switch
    {
        Overlay<bool> yes => dialogs.AskAsync(yes),
        Overlay<PaletteItem> palette => dialogs.AskAsync(palette),
        Overlay<PickerItem> picker => dialogs.AskAsync(picker),
        Overlay<HelpKey> help => dialogs.AskAsync(help),
        Overlay<JsonElement?> prompt => dialogs.AskAsync(prompt),
        _ => throw new NotSupportedException(overlay.GetType().Name),
    };

    private static IEnumerable<Overlay> Overlays(Random random) => OverlaysWith(Hostile[random.Next(Hostile.Length)]).Concat(
    [
        SampleOverlays.DeletePod, SampleOverlays.Refused, SampleOverlays.Patched, SampleOverlays.DeletePods, SampleOverlays.PluginAction, SampleOverlays.Install, SampleOverlays.Update, SampleOverlays.Failure,
        SampleOverlays.Keys, SampleOverlays.Namespaces, SampleOverlays.Scale, SampleOverlays.PluginPrompt, CommandPalette.Of(SampleOverlays.Items), CommandPalette.Of([]),
        new Picker("Empty", new PickerContent.Items([])), new Help([]),
    ]);

    private static IEnumerable<Overlay> OverlaysWith(string text)
    {
        var mark = SampleOverlays.PodHealth with { Name = text };
        yield return CommandPalette.Of([new PaletteItem("a", text, text, text, mark, text), new PaletteItem("b", text)], filter: text);
        yield return new Picker(text, new PickerContent.Items([new PickerItem(text, text, text, text)]), text);
        yield return new Picker(text, new PickerContent.Failed(text, text));
        yield return new Picker(text, new PickerContent.Loading());
        yield return new Confirmation { Verb = text, What = text, Objects = [text, text], Namespace = text, Context = text, User = text, Consequence = text, Plugin = mark, PluginText = text, Danger = DangerLevel.Destructive };
        yield return new Confirmation { Verb = text, What = text, Objects = [text], ClusterWide = true, Danger = DangerLevel.Destructive };
        yield return new Message(text, text) { Hint = text, Detail = text, Plugin = mark };
        yield return new Help([new HelpGroup(text, [new HelpKey(text, text, text) { Plugin = mark }])]);
        yield return new ConsentDialog(SampleOverlays.Install.Request with { Source = text, Manifest = SampleOverlays.Manifest with { DisplayName = text, Description = text, PermissionReasons = ImmutableDictionary<string, string>.Empty.Add("kubernetes", text) } });
        yield return new HookDialog
        {
            Verb = text,
            What = text,
            Objects = [new HookedObject(text, [], [new HookRemark(mark.Id, text, text)], [new HookRemark(mark.Id, text, text)], [new DiffLine('+', text), new DiffLine('-', text)]), new HookedObject(text, [new HookRemark(mark.Id, text, text)], [], [], [])],
            Going = 1,
        };
        yield return new Prompt(text, [new FormField { Name = "a", Label = text, Kind = FieldKind.Text, Help = text }], text) { Plugin = mark, PluginText = text, Note = text };
    }

    private static TerminalEvent Input(Random random, FrameSize size) => random.Next(8) switch
    {
        0 => new TerminalEvent.Pasted(Hostile[random.Next(Hostile.Length)]),
        1 or 2 => new TerminalEvent.Mouse((MouseAction)random.Next(5), random.Next(-1, size.Width + 1), random.Next(-1, size.Height + 1), KeyModifiers.None),
        3 or 4 => new TerminalEvent.KeyPressed(new KeyPress(Keys[random.Next(Keys.Length)], default, (KeyModifiers)random.Next(8))),
        _ => new TerminalEvent.KeyPressed(KeyPress.Of("abcdy nq42jk~"[random.Next(13)], random.Next(6) == 0 ? KeyModifiers.Control : KeyModifiers.None)),
    };
}
