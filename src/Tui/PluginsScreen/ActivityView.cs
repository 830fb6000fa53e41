using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>What a plugin used over time: a chart each for CPU, memory, calls and faults, sharing the height.</summary>
internal static class ActivityView
{
    private const int TallestChart = 8;

    public static void Draw(Canvas canvas, ImmutableArray<PluginSample> history)
    {
        if (history.IsEmpty)
        {
            canvas.Write(0, 0, canvas.Width, "… sampled once a second while this page is open", Style.Muted);
            return;
        }
        Chart[] charts =
        [
            new("CPU", [.. history.Select(s => (double?)s.CpuShare)], 0.05, PluginsTable.Percent, Tone.Accent),
            new("Memory", [.. history.Select(s => (double?)s.MemoryBytes)], 1 << 20, v => ByteSize.Format((long)v), Tone.Info),
            new("Calls a second", [.. history.Select(s => (double?)s.Calls)], 5, v => Scale.Format(v), Tone.Ok),
            new("Faults", [.. history.Select(s => (double?)s.Faults)], 1, v => Scale.Format(v), Tone.Error),
        ];
        // A title above each chart and, where there is room, a row of air below it.
        var rows = canvas.Height / charts.Length;
        var tall = Math.Clamp(rows - 2, 1, TallestChart);
        for (var i = 0; i < charts.Length; i++)
            charts[i].Draw(canvas, i * Math.Clamp(rows, 2, tall + 2), tall);
    }

    /// <param name="Title">What is charted.</param>
    /// <param name="Values">Oldest first.</param>
    /// <param name="LeastTop">The upper end of the scale is at least this, so that noise looks like noise.</param>
    /// <param name="Format">A value as text.</param>
    /// <param name="Tone">Its colour.</param>
    private sealed record Chart(string Title, ImmutableArray<double?> Values, double LeastTop, Func<double, string> Format, Tone Tone)
    {
        public void Draw(Canvas canvas, int y, int height)
        {
            var most = Values.Max() ?? 0;
            var x = canvas.Write(0, y, Title, Style.Strong) + 2;
            x += canvas.Write(x, y, $"now {Format(Values[^1] ?? 0)}", Style.Plain) + 2;
            canvas.Write(x, y, $"highest {Format(most)}", Style.Muted);
            Sparkline.Draw(canvas, 0, y + 1, canvas.Width, height, Values, new Scale(0, Math.Max(LeastTop, most)), _ => new Style(Tone));
        }
    }
}
