using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Layout;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.PluginViews;

/// <summary>The nodes that are text: broken into lines once.</summary>
internal static class TextBlocks
{
    /// <summary>Cells of the widest name of a <see cref="ViewNode.KeyValue"/> where there is room for it.</summary>
    private const int NarrowestKeys = 8;

    public static LinesBlock Paragraph(int width, ImmutableArray<Span> spans) => new(TextWrap.Lines(spans.Select(Styled), width));

    public static LinesBlock Paragraph(int width, params ReadOnlySpan<StyledText> runs) => new(TextWrap.Lines(runs.ToArray(), width));

    public static LinesBlock KeyValue(int width, ViewNode.KeyValue node)
    {
        var keys = node.Items.Select(i => CellText.WidthOf(i.Key, width)).DefaultIfEmpty().Max();
        keys = Math.Min(keys, Math.Max(NarrowestKeys, width / 3));
        var lines = new List<StyledText[]>();
        foreach (var item in node.Items)
            AddIndented(lines, new StyledText(Padded(item.Key, keys, keys + 2), Style.Muted), keys + 2, item.Value, width);
        return new LinesBlock(lines);
    }

    public static LinesBlock List(int width, ViewNode.List node)
    {
        var digits = node.Items.Length.ToString(CultureInfo.InvariantCulture).Length;
        var lines = new List<StyledText[]>();
        for (var i = 0; i < node.Items.Length; i++)
        {
            var bullet = node.Ordered ? string.Create(CultureInfo.InvariantCulture, $"{i + 1}. ").PadLeft(digits + 2) : "• ";
            AddIndented(lines, new StyledText(bullet, Style.Muted), bullet.Length, node.Items[i], width);
        }
        return new LinesBlock(lines);
    }

    public static LinesBlock Error(int width, ViewNode.Error node)
    {
        var lines = TextWrap.Lines([new("✗ ", Style.Error), new(node.Message, Style.Error)], width);
        if (node.Hint is { Length: > 0 } hint)
            lines.AddRange(TextWrap.Lines([new("hint: ", Style.Accent), new(hint, Style.Plain)], width));
        return new LinesBlock(lines);
    }

    /// <summary>Adds text whose first line begins with something and whose others are indented as far.</summary>
    private static void AddIndented(List<StyledText[]> lines, StyledText start, int indent, ImmutableArray<Span> text, int width)
    {
        var own = TextWrap.Lines(text.Select(Styled), width - indent);
        var blank = new StyledText(new string(' ', indent), Style.Plain);
        for (var i = 0; i < Math.Max(1, own.Count); i++)
            lines.Add([i == 0 ? start : blank, .. own.Count > 0 ? own[i] : []]);
    }

    /// <summary>Text cut to some cells and filled up to others.</summary>
    private static string Padded(string text, int width, int total)
    {
        if (CellText.WidthOf(text, width) > width)
            text = string.Concat(text.AsSpan(0, CellText.Fit(text, width - 1).Length), "…");
        return text + new string(' ', Math.Max(0, total - CellText.WidthOf(text)));
    }

    private static StyledText Styled(Span span) => new(span.Text, Style.Of(span.Style));
}
