using System.Collections.Immutable;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Tests.PluginViews;

/// <summary>Any view at any size under any input: nothing throws, and no text breaks the frame.</summary>
public sealed class ViewPaneProperties
{
    private const int Deepest = 4;

    private static readonly Gen<string> Texts = Gen.Elements(
        "", " ", "frontend", "a longer text that has to be broken into lines", "\x1b[2J\u202e evil\u0301\u0301\u0301\0", "字字👩‍💻\ud83d", "\r\n\t", "- *a* [b](c) `d`\n> e\n\n1. f\n```\ng", "{\"a\": [1, null]}", "2026-11-22T08:00:00Z", "1Gi", "12");

    private static readonly Gen<TextStyle> Styles = Gen.Elements(Enum.GetValues<TextStyle>());

    private static readonly Gen<string> Ids = Gen.Elements("a", "b", "c", "d", "e", "f", "\0000");

    private static readonly Gen<Span> Spans = from text in Texts from style in Styles select new Span { Text = text, Style = style };

    private static readonly Gen<ImmutableArray<Span>> SpanLists = Many(Spans, 3);

    private static readonly Gen<TerminalEvent> Events = Gen.Frequency(
        (8, Gen.Elements("up", "down", "left", "right", "j", "k", "h", "l", "g", "G", "enter", "space", "tab", "shift-tab", "escape", "pageup", "pagedown", "home", "end", "backspace", "ctrl-n", "ctrl-p", "<", ">", "1", "x", "ctrl-w", "字").Select(Input.Key)),
        (1, Texts.Select(TerminalEvent (t) => new TerminalEvent.Pasted(t))),
        (2, from action in Gen.Elements(Enum.GetValues<MouseAction>()) from x in Gen.Choose(-1, 45) from y in Gen.Choose(-1, 20) select (TerminalEvent)new TerminalEvent.Mouse(action, x, y, KeyModifiers.None)));

