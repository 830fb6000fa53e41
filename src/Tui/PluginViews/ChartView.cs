using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginViews;

/// <summary>Draws <see cref="ViewNode.Chart"/>.</summary>
internal static class ChartView
{
    private const int TallestChart = 24;
    private const int LineHeight = 8;
    private const int ColumnHeight = 5;
    private const int WidestLabel = 24;
    private const int WidestMeter = 40;
    private const string Shades = "·░▒▓█";

    /// <summary>Colours of lines that have no style of their own; none of them says good or bad.</summary>
    private static readonly Tone[] SeriesTones = [Tone.Accent, Tone.Key, Tone.Info, Tone.Strong, Tone.Muted];

    /// <summary>Rows the chart takes at any width.</summary>
    public static int HeightOf(ViewNode.Chart chart) => (HasTitle(chart) ? 1 : 0) + (IsEmpty(chart) ? 1 : chart.Kind switch
    {
        ChartKind.Line => LinesHeight(chart) + (HasLegend(chart) ? 1 : 0),
        ChartKind.Bar when !IsMeters(chart) => chart.Series.Length * Math.Clamp(chart.Height ?? ColumnHeight, 1, TallestChart),
        ChartKind.Sparkline => chart.Series.Length * Math.Clamp(chart.Height ?? 1, 1, TallestChart),
        _ => chart.Series.Length,
    });

    /// <summary>Draws from the top of the canvas.</summary>
    public static void Draw(Canvas canvas, ViewNode.Chart chart)
    {
        var y = 0;
        if (HasTitle(chart))
            canvas.Write(0, y++, canvas.Width, chart.Title, Style.Strong);
        if (IsEmpty(chart))
        {
            canvas.Write(0, y, canvas.Width, "no data", Style.Muted);
            return;
        }
        switch (chart.Kind)
        {
            case ChartKind.Line:
                DrawLines(canvas, y, chart);
                break;
            case ChartKind.Heat:
                DrawHeat(canvas, y, chart);
                break;
            case ChartKind.Gauge:
                DrawMeters(canvas, y, chart, GaugeScale(chart));
                break;
            case ChartKind.Bar when IsMeters(chart):
                DrawMeters(canvas, y, chart, Scale.Of(chart.Series, chart.Min, chart.Max, fromZero: true));
                break;
            default:
                DrawColumns(canvas, y, chart);
                break;
        }
    }

    private static bool HasTitle(ViewNode.Chart chart) => !string.IsNullOrEmpty(chart.Title);

    private static bool HasLegend(ViewNode.Chart chart) => chart.Series.Any(s => !string.IsNullOrEmpty(s.Label));

    private static bool IsEmpty(ViewNode.Chart chart) => chart.Series.All(s => s.Values.IsEmpty);

    /// <summary>Bars of one sample each lie, so that their labels can be read.</summary>
    private static bool IsMeters(ViewNode.Chart chart) => chart.Series.All(s => s.Values.Length <= 1);

    private static int LinesHeight(ViewNode.Chart chart) => Math.Clamp(chart.Height ?? LineHeight, 2, TallestChart);

    /// <summary>One row a series: label, bar, value.</summary>
    private static void DrawMeters(Canvas canvas, int y, ViewNode.Chart chart, Scale scale)
    {
        var labels = LabelWidth(canvas, chart);
        var values = chart.Series.Max(s => CellText.WidthOf(Value(chart, s).Text));
        var width = Math.Min(WidestMeter, canvas.Width - labels - values - 1);
        for (var i = 0; i < chart.Series.Length; i++)
        {
            var series = chart.Series[i];
            var value = Scale.Last(series.Values);
            canvas.Write(0, y + i, labels - 1, series.Label ?? "", Style.Muted);
            Meter.Draw(canvas, labels, y + i, width, scale.Position(value), StyleOf(chart, value, StyleOf(series)));
            canvas.Write(labels + Math.Max(0, width) + 1, y + i, values, Value(chart, series), Align.End);
        }
    }

    /// <summary>A block of columns a series: label, samples, last value.</summary>
    private static void DrawColumns(Canvas canvas, int y, ViewNode.Chart chart)
    {
        var height = Math.Clamp(chart.Height ?? (chart.Kind == ChartKind.Bar ? ColumnHeight : 1), 1, TallestChart);
        var scale = Scale.Of(chart.Series, chart.Min, chart.Max, fromZero: chart.Kind == ChartKind.Bar);
        var labels = LabelWidth(canvas, chart);
        for (var i = 0; i < chart.Series.Length; i++)
        {
            var (series, style) = (chart.Series[i], StyleOf(chart.Series[i]));
            var value = Value(chart, series);
            var bottom = y + (i + 1) * height - 1;
            canvas.Write(0, bottom, labels - 1, series.Label ?? "", Style.Muted);
            var width = canvas.Width - labels - CellText.WidthOf(value.Text) - 1;
            var used = Sparkline.Draw(canvas, labels, y + i * height, width, height, series.Values, scale, sample => StyleOf(chart, sample, style));
            canvas.Write(labels + used + 1, bottom, value);
        }
    }

