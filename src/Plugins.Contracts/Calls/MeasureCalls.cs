using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>metrics.record</c>: a value that the plugin measured of itself, for its author: <c>lazyoc plugin top --output json</c> shows it.</summary>
public sealed record MetricsRecordRequest
{
    /// <summary>Such as <c>cache.hits</c>; letters, digits, dots, hyphens and underscores.</summary>
    public required string Name { get; init; }

    public required double Value { get; init; }

    /// <summary>Such as <c>ms</c>.</summary>
    public string? Unit { get; init; }
}

/// <summary><c>trace.span</c>: something that the plugin did and that has ended just now, for <c>lazyoc plugin profile</c>.</summary>
public sealed record TraceSpanRequest
{
    public required string Name { get; init; }

    /// <summary>How long it took, at most an hour.</summary>
    public required double DurationMs { get; init; }

    /// <summary>What tells it from others of its name.</summary>
    public ImmutableDictionary<string, string> Attributes { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } = ImmutableDictionary<string, string>.Empty;
}
