using FsCheck;
using FsCheck.Fluent;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Tests.Widgets;

public sealed class TextFieldTests
{
    private static readonly string[] Keys =
        ["a", "字", "space", "left", "right", "home", "end", "backspace", "delete", "ctrl-w", "ctrl-u", "ctrl-k", "ctrl-a", "ctrl-e", "alt-b", "alt-f", "ctrl-left", "ctrl-right"];

    [Theory]
    [InlineData("abc", "left X", "abXc|3")]
    [InlineData("abc", "home X", "Xabc|1")]
    [InlineData("abc", "ctrl-a X", "Xabc|1")]
    [InlineData("abc", "ctrl-a end X", "abcX|4")]
    [InlineData("abc", "backspace", "ab|2")]
    [InlineData("abc", "home backspace", "abc|0")]
    [InlineData("abc", "home delete", "bc|0")]
    [InlineData("abc", "delete", "abc|3")]
    [InlineData("app=web tier", "ctrl-w", "app=web |8")]
    [InlineData("app=web  ", "ctrl-w", "|0")]
    [InlineData("app=web tier", "ctrl-left ctrl-u", "tier|0")]
    [InlineData("app=web tier", "alt-b ctrl-k", "app=web |8")]
    [InlineData("app=web tier", "ctrl-a ctrl-right X", "app=webX tier|8")]
    [InlineData("a字e\u0301", "left backspace", "ae\u0301|1")]
    [InlineData("a字e\u0301", "backspace", "a字|2")]
    public void Handle_EditingKeys_EditLikeAShell(string text, string keys, string expected)
    {
        var field = keys.Split(' ').Aggregate(TextField.Of(text), (f, key) => f.Handle(Press(key)));
        Assert.Equal(expected, $"{field.Text}|{field.Cursor}");
    }

    [Theory]
    [InlineData("enter")]
    [InlineData("escape")]
    [InlineData("tab")]
    [InlineData("up")]
    [InlineData("down")]
    [InlineData("ctrl-n")]
    [InlineData("f5")]
    public void TryHandle_KeyOfTheOwner_IsLeftAlone(string key) => Assert.False(TextField.Of("abc").TryHandle(Press(key), out _));

    [Fact]
    public void Handle_Paste_IsDataWithoutControls()
    {
        var field = new TextField().Handle(new TerminalEvent.Pasted("rm -rf\x1b[2J\r\n\u202e\tall\0"));
        Assert.Equal("rm -rf[2J   all", field.Text);
    }

    [Fact]
    public void Handle_HugePaste_StopsAtTheLimit()
    {
        var field = TextField.Of("ab").Handle(new TerminalEvent.Pasted(new string('x', 1 << 20)));
        Assert.Equal(TuiLimits.Default.FieldCharacters, field.Text.Length);
        Assert.Equal(field.Text.Length, field.Cursor);
    }

    [Fact]
    public void Draw_LongText_KeepsTheCursorInSight()
    {
        Assert.Equal("…quick brown█\n", Drawn(TextField.Of("the very quick brown"), 13));
        Assert.Equal("the very qui…\n", Drawn(TextField.Of("the very quick brown") with { Cursor = 0 }, 13));
        Assert.Equal("the very qui…\n", Drawn(TextField.Of("the very quick brown"), 13, focused: false));
    }

    [Fact]
    public void Draw_Masked_ShowsADotAGrapheme() =>
        Assert.Equal("•••█\n", Drawn(TextField.Of("a字e\u0301") with { Masked = true }, 8));

    [Fact]
    public void Handle_AnyKeys_CursorStaysAndDrawingHolds()
    {
        var press = Gen.Elements(Keys).Select(Press).Or(Gen.Elements("ab cd", "字\u0301x", "\ud83d", "👩‍💻").Select(TerminalEvent (t) => new TerminalEvent.Pasted(t)));
        Prop.ForAll(press.ListOf().ToArbitrary(), events =>
        {
            var field = new TextField();
            foreach (var input in events)
            {
                field = field.Handle(input);
                Assert.InRange(field.Cursor, 0, field.Text.Length);
                for (var width = 1; width <= 9; width += 4)
                    Assert.DoesNotContain(Drawn(field, width).TrimEnd('\n'), char.IsControl);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static TerminalEvent Press(string key) => Input.Key(key);

    private static string Drawn(TextField field, int width, bool focused = true)
    {
        var frame = new CellBuffer(width, 1);
        field.Draw(new Canvas(frame), 0, 0, width, focused);
        return Golden.Text(frame);
    }
}
