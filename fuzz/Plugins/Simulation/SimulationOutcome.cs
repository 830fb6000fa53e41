using System.Collections.Immutable;

namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>What one schedule led to. The same seed gives the same.</summary>
internal sealed record SimulationOutcome
{
    public required int Seed { get; init; }

    /// <summary>What must never happen and did; empty when all is well.</summary>
    public required ImmutableArray<string> Wrong { get; init; }

    /// <summary>What happened, by kind; to be counted.</summary>
    public required ImmutableArray<string> Kinds { get; init; }

    /// <summary>Every message to every instance, in order.</summary>
    public required string Trace { get; init; }

    public override string ToString() => $"{Seed} {string.Join(", ", Kinds)}: {Trace}{string.Concat(Wrong.Select(wrong => $"\n  {wrong}"))}";
}
