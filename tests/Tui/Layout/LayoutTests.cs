using LazyOC.Tui.Layout;
using LazyOC.Tui.Screen;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.Layout;

public sealed class LayoutTests
{
    [Fact]
    public void Solve_AnyWidth_NeverExceedsItAndKeepsTheFirstPriority()
    {
        ColumnDemand[] demands = [new(12, 30, 0), new(5, 5, 2), new(10, 16, 1), new(8, 40, 6), new(3, 3, 3)];
        for (var width = 1; width <= 120; width++)
        {
            var widths = Solve(width, demands);
            Assert.True(widths.Sum() + 2 * (widths.Count(w => w > 0) - 1) <= width);
            Assert.True(widths[0] > 0);
        }
    }

    [Fact]
    public void Solve_TooNarrowForAll_DropsTheLeastImportantFirst()
    {
        ColumnDemand[] demands = [new(10, 10, 0), new(10, 10, 5), new(10, 10, 2)];
        Assert.Equal<int>([10, 10, 10], Solve(34, demands));
        Assert.Equal<int>([10, 0, 10], Solve(33, demands));
        Assert.Equal<int>([10, 0, 0], Solve(21, demands));
        Assert.Equal<int>([4, 0, 0], Solve(4, demands));
    }

    [Fact]
    public void Solve_TooNarrowForNaturalWidths_ShrinksTheWidest() =>
        Assert.Equal<int>([20, 5], Solve(27, [new(5, 40, 0), new(5, 5, 1)]));

    [Theory]
    [InlineData("one two three", 7, "one two|three")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("a\n\nb", 9, "a||b")]
    [InlineData("字字字", 4, "字字|字")]
    [InlineData("", 4, "")]
    public void Lines_Text_BreaksAtSpacesAndLineFeeds(string text, int width, string expected) =>
        Assert.Equal(expected, string.Join('|', TextWrap.Lines([text], width).Select(line => string.Concat(line.Select(part => part.Text)).TrimEnd(' '))));

    [Fact]
    public void Lines_WideTextInOneColumn_Ends() => Assert.Equal(3, TextWrap.Lines(["字👩x"], 1).Count(line => line.Length > 0));

    [Fact]
    public void Of_EverySize_PanelsLieInTheFrameAndDoNotOverlap()
    {
        for (var width = 1; width <= 200; width += 7)
        {
            for (var height = 1; height <= 70; height++)
            {
                foreach (var focus in Enum.GetValues<FocusedPanel>())
                {
                    var layout = ScreenLayout.Of(new FrameSize(width, height), focus, hasDetails: true, rows: 12);
                    Rect[] parts = [.. new[] { layout.Header, layout.Navigation, layout.List, layout.Details, layout.Status }.Where(p => !p.IsEmpty)];
                    Assert.Equal(width * height, parts.Sum(p => p.Width * p.Height));
                    Assert.All(parts, p => Assert.Equal(p, p.Intersect(new Rect(0, 0, width, height))));
                    var focused = focus switch { FocusedPanel.Navigation => layout.Navigation, FocusedPanel.Details => layout.Details, _ => layout.List };
                    Assert.False(focused.IsEmpty);
                }
            }
        }
    }

    [Theory]
    [InlineData("120x40", 120, 40)]
    [InlineData("80X24", 80, 24)]
    public void TryParse_Size_ReadsIt(string text, int width, int height) => Assert.Equal(new FrameSize(width, height), FrameSize.TryParse(text));

    [Theory]
    [InlineData("")]
    [InlineData("120")]
    [InlineData("0x10")]
    [InlineData("-1x10")]
    [InlineData("10x99999")]
    [InlineData("10x10x10")]
    [InlineData(" 10x10")]
    public void TryParse_NotASize_GivesNull(string text) => Assert.Null(FrameSize.TryParse(text));

    private static int[] Solve(int width, ReadOnlySpan<ColumnDemand> demands)
    {
        var widths = new int[demands.Length];
        ColumnSolver.Solve(width, 2, demands, widths);
        return widths;
    }
}
