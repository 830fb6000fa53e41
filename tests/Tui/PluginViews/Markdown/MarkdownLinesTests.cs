using LazyOC.Tui.PluginViews.Markdown;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.PluginViews.Markdown;

public sealed class MarkdownLinesTests
{
    [Theory]
    [InlineData("# One\ntext", "One||text")]
    [InlineData("####### seven", "####### seven")]
    [InlineData("#hash", "#hash")]
    [InlineData("## closed ##", "closed")]
    [InlineData("Title\n===\nbelow", "Title||below")]
    [InlineData("a\nb", "a b")]
    [InlineData("a  \nb\\\nc", "a|b|c")]
    [InlineData("a\n\n\n\nb", "a||b")]
    [InlineData("- a\n- b\n  - c\n\n1. d\n2. e", "• a|• b|  • c||1. d|2. e")]
    [InlineData("- a\n\n  more\n- b", "• a|  |  more|• b")]
    [InlineData("- a\ngoes on", "• a goes on")]
    [InlineData("-", "• ")]
    [InlineData("-no item", "-no item")]
    [InlineData("7) seven", "7. seven")]
    [InlineData("> a\n> - b\n>> c", "│ a|│ |│ • b|│ |│ │ c")]
    [InlineData("```\n# code\n  <b>\n```\nafter", "  # code|    <b>||after")]
    [InlineData("~~~\nopen to the end", "  open to the end")]
    [InlineData("    indented\n\n    code\ntext", "  indented|  |  code||text")]
    [InlineData("***", "────────────────────")]
    [InlineData("", "")]
    [InlineData("<script>x</script>", "<script>x</script>")]
    public void Of_Blocks_AreLines(string markdown, string expected) =>
        Assert.Equal(expected, string.Join('|', MarkdownLines.Of(markdown, 20).Select(Text)));

    [Theory]
    [InlineData("*a* and **b** and ***c***", "a and b and c")]
    [InlineData("snake_case_name and _it_", "snake_case_name and it")]
    [InlineData("2 * 3 * 4", "2 * 3 * 4")]
    [InlineData("**open", "**open")]
    [InlineData("`a*b*` and ``c`d``", "a*b* and c`d")]
    [InlineData("`open", "`open")]
    [InlineData(@"\*not\* \`it\`", "*not* `it`")]
    [InlineData("[text](https://x.example/a \"title\")", "text (https://x.example/a)")]
    [InlineData("[https://x.example](https://x.example)", "https://x.example")]
    [InlineData("[a [b] c](u)", "a [b] c (u)")]
    [InlineData("[no link] (u)", "[no link] (u)")]
    [InlineData("![a picture](p.png)", "a picture (p.png)")]
    [InlineData("!alone", "!alone")]
    [InlineData("<https://x.example>", "https://x.example")]
    [InlineData("a < b > c", "a < b > c")]
    public void Of_Inline_IsText(string markdown, string expected) =>
        Assert.Equal(expected, string.Join('|', MarkdownLines.Of(markdown, 100).Select(Text)));

    [Fact]
    public void Of_Emphasis_HasItsStyle()
    {
        var runs = Assert.Single(MarkdownLines.Of("plain **bold *both*** `code` [l](u)", 80));
        Assert.Equal(TextAttributes.Bold, Assert.Single(runs, r => r.Text == "bold ").Style.Attributes);
        Assert.Equal(new Style(Tone.Info), Assert.Single(runs, r => r.Text == "code").Style);
        Assert.Equal(TextAttributes.Underline, Assert.Single(runs, r => r.Text == "l").Style.Attributes);
        Assert.Equal(Style.Muted, Assert.Single(runs, r => r.Text == " (u)").Style);
    }

    /// <summary>A quadratic reader would not come back from these; the result is compared, not the time.</summary>
    [Theory]
    [InlineData("*a ")]
    [InlineData("[")]
    [InlineData("`a``")]
    [InlineData("![")]
    [InlineData("> ")]
    [InlineData("<a")]
    [InlineData("_")]
    [InlineData("**a_")]
    [InlineData("- ")]
    public void Of_HostileRepetition_Ends(string piece)
    {
        var lines = MarkdownLines.Of(string.Concat(Enumerable.Repeat(piece, 100_000)), 80);
        Assert.All(lines, line => Assert.InRange(line.Sum(r => CellText.WidthOf(r.Text)), 0, 80));
    }

    [Fact]
    public void Of_TextBeyondTheLimit_IsCutAndSaysSo()
    {
        var lines = MarkdownLines.Of(new string('x', TuiLimits.Default.MarkdownCharacters + 1_234), 80);
        Assert.Equal("… 1234 more characters", Text(lines[^1]));
    }

    [Fact]
    public void Of_NarrowWidths_NeverExceedThemWhereThereIsRoom()
    {
        const string All = "# h\n\n> q *w* 字字\n\n1. item `code`\n   - inner\n\n```json\n{\"a\": 12345678}\n```\n\n---\n[l](https://example.com)";
        for (var width = 8; width <= 40; width++)
            Assert.All(MarkdownLines.Of(All, width), line => Assert.InRange(line.Sum(r => CellText.WidthOf(r.Text)), 0, width));
        for (var width = 1; width < 8; width++)
            Assert.NotEmpty(MarkdownLines.Of(All, width));
    }

    private static string Text(StyledText[] line) => string.Concat(line.Select(r => r.Text));
}
