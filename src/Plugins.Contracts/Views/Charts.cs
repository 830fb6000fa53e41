using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Views;

/// <summary>How a chart draws its series.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChartKind>))]
public enum ChartKind
{
    /// <summary>One line of text, a character a sample.</summary>
    [JsonStringEnumMemberName("sparkline")] Sparkline,

    /// <summary>Columns side by side.</summary>
    [JsonStringEnumMemberName("bar")] Bar,

    /// <summary>A curve over several lines of text.</summary>
    [JsonStringEnumMemberName("line")] Line,

    /// <summary>The last sample between the bounds.</summary>
    [JsonStringEnumMemberName("gauge")] Gauge,

    /// <summary>A row of cells a series, each coloured by its sample.</summary>
    [JsonStringEnumMemberName("heat")] Heat,
}

/// <summary>One series; equally spaced samples, oldest first. A null is a gap.</summary>
public sealed record ChartSeries
{
    public string? Label { get; init; }
    public required ImmutableArray<double?> Values { get; init; }
    public TextStyle Style { get; init; }
}

/// <summary>Samples of at least <see cref="Value"/> take a style; of several thresholds the greatest that is reached.</summary>
public sealed record ChartThreshold
{
    public required double Value { get; init; }
    public required TextStyle Style { get; init; }
}
