using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Tui.Terminal;

namespace LazyOC.Tui.Widgets;

/// <summary>Samples as columns of eighth blocks, newest at the right; on one row a sparkline, on several a column chart.</summary>
internal static class Sparkline
{
    private const string Eighths = "▁▂▃▄▅▆▇█";

    /// <summary>
    /// Samples written as text, such as <c>3,5,8</c> or <c>3 5 8</c>, as one line of blocks scaled from zero to the largest;
    /// a word that is no number is a gap.
    /// </summary>
    /// <param name="samples">What a column of type sparkline holds.</param>
    /// <param name="atMost">Samples shown, the last ones.</param>
    public static string TextOf(string samples, int atMost)
    {
        var words = samples.Split([',', ' ', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        var values = words[Math.Max(0, words.Length - atMost)..]
            .Select(word => double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : double.NaN).ToArray();
        var most = values.Where(value => !double.IsNaN(value)).DefaultIfEmpty().Max();
        return string.Concat(values.Select(value => double.IsNaN(value) ? ' ' : Eighths[most <= 0 ? 0 : (int)Math.Clamp(Math.Round(value / most * (Eighths.Length - 1)), 0, Eighths.Length - 1)]));
    }

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
