using System.Globalization;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.Tests.Widgets;

public sealed class TableTests
{
    private static readonly Column[] Columns = [new("NAME", Priority: 0), new("STATUS"), new("RESTARTS", Align.End)];

    [Fact]
    public void Draw_MarksSelectionAndMatches_IsTheGoldenScreen()
    {
        var frame = new CellBuffer(44, 8);
        var table = Of(new CountingRows(200)) with { Top = 3, Selected = 5, Focused = true, Marked = row => row is 4 or 5, Sort = new Sort(2, Descending: true) };
        table.Draw(new Canvas(frame));
        new Scrollbar(200, 7, 3).Draw(new Canvas(frame), 43, 1, 7, focused: true);
        Golden.Verify(frame, "table-marks-44x8");
    }

    [Fact]
    public void Draw_TenThousandRows_ReadsTheVisibleCellsOnly()
    {
        const int Visible = 19;
        var rows = new CountingRows(10_000);
        var (table, frame) = (Of(rows) with { Widths = new ColumnWidths() }, new CellBuffer(80, Visible + 1));
        table.Draw(new Canvas(frame));
        rows.Reads = 0;
        (table with { Top = 5_000 }).Draw(new Canvas(frame));
        // Once to measure and once to draw.
        Assert.Equal(2 * Visible * Columns.Length, rows.Reads);
    }

