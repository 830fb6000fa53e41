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

    public required ImmutableArray<BenchRow> Rows { get; init; }

    /// <summary>For each row and peer: ours divided by the peer's.</summary>
    public ImmutableSortedDictionary<string, double> Summary =>
        Rows.SelectMany(row => row.Peers, (row, peer) => ($"{row.Name} ÷ {peer.Key}", Rounded(row.Ours / peer.Value)))
            .ToImmutableSortedDictionary(pair => pair.Item1, pair => pair.Item2);

    /// <summary>Three significant digits: a ratio may be far below one.</summary>
    private static double Rounded(double ratio) => double.Parse(ratio.ToString("G3", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Peers that could not be measured here, and why.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];
}

/// <summary>One measured quantity; medians of the runs.</summary>
internal sealed record BenchRow
{
    public required string Name { get; init; }
    public required string Unit { get; init; }
    public required double Ours { get; init; }
    public ImmutableSortedDictionary<string, double> Peers { get; init; } = ImmutableSortedDictionary<string, double>.Empty;
    public bool HigherIsBetter { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
internal sealed partial class BenchJson : JsonSerializerContext;
