using System.Text;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Tests.Screen;

namespace LazyOC.Tui.Tests.Terminal;

public sealed class DiffRendererTests
{
    private static readonly string[] Fragments =
        ["a", "pod-0", "─", "│", "字", "한글", "e\u0301", "\u5b57\u0301", "👩‍💻", "👍", "\ue0b0", "█", " ", "    ", "…", "Running", "नि", "ᄀ", "x\u0302\u0303"];

    private static readonly Tone[] Tones = Enum.GetValues<Tone>();
    private static readonly Surface[] Surfaces = Enum.GetValues<Surface>();

    public static TheoryData<ColorDepth, bool> Terminals => new()
    {
        { ColorDepth.None, true },
        { ColorDepth.Ansi16, true },
        { ColorDepth.Ansi256, true },
        { ColorDepth.Ansi256, false },
        { ColorDepth.TrueColor, true },
        { ColorDepth.TrueColor, false },
    };

    [Theory]
    [MemberData(nameof(Terminals))]
    public void Render_AnySequenceOfFrames_ShowsWhatAFullRepaintShows(ColorDepth depth, bool erasesInColor)
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var renderer = new DiffRenderer(Theme.Dark, depth, erasesInColor) { Synchronized = seed % 2 == 0 };
            var frame = new CellBuffer(random.Next(1, 40), random.Next(1, 12));
            var terminal = new VirtualTerminal(frame.Width, frame.Height, erasesInColor);
            for (var step = 0; step < 8; step++)
            {
                if (random.Next(12) == 0)
                {
                    frame = new CellBuffer(random.Next(1, 40), random.Next(1, 12));
                    terminal = new VirtualTerminal(frame.Width, frame.Height, erasesInColor);
                }
                Change(frame, random);
                terminal.Feed(renderer.Render(frame).Span);
                Assert.False(terminal.IsHeld);
                Assert.True(FullRepaint(frame, depth, erasesInColor).Picture() == terminal.Picture(), $"seed {seed}, step {step}");
                for (var y = 0; y < frame.Height; y++)
                    Assert.Equal(string.Concat(frame.Row(y).ToArray().Select(c => c.Grapheme)).TrimEnd(' '), terminal.Line(y));
            }
        }
    }

    /// <summary>The comparison above sees a single cell that a diff forgets.</summary>
    [Fact]
    public void Picture_OfADiffThatForgetsOneCell_Differs()
    {
        var noticed = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var renderer = new DiffRenderer(Theme.Dark, ColorDepth.TrueColor);
            var frame = new CellBuffer(30, 6);
            Change(frame, random);
            var terminal = new VirtualTerminal(30, 6);
            terminal.Feed(renderer.Render(frame).Span);
            var forgotten = frame.Copy();
            frame.Write(frame.Area, random.Next(30), random.Next(6), "\u2603", Style.Plain);
            terminal.Feed(renderer.Render(forgotten).Span);
            noticed += FullRepaint(frame, ColorDepth.TrueColor, true).Picture() == terminal.Picture() ? 0 : 1;
        }
        Assert.Equal(200, noticed);
    }

    [Fact]
    public void Render_SameFrameAgain_WritesNothing()
    {
        var renderer = new DiffRenderer(Theme.Dark, ColorDepth.TrueColor) { Synchronized = true };
        var frame = ScreenDrawing.Render(SampleScreens.Pods, new FrameSize(120, 40));
        Assert.False(renderer.Render(frame).IsEmpty);
        Assert.True(renderer.Render(frame).IsEmpty);
        Assert.Equal(1, renderer.Frames);
    }

    [Theory]
    [InlineData(ColorDepth.TrueColor)]
    [InlineData(ColorDepth.Ansi256)]
    [InlineData(ColorDepth.Ansi16)]
    public void Render_CursorMovedInAListOf200Columns_TakesLessThanOneKilobyte(ColorDepth depth)
    {
        var renderer = new DiffRenderer(Theme.Dark, depth) { Synchronized = true };
        renderer.Render(ScreenDrawing.Render(SampleScreens.Pods, new FrameSize(200, 60)));
        var list = SampleScreens.Pods.List;
        var moved = SampleScreens.Pods with { List = list with { Selected = list.Selected + 1 } };
        Assert.InRange(renderer.Render(ScreenDrawing.Render(moved, new FrameSize(200, 60))).Length, 1, 1023);
    }

    [Fact]
    public void Render_SteadyFrames_AllocatesNothing()
    {
        var renderer = new DiffRenderer(Theme.Dark, ColorDepth.TrueColor) { Synchronized = true };
        var frame = new CellBuffer(120, 40);
        void Present(int round)
        {
            frame.Clear();
            for (var y = 0; y < frame.Height; y++)
                frame.Write(frame.Area, round % 7, y, "pod-name 字 e\u0301 Running", new Style(Tones[(y + round) % Tones.Length]));
            renderer.Render(frame);
        }

        for (var round = 0; round < 50; round++)
            Present(round);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 50; round++)
            Present(round);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Render_OtherTheme_PaintsTheFrameAgain()
    {
        var renderer = new DiffRenderer(Theme.Dark, ColorDepth.TrueColor);
        var frame = new CellBuffer(10, 2);
        var first = renderer.Render(frame).Length;
        renderer.Theme = Theme.Light;
        Assert.Equal(first + "250;251;253".Length - "18;21;29".Length + "43;50;64".Length - "201;209;224".Length, renderer.Render(frame).Length);
    }

    [Fact]
    public void Render_OneCharacterInARow_WritesTheCursorTheStyleAndTheCharacter()
    {
        var renderer = new DiffRenderer(Theme.Dark, ColorDepth.Ansi16);
        var frame = new CellBuffer(80, 3);
        renderer.Render(frame);
        frame.Write(frame.Area, 40, 1, "x", new Style(Tone.Error));
        Assert.Equal("\x1b[2;41H\x1b[0;31mx", Encoding.UTF8.GetString(renderer.Render(frame).Span));
    }

    [Fact]
    public void Render_TextRemoved_ErasesTheLineRatherThanWritingBlanks()
    {
        var renderer = new DiffRenderer(Theme.Dark, ColorDepth.Ansi16);
        var frame = new CellBuffer(80, 1);
        frame.Write(frame.Area, 4, 0, new string('x', 60), Style.Plain);
        renderer.Render(frame);
        frame.Clear();
        Assert.Equal("\x1b[1;5H\x1b[0m\x1b[K", Encoding.UTF8.GetString(renderer.Render(frame).Span));
    }

    [Fact]
    public void Render_ShortGap_IsWrittenAgain()
    {
        var renderer = new DiffRenderer(Theme.Dark, ColorDepth.None);
        var frame = new CellBuffer(20, 1);
        frame.Write(frame.Area, 0, 0, "1-34------------5", Style.Plain);
        renderer.Render(frame);
        frame.Write(frame.Area, 0, 0, "2-34------------6", Style.Plain);
        Assert.Equal("\x1b[1H\x1b[0m2\x1b[15C6", Encoding.UTF8.GetString(renderer.Render(frame).Span));
        frame.Write(frame.Area, 0, 0, "2-43", Style.Plain);
        frame.Write(frame.Area, 0, 0, "3", Style.Plain);
        Assert.Equal("\x1b[1H\x1b[0m3-43", Encoding.UTF8.GetString(renderer.Render(frame).Span));
    }

    [Fact]
    public void Render_RowWithAWideCharacter_IsPaintedWhole()
    {
        var renderer = new DiffRenderer(Theme.Dark, ColorDepth.None);
        var frame = new CellBuffer(8, 1);
        frame.Write(frame.Area, 0, 0, "字abc", Style.Plain);
        renderer.Render(frame);
        frame.Write(frame.Area, 4, 0, "x", Style.Plain);
        Assert.Equal("\x1b[1H\x1b[0m字abx   ", Encoding.UTF8.GetString(renderer.Render(frame).Span));
    }

    private static VirtualTerminal FullRepaint(CellBuffer frame, ColorDepth depth, bool erasesInColor)
    {
        var terminal = new VirtualTerminal(frame.Width, frame.Height, erasesInColor);
        terminal.Feed(new DiffRenderer(Theme.Dark, depth, erasesInColor).Render(frame).Span);
        return terminal;
    }

    private static void Change(CellBuffer frame, Random random)
    {
        switch (random.Next(5))
        {
            case 0: frame.Clear(); break;
            case 1: frame.Fill(new Rect(random.Next(frame.Width), random.Next(frame.Height), random.Next(30), random.Next(6)), Any(random)); break;
            case 2: frame.Lay(new Rect(0, random.Next(frame.Height), frame.Width, 1), Surfaces[random.Next(Surfaces.Length)]); break;
            case 3: frame.Dim(new Rect(random.Next(frame.Width), 0, 10, frame.Height)); break;
            default: break;
        }
        for (var writes = random.Next(6); writes > 0; writes--)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Fragments[random.Next(Fragments.Length)]));
            frame.Write(frame.Area, random.Next(-3, frame.Width), random.Next(frame.Height), text, Any(random));
        }
    }

    private static Style Any(Random random) =>
        new(Tones[random.Next(Tones.Length)], Surfaces[random.Next(Surfaces.Length)], (TextAttributes)random.Next(4));
}
