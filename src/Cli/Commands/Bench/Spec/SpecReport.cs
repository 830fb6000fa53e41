using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Cli.Commands.Bench.Spec;

/// <summary>What became of all scripts.</summary>
internal sealed record SpecReport(ImmutableArray<SpecFile> Files)
{
    [JsonPropertyOrder(-3)]
    public int Passed => Files.Sum(file => file.Passed);

    [JsonPropertyOrder(-2)]
    public int Failed => Files.Sum(file => file.Failed);

    /// <summary>Commands on modules in the text format, which were not run.</summary>
    [JsonPropertyOrder(-1)]
    public int TextSkipped => Files.Sum(file => file.TextSkipped);
}

/// <summary>What became of the commands of one script; one that cannot be read is one failure.</summary>
internal sealed record SpecFile(string File, int Passed, int TextSkipped, IReadOnlyList<string> Failures)
{
    public int Failed => Failures.Count;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SpecReport))]
internal sealed partial class SpecJson : JsonSerializerContext;
