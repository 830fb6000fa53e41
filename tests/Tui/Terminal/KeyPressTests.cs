using System.Text;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Terminal;

public sealed class KeyPressTests
{
    [Theory]
    [InlineData("a", Key.Character, 'a', KeyModifiers.None)]
    [InlineData("G", Key.Character, 'G', KeyModifiers.None)]
    [InlineData("space", Key.Character, ' ', KeyModifiers.None)]
    [InlineData("ctrl-r", Key.Character, 'r', KeyModifiers.Control)]
    [InlineData("ctrl--", Key.Character, '-', KeyModifiers.Control)]
    [InlineData("-", Key.Character, '-', KeyModifiers.None)]
    [InlineData("ctrl-alt-x", Key.Character, 'x', KeyModifiers.Control | KeyModifiers.Alt)]
    [InlineData("ctrl-space", Key.Character, ' ', KeyModifiers.Control)]
    [InlineData("ü", Key.Character, 'ü', KeyModifiers.None)]
    [InlineData("字", Key.Character, '字', KeyModifiers.None)]
    [InlineData("enter", Key.Enter, '\0', KeyModifiers.None)]
    [InlineData("shift-tab", Key.Tab, '\0', KeyModifiers.Shift)]
    [InlineData("ctrl-shift-pageup", Key.PageUp, '\0', KeyModifiers.Control | KeyModifiers.Shift)]
    [InlineData("f12", Key.F12, '\0', KeyModifiers.None)]
    public void TextForm_OfAKey_GoesBothWays(string text, Key key, char character, KeyModifiers modifiers)
    {
        var press = new KeyPress(key, new Rune(character), modifiers);
        Assert.True(KeyPress.TryParse(text, out var parsed));
        Assert.Equal(press, parsed);
        Assert.Equal(text, press.ToString());
    }

    [Theory]
    [InlineData("shift-g", "G")]
    [InlineData("Alt-Shift-x", "alt-X")]
    [InlineData("alt-CTRL-Up", "ctrl-alt-up")]
    [InlineData(" ", "space")]
    [InlineData("PageDown", "pagedown")]
    public void TryParse_OtherSpelling_GivesTheSameKey(string text, string canonical)
    {
        Assert.True(KeyPress.TryParse(text, out var press));
        Assert.Equal(canonical, press.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("ctrl-")]
    [InlineData("gg")]
    [InlineData("ctrl-ctrl-a")]
    [InlineData("character")]
    [InlineData("f13")]
    [InlineData("\u0007")]
    [InlineData("\u200b")]
    [InlineData("\ud83d")]
    public void TryParse_NotAKey_IsRefused(string text) => Assert.False(KeyPress.TryParse(text, out _));
}
