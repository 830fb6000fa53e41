using LazyOC.Tui.Details.Logs;
using LazyOC.Tui.Details.Text;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Details;

/// <summary>Scrolling, wrapping and searching lines.</summary>
public sealed class TextPaneTests
{
    private static readonly FrameSize Size = new(20, 6);
    private readonly TextPane _pane = new();

    [Fact]
    public void Compose_Search_MarksFindsAndGoesRound()
    {
        var lines = Numbered(100);
        _pane.Compose(lines, Size);
        Press("/", "9", "5");
        Assert.True(_pane.IsTyping);
        var view = _pane.Compose(lines, Size);
        Assert.Equal("1 of 1", view.PromptNote.Text);
        Assert.Contains(view.Rows, row => row.Any(run => run.Text == "95" && run.Style.Surface == Surface.Selected));
        Press("enter");
        Assert.False(_pane.IsTyping);
        Assert.Equal("line 95", _pane.CurrentMatch);

        Press("/", "ctrl-u", "l", "i", "n", "e", "space", "1", "enter");
        Assert.Equal("11 of 11", Note(lines)); // from line 95 on there is none: the last before it, and round
        Press("n");
        Assert.Equal("line 1", _pane.CurrentMatch);
        Press("N");
        Assert.Equal("line 19", _pane.CurrentMatch);
        Press("escape");
        Assert.Null(_pane.Compose(lines, Size).Prompt);
    }

    [Fact]
    public void Compose_SearchForNothingThere_SaysSo()
    {
        var lines = Numbered(10);
        _pane.Compose(lines, Size);
        Press("/", "x", "y", "z");
        Assert.Equal("no match", Note(lines));
    }

    [Fact]
    public void Compose_Wrapped_ShowsEveryCharacterOnce()
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},"));
        var lines = new FixedLines([text, .. Enumerable.Repeat("", 20)]);
        _pane.Compose(lines, Size);
        Press("w", "home");
        var seen = "";
        for (var row = 0; row < text.Length; row++)
        {
            var top = string.Concat(_pane.Compose(lines, Size).Rows[0].Select(r => r.Text));
            seen += top;
            if (top.Length == 0)
                break;
            Press("down");
        }
        Assert.Equal(text, seen);
    }

    [Fact]
    public void Compose_OldLinesDropped_StaysInsideWhatIsThere()
    {
        var changed = new ChangeSignal();
        var limits = new TuiLimits { LogLines = 50 };
        var buffer = new LogBuffer(limits, changed);
        var lines = new LogLines(buffer, limits);
        Append(0, 50);
        _pane.Compose(lines, Size);
        Press("home", "down");
        Append(50, 5_000);
        var rows = _pane.Compose(lines, Size).Rows;
        Assert.Equal($"line {buffer.First}", string.Concat(rows[0].Select(r => r.Text)));
        Assert.Equal(4_950, buffer.First);
        _pane.Follow = true;
        Assert.Equal("line 4999", string.Concat(_pane.Compose(lines, Size).Rows[^1].Select(r => r.Text)));

        void Append(int from, int to)
        {
            for (var i = from; i < to; i++)
                buffer.Append(new LogLine(new LogSource("p", "c", 0), default, $"line {i}"));
        }
    }

    [Fact]
    public void Append_FloodOfLines_WakesTheLoopOnce()
    {
        var changed = new ChangeSignal();
        var buffer = new LogBuffer(new TuiLimits { LogCharacters = 1_000 }, changed);
        var wakes = 0;
        var next = changed.Next;
        for (var i = 0; i < 10_000; i++)
        {
            buffer.Append(new LogLine(null, default, "0123456789"));
            if (next.IsCompleted)
            {
                wakes++;
                next = changed.Next;
            }
        }
        Assert.Equal(1, wakes);
        Assert.Equal((10_000L, 100L), (buffer.End, buffer.End - buffer.First));
        buffer.Look();
        buffer.Append(new LogLine(null, default, "x"));
        Assert.True(next.IsCompleted);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("\e]0;title\aafter", "after")]
    [InlineData("\e]8;;http://x\e\\link\e]8;;\e\\", "link")]
    [InlineData("\e[38;5;1", "")]
    [InlineData("a\eb", "ab")]
    [InlineData("\e", "")]
    [InlineData("\e]never ends", "never ends")]
    public void Strip_ControlSequences_AreGoneAsAWhole(string text, string expected) => Assert.Equal(expected, AnsiText.Strip(text));

    private string Note(ITextLines lines) => _pane.Compose(lines, Size).PromptNote.Text;

    private void Press(params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            Assert.True(KeyPress.TryParse(key, out var press), key);
            _pane.Handle(new TerminalEvent.KeyPressed(press));
        }
    }

    private static FixedLines Numbered(int count) => new([.. Enumerable.Range(0, count).Select(i => $"line {i}")]);

    private sealed class FixedLines(string[] lines) : ITextLines
    {
        public long First => 0;

        public long End => lines.Length;

        public IReadOnlyList<StyledText> this[long number] => [lines[number]];
    }
}
