using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>
/// Keeps floods out of the log: permitted reads become one count a call and minute; refusals alike become one line, and
/// one count, a second. Not thread safe.
/// </summary>
internal sealed class AuditCounts(AuditLimits limits, TimeProvider time)
{
    // No host call has this name.
    private const string Overflow = "*";

    private static readonly TimeSpan RefusalWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadWindow = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Key, Tally> _reads = [];
    private readonly Dictionary<Key, Tally> _refusals = [];
    private readonly Dictionary<PluginId, int> _refusalKeys = [];

    /// <summary>Whether something waits for its window to end.</summary>
    public bool IsEmpty => _reads.Count == 0 && _refusals.Count == 0;

    /// <summary>Counts a permitted read.</summary>
    public void AddRead(AuditEvent read)
    {
        var key = new Key(read.Plugin, read.Call, "", null);
        if (_reads.TryGetValue(key, out var tally)) tally.Count++;
        else _reads.Add(key, new Tally(read with { Target = "", LatencyMs = null, Decision = AuditDecision.Counted }, time.GetTimestamp()) { Count = 1 });
    }

    /// <summary>Counts a refusal; true when it is the first of its kind within the second and gets a line of its own.</summary>
    public bool IsFirst(AuditEvent refusal)
    {
        var key = new Key(refusal.Plugin, refusal.Call, refusal.Target, refusal.Reason);
        if (_refusals.TryGetValue(key, out var tally))
        {
            tally.Count++;
            return false;
        }
        var keys = _refusalKeys.GetValueOrDefault(refusal.Plugin);
        if (keys >= limits.RefusalsPerSecond)
        {
            AddOverflow(refusal);
            return false;
        }
        _refusalKeys[refusal.Plugin] = keys + 1;
        _refusals.Add(key, new Tally(refusal with { LatencyMs = null }, time.GetTimestamp()));
        return true;
    }

    /// <summary>Hands out the counts whose window has ended, or all of them.</summary>
    public void Drain(bool all, List<AuditEvent> output)
    {
        Drain(_reads, ReadWindow, all, output, static _ => { });
        Drain(_refusals, RefusalWindow, all, output, plugin => _refusalKeys[plugin] = Math.Max(0, _refusalKeys.GetValueOrDefault(plugin) - 1));
    }

    private void AddOverflow(AuditEvent refusal)
    {
        var key = new Key(refusal.Plugin, Overflow, Overflow, null);
        if (_refusals.TryGetValue(key, out var tally)) tally.Count++;
        else _refusals.Add(key, new Tally(refusal with { Call = Overflow, Target = Overflow, Reason = "more refusals in one second than have a line each", LatencyMs = null }, time.GetTimestamp()) { Count = 1 });
    }

    private void Drain(Dictionary<Key, Tally> tallies, TimeSpan window, bool all, List<AuditEvent> output, Action<PluginId> removed)
    {
        foreach (var (key, tally) in tallies)
        {
            if (!all && time.GetElapsedTime(tally.Since) < window) continue;
            if (tally.Count > 0) output.Add(tally.Event with { Count = tally.Count });
            tallies.Remove(key);
            if (key.Call != Overflow) removed(key.Plugin);
        }
    }

    private readonly record struct Key(PluginId Plugin, string Call, string Target, string? Reason);

    private sealed class Tally(AuditEvent happened, long since)
    {
        public AuditEvent Event => happened;
        public long Since => since;
        public long Count { get; set; }
    }
}
