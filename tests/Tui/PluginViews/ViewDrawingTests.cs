using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.PluginViews;

public sealed class ViewDrawingTests
{
    private const string Hostile = "\x1b[2J\u202eevil\u0301\u0301\u0301\u0301\0 字👩‍💻\ud83d\r\nnext\ttab";
    private static readonly ImmutableArray<double?> Wild = [1, null, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, -0.0, double.Epsilon];

    private const string MarkdownSample = """
        # Runbook: *frontend*

        The frontend answers **HTTP 503** when `catalog` is down; see
        [the dashboard](https://grafana.example.com/d/42) first.

        Steps
        -----
        1. Look at the *events* of the pods
        2. Restart them:
           ```yaml
           replicas: 0 # then 3
           ```
        3. Tell the others
           - in the channel
           - on the page

        > Never delete the **claim**:
        > its data is gone then.

        ***
        That is all.
        """;

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Kinds => [.. Samples.Keys];

    /// <summary>A friendly sample of every kind of node; the golden shows them all.</summary>
    private static Dictionary<string, ViewNode> Samples { get; } = new(StringComparer.Ordinal)
    {
        ["text"] = new ViewNode.Text { Spans = [Span("Rolling out "), Span("frontend", TextStyle.Strong), Span(" to version 2.4.1 in three steps, each of which waits until the pods before it are ready.")] },
        ["stack"] = new ViewNode.Stack { Gap = 1, Children = [Line("first"), Line("second")] },
        ["columns"] = new ViewNode.Columns { Weights = [2, 1], Children = [Line("two thirds of the width"), Line("one third")] },
        ["table"] = new ViewNode.Table
        {
            Header = [new() { Title = "POD" }, new() { Title = "CPU", Align = Alignment.End }],
            Rows = [new() { Id = "1", Cells = [Span("frontend-1"), Span("120m")] }, new() { Id = "2", Cells = [Span("frontend-2"), Span("7m")] }],
        },
        ["keyValue"] = new ViewNode.KeyValue { Items = [new() { Key = "Image", Value = [Span("quay.io/bookstore/frontend:2.4.1")] }, new() { Key = "Pull policy", Value = [Span("Always", TextStyle.Warn)] }] },
        ["list"] = new ViewNode.List { Ordered = true, Items = [[Span("drain the node")], [Span("wait for its pods to settle somewhere else, which may take a while")]] },
        ["sparkline"] = new ViewNode.Chart { Kind = ChartKind.Sparkline, Title = "Requests", Unit = "rps", Series = [Series("web", 1, 4, 2, 8, null, 5, 7)] },
        ["bar"] = new ViewNode.Chart { Kind = ChartKind.Bar, Title = "By namespace", Series = [Series("bookstore", 42), Series("payments", 17), Series("empty", 0)] },
        ["columns chart"] = new ViewNode.Chart { Kind = ChartKind.Bar, Height = 3, Unit = "ms", Series = [Series("p99", 12, 30, 18, 44, 25, 60)] },
        ["line"] = new ViewNode.Chart { Kind = ChartKind.Line, Title = "Latency", Unit = "ms", Height = 6, Series = [Series("p50", 10, 12, 11, 14, 13, 12), Series("p99", 30, 55, 41, 90, 60, 48)] },
        ["gauge"] = new ViewNode.Chart { Kind = ChartKind.Gauge, Title = "Quota", Unit = "%", Series = [Series("cpu", 63), Series("memory", 91)] },
        ["progress"] = new ViewNode.Progress { Label = "Build 12", Value = 0.45 },
        ["badge"] = new ViewNode.Badge { Label = "degraded", Style = TextStyle.Warn },
        ["code"] = new ViewNode.Code { Language = "yaml", Content = "spec:\n  replicas: 3\n  paused: false\n" },
        ["json"] = new ViewNode.Code { Language = "json", Content = "{\n  \"replicas\": 3, \"image\": \"quay.io/bookstore:2.4\", \"paused\": false,\n  \"a long line\": \"that goes on and on beyond the right edge of the frame\"\n}" },
        ["log"] = new ViewNode.Code { Language = "log", Content = "2026-11-22T10:00:00Z listening on :8080\n2026-11-22T10:00:01Z WARN slow query\nERROR connection refused" },
        ["heat"] = new ViewNode.Chart { Kind = ChartKind.Heat, Title = "Load by hour", Unit = "%", Series = [Series("mon", 5, 20, 40, 80, 95, 60, 30), Series("tuesday", 10, 10, 35, 55, null, 20, 5)], Thresholds = [Threshold(50, TextStyle.Warn), Threshold(90, TextStyle.Error)] },
        ["thresholds"] = new ViewNode.Chart { Kind = ChartKind.Gauge, Unit = "%", Series = [Series("cpu", 63), Series("memory", 91), Series("disk", 12)], Thresholds = [Threshold(90, TextStyle.Error), Threshold(60, TextStyle.Warn)] },
        ["line with threshold"] = new ViewNode.Chart { Kind = ChartKind.Line, Unit = "ms", Height = 5, Series = [Series("p99", 30, 55, 41, 90, 60, 48)], Thresholds = [Threshold(45, TextStyle.Warn)] },
        ["typed table"] = new ViewNode.Table
        {
            Id = "pods",
            Sort = new TableSort { Column = 2, Descending = true },
            RowActions = [new() { Id = "drain", Title = "Drain" }],
            Header = [new() { Title = "POD" }, new() { Title = "STATUS", Type = ColumnType.Status }, new() { Title = "MEMORY", Type = ColumnType.Quantity }, new() { Title = "AGE", Type = ColumnType.Age }],
            Rows =
            [
                new() { Id = "1", Cells = [Span("frontend-1"), Span("Running"), Span("900Mi"), Span("2026-11-22T08:00:00Z")] },
                new() { Id = "2", Cells = [Span("frontend-2"), Span("CrashLoopBackOff"), Span("1Gi"), Span("2026-11-20T10:00:00Z")] },
                new() { Id = "3", Cells = [Span("frontend-3"), Span("Pending"), Span(""), Span("not a time")] },
            ],
        },
        ["tabs"] = new ViewNode.Tabs { Id = "t", Selected = 1, Children = [new() { Title = "Spec", Content = Line("spec") }, new() { Title = "Status", Content = Line("the status") }] },
        ["tree"] = new ViewNode.Tree { Id = "tree", Nodes = [Item("Deployment/frontend", Item("ReplicaSet/frontend-84d", Item("Pod/frontend-84d-x1"), Item("Pod/frontend-84d-x2")), Item("ReplicaSet/frontend-5c9") with { Expanded = false, Children = [Item("old")] }, Item("ConfigMap/settings")), Item("Service/frontend")] },
        ["form"] = new ViewNode.Form
        {
            Id = "f",
            Submit = "Apply",
            Fields =
            [
                new() { Name = "image", Label = "Image", Kind = FieldKind.Text, Required = true, Help = "with its tag" }, new() { Name = "count", Label = "Replicas", Kind = FieldKind.Number, Value = JsonDocument.Parse("3").RootElement },
                new() { Name = "strategy", Label = "Strategy", Kind = FieldKind.Select, Options = [new() { Value = "r", Label = "Rolling" }], Value = JsonDocument.Parse("\"r\"").RootElement }, new() { Name = "wait", Label = "Wait", Kind = FieldKind.Toggle },
            ],
        },
        ["markdown"] = new ViewNode.Markdown { Content = MarkdownSample },
        ["button"] = new ViewNode.Stack { Children = [new ViewNode.Button { Id = "b1", Label = "Restart" }, new ViewNode.Button { Id = "b2", Label = "Delete all", Danger = DangerLevel.Destructive }] },
        ["spinner"] = new ViewNode.Spinner { Label = "asking Prometheus" },
        ["empty"] = new ViewNode.Empty { Message = "No alerts fire" },
        ["error"] = new ViewNode.Error { Message = "Prometheus answered 503", Hint = "check the `url` setting" },
    };

