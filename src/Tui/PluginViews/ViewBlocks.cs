using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// Lays view nodes out as blocks. What is no container is kept by its node and width, so new content and patches cost
/// what has changed in them.
/// </summary>
internal sealed class ViewBlocks(PaneState state)
{
    private const int ColumnGap = 2;
    private const int LargestGap = 8;

    /// <summary>Cells of a progress bar at most.</summary>
    private const int WidestMeter = 40;

    private readonly ConditionalWeakTable<ViewNode, Kept> _kept = [];

    /// <summary>The bounds of every view, also of the host's own.</summary>
    public static ViewLimits Limits { get; } = new();

    /// <summary>Nodes laid out since the start, kept ones not counted.</summary>
    public int LaidOut { get; private set; }

    /// <summary>Lays a tree out.</summary>
    public Block Of(ViewNode root, int width) => Of(root, width, "", 0);

    /// <summary>Adds the keys of all nodes of a tree that have a state, whether they are shown or not.</summary>
    public static void CollectKeys(ViewNode node, HashSet<string> keys) => CollectKeys(node, "", 0, keys);

    private static void CollectKeys(ViewNode node, string path, int depth, HashSet<string> keys)
    {
        if (depth >= Limits.MaxDepth)
            return;
        var children = node switch
        {
            ViewNode.Stack stack => stack.Children,
            ViewNode.Columns columns => columns.Children,
            ViewNode.Tabs tabs => [.. tabs.Children.Select(c => c.Content)],
            _ => [],
        };
        if (node is ViewNode.Tabs or ViewNode.Table or ViewNode.Tree or ViewNode.Form)
            keys.Add(KeyOf(node, path));
        for (var i = 0; i < children.Length; i++)
            CollectKeys(children[i], PathOf(path, i), depth + 1, keys);
    }

    /// <summary>A node's id, or its place in the tree, which no id looks like.</summary>
    private static string KeyOf(ViewNode node, string path) => node.Id ?? path;

    private static string PathOf(string parent, int index) => string.Create(CultureInfo.InvariantCulture, $"{parent}\0{index}");

    private Block Of(ViewNode node, int width, string path, int depth)
    {
        if (width <= 0)
            return new LinesBlock([]);
        if (depth >= Limits.MaxDepth)
            return TextBlocks.Paragraph(width, new StyledText("nested too deeply", Style.Error));
        switch (node)
        {
            case ViewNode.Stack stack:
                var children = stack.Children.Select((child, i) => Of(child, width, PathOf(path, i), depth + 1));
                return new StackBlock([.. children], Math.Clamp(stack.Gap, 0, LargestGap), state);
            case ViewNode.Columns { Children.IsEmpty: false } columns:
                return ColumnsOf(columns, width, path, depth);
            case ViewNode.Tabs { Children.IsEmpty: false } tabs:
                return new TabsBlock(KeyOf(tabs, path), tabs, width, state, page => Of(tabs.Children[page].Content, width, PathOf(path, page), depth + 1));
        }
        if (_kept.TryGetValue(node, out var kept) && kept.Width == width && (kept.Block is not OperableBlock operable || operable.NodeKey == KeyOf(node, path)))
            return kept.Block;
        LaidOut++;
        var block = LeafOf(node, width, KeyOf(node, path));
        _kept.AddOrUpdate(node, new Kept(width, block));
        return block;
    }

    private ColumnsBlock ColumnsOf(ViewNode.Columns columns, int width, string path, int depth)
    {
        var count = columns.Children.Length;
        var weights = new long[count];
        for (var i = 0; i < count; i++)
            weights[i] = i < columns.Weights.Length ? Math.Max(0, columns.Weights[i]) : 1;
        var total = Math.Max(1, weights.Sum());
        var room = Math.Max(0, width - ColumnGap * (count - 1));
        var blocks = ImmutableArray.CreateBuilder<(Block, int, int)>(count);
        var (x, before) = (0, 0L);
        for (var i = 0; i < count; i++)
        {
            var share = (int)(room * (before + weights[i]) / total - room * before / total);
            before += weights[i];
            blocks.Add((Of(columns.Children[i], share, PathOf(path, i), depth + 1), x, share));
            x += share + ColumnGap;
        }
        return new ColumnsBlock(blocks.MoveToImmutable());
    }

    private Block LeafOf(ViewNode node, int width, string key) => node switch
    {
        ViewNode.Text text => TextBlocks.Paragraph(width, text.Spans),
        ViewNode.Table table => new TableBlock(key, table, width, state),
        ViewNode.Tree tree => new TreeBlock(key, tree, state),
        ViewNode.KeyValue keyValue => TextBlocks.KeyValue(width, keyValue),
        ViewNode.List list => TextBlocks.List(width, list),
        ViewNode.Chart chart => new PictureBlock(ChartView.HeightOf(chart), canvas => ChartView.Draw(canvas, chart)),
        ViewNode.Progress progress => new PictureBlock(1, canvas => DrawProgress(canvas, progress)),
        ViewNode.Form form => new FormBlock(key, form, width, state),
        ViewNode.Markdown markdown => new LinesBlock(Markdown.MarkdownLines.Of(markdown.Content, width)),
        ViewNode.Badge badge => new PictureBlock(1, canvas => DrawBadge(canvas, badge)),
        ViewNode.Button button => new ButtonBlock(key, button),
        ViewNode.Spinner spinner => new SpinnerBlock(spinner.Label),
        ViewNode.Code code => new CodeBlock(code),
        ViewNode.Empty empty => TextBlocks.Paragraph(width, new StyledText("∅ ", Style.Muted), new StyledText(empty.Message, Style.Muted)),
        ViewNode.Error error => TextBlocks.Error(width, error),
        ViewNode.Columns or ViewNode.Tabs => new LinesBlock([]), // without children
        _ => throw new NotSupportedException($"view node `{node.GetType().Name}` has no drawing"),
    };

    private static void DrawProgress(Canvas canvas, ViewNode.Progress progress)
    {
        var share = double.IsNaN(progress.Value) ? 0 : Math.Clamp(progress.Value, 0, 1);
        var label = progress.Label is { Length: > 0 } text ? text + " " : "";
        var labelWidth = Math.Min(CellText.WidthOf(label, canvas.Width), canvas.Width / 2);
        canvas.Write(0, 0, labelWidth, label, Style.Muted);
        var width = Math.Min(WidestMeter, canvas.Width - labelWidth - 5);
        Widgets.Meter.Draw(canvas, labelWidth, 0, width, share, new Style(share >= 1 ? Tone.Ok : Tone.Accent));
        canvas.Write(labelWidth + Math.Max(0, width), 0, 5, Widgets.Scale.Format(Math.Floor(share * 100), "%"), Style.Plain, Align.End);
    }

    private static void DrawBadge(Canvas canvas, ViewNode.Badge badge) =>
        canvas.Write(0, 0, canvas.Width, $" {Severity.Mark(badge.Style)}{badge.Label} ", Style.Of(badge.Style).On(Surface.Raised).Bold());

    private sealed record Kept(int Width, Block Block);
}
