using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Tui.PluginViews;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Overlays;

/// <summary>Draws notices at the bottom right, above the status bar, the newest lowest.</summary>
internal static class NoticesDrawing
{
    private const int Widest = 60;
    private const int MostRows = 6;

    public static void Draw(Canvas screen, ImmutableArray<Notice> notices)
    {
        var width = Math.Min(Widest, screen.Width - (screen.Width > Widest ? 2 : 0));
        var bottom = screen.Height - (screen.Height >= 4 ? 1 : 0); // the status bar stays
        var top = bottom - Math.Max(1, screen.Height / 2);
        foreach (var notice in notices.Reverse())
        {
            var text = TextOf(notice, Math.Max(1, width - 3));
            var height = Math.Min(Math.Min(text.Height, MostRows), bottom - top);
            if (height <= 0)
                return;
            bottom -= height;
            var box = screen.Part(new Rect(screen.Width - width, bottom, width, height));
            box.Fill(Style.Plain);
            text.Draw(box.Part(new Rect(2, 0, width - 3, height)));
            for (var y = 0; y < height; y++)
            {
                box.LayRow(y, Surface.Raised);
                box.Write(0, y, "▌", Style.Of(notice.Style).On(Surface.Raised));
            }
        }
    }

    /// <summary>A notice as lines: whose it is, its sign and text, how far it is, and what to do.</summary>
    internal static TextBlock TextOf(Notice notice, int width)
    {
        var text = new TextBlock(width);
        var sign = new StyledText(Severity.Mark(notice.Style), Style.Of(notice.Style).Bold());
        if (notice.Plugin is { } plugin)
        {
            text.AddLed(sign, sign.Text.Length, [new StyledText($"{plugin} says", Style.Muted)]);
            text.AddQuoted(notice.Text);
        }
        else
        {
            text.AddLed(sign, sign.Text.Length, [notice.Text]);
        }
        if (notice.Lasts)
            text.AddLed(new StyledText("", Style.Plain), sign.Text.Length, Bar(notice.Progress, Math.Min(30, width - 8)));
        if (notice.Hint is { Length: > 0 } hint)
            text.AddLed(new StyledText("", Style.Plain), sign.Text.Length, [new StyledText("hint: ", Style.Accent), hint]);
        return text;
    }

    private static StyledText[] Bar(double? progress, int width)
    {
        if (progress is not { } value || double.IsNaN(value) || width <= 0)
            return [new StyledText("… working", Style.Muted)];
        var share = Math.Clamp(value, 0, 1);
        var filled = (int)(share * width);
        return
        [
            new StyledText(new string('█', filled), Style.Accent),
            new StyledText(new string('░', width - filled), Style.Muted),
            new StyledText(string.Create(CultureInfo.InvariantCulture, $" {(int)(share * 100)}%"), Style.Plain),
        ];
    }
}
