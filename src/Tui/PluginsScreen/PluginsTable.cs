using System.Collections.Immutable;
using System.Globalization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Views;
using LazyOC.Tui.Terminal;
using LazyOC.Tui.Widgets;

namespace LazyOC.Tui.PluginsScreen;

/// <summary>The list of plugins as a table of a width.</summary>
internal sealed class PluginsTable(ImmutableArray<PluginRow> rows, int width) : ITableRows
{
    private const int SparkWidth = 10;
    private const string Eighths = "▁▂▃▄▅▆▇█";

    /// <summary>Narrower lists leave out what is in the activity, and tell the origin by its sign alone.</summary>
    private const int WideFrom = 80;

    /// <summary>Narrower lists leave out the memory, too.</summary>
    private const int MiddleFrom = 60;

    private static readonly ImmutableArray<(Column Column, Func<PluginRow, StyledText> Cell)> Wide =
    [
        (new("PLUGIN", Priority: 0), NameOf),
        (new("STATE", Priority: 1), row => new StyledText($"{row.State.Sign} {row.State.Word}", Style.Of(row.State.Style))),
        (new("CPU", Align.End, Priority: 2, Width: 4), CpuOf),
        (new("", Priority: 5, Width: SparkWidth), row => new StyledText(Spark([.. row.History.Select(s => s.CpuShare)]), Style.Accent)),
        (new("MEMORY", Align.End, Priority: 4, Width: 8), row => row.Status is { Account.MemoryBytes: > 0 } status ? ByteSize.Format(status.Account.MemoryBytes) : new StyledText("–", Style.Muted)),
        (new("CALLS/S", Align.End, Priority: 7), row => row.History is [.., var last] ? Scale.Format(last.Calls) : new StyledText("–", Style.Muted)),
        (new("FAULTS", Align.End, Priority: 3), FaultsOf),
        (new("P50/P99 MS", Align.End, Priority: 9), LatencyOf),
        (new("REFUSED", Align.End, Priority: 10), row => row.Status is { Account.Refused: var refused } ? new StyledText(Scale.Format(refused), refused > 0 ? Style.Error : Style.Plain) : new StyledText("–", Style.Muted)),
        (new("VERSION", Priority: 8), row => Version(row.Plugin)),
        (new("ORIGIN", Priority: 6), row => Origin(row.Plugin)),
    ];

    private static readonly (Column Column, Func<PluginRow, StyledText> Cell) Sign =
        (new("", Priority: 1), row => Origin(row.Plugin) is var origin ? origin with { Text = origin.Text[..1] } : default);

    private static readonly ImmutableArray<(Column Column, Func<PluginRow, StyledText> Cell)> Middle = [.. Wide[..5], Wide[6], Sign];

    private static readonly ImmutableArray<(Column Column, Func<PluginRow, StyledText> Cell)> Narrow = [.. Wide[..3], Wide[6], Sign];

    private readonly ImmutableArray<(Column Column, Func<PluginRow, StyledText> Cell)> _columns = width >= WideFrom ? Wide : width >= MiddleFrom ? Middle : Narrow;

    public ImmutableArray<Column> Columns => [.. _columns.Select(c => c.Column)];

    public int Count => rows.Length;

    public StyledText Cell(int row, int column) => _columns[column].Cell(rows[row]);

    /// <summary>The version, and the one that an update would bring.</summary>
    public static StyledText Version(ListedPlugin plugin) => plugin.Update is { } update
        ? new StyledText($"{plugin.Manifest.Version} → {update}", Style.Accent)
        : new StyledText(plugin.Manifest.Version.ToString(), Style.Muted);

    /// <summary>What is to be known about where a plugin comes from.</summary>
    public static StyledText Origin(ListedPlugin plugin) => plugin.Dev ? new StyledText("◆ dev", new Style(Tone.Info))
        : plugin.Unsigned ? new StyledText("▲ unsigned", new Style(Tone.Warn))
        : new StyledText("✓ signed", new Style(Tone.Ok));

    /// <summary>A share of a core as people read it.</summary>
    public static string Percent(double share) => share is > 0 and < 0.01 ? "<1%" : string.Create(CultureInfo.InvariantCulture, $"{share * 100:0}%");

    private static StyledText NameOf(PluginRow row) =>
        new(row.Plugin.Manifest.DisplayName, row.Plugin.Enabled && row.Status is not null ? Style.Plain : Style.Muted);

    private static StyledText CpuOf(PluginRow row) => row.History is [.., var last]
        ? new StyledText(Percent(last.CpuShare), Style.Of(last.CpuShare >= 0.5 ? TextStyle.Warn : TextStyle.Plain))
        : new StyledText("–", Style.Muted);

    private static StyledText LatencyOf(PluginRow row) => row.Status is { Latency: { Count: > 0 } latency }
        ? string.Create(CultureInfo.InvariantCulture, $"{latency.P50Ms:0.#}/{latency.P99Ms:0.#}")
        : new StyledText("–", Style.Muted);

    private static StyledText FaultsOf(PluginRow row) => row.Status is not { Account.Faults: var faults } ? new StyledText("–", Style.Muted)
        : new StyledText(Scale.Format(faults), faults > 0 ? Style.Error : Style.Plain);

    /// <summary>The newest samples as eighth blocks; the highest is full, unless all are below a percent.</summary>
    private static string Spark(ReadOnlySpan<double> values)
    {
        var shown = values[Math.Max(0, values.Length - SparkWidth)..];
        var most = 0.01;
        foreach (var value in shown)
            most = Math.Max(most, value);
        Span<char> text = stackalloc char[SparkWidth];
        for (var i = 0; i < shown.Length; i++)
            text[i] = Eighths[(int)Math.Round(Math.Clamp(shown[i] / most, 0, 1) * (Eighths.Length - 1))];
        return text[..shown.Length].ToString();
    }
}