    [Fact]
    public void Draw_SameRowsAgain_AllocatesAlmostNothing()
    {
        const long FrameBytes = 512;
        var (table, frame) = (Of(new CountingRows(10_000)) with { Widths = new ColumnWidths(), Spread = true, Selected = 3, Marked = row => row == 4 }, new CellBuffer(80, 50));
        for (var i = 0; i < 3; i++)
            table.Draw(new Canvas(frame));
        var before = GC.GetAllocatedBytesForCurrentThread();
        table.Draw(new Canvas(frame));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, FrameBytes);
    }

    [Fact]
    public void Draw_WiderRowsComeAndGo_ColumnsHoldStill()
    {
        var (widths, frame) = (new ColumnWidths(), new CellBuffer(80, 4));
        string Heading(string longest)
        {
            (Of(new CountingRows(3) { Status = longest }) with { Widths = widths }).Draw(new Canvas(frame));
            return Golden.Text(frame).Split('\n')[0];
        }
        var narrow = Heading("Running");
        var wide = Heading("CrashLoopBackOff");
        Assert.True(wide.Length > narrow.Length);
        Assert.Equal(wide, Heading("Running"));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 5, 0)]
    [InlineData(0, 7, 0)]
    [InlineData(0, 8, 1)]
    [InlineData(50, 49, 47)]
    [InlineData(50, 55, 50)]
    [InlineData(50, 99, 90)]
    [InlineData(500, 99, 90)]
    public void ScrolledTop_Selection_StaysInSightWithAMargin(int top, int selected, int expected) =>
        Assert.Equal(expected, Table.ScrolledTop(top, selected, count: 100, height: 10));

    [Fact]
    public void ScrolledTop_AnyState_ShowsTheSelection()
    {
        for (var height = 1; height <= 8; height++)
        {
            for (var count = 1; count <= 20; count++)
            {
                for (var selected = 0; selected < count; selected++)
                {
                    for (var top = -1; top <= count + 1; top++)
                    {
                        var next = Table.ScrolledTop(top, selected, count, height);
                        Assert.InRange(selected - next, 0, height - 1);
                        Assert.InRange(next, 0, Math.Max(0, count - height));
                    }
                }
            }
        }
    }

    [Fact]
    public void RowAt_AndColumnAt_AreWhereTheyAreDrawn()
    {
        var frame = new CellBuffer(60, 10);
        var table = Of(new CountingRows(50)) with { Top = 10, Selected = 12, Sort = new Sort(1, Descending: false) };
        table.Draw(new Canvas(frame));
        var heading = Golden.Text(frame).Split('\n')[0];
        foreach (var column in Columns)
            Assert.Equal(column, Columns[table.ColumnAt(heading.IndexOf(column.Title, StringComparison.Ordinal), 60)!.Value]);
        Assert.Null(table.ColumnAt(59, 60));
        Assert.Null(table.RowAt(0));
        Assert.Equal(10, table.RowAt(1));
        Assert.Null(table.RowAt(41));
    }

    [Fact]
    public void Draw_Matches_EmphasiseTheHitsThatAreShown()
    {
        var frame = new CellBuffer(13, 2);
        (Of(new CountingRows(1)) with { Columns = [Columns[0]], Matches = (_, text, hits) => Find(text, "o", hits) }).Draw(new Canvas(frame));
        var underlined = string.Concat(Enumerable.Range(0, 13).Select(x => frame.Row(1)[x].Style.Attributes.HasFlag(TextAttributes.Underline) ? '^' : ' '));
        Assert.Equal("frontend-pod…", Golden.Text(frame).Split('\n')[1]);
        Assert.Equal("  ^       ^  ", underlined);
    }

    [Theory]
    [InlineData(10, 0, "┃┃┃│││││││")]
    [InlineData(10, 1, "│┃┃┃││││││")]
    [InlineData(10, 19, "││││││┃┃┃│")]
    [InlineData(10, 20, "│││││││┃┃┃")]
    [InlineData(3, 10, "│┃│")]
    [InlineData(1, 10, "┃")]
    public void Scrollbar_Thumb_TouchesAnEndOnlyWhenItIsInSight(int height, int top, string expected)
    {
        var frame = new CellBuffer(1, height);
        for (var y = 0; y < height; y++)
            new Canvas(frame).Write(0, y, "│", Style.Plain);
        new Scrollbar(30, 10, top).Draw(new Canvas(frame), 0, 0, height, focused: false);
        Assert.Equal(expected, Golden.Text(frame).Replace("\n", "", StringComparison.Ordinal));
    }

    [Fact]
    public void Scrollbar_EverythingInSight_DrawsNothing()
    {
        var frame = new CellBuffer(1, 5);
        new Scrollbar(5, 5, 0).Draw(new Canvas(frame), 0, 0, 5, focused: false);
        Assert.Equal("\n\n\n\n\n", Golden.Text(frame));
    }

    [Fact]
    public void TabAt_EveryCell_IsTheTabDrawnThere()
    {
        for (var width = 4; width < 50; width++)
        {
            for (var current = 0; current < 4; current++)
            {
                var line = new TabsLine(["Overview", "YAML", "Events", "Logs"], current);
                var frame = new CellBuffer(width, 1);
                line.Draw(new Canvas(frame), 0);
                var text = Golden.Text(frame);
                Assert.Equal(current, line.TabAt(text.IndexOf('[', StringComparison.Ordinal), width));
                for (var x = 0; x < width; x++)
                    Assert.True(line.TabAt(x, width) is null or >= 0 and < 4);
            }
        }
    }

    private static int Find(string text, string what, Span<TextMatch> hits)
    {
        var count = 0;
        for (var at = text.IndexOf(what, StringComparison.Ordinal); at >= 0 && count < hits.Length; at = text.IndexOf(what, at + 1, StringComparison.Ordinal))
            hits[count++] = new TextMatch(at, what.Length);
        return count;
    }

    private static Table Of(ITableRows rows) => new() { Columns = [.. Columns], Rows = rows };

    private sealed class CountingRows(int count) : ITableRows
    {
        private readonly string[] _names = [.. Enumerable.Range(0, count).Select(i => string.Create(CultureInfo.InvariantCulture, $"frontend-pod-{i}"))];

        public int Reads { get; set; }

        public string Status { get; init; } = "Running";

        public int Count => count;

        public StyledText Cell(int row, int column)
        {
            Reads++;
            return column switch { 0 => _names[row], 1 => new StyledText(Status, new Style(Tone.Ok)), _ => "0" };
        }
    }
}
