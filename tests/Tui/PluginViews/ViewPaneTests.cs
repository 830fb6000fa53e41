using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.PluginViews;

public sealed class ViewPaneTests
{
    [Fact]
    public void Handle_KeysThroughAWholeView_AreTheGoldenFrames()
    {
        var screen = new PaneScreen(Workbench());
        var frames = new List<string>();
        foreach (var keys in (string[])["", "down", "right down", "left left", "down", "enter n e w", "escape down enter", "down", "right", "down down", "> > > >", "left", "G k"])
        {
            var steps = screen.Press(keys);
            frames.Add($"── {(keys.Length == 0 ? "at first" : keys)}{string.Concat(steps.OfType<ViewStep.Input>().Select(i => $"   → {i.Value.Event} {i.Value.Node} {i.Value.Row}"))}\n{screen.Text()}");
        }
        Golden.Verify(string.Concat(frames), "view-pane-keys.txt");
    }

    [Fact]
    public void Handle_Button_AsksForWhatItDoes()
    {
        var screen = new PaneScreen(new ViewNode.Button { Id = "wipe", Label = "Delete all", Danger = DangerLevel.Destructive });
        var input = Assert.IsType<ViewStep.Input>(Assert.Single(screen.Press("enter")));
        Assert.Equal(new ViewInput { Node = "wipe", Event = ViewEvent.Press }, input.Value);
        Assert.Equal((DangerLevel.Destructive, "Delete all"), (input.Danger, input.What));
        Assert.IsType<ViewStep.Input>(Assert.Single(screen.Press("space")));
        Assert.IsType<ViewStep.Input>(screen.Handle(Input.Click(3, 0)));
    }

    [Fact]
    public void Handle_RowActions_StartByTheirKeyOrADigit()
    {
        var screen = new PaneScreen(Pods(3) with
        {
            RowActions = [new() { Id = "drain", Title = "Drain", Key = "d", Danger = DangerLevel.Destructive }, new() { Id = "jump", Title = "Jump", Key = "j" }, new() { Id = "cordon", Title = "Cordon" }],
        });
        Assert.Equal(["enter open", "d Drain", "1 Jump", "2 Cordon", "<> sort"], screen.Pane.Hints.Select(h => $"{h.Key} {h.Action}"));
        var drain = Assert.IsType<ViewStep.Input>(screen.Press("down d")[1]);
        Assert.Equal(new ViewInput { Node = "pods", Event = ViewEvent.RowAction, Row = "p1", Action = "drain" }, drain.Value);
        Assert.Equal((DangerLevel.Destructive, "Drain pod-1"), (drain.Danger, drain.What));
        Assert.Equal("cordon", Assert.IsType<ViewStep.Input>(Assert.Single(screen.Press("2"))).Value.Action);
        Assert.Equal(new ViewInput { Node = "pods", Event = ViewEvent.Activate, Row = "p1" }, Assert.IsType<ViewStep.Input>(Assert.Single(screen.Press("enter"))).Value);
    }

    [Fact]
    public void Show_RowsInsertedAbove_SelectionFollowsItsRowAndStaysInPlace()
    {
        var screen = new PaneScreen(Pods(100));
        screen.Press("down down down down down down down down down down down down");
        var before = screen.Row("▌");
        var newer = Pods(100);
        screen.Pane.Show(newer with { Rows = [.. Pods(7, "n").Rows, .. newer.Rows] });
        Assert.Contains("▌ pod-12 ", screen.Text(), StringComparison.Ordinal);
        Assert.Equal(before, screen.Row("▌"));
    }