    [Fact]
    public void Draw_EveryKind_IsTheGoldenScreen()
    {
        var nodes = Samples.SelectMany(s => (IEnumerable<ViewNode>)[new ViewNode.Text { Spans = [Span($"── {s.Key}", TextStyle.Muted)] }, s.Value]);
        var frame = new CellBuffer(60, 150);
        var height = ViewDrawing.Draw(new Canvas(frame), new ViewNode.Stack { Children = [.. nodes] }, Now);
        Assert.InRange(height, 1, frame.Height);
        Golden.Verify(frame, "view-nodes-60x150");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draw_AnySize_TellsTheRowsItTakes(string kind)
    {
        for (var width = 1; width <= 60; width += 3)
        {
            var tall = new CellBuffer(width, 200);
            var rows = ViewDrawing.Draw(new Canvas(tall), Samples[kind]);
            Assert.True(rows >= LastInkedRow(tall) + 1, $"{kind} at {width} columns drew below the {rows} rows it told of");
            var small = new CellBuffer(width, 1);
            Assert.Equal(rows, ViewDrawing.Draw(new Canvas(small), Samples[kind]));
        }
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(24, 60)]
    public void Draw_OperableKinds_AreTheGoldenScreen(int width, int height)
    {
        var frame = new CellBuffer(width, height);
        ViewNode[] left = [Samples["tree"], Samples["button"], Samples["tabs"]];
        ViewNode[] right = [Samples["form"], Samples["typed table"], Samples["thresholds"]];
        ViewNode root = width < 40 ? new ViewNode.Stack { Gap = 1, Children = [.. left, .. right] }
            : new ViewNode.Columns { Children = [new ViewNode.Stack { Gap = 1, Children = [.. left] }, new ViewNode.Stack { Gap = 1, Children = [.. right] }] };
        ViewDrawing.Draw(new Canvas(frame), root, Now);
        Golden.Verify(frame, $"view-operable-{width}x{height}");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Draw_Scrolled_ShowsTheSameRowsFurtherUp(string kind)
    {
        var whole = new CellBuffer(50, 30);
        ViewDrawing.Draw(new Canvas(whole), Samples[kind]);
        var scrolled = new CellBuffer(50, 30);
        ViewDrawing.Draw(new Canvas(scrolled).Scrolled(2), Samples[kind]);
        // The heading of a table stays in sight, over the first row.
        var hidden = Samples[kind] is ViewNode.Table ? 1 : 0;
        Assert.Equal(Golden.Text(whole).Split('\n')[(2 + hidden)..30], Golden.Text(scrolled).Split('\n')[hidden..28]);
    }

    [Fact]
    public void Draw_HostileStringsEverywhere_DrawsNoControlCharacter()
    {
        ImmutableArray<Span> spans = [Span(Hostile), Span(Hostile, TextStyle.Error)];
        ViewNode[] nodes =
        [
            new ViewNode.Text { Spans = spans }, new ViewNode.List { Items = [spans] }, new ViewNode.Badge { Label = Hostile }, new ViewNode.Progress { Label = Hostile, Value = 2 },
            new ViewNode.KeyValue { Items = [new() { Key = Hostile, Value = spans }] }, new ViewNode.Code { Content = Hostile, Language = Hostile }, new ViewNode.Empty { Message = Hostile },
            new ViewNode.Error { Message = Hostile, Hint = Hostile }, new ViewNode.Table { Header = [new() { Title = Hostile }], Rows = [new() { Id = Hostile, Cells = spans }] },
            new ViewNode.Chart { Kind = ChartKind.Line, Title = Hostile, Unit = Hostile, Series = [new() { Label = Hostile, Values = Wild }] },
            new ViewNode.Chart { Kind = ChartKind.Heat, Title = Hostile, Unit = Hostile, Series = [new() { Label = Hostile, Values = Wild }], Thresholds = [Threshold(double.NaN, TextStyle.Warn), Threshold(0, TextStyle.Error)] },
            new ViewNode.Tabs { Children = [new() { Title = Hostile, Content = new ViewNode.Button { Id = Hostile, Label = Hostile } }] }, new ViewNode.Spinner { Label = Hostile },
            new ViewNode.Tree { Id = "tree", Nodes = [new() { Id = Hostile, Label = spans, Expanded = true, Children = [new() { Id = "2", Label = spans }] }] },
            new ViewNode.Markdown { Content = $"# {Hostile}\n\n> {Hostile}\n\n- {Hostile}\n\n```\n{Hostile}\n```\n\n**{Hostile}** `{Hostile}` [{Hostile}]({Hostile})" },
            new ViewNode.Form { Id = "form", Submit = Hostile, Fields = [new() { Name = Hostile, Label = Hostile, Kind = FieldKind.Text, Help = Hostile, Value = JsonDocument.Parse("\"\\u001b[2J\"").RootElement }, new() { Name = "s", Label = Hostile, Kind = FieldKind.Select, Options = [new() { Value = Hostile, Label = Hostile }], Value = JsonSerializer.SerializeToElement(Hostile) }] },
            new ViewNode.Code { Content = Hostile, Language = "json" }, new ViewNode.Code { Content = Hostile, Language = "yaml" }, new ViewNode.Code { Content = Hostile, Language = "log" },
        ];
        for (var width = 1; width <= 40; width++)
        {
            var frame = new CellBuffer(width, 160);
            ViewDrawing.Draw(new Canvas(frame), new ViewNode.Stack { Children = [.. nodes] });
            var text = Golden.Text(frame).Replace("\n", "", StringComparison.Ordinal);
            Assert.DoesNotContain(text, char.IsControl);
            Assert.DoesNotContain('\u202e', text);
        }
    }

    [Theory]
    [InlineData(ChartKind.Sparkline)]
    [InlineData(ChartKind.Bar)]
    [InlineData(ChartKind.Line)]
    [InlineData(ChartKind.Gauge)]
    [InlineData(ChartKind.Heat)]
    public void Draw_ChartOfExtremes_StaysFinite(ChartKind kind)
    {
        ImmutableArray<double?>[] all = [Wild, [], [null], [double.NaN], [double.PositiveInfinity], [0, 0, 0], [double.MaxValue, double.MinValue], [double.Epsilon]];
        double?[] ends = [null, 0, double.NaN, double.NegativeInfinity, double.MaxValue, -1];
        foreach (var values in all)
        {
            foreach (var min in ends)
            {
                foreach (var max in ends)
                {
                    foreach (var (width, height) in new[] { (1, 1), (2, 1), (7, 3), (60, 20) })
                    {
                        var frame = new CellBuffer(width, height);
                        var chart = new ViewNode.Chart { Kind = kind, Min = min, Max = max, Height = int.MaxValue, Thresholds = [Threshold(0, TextStyle.Warn)], Series = [new() { Values = values }, new() { Label = "b", Values = values }] };
                        Assert.InRange(ViewDrawing.Draw(new Canvas(frame), chart), 1, 60);
                    }
                }
            }
        }
        Assert.Equal(1, ViewDrawing.Draw(new Canvas(new CellBuffer(9, 9)), new ViewNode.Chart { Kind = kind, Series = [] }));
    }

    [Fact]
    public void Draw_NestedTooDeeply_SaysSo()
    {
        ViewNode node = Line("bottom");
        for (var i = 0; i < 100; i++)
            node = new ViewNode.Stack { Children = [node] };
        var frame = new CellBuffer(30, 2);
        ViewDrawing.Draw(new Canvas(frame), node);
        Assert.StartsWith("nested too deeply", Golden.Text(frame), StringComparison.Ordinal);
    }

    [Fact]
    public void Draw_RowWithTooFewCells_LeavesTheRestBlank()
    {
        var frame = new CellBuffer(30, 3);
        ViewDrawing.Draw(new Canvas(frame), new ViewNode.Table { Header = [new() { Title = "A" }, new() { Title = "B" }], Rows = [new() { Id = "1", Cells = [Span("only")] }] });
        Assert.Equal("A     B\nonly\n\n", Golden.Text(frame));
    }

    [Fact]
    public void Draw_ColumnsWithoutWeight_DoNotDivideByZero()
    {
        var frame = new CellBuffer(30, 3);
        ViewDrawing.Draw(new Canvas(frame), new ViewNode.Columns { Weights = [0, 0, -5], Children = [Line("a"), Line("b"), Line("c")] });
        Assert.Equal("\n\n\n", Golden.Text(frame));
    }

    private static int LastInkedRow(CellBuffer frame)
    {
        var lines = Golden.Text(frame).Split('\n');
        return Array.FindLastIndex(lines, l => l.Length > 0);
    }

    private static ChartThreshold Threshold(double value, TextStyle style) => new() { Value = value, Style = style };

    private static TreeItem Item(string label, params ReadOnlySpan<TreeItem> children) => new() { Id = label, Label = [Span(label)], Expanded = true, Children = [.. children] };

    private static ViewNode.Text Line(string text) => new() { Spans = [Span(text)] };

    private static Span Span(string text, TextStyle style = TextStyle.Plain) => new() { Text = text, Style = style };

    private static ChartSeries Series(string label, params ReadOnlySpan<double?> values) => new() { Label = label, Values = [.. values] };
}