    [Fact]
    public void Draw_AnyViewAnySizeAnyInput_HoldsTheFrame()
    {
        var step = from view in Nodes(0) from events in Many(Events, 12) from width in Gen.OneOf(Gen.Choose(1, 12), Gen.Choose(13, 45)) from height in Gen.Choose(1, 20) select (view, events, width, height);
        Prop.ForAll(Many(step, 4).ToArbitrary(), steps =>
        {
            var pane = new ViewPane();
            foreach (var (view, events, width, height) in steps)
            {
                var frame = new CellBuffer(width, height);
                pane.Show(view);
                Draw(pane, frame);
                foreach (var input in events)
                {
                    if (pane.Handle(input) is ViewStep.Input operated)
                        Assert.NotNull(operated.Value.Node);
                    Draw(pane, frame);
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Fact]
    public void Draw_AnyViewAtAnyWidth_InksOnlyTheRowsItTellsOf()
    {
        Prop.ForAll((from view in Nodes(0) from width in Gen.Choose(1, 40) select (view, width)).ToArbitrary(), sample =>
        {
            var frame = new CellBuffer(sample.width, 200);
            var rows = ViewDrawing.Draw(new Canvas(frame), sample.view, PaneScreen.Now);
            var inked = Array.FindLastIndex(Golden.Text(frame).Split('\n'), l => l.Length > 0) + 1;
            Assert.InRange(inked, 0, Math.Min(rows, 200));
        }).QuickCheckThrowOnFailure();
    }

    private static void Draw(ViewPane pane, CellBuffer frame)
    {
        var canvas = new Canvas(frame);
        canvas.Fill(Style.Plain);
        var rows = pane.Draw(canvas, focused: true, PaneScreen.Now);
        Assert.InRange(pane.Scroll.Top, 0, Math.Max(0, rows - frame.Height));
        var text = Golden.Text(frame).Replace("\n", "", StringComparison.Ordinal);
        Assert.DoesNotContain(text, char.IsControl);
        Assert.DoesNotContain('\u202e', text);
    }

    private static Gen<ViewNode> Nodes(int depth) => depth >= Deepest ? Leaves : Gen.Frequency(
        (4, Leaves),
        (1, from children in Many(Nodes(depth + 1), 4) from gap in Gen.Choose(0, 2) select (ViewNode)new ViewNode.Stack { Children = children, Gap = gap }),
        (1, from children in Many(Nodes(depth + 1), 3) select (ViewNode)new ViewNode.Columns { Children = children }),
        (1, from id in Ids
            from children in Many(Nodes(depth + 1), 3)
            from titles in Many(Texts, 3)
            from chosen in Gen.Choose(0, 3)
            select (ViewNode)new ViewNode.Tabs { Id = id, Selected = chosen, Children = [.. children.Select((c, i) => new TabPage { Title = i < titles.Length ? titles[i] : "tab", Content = c })] }));

    private static Gen<ViewNode> Leaves => Gen.OneOf(
        SpanLists.Select(ViewNode (s) => new ViewNode.Text { Spans = s }),
        Many(SpanLists, 3).Select(ViewNode (items) => new ViewNode.List { Items = items }),
        Many(from key in Texts from value in SpanLists select new KeyValueItem { Key = key, Value = value }, 3).Select(ViewNode (items) => new ViewNode.KeyValue { Items = items }),
        Texts.Select(ViewNode (t) => new ViewNode.Markdown { Content = t }),
        from text in Texts from language in Gen.Elements("json", "yaml", "log", null) select (ViewNode)new ViewNode.Code { Content = text, Language = language },
        from text in Texts from style in Styles select (ViewNode)new ViewNode.Badge { Label = text, Style = style },
        from id in Ids from text in Texts from danger in Gen.Elements(Enum.GetValues<DangerLevel>()) select (ViewNode)new ViewNode.Button { Id = id, Label = text, Danger = danger },
        Texts.Select(ViewNode (t) => new ViewNode.Spinner { Label = t }),
        Texts.Select(ViewNode (t) => new ViewNode.Error { Message = t, Hint = t }),
        Texts.Select(ViewNode (t) => new ViewNode.Progress { Label = t, Value = 0.3 }),
        Charts, Tables, Trees, Forms);

    private static Gen<ViewNode> Charts =>
        from kind in Gen.Elements(Enum.GetValues<ChartKind>())
        from title in Texts
        from values in Many(Gen.Elements<double?>(null, 0, 1, -5, double.NaN, double.PositiveInfinity, 1e300), 6)
        select (ViewNode)new ViewNode.Chart { Kind = kind, Title = title, Unit = title, Series = [new() { Label = title, Values = values }], Thresholds = [new() { Value = 1, Style = TextStyle.Warn }] };

    private static Gen<ViewNode> Tables =>
        from id in Ids
        from titles in Many(Texts, 4)
        from type in Gen.Elements(ColumnType.Text, ColumnType.Number, ColumnType.Quantity, ColumnType.Age, ColumnType.Status)
        from rows in Many(SpanLists, 25)
        from selectable in Gen.Elements(true, false)
        select (ViewNode)new ViewNode.Table
        {
            Id = id,
            Selectable = selectable,
            Header = [.. titles.Select(t => new TableColumn { Title = t, Type = type })],
            Rows = [.. rows.Select((cells, i) => new TableRow { Id = $"{i}", Cells = cells })],
            RowActions = [new() { Id = "x", Title = "X", Key = "x" }, new() { Id = "y", Title = "Y" }],
        };

    private static Gen<ViewNode> Trees =>
        from id in Ids
        from labels in Many(SpanLists, 6)
        from unfolded in Gen.Elements(true, false)
        select (ViewNode)new ViewNode.Tree
        {
            Id = id,
            Nodes = [.. labels.Select((label, i) => new TreeItem { Id = $"{i}", Label = label, Expanded = unfolded, Children = [new() { Id = $"{i}-0", Label = label, Children = [new() { Id = $"{i}-0-0", Label = label }] }] })],
        };

    private static Gen<ViewNode> Forms =>
        from id in Ids
        from kinds in Many(Gen.Elements(Enum.GetValues<FieldKind>()), 4)
        from label in Texts
        select (ViewNode)new ViewNode.Form
        {
            Id = id,
            Submit = label,
            Fields = [.. kinds.Select((kind, i) => new FormField
            {
                Name = $"{i}", Label = label, Kind = kind, Help = label, Required = i % 2 == 0,
                Options = kind == FieldKind.Select ? [new() { Value = "1", Label = label }, new() { Value = "2", Label = "two" }] : [],
                Value = kind == FieldKind.Text ? JsonSerializer.SerializeToElement(label) : null,
            })],
        };

    private static Gen<ImmutableArray<T>> Many<T>(Gen<T> items, int most) => Gen.Choose(0, most).SelectMany(count => items.ListOf(count)).Select(list => list.ToImmutableArray());
}