    [Fact]
    public void Show_SelectedRowGone_SelectsTheOneInItsPlace()
    {
        var screen = new PaneScreen(Pods(5));
        screen.Press("down down");
        screen.Pane.Show(Pods(5) with { Rows = Pods(5).Rows.RemoveAt(2) });
        Assert.Contains("▌ pod-3 ", screen.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_NarrowerRows_ColumnsHoldStill()
    {
        ViewNode Rows(string state) => new ViewNode.Table { Header = [new() { Title = "STATE" }, new() { Title = "IMAGE" }], Rows = [new() { Id = "1", Cells = [Span(state), Span("web:1")] }] };
        var screen = new PaneScreen(Rows("ImagePullBackOff"));
        var heading = screen.Text().Split('\n')[0];
        screen.Pane.Show(Rows("ErrImagePull"));
        Assert.Equal(heading, screen.Text().Split('\n')[0]);
    }

    [Fact]
    public void Show_WhileAFormIsFilledIn_KeepsWhatWasTyped()
    {
        var screen = new PaneScreen(Stack(Line("one"), Form("image", "replicas")));
        screen.Press("enter w e b");
        screen.Pane.Show(Stack(Line("one"), Line("two"), Form("image", "replicas")));
        screen.Press("1");
        Assert.Contains("web1█", screen.Text(), StringComparison.Ordinal);
        Assert.True(screen.Pane.TakesTyping);
        var step = screen.Press("enter enter enter").Last();
        Assert.Equal("""{"image":"web1","replicas":null}""", Assert.IsType<ViewStep.Input>(step).Value.Values!.Value.GetRawText());
    }

    [Fact]
    public void Show_AfterSubmit_TakesTheNewValues()
    {
        var form = Form("image");
        var screen = new PaneScreen(form);
        screen.Press("enter w enter enter");
        screen.Pane.Show(form with { Fields = [form.Fields[0] with { Value = JsonSerializer.SerializeToElement("from the plugin") }] });
        Assert.Contains("from the plugin", screen.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Show_Patched_KeepsTabsTreesAndScrolling()
    {
        var root = Stack(
            new ViewNode.Text { Id = "count", Spans = [Span("1 event")] },
            new ViewNode.Tabs { Id = "tabs", Children = [new() { Title = "A", Content = Line("in a") }, new() { Title = "B", Content = Tree() }] });
        var screen = new PaneScreen(root);
        screen.Press("right down right down");
        var before = screen.Text();
        Assert.Contains("▌ └── web-84d", before, StringComparison.Ordinal);
        var patched = ViewPatch.Apply(root, [new ViewPatch { Id = "count", Node = new ViewNode.Text { Spans = [Span("2 events")] } }]);
        Assert.True(patched.TryGet(out var next, out _));
        screen.Pane.Show(next!);
        Assert.Equal(before.Replace("1 event", "2 events", StringComparison.Ordinal), screen.Text());
    }

    [Fact]
    public void Handle_LongText_ScrollsWhenNothingIsInSight()
    {
        var text = string.Join('\n', Enumerable.Range(0, 50).Select(i => $"line {i}"));
        var screen = new PaneScreen(Stack(new ViewNode.Code { Content = text }, new ViewNode.Button { Id = "b", Label = "Last" }), 20, 10);
        screen.Press("j j j");
        Assert.StartsWith("line 3\n", screen.Text(), StringComparison.Ordinal);
        screen.Press("pagedown");
        Assert.StartsWith("line 11\n", screen.Text(), StringComparison.Ordinal);
        Assert.Empty(screen.Pane.Hints);
        screen.Press("G");
        Assert.Contains("▌ Last ▐", screen.Text(), StringComparison.Ordinal);
        screen.Press("g");
        Assert.StartsWith("line 0\n", screen.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Handle_Mouse_ScrollsSelectsSortsAndSwitches()
    {
        var screen = new PaneScreen(new ViewNode.Tabs { Id = "t", Children = [new() { Title = "Pods", Content = Pods(40) }, new() { Title = "Tree", Content = Tree() }] }, 40, 12);
        screen.Handle(Input.Click(3, 5));
        Assert.Contains("▌ pod-2 ", screen.Text(), StringComparison.Ordinal);
        Assert.Equal("p2", Assert.IsType<ViewStep.Input>(screen.Handle(Input.Click(3, 5))).Value.Row);
        screen.Handle(Input.Click(12, 2));
        Assert.Contains("AGE↑", screen.Text(), StringComparison.Ordinal);
        screen.Handle(Input.Wheel(3, 5));
        screen.Handle(Input.Wheel(3, 5));
        Assert.StartsWith("  POD", screen.Text(), StringComparison.Ordinal);
        screen.Handle(Input.Click(12, 0));
        Assert.StartsWith("  POD     AGE↓", screen.Text(), StringComparison.Ordinal);
        screen.Handle(new TerminalEvent.Mouse(MouseAction.Drag, 40, 11, KeyModifiers.None));
        Assert.Equal(screen.Pane.Scroll.MaxTop, screen.Pane.Scroll.Top);
        screen.Handle(new TerminalEvent.Mouse(MouseAction.Press, 40, 0, KeyModifiers.None));
        screen.Handle(Input.Click(9, 0));
        Assert.Contains("▌Tree▐", screen.Text(), StringComparison.Ordinal);
        screen.Handle(Input.Click(2, 2));
        Assert.Contains("▸ Deployment/web", screen.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Handle_Left_InATreeInsideTabs_FoldsAndDoesNotSwitch()
    {
        var screen = new PaneScreen(new ViewNode.Tabs { Id = "t", Selected = 1, Children = [new() { Title = "A", Content = Line("a") }, new() { Title = "B", Content = Tree() }] });
        screen.Press("down left left left");
        Assert.Contains("[B]", screen.Text(), StringComparison.Ordinal);
        Assert.Contains("▌ ▸ Deployment/web", screen.Text(), StringComparison.Ordinal);
        screen.Press("up right");
        Assert.Contains("▌A▐", screen.Text(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tab")]
    [InlineData("escape")]
    [InlineData("d")]
    [InlineData("/")]
    [InlineData("ctrl-r")]
    public void Handle_KeyOfTheScreen_IsLeftAlone(string key)
    {
        var screen = new PaneScreen(Workbench());
        Assert.IsType<ViewStep.Ignored>(Assert.Single(screen.Press(key)));
    }

    [Fact]
    public void Draw_ClockContent_TellsWhenItChanges()
    {
        var screen = new PaneScreen(Line("still"));
        screen.Text();
        Assert.Null(screen.Pane.RedrawAfter);
        screen.Pane.Show(Pods(2));
        screen.Text();
        Assert.Equal(TimeSpan.FromSeconds(1), screen.Pane.RedrawAfter);
        screen.Pane.Show(Stack(Pods(2), new ViewNode.Spinner()));
        screen.Text();
        Assert.Equal(TimeSpan.FromMilliseconds(100), screen.Pane.RedrawAfter);
    }

    [Fact]
    public void Draw_ThousandsOfNodes_DrawsOnlyTheVisibleOnesAndLaysOutOnce()
    {
        var lines = Enumerable.Range(0, 4_000).Select(ViewNode (i) => new ViewNode.Text { Id = $"n{i}", Spans = [Span($"line {i}")] }).ToImmutableArray();
        var root = new ViewNode.Stack { Children = lines };
        var screen = new PaneScreen(root, 40, 20);
        screen.Press("pagedown pagedown pagedown");
        Assert.Equal((1 + 20, 4_000), screen.Cost());
        Assert.True(ViewPatch.Apply(root, [new ViewPatch { Id = "n60", Node = Line("patched") }]).TryGet(out var next, out _));
        screen.Pane.Show(next!);
        Assert.Contains("patched", screen.Text(), StringComparison.Ordinal);
        Assert.Equal((1 + 20, 4_001), screen.Cost());
    }

    [Theory]
    [InlineData("table")]
    [InlineData("tree")]
    [InlineData("code")]
    public void Draw_LargeNode_AllocatesAsASmallOne(string kind)
    {
        const long Slack = 4_096;
        ViewNode Of(int size) => kind switch
        {
            "table" => Pods(size),
            "tree" => new ViewNode.Tree { Id = "t", Nodes = [.. Enumerable.Range(0, size).Select(i => new TreeItem { Id = $"i{i}", Label = [Span($"item {i}")] })] },
            _ => new ViewNode.Code { Language = "yaml", Content = string.Concat(Enumerable.Repeat("key: some value of it\n", size)) },
        };
        long Cost(int size)
        {
            var (pane, frame) = (new ViewPane(), new CellBuffer(60, 20));
            pane.Show(Of(size));
            for (var i = 0; i < 3; i++)
                pane.Draw(new Canvas(frame), focused: true, PaneScreen.Now);
            var before = GC.GetAllocatedBytesForCurrentThread();
            pane.Draw(new Canvas(frame), focused: true, PaneScreen.Now);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Assert.InRange(Cost(40_000), 0, Cost(50) + Slack);
    }

    private static ViewNode Workbench() => Stack(
        new ViewNode.Text { Spans = [Span("Rollout", TextStyle.Strong)] },
        new ViewNode.Button { Id = "restart", Label = "Restart" },
        Tree(),
        Form("image"),
        new ViewNode.Tabs { Id = "tabs", Children = [new() { Title = "Notes", Content = Line("none") }, new() { Title = "Pods", Content = Pods(3) }] });

    private static ViewNode.Tree Tree() => new()
    {
        Id = "tree",
        Nodes = [new TreeItem { Id = "d", Label = [Span("Deployment/web")], Expanded = true, Children = [new() { Id = "r1", Label = [Span("web-5c9")], Children = [new() { Id = "p", Label = [Span("pod")] }] }, new() { Id = "r2", Label = [Span("web-84d")] }] }],
    };

    private static ViewNode.Form Form(params ReadOnlySpan<string> names)
    {
        var fields = ImmutableArray.CreateBuilder<FormField>();
        foreach (var name in names)
            fields.Add(new FormField { Name = name, Label = name, Kind = FieldKind.Text });
        return new ViewNode.Form { Id = "form", Submit = "Apply", Fields = fields.ToImmutable() };
    }

    private static ViewNode.Table Pods(int count, string prefix = "p") => new()
    {
        Id = "pods",
        Selectable = true,
        Header = [new() { Title = "POD" }, new() { Title = "AGE", Type = ColumnType.Age }],
        Rows = [.. Enumerable.Range(0, count).Select(i => new TableRow { Id = $"{prefix}{i}", Cells = [Span($"{(prefix == "p" ? "pod" : prefix)}-{i}"), Span($"2026-11-22T0{i % 9}:00:00Z")] })],
    };

    private static ViewNode.Stack Stack(params ReadOnlySpan<ViewNode> children) => new() { Gap = 1, Children = [.. children] };

    private static ViewNode.Text Line(string text) => new() { Spans = [Span(text)] };

    private static Span Span(string text, TextStyle style = TextStyle.Plain) => new() { Text = text, Style = style };
}

/// <summary>A view pane that fills a frame.</summary>
internal sealed class PaneScreen
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);
    private readonly CellBuffer _frame;

    public PaneScreen(ViewNode root, int width = 48, int height = 26)
    {
        _frame = new CellBuffer(width, height);
        Pane.Show(root);
        Draw();
    }

    public ViewPane Pane { get; } = new();

    /// <summary>Presses keys, drawing after each as the screen does.</summary>
    public List<ViewStep> Press(string keys) => [.. Input.Keys(keys).Select(Handle)];

    public ViewStep Handle(TerminalEvent input)
    {
        var step = Pane.Handle(input);
        Draw();
        return step;
    }

    public string Text()
    {
        Draw();
        return Golden.Text(_frame);
    }

    /// <summary>The first row of the screen that has a text.</summary>
    public int Row(string text) => Array.FindIndex(Text().Split('\n'), l => l.Contains(text, StringComparison.Ordinal));

    public (int Drawn, int LaidOut) Cost()
    {
        Draw();
        return Pane.Cost;
    }

    private void Draw()
    {
        var canvas = new Canvas(_frame);
        canvas.Fill(Style.Plain);
        Pane.Draw(canvas, focused: true, Now);
    }
}
