using System.Collections.Immutable;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>Samples as columns of eighth blocks, newest at the right; on one row a sparkline, on several a column chart.</summary>
internal static class Sparkline
{
    private const string Eighths = "▁▂▃▄▅▆▇█";

    /// <summary>Draws the samples that fit; returns the columns it takes.</summary>
    public static int Draw(Canvas canvas, int x, int y, int width, int height, ImmutableArray<double?> values, Scale scale, Func<double?, Style> styleOf)
    {
        var shown = Math.Min(Math.Max(0, width), values.Length);
        for (var column = 0; column < shown; column++)
        {
            var sample = values[values.Length - shown + column];
            if (scale.Position(sample) is not { } position)
                continue; // a gap stays a gap
            // One eighth is the least that shows, so that zero differs from a gap.
            var level = Math.Max(1, (int)Math.Round(position * height * Eighths.Length));
            for (var row = 0; row < height; row++)
            {
                var filled = level - (height - 1 - row) * Eighths.Length;
                if (filled > 0)
                    canvas.Write(x + column, y + row, Eighths.AsSpan(Math.Min(filled, Eighths.Length) - 1, 1), styleOf(sample));
            }
        }
        return shown;
    }
}
