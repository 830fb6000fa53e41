using LazyOC.Tui.Details.Text;

namespace LazyOC.Tui.Tests.Details;

public sealed class LineDiffTests
{
    [Fact]
    public void Of_SameTexts_IsEmpty() => Assert.Empty(LineDiff.Of("a\nb\n", "a\nb\n"));

    [Fact]
    public void Of_ChangeInTheMiddle_HasItsNeighboursAndSaysWhatIsLeftOut()
    {
        var before = string.Join('\n', Enumerable.Range(0, 30).Select(i => $"line {i}"));
        var after = before.Replace("line 5\n", "five\n", StringComparison.Ordinal).Replace("line 25", "line 25\nmore", StringComparison.Ordinal);
        Assert.Equal(
            [" line 2", " line 3", " line 4", "-line 5", "+five", " line 6", " line 7", " line 8", "…", " line 23", " line 24", " line 25", "+more", " line 26", " line 27", " line 28"],
            LineDiff.Of(before, after).Select(line => $"{line.Sign}{line.Text}"));
    }

    [Theory]
    [InlineData("a\nb\nc", "")]
    [InlineData("", "a\nb")]
    [InlineData("a\nb\na\nc", "a\na\nb\nc")]
    public void Of_AnyTexts_GivesTheSecondFromTheFirst(string before, string after)
    {
        var diff = LineDiff.Of(before, after);
        Assert.Equal(before.Split('\n'), diff.Where(line => line.Sign is ' ' or '-').Select(line => line.Text));
        Assert.Equal(after.Split('\n'), diff.Where(line => line.Sign is ' ' or '+').Select(line => line.Text));
    }
}
