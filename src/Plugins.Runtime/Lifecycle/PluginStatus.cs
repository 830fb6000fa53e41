using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>Where a plugin is in its life.</summary>
public enum PluginState
{
    /// <summary>Not needed yet.</summary>
    Enabled,

    /// <summary>Its instance is being started.</summary>
    Activating,

    /// <summary>Its instance answers messages.</summary>
    Active,

    /// <summary>It had nothing to do: its state is kept, its instance is gone, and the next message starts one.</summary>
    Hibernated,

    /// <summary>Its instance failed; it starts again after a pause.</summary>
    Faulted,

    /// <summary>It was refused too often and is stopped until the user lifts it.</summary>
    Suspended,

    /// <summary>The administrator's policy does not let it run.</summary>
    Blocked,

    /// <summary>It failed too often or broke out of its part; stopped until the user lifts it.</summary>
    Quarantined,
}

/// <summary>A plugin at one moment.</summary>
public sealed record PluginStatus
{
    public required PluginId Id { get; init; }
    public required string Name { get; init; }
    public required string Version { get; init; }
    public required PluginState State { get; init; }

    /// <summary>Since when it is in this state.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Why it is in this state, for the user; null when there is nothing to say.</summary>
    public string? Reason { get; init; }

    public bool Unsigned { get; init; }

    /// <summary>What its last start took; null when it has not been started.</summary>
    public PluginStart? Start { get; init; }

    /// <summary>How long it takes to answer.</summary>
    public PluginLatency Latency { get; init; }

    /// <summary>How long it takes to answer each type of message.</summary>
    public ImmutableArray<MessageTiming> Timings { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>What it measured of itself.</summary>
    public ImmutableArray<PluginMetric> Metrics { get; init => field = value.IsDefault ? [] : value; } = [];

    public required PluginAccount Account { get; init; }
}

/// <summary>What one start of a plugin took: loading its code, <c>activate</c>, and taking up its state.</summary>
/// <param name="Took">From the beginning until it was active.</param>
/// <param name="Cpu">CPU time inside the guest.</param>
public readonly record struct PluginStart(TimeSpan Took, TimeSpan Cpu);

/// <summary>What a plugin used in this session, over all its instances.</summary>
/// <param name="Cpu">CPU time inside its guests.</param>
/// <param name="MemoryBytes">Linear memory now.</param>
/// <param name="Messages">Messages delivered to it.</param>
/// <param name="Calls">Host calls it made.</param>
/// <param name="Refused">Host calls refused for permission, gesture or quota.</param>
/// <param name="Faults">Messages that failed by its doing.</param>
/// <param name="Restarts">Times its instance was replaced after faults.</param>
/// <param name="EventsLost">Events dropped because it was too slow.</param>
public readonly record struct PluginAccount(
    TimeSpan Cpu, long MemoryBytes, long Messages, long Calls, long Refused, long Faults, long Restarts, long EventsLost);
