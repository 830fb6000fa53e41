using System.Globalization;

namespace LazyOC.Cluster.Simulator.Printing;

/// <summary>Durations as kubectl prints them: about two significant units, such as <c>5m12s</c>, <c>3h</c>, <c>12d</c>.</summary>
internal static class HumanDuration
{
    public static string Since(DateTimeOffset? start, DateTimeOffset now) => start is { } time ? Of(now - time) : "<unknown>";

    public static string Of(TimeSpan duration)
    {
        long seconds = (long)duration.TotalSeconds;
        if (seconds < -1)
            return "<invalid>";
        seconds = Math.Max(0, seconds);
        long minutes = seconds / 60;
        long hours = minutes / 60;
        long days = hours / 24;
        return seconds switch
        {
            < 120 => Join(seconds, "s", 0, ""),
            < 600 => Join(minutes, "m", seconds % 60, "s"),
            < 3 * 3600 => Join(minutes, "m", 0, ""),
            < 8 * 3600 => Join(hours, "h", minutes % 60, "m"),
            < 48 * 3600 => Join(hours, "h", 0, ""),
            < 8 * 86400 => Join(days, "d", hours % 24, "h"),
            < 2 * 365 * 86400L => Join(days, "d", 0, ""),
            < 8 * 365 * 86400L => Join(days / 365, "y", days % 365, "d"),
            _ => Join(days / 365, "y", 0, ""),
        };
    }

    private static string Join(long major, string majorUnit, long minor, string minorUnit) =>
        minor == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{major}{majorUnit}")
            : string.Create(CultureInfo.InvariantCulture, $"{major}{majorUnit}{minor}{minorUnit}");
}
