using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>
/// Keeps floods out of the log: permitted reads become one count a call and minute; what is recorded of everything else that
/// can be repeated without end becomes one line, and one count, a second. Not thread safe.
/// </summary>
internal sealed class AuditCounts(TimeProvider time)
{
    // No host call has this name.
    private const string Overflow = "*";

    private static readonly TimeSpan RepeatWindow = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadWindow = TimeSpan.FromMinutes(1);

    private readonly Dictionary<Key, Tally> _reads = [];
    private readonly Dictionary<Key, Tally> _repeats = [];
    private readonly Dictionary<(PluginId, AuditDecision), int> _lines = [];

    /// <summary>Whether something waits for its window to end.</summary>
    public bool IsEmpty => _reads.Count == 0 && _repeats.Count == 0;

    /// <summary>Counts a permitted read.</summary>
    public void AddRead(AuditEvent read)
    {
        var key = new Key(read.Plugin, AuditDecision.Counted, read.Call, "", null);
        if (_reads.TryGetValue(key, out var tally)) tally.Count++;
        else _reads.Add(key, new Tally(read with { Target = "", Reason = null, LatencyMs = null, Decision = AuditDecision.Counted }, time.GetTimestamp()) { Count = 1 });
    }

    /// <summary>Counts what can be repeated; true when it is the first of its kind within the second and gets a line of its own.</summary>
    /// <param name="happened">What it is.</param>
    /// <param name="linesPerSecond">Different ones, of a plugin and with this decision, that have a line each.</param>
    public bool IsFirst(AuditEvent happened, int linesPerSecond)
    {
        var key = new Key(happened.Plugin, happened.Decision, happened.Call, happened.Target, happened.Reason);
        if (_repeats.TryGetValue(key, out var tally))
        {
            tally.Count++;
            return false;
        }
        var lines = _lines.GetValueOrDefault(key.Lines);
        if (lines >= linesPerSecond)
        {
            AddOverflow(happened);
            return false;
        }
        _lines[key.Lines] = lines + 1;
        _repeats.Add(key, new Tally(happened with { LatencyMs = null }, time.GetTimestamp()));
        return true;
    }

    /// <summary>Hands out the counts whose window has ended, or all of them.</summary>
    public void Drain(bool all, List<AuditEvent> output)
    {
        Drain(_reads, ReadWindow, all, output, static _ => { });
        Drain(_repeats, RepeatWindow, all, output, key => _lines[key.Lines] = Math.Max(0, _lines.GetValueOrDefault(key.Lines) - 1));
    }

    private void AddOverflow(AuditEvent happened)
    {
        var key = new Key(happened.Plugin, happened.Decision, Overflow, Overflow, null);
        if (_repeats.TryGetValue(key, out var tally)) tally.Count++;
        else _repeats.Add(key, new Tally(happened with { Call = Overflow, Target = Overflow, Reason = "more of them in one second than have a line each", LatencyMs = null }, time.GetTimestamp()) { Count = 1 });
    }

    private void Drain(Dictionary<Key, Tally> tallies, TimeSpan window, bool all, List<AuditEvent> output, Action<Key> removed)
    {
        foreach (var (key, tally) in tallies)
        {
            if (!all && time.GetElapsedTime(tally.Since) < window) continue;
            if (tally.Count > 0) output.Add(tally.Event with { Count = tally.Count });
            tallies.Remove(key);
            if (key.Call != Overflow) removed(key);
        }
    }

    private readonly record struct Key(PluginId Plugin, AuditDecision Decision, string Call, string Target, string? Reason)
    {
        public (PluginId, AuditDecision) Lines => (Plugin, Decision);
    }

    private sealed class Tally(AuditEvent happened, long since)
    {
        public AuditEvent Event => happened;
        public long Since => since;
        public long Count { get; set; }
    }
}
