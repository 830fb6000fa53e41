using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;

namespace LazyOC.Cli.Commands.Bench;

/// <summary>What a benchmark found: ours beside its peers, measured in turns in one run.</summary>
internal sealed record BenchReport
{
    public required string Subject { get; init; }

    public string Machine { get; } =
        $"{RuntimeInformation.OSDescription}, {Environment.ProcessorCount} cores, .NET {Environment.Version}";

    /// <summary>Which versions the peers are, by their names in the rows.</summary>
    public ImmutableSortedDictionary<string, string> Peers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required ImmutableArray<BenchRow> Rows { get; init; }

    /// <summary>Cost against size.</summary>
    public ImmutableArray<BenchGrowth> Growth { get; init; } = [];

    /// <summary>For each row and peer: ours divided by the peer's; for rows that belong together also the geometric mean.</summary>
    public ImmutableSortedDictionary<string, double> Summary
    {
        get
        {
            var ratios = Rows.SelectMany(row => row.Peers.Keys, (row, peer) => (Row: row.Name, row.Mean, Peer: peer, Ratio: row.RatioTo(peer)!.Value)).ToArray();
            var means = ratios.Where(ratio => ratio.Mean is not null)
                .GroupBy(ratio => (ratio.Mean, ratio.Peer))
                .Where(rows => rows.Skip(1).Any())
                .Select(rows => (Row: rows.Key.Mean!, Mean: (string?)null, rows.Key.Peer, Ratio: Math.Exp(rows.Average(row => Math.Log(row.Ratio)))));
            return ratios.Concat(means).ToImmutableSortedDictionary(ratio => $"{ratio.Row} ÷ {ratio.Peer}", ratio => Rounded(ratio.Ratio));
        }
    }

    /// <summary>Peers that could not be measured here, and why.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>Three significant digits: a ratio may be far below one.</summary>
    private static double Rounded(double ratio) => double.Parse(ratio.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}

/// <summary>One measured quantity; medians of the runs.</summary>
internal sealed record BenchRow
{
    public const string GeometricMean = "geometric mean";

    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required double Ours { get; init; }
    public ImmutableSortedDictionary<string, double> Peers { get; init; } = ImmutableSortedDictionary<string, double>.Empty;
    public bool HigherIsBetter { get; init; }

    /// <summary>Under which name the summary has the geometric mean of this row's ratios and others'; null when they do not belong together.</summary>
    [JsonIgnore]
    public string? Mean { get; init; }

    /// <summary>Ours divided by the peer's; null when the peer has no figure in this row.</summary>
    public double? RatioTo(string peer) => Peers.TryGetValue(peer, out var theirs) ? Ours / theirs : null;
}

/// <summary>What ours costs at several sizes.</summary>
internal sealed record BenchGrowth
{
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required ImmutableArray<GrowthPoint> Points { get; init; }

    /// <summary>The exponent of growth: 1 is linear. The slope of a line through the logarithms, by least squares.</summary>
    public double Exponent => Math.Round(Slope(Points), 2);

    private static double Slope(ImmutableArray<GrowthPoint> points)
    {
        var x = points.Select(point => Math.Log(point.Size)).ToArray();
        var y = points.Select(point => Math.Log(point.Cost)).ToArray();
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}

/// <summary>The cost of one size; both in the unit that their name or the growth's says.</summary>
internal readonly record struct GrowthPoint(double Size, double Cost);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
