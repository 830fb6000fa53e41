using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>A horizontal bar that is filled in part: gauges, progress, bars of a bar chart.</summary>
internal static class Meter
{
    private const string Eighths = "▏▎▍▌▋▊▉█";

    /// <summary>Draws the bar; <paramref name="share"/> goes from 0 to 1, null leaves it empty.</summary>
    public static void Draw(Canvas canvas, int x, int y, int width, double? share, Style style)
    {
        if (width <= 0)
            return;
        var eighths = (int)Math.Round(Math.Clamp(share is { } s && !double.IsNaN(s) ? s : 0, 0, 1) * width * 8);
        canvas.Write(x, y, new string('█', eighths / 8), style);
        if (eighths % 8 > 0)
            canvas.Write(x + eighths / 8, y, Eighths.AsSpan(eighths % 8 - 1, 1), style);
        var empty = width - (eighths + 7) / 8;
        canvas.Write(x + width - empty, y, new string('░', empty), new Style(Tone.Border));
    }
}