    /// <summary>A row a series, a cell a sample, newest at the right: the fuller, the greater.</summary>
    private static void DrawHeat(Canvas canvas, int y, ViewNode.Chart chart)
    {
        var scale = Scale.Of(chart.Series, chart.Min, chart.Max, fromZero: false);
        var labels = LabelWidth(canvas, chart);
        var values = chart.Series.Max(s => CellText.WidthOf(Value(chart, s).Text));
        for (var i = 0; i < chart.Series.Length; i++)
        {
            var (series, style) = (chart.Series[i], StyleOf(chart.Series[i]));
            canvas.Write(0, y + i, labels - 1, series.Label ?? "", Style.Muted);
            var shown = Math.Min(series.Values.Length, Math.Max(0, canvas.Width - labels - values - 1));
            for (var x = 0; x < shown; x++)
            {
                var sample = series.Values[series.Values.Length - shown + x];
                if (scale.Position(sample) is { } position)
                    canvas.Write(labels + x, y + i, Shades.AsSpan((int)Math.Round(position * (Shades.Length - 1)), 1), StyleOf(chart, sample, style));
            }
            canvas.Write(labels + shown + 1, y + i, values, Value(chart, series), Align.End);
        }
    }

    /// <summary>All series over one pair of axes, with a legend when they are named.</summary>
    private static void DrawLines(Canvas canvas, int y, ViewNode.Chart chart)
    {
        var height = LinesHeight(chart);
        var scale = Scale.Of(chart.Series, chart.Min, chart.Max, fromZero: false);
        var (top, bottom) = (Scale.Format(scale.Max, chart.Unit), Scale.Format(scale.Min, chart.Unit));
        var axis = Math.Min(Math.Max(CellText.WidthOf(top), CellText.WidthOf(bottom)), canvas.Width / 3);
        canvas.Write(0, y, axis, top, Style.Muted, Align.End);
        canvas.Write(0, y + height - 1, axis, bottom, Style.Muted, Align.End);
        for (var row = 0; row < height; row++)
            canvas.Write(axis + 1, y + row, row == 0 || row == height - 1 ? "┤" : "│", new Style(Tone.Border));
        foreach (var threshold in chart.Thresholds.Where(t => t.Value > scale.Min && t.Value < scale.Max))
        {
            var row = (int)Math.Round((1 - scale.Position(threshold.Value)!.Value) * (height - 1));
            canvas.Write(axis + 2, y + row, new string('╌', Math.Max(0, canvas.Width - axis - 2)), Style.Of(threshold.Style));
        }
        var lines = new LineChart(canvas.Width - axis - 2, height);
        for (var i = 0; i < chart.Series.Length; i++)
            lines.Add(chart.Series[i].Values, scale, StyleOf(chart.Series[i], i));
        lines.Draw(canvas, axis + 2, y);
        if (HasLegend(chart))
            DrawLegend(canvas, axis + 2, y + height, chart);
    }

    private static void DrawLegend(Canvas canvas, int x, int y, ViewNode.Chart chart)
    {
        for (var i = 0; i < chart.Series.Length && x < canvas.Width; i++)
        {
            var series = chart.Series[i];
            x += canvas.Write(x, y, "● ", StyleOf(series, i));
            x += canvas.Write(x, y, $"{series.Label} ", Style.Muted);
            x += canvas.Write(x, y, Value(chart, series)) + 3;
        }
    }

    /// <summary>The last sample with the sign and colour of the threshold it reached.</summary>
    private static StyledText Value(ViewNode.Chart chart, ChartSeries series)
    {
        var value = Scale.Last(series.Values);
        var reached = Reached(chart, value);
        return new StyledText(Severity.Mark(reached ?? default) + Scale.Format(value, chart.Unit), reached is { } style ? Style.Of(style) : Style.Plain);
    }

    private static Style StyleOf(ViewNode.Chart chart, double? value, Style otherwise) => Reached(chart, value) is { } style ? Style.Of(style) : otherwise;

    /// <summary>Style of the greatest threshold that a sample reached; null for none.</summary>
    private static TextStyle? Reached(ViewNode.Chart chart, double? value)
    {
        ChartThreshold? reached = null;
        foreach (var threshold in chart.Thresholds)
        {
            if (value >= threshold.Value && !(threshold.Value < reached?.Value))
                reached = threshold;
        }
        return reached?.Style;
    }

    /// <summary>A gauge without ends is a percentage, or goes to the next round number.</summary>
    private static Scale GaugeScale(ViewNode.Chart chart)
    {
        var scale = Scale.Of(chart.Series, chart.Min ?? 0, chart.Max, fromZero: true);
        return chart.Max is null && chart.Unit == "%" ? Scale.Of([], chart.Min ?? 0, 100, fromZero: true) : scale;
    }

    private static int LabelWidth(Canvas canvas, ViewNode.Chart chart)
    {
        var widest = chart.Series.Max(s => CellText.WidthOf(s.Label, WidestLabel));
        return widest == 0 ? 0 : Math.Min(Math.Min(widest, WidestLabel), canvas.Width / 3) + 1;
    }

    /// <summary>Only lines are told apart by colour; bars stand beside their labels.</summary>
    private static Style StyleOf(ChartSeries series, int index = 0) =>
        series.Style == TextStyle.Plain ? new Style(SeriesTones[index % SeriesTones.Length]) : Style.Of(series.Style);
}
