using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginViews;

/// <summary>
/// Draws view trees: those of plugins and the host's own. Each node draws from the top of its canvas and tells the rows
/// it takes, so a scrolled or cut view needs no second pass.
/// </summary>
internal static class ViewDrawing
{
    private const int ColumnGap = 2;
    private const int LargestGap = 8;
    private static readonly ViewLimits Limits = new();

    /// <summary>Draws a tree; returns the rows it takes, visible or not.</summary>
    public static int Draw(Canvas canvas, ViewNode node) => Draw(canvas, node, 0);

    private static int Draw(Canvas canvas, ViewNode node, int depth)
    {
        if (canvas.Width <= 0)
            return 0;
        if (depth >= Limits.MaxDepth)
            return Paragraph.Draw(canvas, 0, "nested too deeply", Style.Error);
        return node switch
        {
            ViewNode.Text text => Paragraph.Draw(canvas, 0, 0, text.Spans.Select(Styled)),
            ViewNode.Stack stack => DrawStack(canvas, stack, depth),
            ViewNode.Columns columns => DrawColumns(canvas, columns, depth),
            ViewNode.Table table => DrawTable(canvas, table),
            ViewNode.KeyValue keyValue => DrawKeyValue(canvas, keyValue),
            ViewNode.List list => DrawList(canvas, list),
            ViewNode.Chart chart => ChartView.Draw(canvas, chart),
            ViewNode.Progress progress => DrawProgress(canvas, progress),
            ViewNode.Badge badge => DrawBadge(canvas, badge),
            ViewNode.Code code => CodeView.Draw(canvas, code),
            ViewNode.Empty empty => Paragraph.Draw(canvas, 0, 0, [new("∅ ", Style.Muted), new(empty.Message, Style.Muted)]),
            ViewNode.Error error => DrawError(canvas, error),
            _ => throw new NotSupportedException($"view node `{node.GetType().Name}` has no drawing"),
        };
    }

    private static StyledText Styled(Span span) => new(span.Text, Style.Of(span.Style));

    private static Canvas Below(Canvas canvas, int y) => canvas.Part(new Rect(0, y, canvas.Width, Math.Max(0, canvas.Height - y)));

    private static int DrawStack(Canvas canvas, ViewNode.Stack stack, int depth)
    {
        var gap = Math.Clamp(stack.Gap, 0, LargestGap);
        var y = 0;
        foreach (var child in stack.Children)
            y += Draw(Below(canvas, y), child, depth + 1) + gap;
        return stack.Children.IsEmpty ? 0 : y - gap;
    }

    private static int DrawColumns(Canvas canvas, ViewNode.Columns columns, int depth)
    {
        var count = columns.Children.Length;
        if (count == 0)
            return 0;
        var weights = new long[count];
        for (var i = 0; i < count; i++)
            weights[i] = i < columns.Weights.Length ? Math.Max(0, columns.Weights[i]) : 1;
        var total = Math.Max(1, weights.Sum());
        var room = Math.Max(0, canvas.Width - ColumnGap * (count - 1));
        var (height, x, before) = (0, 0, 0L);
        for (var i = 0; i < count; i++)
        {
            var width = (int)(room * (before + weights[i]) / total - room * before / total);
            before += weights[i];
            height = Math.Max(height, Draw(canvas.Part(new Rect(x, 0, width, canvas.Height)), columns.Children[i], depth + 1));
            x += width + ColumnGap;
        }
        return height;
    }

    private static int DrawTable(Canvas canvas, ViewNode.Table table) => new Table
    {
        Columns = [.. table.Header.Select(c => new Column(c.Title, c.Align == Alignment.End ? Align.End : Align.Start))],
        Rows = new ViewRows(table.Rows),
    }.Draw(canvas);

    private static int DrawKeyValue(Canvas canvas, ViewNode.KeyValue keyValue)
    {
        var keys = keyValue.Items.Select(i => CellText.WidthOf(i.Key, canvas.Width)).DefaultIfEmpty().Max();
        keys = Math.Min(keys, Math.Max(8, canvas.Width / 3));
        var y = 0;
        foreach (var item in keyValue.Items)
        {
            canvas.Write(0, y, keys, item.Key, Style.Muted);
            y += Math.Max(1, Paragraph.Draw(canvas, keys + 2, y, item.Value.Select(Styled)));
        }
        return y;
    }

    private static int DrawList(Canvas canvas, ViewNode.List list)
    {
        var digits = list.Items.Length.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        var y = 0;
        for (var i = 0; i < list.Items.Length; i++)
        {
            var bullet = list.Ordered ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{i + 1}. ").PadLeft(digits + 2) : "• ";
            canvas.Write(0, y, bullet, Style.Muted);
            y += Math.Max(1, Paragraph.Draw(canvas, bullet.Length, y, list.Items[i].Select(Styled)));
        }
        return y;
    }

    private static int DrawProgress(Canvas canvas, ViewNode.Progress progress)
    {
        var share = double.IsNaN(progress.Value) ? 0 : Math.Clamp(progress.Value, 0, 1);
        var label = progress.Label is { Length: > 0 } text ? text + " " : "";
        var labelWidth = Math.Min(CellText.WidthOf(label), canvas.Width / 2);
        canvas.Write(0, 0, labelWidth, label, Style.Muted);
        var width = Math.Min(40, canvas.Width - labelWidth - 5);
        Meter.Draw(canvas, labelWidth, 0, width, share, new Style(share >= 1 ? Tone.Ok : Tone.Accent));
        canvas.Write(labelWidth + Math.Max(0, width), 0, 5, Scale.Format(Math.Floor(share * 100), "%"), Style.Plain, Align.End);
        return 1;
    }

    private static int DrawBadge(Canvas canvas, ViewNode.Badge badge)
    {
        canvas.Write(0, 0, canvas.Width, $" {Severity.Mark(badge.Style)}{badge.Label} ", Style.Of(badge.Style).On(Surface.Raised).Bold());
        return 1;
    }

    private static int DrawError(Canvas canvas, ViewNode.Error error)
    {
        var y = Paragraph.Draw(canvas, 0, 0, [new("✗ ", Style.Error), new(error.Message, Style.Error)]);
        if (error.Hint is { Length: > 0 })
            y += Paragraph.Draw(canvas, 0, y, [new("hint: ", Style.Accent), new(error.Hint, Style.Plain)]);
        return y;
    }

    /// <summary>The rows of a view's table; a row with too few cells is shown as far as it goes.</summary>
    private sealed class ViewRows(ImmutableArray<TableRow> rows) : ITableRows
    {
        public int Count => rows.Length;

        public StyledText Cell(int row, int column) =>
            column < rows[row].Cells.Length ? Styled(rows[row].Cells[column]) : default(StyledText) with { Text = "" };
    }
}
