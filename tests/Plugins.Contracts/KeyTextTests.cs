namespace LazyOC.Plugins.Contracts.Tests;

public sealed class KeyTextTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("G")]
    [InlineData("-")]
    [InlineData("ctrl--")]
    [InlineData("space")]
    [InlineData("f12")]
    [InlineData("ctrl-r")]
    [InlineData("ctrl-alt-x")]
    [InlineData("shift-tab")]
    [InlineData("ctrl-shift-up")]
    public void IsValid_Key_IsTrue(string text) => Assert.True(KeyText.IsValid(text));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ab")]
    [InlineData("f13")]
    [InlineData("ctrl-")]
    [InlineData("shift-a")]
    [InlineData("alt-ctrl-x")]
    [InlineData("ctrl-ctrl-x")]
    [InlineData("ctrl+x")]
    [InlineData("\u001b")]
    [InlineData("é")]
    public void IsValid_AnythingElse_IsFalse(string text) => Assert.False(KeyText.IsValid(text));
}
