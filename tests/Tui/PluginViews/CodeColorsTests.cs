using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.PluginViews;

public sealed class CodeColorsTests
{
    /// <summary>Accent is <c>a</c>, muted <c>m</c>, info <c>i</c>, warning <c>w</c>, error <c>e</c>, plain a dot.</summary>
    [Theory]
    [InlineData("yaml", "  - image: quay.io/a:2 # b", "..m.aaaaamm...............")]
    [InlineData("yaml", "replicas: 3", "aaaaaaaammi")]
    [InlineData("yaml", "paused: false", "aaaaaammiiiii")]
    [InlineData("yaml", "spec:", "aaaam")]
    [InlineData("yaml", "# note", "mmmmmm")]
    [InlineData("yaml", "\"a b\": c", "aaaaamm.")]
    [InlineData("yaml", "| text: x", ".........")]
    [InlineData("json", "{\"a\": [1, \"b: c\"]}", "maaammmimm......mm")]
    [InlineData("json", "\"open", ".....")]
    [InlineData("json", "null,", "iiiim")]
    [InlineData("log", "2026-11-22T10:00:00Z WARN x", "mmmmmmmmmmmmmmmmmmmmwwwwwww")]
    [InlineData("log", "an Error", "eeeeeeee")]
    [InlineData("toml", "a = 1", ".....")]
    [InlineData("json", "", "")]
    public void MoveNext_Line_ColoursItsPieces(string language, string line, string expected)
    {
        var colors = "";
        foreach (var token in new CodeColors(line, language))
            colors += new string(Letter(token.Style.Tone), token.Length);
        Assert.Equal(expected, colors);
    }

    private static char Letter(Tone tone) => tone switch { Tone.Accent => 'a', Tone.Muted => 'm', Tone.Info => 'i', Tone.Warn => 'w', Tone.Error => 'e', _ => '.' };
}
