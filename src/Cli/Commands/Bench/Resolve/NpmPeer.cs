using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cli.Commands.Bench.Guests;

namespace LazyOC.Cli.Commands.Bench.Resolve;

/// <summary>npm's own resolver, which <c>bench/peers/resolve.mjs</c> runs on the same plugins.</summary>
internal sealed class NpmPeer(Peers? peers, CancellationToken cancellationToken)
{
    private const string Name = "npm";

    private readonly Dictionary<GeneratedUniverse, List<double>> _samples = [];
    private readonly SortedSet<string> _missing = new(StringComparer.Ordinal);

    public ImmutableArray<string> Missing => [.. _missing];

    /// <summary>Takes a sample: the median of some rounds in a process of its own.</summary>
    public async Task MeasureAsync(GeneratedUniverse universe, int rounds)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, Write(universe), cancellationToken);
            var result = peers is null
                ? new PeerResult(null, "bench/peers is not above the program, or npm could not restore it")
                : await peers.RunAsync("resolve.mjs", [file], rounds, cancellationToken);
            if (!_samples.TryGetValue(universe, out var samples)) _samples.Add(universe, samples = []);
            if (result.Value is { } value) samples.Add(value);
            else _missing.Add($"{Name}: {result.Problem}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>The row with npm's figure, if there is one.</summary>
    public BenchRow Beside(BenchRow row, GeneratedUniverse universe) =>
        _samples.TryGetValue(universe, out var samples) && samples.Count > 0 ? row with { Peers = row.Peers.Add(Name, Median.Of(samples)) } : row;

    private static byte[] Write(GeneratedUniverse universe)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("roots");
            foreach (var root in universe.Roots) writer.WriteString(root.Id.ToString(), root.Range.ToString());
            writer.WriteEndObject();
            writer.WriteStartObject("packages");
            foreach (var (id, versions) in universe.Packages)
            {
                writer.WriteStartObject(id.ToString());
                foreach (var version in versions)
                {
                    writer.WriteStartObject(version.Version.ToString());
                    foreach (var (dependency, range) in version.Dependencies) writer.WriteString(dependency.ToString(), range.ToString());
                    writer.WriteEndObject();
                }
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return stream.ToArray();
    }
}
