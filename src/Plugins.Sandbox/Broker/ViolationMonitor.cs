using System.Collections.Concurrent;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Sandbox.Broker;

/// <summary>What must follow from a plugin's violations.</summary>
public abstract record Consequence(PluginId Plugin)
{
    /// <summary>For the next minute its messages are spaced by this pause.</summary>
    /// <param name="Plugin">Whose.</param>
    /// <param name="Pause">Between two messages.</param>
    /// <param name="Begins">It was not throttled until now; otherwise it goes on.</param>
    public sealed record Throttle(PluginId Plugin, TimeSpan Pause, bool Begins) : Consequence(Plugin);

    /// <summary>It is stopped until the user lifts it.</summary>
    public sealed record Suspend(PluginId Plugin, string Reason) : Consequence(Plugin);

    /// <summary>It is stopped at once and stays so over restarts, until the user lifts it.</summary>
    public sealed record Quarantine(PluginId Plugin, string Reason) : Consequence(Plugin);
}

/// <summary>Violations that somebody should hear of.</summary>
/// <param name="Plugin">Whose.</param>
/// <param name="Violation">The last of them.</param>
/// <param name="Call">The host call, or how else it was done.</param>
/// <param name="Reason">In the host's words: nothing that the plugin has sent.</param>
/// <param name="Count">How many they are: those of this plugin since the report before.</param>
/// <param name="Consequence">What must follow; null for nothing yet.</param>
public sealed record ViolationReport(PluginId Plugin, Violation Violation, string Call, string Reason, long Count, Consequence? Consequence);

/// <summary>How often a plugin was refused.</summary>
public readonly record struct ViolationCounts(long PermissionRefused, long QuotaRefused, long ForgedGesture, long EscapeAttempts, long BrokenEnvelopes)
{
    public long Total => PermissionRefused + QuotaRefused + ForgedGesture + EscapeAttempts + BrokenEnvelopes;
}

/// <summary>Counts violations and says what follows from them. Thread safe.</summary>
/// <param name="limits">The thresholds.</param>
/// <param name="time">The clock.</param>
/// <param name="raise">
/// Told of every consequence, and of violations without one as often as <see cref="SandboxLimits.ViolationReports"/> says; on
/// the thread of the refused call: must return at once.
/// </param>
public sealed class ViolationMonitor(SandboxLimits limits, TimeProvider time, Action<ViolationReport> raise)
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
            counters.Escapes = 0;
            counters.Pause = TimeSpan.Zero;
        }
    }

    /// <summary>Counts one; what follows is raised before this returns.</summary>
    /// <param name="plugin">Whose.</param>
    /// <param name="violation">What it did.</param>
    /// <param name="call">The host call, or how else it was done; a name of the host's.</param>
    public void Record(PluginId plugin, Violation violation, string call)
    {
        var counters = CountersOf(plugin);
        ViolationReport? report = null;
        lock (counters)
        {
            counters.Untold++;
            var consequence = Count(plugin, counters, violation, call);
            if (consequence is not null || counters.Reports.TryTake(1, out _))
            {
                report = new ViolationReport(plugin, violation, call, ReasonOf(violation, consequence), counters.Untold, consequence);
                counters.Untold = 0;
            }
        }
        if (report is not null) raise(report);
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
                return counters.Quotas.AddExceeds() ? Throttle(plugin, counters) : null;
            case Violation.ForgedGesture:
                counters.Counts = counts with { ForgedGesture = counts.ForgedGesture + 1 };
                return new Consequence.Quarantine(plugin, $"`{call}` came with a forged gesture token");
            case Violation.BrokenEnvelope:
                counters.Counts = counts with { BrokenEnvelopes = counts.BrokenEnvelopes + 1 };
                return new Consequence.Quarantine(plugin, "what it sent in the place of a host call is none: no SDK sends the like");
            case Violation.EscapeAttempt:
                counters.Counts = counts with { EscapeAttempts = counts.EscapeAttempts + 1 };
                return ++counters.Escapes >= limits.EscapeAttempts
                    ? new Consequence.Quarantine(plugin, $"`{call}` named what is out of its reach, in a way that is no mistake")
                    : null;
            default:
                throw new ArgumentOutOfRangeException(nameof(violation), violation, "no consequence is set for this violation");
        }
    }

    private Consequence.Throttle Throttle(PluginId plugin, Counters counters)
    {
        counters.Quotas.Clear();
        var begins = counters.Pause == TimeSpan.Zero || time.GetElapsedTime(counters.ThrottledAt) > Window * 2;
        counters.Pause = begins ? limits.MinThrottle : TimeSpan.FromTicks(Math.Clamp(counters.Pause.Ticks * 2, limits.MinThrottle.Ticks, limits.MaxThrottle.Ticks));
        counters.ThrottledAt = time.GetTimestamp();
        return new Consequence.Throttle(plugin, counters.Pause, begins);
    }

    private string ReasonOf(Violation violation, Consequence? consequence) => consequence switch
    {
        Consequence.Suspend suspend => suspend.Reason,
        Consequence.Quarantine quarantine => quarantine.Reason,
        Consequence.Throttle => $"more than {limits.QuotaRefusalsPerMinute} calls above its quotas within a minute",
        _ => violation switch
        {
            Violation.PermissionRefused => "a call without permission or without the user's gesture",
            Violation.QuotaRefused => "a call above its quota",
            Violation.EscapeAttempt => "a path or an address out of its reach, in a way that is no mistake",
            _ => throw new ArgumentOutOfRangeException(nameof(violation), violation, "this violation has a consequence"),
        },
    };

    private Counters CountersOf(PluginId plugin) => _plugins.GetOrAdd(plugin, static (_, m) => m.NewCounters(), this);

    private Counters NewCounters() => new()
    {
        Permissions = new SlidingCount(limits.PermissionRefusalsPerMinute, Window, time),
        Quotas = new SlidingCount(limits.QuotaRefusalsPerMinute, Window, time),
        Reports = new TokenBucket(limits.ViolationReports, time),
    };

    private sealed class Counters
    {
        public required SlidingCount Permissions { get; init; }
        public required SlidingCount Quotas { get; init; }
        public required TokenBucket Reports { get; init; }
        public ViolationCounts Counts { get; set; }
        public long Untold { get; set; }
        public long Escapes { get; set; }
        public TimeSpan Pause { get; set; }
        public long ThrottledAt { get; set; }
    }
}
