using System.Globalization;

namespace LazyOC.Cluster.Columns;

/// <summary>Durations as <c>kubectl</c> shows them: <c>42s</c>, <c>7m12s</c>, <c>3h</c>, <c>12d</c>, <c>2y30d</c> (apimachinery <c>duration.HumanDuration</c>).</summary>
public static class HumanDuration
{
    /// <summary>The text of a duration.</summary>
    public static string Format(TimeSpan duration)
    {
        // Clocks may differ by a second without anybody being wrong.
        var seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
            return "<invalid>";
        seconds = Math.Max(seconds, 0);
        var minutes = seconds / 60;
        var hours = seconds / 3600;
        var days = hours / 24;
        return true switch
        {
            _ when seconds < 120 => Show(seconds, "s"),
            _ when minutes < 10 => Show(minutes, "m", seconds % 60, "s"),
            _ when minutes < 180 => Show(minutes, "m"),
            _ when hours < 8 => Show(hours, "h", minutes % 60, "m"),
            _ when hours < 48 => Show(hours, "h"),
            _ when days < 8 => Show(days, "d", hours % 24, "h"),
            _ when days < 730 => Show(days, "d"),
            _ when days < 2920 => Show(days / 365, "y", days % 365, "d"),
            _ => Show(days / 365, "y"),
        };
    }

    private static string Show(long amount, string unit) => string.Create(CultureInfo.InvariantCulture, $"{amount}{unit}");

    private static string Show(long amount, string unit, long rest, string restUnit) =>
        rest == 0 ? Show(amount, unit) : Show(amount, unit) + Show(rest, restUnit);
}
