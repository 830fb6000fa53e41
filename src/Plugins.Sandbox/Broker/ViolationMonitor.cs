using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Broker;

/// <summary>A refusal that says something about the plugin.</summary>
public enum Violation
{
    /// <summary>A call without permission or without the user's gesture.</summary>
    PermissionRefused,

    /// <summary>More calls than its quota.</summary>
    QuotaRefused,

    /// <summary>A token that it was never given.</summary>
    ForgedGesture,
}

/// <summary>What must follow from a plugin's violations.</summary>
public abstract record Consequence(PluginId Plugin)
{
    /// <summary>For the next minute its messages are spaced by this pause.</summary>
    public sealed record Throttle(PluginId Plugin, TimeSpan Pause) : Consequence(Plugin);

    /// <summary>It is stopped until the user lifts it.</summary>
    public sealed record Suspend(PluginId Plugin, string Reason) : Consequence(Plugin);

    /// <summary>It is stopped at once and stays so over restarts, until the user lifts it.</summary>
    public sealed record Quarantine(PluginId Plugin, string Reason) : Consequence(Plugin);
}

/// <summary>How often a plugin was refused.</summary>
public readonly record struct ViolationCounts(long PermissionRefused, long QuotaRefused, long ForgedGesture)
{
    public long Total => PermissionRefused + QuotaRefused + ForgedGesture;
}

/// <summary>Counts violations and says what follows from them. Thread safe.</summary>
/// <param name="limits">The thresholds.</param>
/// <param name="time">The clock.</param>
/// <param name="raise">Told of every consequence, on the thread of the refused call: must return at once.</param>
public sealed class ViolationMonitor(SandboxLimits limits, TimeProvider time, Action<Consequence> raise)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<PluginId, Counters> _plugins = new();

    /// <summary>How often a plugin was refused since the host started.</summary>
    public ViolationCounts CountsOf(PluginId plugin)
    {
        var counters = CountersOf(plugin);
        lock (counters) return counters.Counts;
    }

    /// <summary>Begins anew, when the user lifts a suspension or quarantine.</summary>
    public void Forgive(PluginId plugin)
    {
        var counters = CountersOf(plugin);
        lock (counters)
        {
            counters.Permissions.Clear();
            counters.Quotas.Clear();
            counters.Pause = TimeSpan.Zero;
        }
    }

    internal void Record(PluginId plugin, Violation violation, string call)
    {
        var counters = CountersOf(plugin);
        Consequence? consequence;
        lock (counters) consequence = Count(plugin, counters, violation, call);
        if (consequence is not null) raise(consequence);
    }

    private Consequence? Count(PluginId plugin, Counters counters, Violation violation, string call)
    {
        var counts = counters.Counts;
        switch (violation)
        {
            case Violation.PermissionRefused:
                counters.Counts = counts with { PermissionRefused = counts.PermissionRefused + 1 };
                return counters.Permissions.AddExceeds()
                    ? new Consequence.Suspend(plugin, $"more than {limits.PermissionRefusalsPerMinute} refused calls within a minute, the last `{call}`")
                    : null;
            case Violation.QuotaRefused:
                counters.Counts = counts with { QuotaRefused = counts.QuotaRefused + 1 };
                if (!counters.Quotas.AddExceeds()) return null;
                counters.Quotas.Clear();
                var calmedDown = time.GetElapsedTime(counters.ThrottledAt) > Window * 2;
                counters.Pause = calmedDown ? limits.MinThrottle : TimeSpan.FromTicks(Math.Clamp(counters.Pause.Ticks * 2, limits.MinThrottle.Ticks, limits.MaxThrottle.Ticks));
                counters.ThrottledAt = time.GetTimestamp();
                return new Consequence.Throttle(plugin, counters.Pause);
            case Violation.ForgedGesture:
                counters.Counts = counts with { ForgedGesture = counts.ForgedGesture + 1 };
                return new Consequence.Quarantine(plugin, $"`{call}` came with a forged gesture token");
            default:
                throw new ArgumentOutOfRangeException(nameof(violation), violation, "no consequence is set for this violation");
        }
    }

    private Counters CountersOf(PluginId plugin) => _plugins.GetOrAdd(plugin, static (_, m) => m.NewCounters(), this);

    private Counters NewCounters() => new()
    {
        Permissions = new SlidingCount(limits.PermissionRefusalsPerMinute, Window, time),
        Quotas = new SlidingCount(limits.QuotaRefusalsPerMinute, Window, time),
    };

    private sealed class Counters
    {
        public required SlidingCount Permissions { get; init; }
        public required SlidingCount Quotas { get; init; }
        public ViolationCounts Counts { get; set; }
        public TimeSpan Pause { get; set; }
        public long ThrottledAt { get; set; }
    }
}
