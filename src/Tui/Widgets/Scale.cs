using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Tui.Widgets;

/// <summary>The range a chart shows. Both ends are finite and apart, whatever the samples are.</summary>
internal readonly record struct Scale(double Min, double Max)
{
    /// <summary>The range of all finite samples, moved to the ends the chart asks for.</summary>
    public static Scale Of(IEnumerable<ChartSeries> series, double? min, double? max, bool fromZero)
    {
        var low = double.PositiveInfinity;
        var high = double.NegativeInfinity;
        foreach (var value in series.SelectMany(s => s.Values))
        {
            if (value is not { } v || !double.IsFinite(v))
                continue;
            low = Math.Min(low, v);
            high = Math.Max(high, v);
        }
        if (high < low)
            (low, high) = (0, 1);
        if (fromZero)
            (low, high) = (Math.Min(low, 0), Math.Max(high, 0));
        low = min is { } givenMin && double.IsFinite(givenMin) ? givenMin : low;
        high = max is { } givenMax && double.IsFinite(givenMax) ? givenMax : high;
        return high > low ? new Scale(low, high) : new Scale(low, low + Math.Max(1, Math.Abs(low) * 1e-9));
    }

    /// <summary>Where a sample lies, from 0 to 1; null for a gap or what is not a number.</summary>
    public double? Position(double? value)
    {
        if (value is not { } v || double.IsNaN(v))
            return null;
        // Halves keep the difference finite at the ends of the range of doubles.
        return Math.Clamp((v / 2 - Min / 2) / (Max / 2 - Min / 2), 0, 1);
    }

    /// <summary>The last sample that is a number; null when there is none.</summary>
    public static double? Last(ImmutableArray<double?> values)
    {
        for (var i = values.Length - 1; i >= 0; i--)
        {
            if (values[i] is { } value && !double.IsNaN(value))
                return value;
        }
        return null;
    }

    /// <summary>A short form: <c>1.5k</c>, <c>0.25</c>, <c>∞</c>; <c>–</c> for none.</summary>
    public static string Format(double? value, string? unit = null)
    {
        if (value is not { } v || double.IsNaN(v))
            return "–";
        var space = unit is null or "" or "%" ? "" : " ";
        if (double.IsInfinity(v))
            return (v > 0 ? "∞" : "-∞") + space + unit;
        var (scaled, suffix) = Math.Abs(v) switch
        {
            >= 1e15 => (v, "E"),
            >= 1e12 => (v / 1e12, "T"),
            >= 1e9 => (v / 1e9, "G"),
            >= 1e6 => (v / 1e6, "M"),
            >= 1e4 => (v / 1e3, "k"),
            _ => (v, ""),
        };
        var digits = suffix == "E" ? scaled.ToString("0.#e+0", CultureInfo.InvariantCulture)
            : scaled.ToString(Math.Abs(scaled) >= 100 ? "0" : Math.Abs(scaled) >= 10 ? "0.#" : "0.##", CultureInfo.InvariantCulture) + suffix;
        return digits + space + unit;
    }
}
