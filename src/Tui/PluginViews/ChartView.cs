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
    private static readonly Tone[] SeriesTones = [Tone.Accent, Tone.Ok, Tone.Warn, Tone.Info, Tone.Key];

    /// <summary>Draws from the top; returns the rows it takes.</summary>
    public static int Draw(Canvas canvas, ViewNode.Chart chart)
    {
        var y = 0;
        if (!string.IsNullOrEmpty(chart.Title))
            canvas.Write(0, y++, canvas.Width, chart.Title, Style.Strong);
        if (chart.Series.All(s => s.Values.IsEmpty))
        {
            canvas.Write(0, y, canvas.Width, "no data", Style.Muted);
            return y + 1;
        }
        return y + chart.Kind switch
        {
            ChartKind.Line => DrawLines(canvas, y, chart),
            ChartKind.Gauge => DrawMeters(canvas, y, chart, GaugeScale(chart)),
            ChartKind.Bar when chart.Series.All(s => s.Values.Length <= 1) => DrawMeters(canvas, y, chart, Scale.Of(chart.Series, chart.Min, chart.Max, fromZero: true)),
            ChartKind.Bar => DrawColumns(canvas, y, chart, Math.Clamp(chart.Height ?? ColumnHeight, 1, TallestChart), fromZero: true),
            _ => DrawColumns(canvas, y, chart, Math.Clamp(chart.Height ?? 1, 1, TallestChart), fromZero: false),
        };
    }

    /// <summary>One row a series: label, bar, value.</summary>
    private static int DrawMeters(Canvas canvas, int y, ViewNode.Chart chart, Scale scale)
    {
        var labels = LabelWidth(canvas, chart);
        var values = chart.Series.Max(s => CellText.WidthOf(Scale.Format(Scale.Last(s.Values), chart.Unit)));
        var width = Math.Min(WidestMeter, canvas.Width - labels - values - 1);
        for (var i = 0; i < chart.Series.Length; i++)
        {
            var series = chart.Series[i];
            var value = Scale.Last(series.Values);
            canvas.Write(0, y + i, labels - 1, series.Label ?? "", Style.Muted);
            Meter.Draw(canvas, labels, y + i, width, scale.Position(value), StyleOf(series, i));
            canvas.Write(labels + Math.Max(0, width) + 1, y + i, values, Scale.Format(value, chart.Unit), Style.Plain, Align.End);
        }
        return chart.Series.Length;
    }

    /// <summary>A block of columns a series: label, samples, last value.</summary>
    private static int DrawColumns(Canvas canvas, int y, ViewNode.Chart chart, int height, bool fromZero)
    {
        var scale = Scale.Of(chart.Series, chart.Min, chart.Max, fromZero);
        var labels = LabelWidth(canvas, chart);
        for (var i = 0; i < chart.Series.Length; i++)
        {
            var series = chart.Series[i];
            var value = Scale.Format(Scale.Last(series.Values), chart.Unit);
            var bottom = y + (i + 1) * height - 1;
            canvas.Write(0, bottom, labels - 1, series.Label ?? "", Style.Muted);
            var width = canvas.Width - labels - CellText.WidthOf(value) - 1;
            var used = Sparkline.Draw(canvas, labels, y + i * height, width, height, series.Values, scale, StyleOf(series, i));
            canvas.Write(labels + used + 1, bottom, value, Style.Plain);
        }
        return chart.Series.Length * height;
    }

    /// <summary>All series over one pair of axes, with a legend when there is more than one or they are named.</summary>
    private static int DrawLines(Canvas canvas, int y, ViewNode.Chart chart)
    {
        var height = Math.Clamp(chart.Height ?? LineHeight, 2, TallestChart);
        var scale = Scale.Of(chart.Series, chart.Min, chart.Max, fromZero: false);
        var (top, bottom) = (Scale.Format(scale.Max, chart.Unit), Scale.Format(scale.Min, chart.Unit));
        var axis = Math.Min(Math.Max(CellText.WidthOf(top), CellText.WidthOf(bottom)), canvas.Width / 3);
        canvas.Write(0, y, axis, top, Style.Muted, Align.End);
        canvas.Write(0, y + height - 1, axis, bottom, Style.Muted, Align.End);
        for (var row = 0; row < height; row++)
            canvas.Write(axis + 1, y + row, row == 0 || row == height - 1 ? "┤" : "│", new Style(Tone.Border));
        var lines = new LineChart(canvas.Width - axis - 2, height);
        for (var i = 0; i < chart.Series.Length; i++)
            lines.Add(chart.Series[i].Values, scale, StyleOf(chart.Series[i], i));
        lines.Draw(canvas, axis + 2, y);
        return height + DrawLegend(canvas, axis + 2, y + height, chart);
    }

    private static int DrawLegend(Canvas canvas, int x, int y, ViewNode.Chart chart)
    {
        if (chart.Series.All(s => string.IsNullOrEmpty(s.Label)))
            return 0;
        for (var i = 0; i < chart.Series.Length && x < canvas.Width; i++)
        {
            var series = chart.Series[i];
            x += canvas.Write(x, y, "● ", StyleOf(series, i));
            x += canvas.Write(x, y, $"{series.Label} ", Style.Muted);
            x += canvas.Write(x, y, $"{Scale.Format(Scale.Last(series.Values), chart.Unit)}   ", Style.Plain);
        }
        return 1;
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

    private static Style StyleOf(ChartSeries series, int index) =>
        series.Style == TextStyle.Plain ? new Style(SeriesTones[index % SeriesTones.Length]) : Style.Of(series.Style);
}
