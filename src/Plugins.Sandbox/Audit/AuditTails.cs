using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>A line of the audit, as it was written.</summary>
public readonly record struct AuditLine(DateTimeOffset Time, AuditEvent Event);

/// <summary>Some of the latest lines.</summary>
/// <param name="Lines">Oldest first.</param>
/// <param name="Cursor">Where to go on.</param>
/// <param name="Lost">Lines after the cursor given that are kept no more.</param>
public sealed record AuditPage(ImmutableArray<AuditLine> Lines, long Cursor, long Lost);

/// <summary>The latest lines, of each plugin and of all. Thread safe.</summary>
internal sealed class AuditTails(int capacity, int recentCapacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PluginId, Queue<AuditLine>> _tails = [];
    private readonly Queue<AuditLine> _recent = new();
    private long _added;

    public void Add(AuditLine line)
    {
        lock (_gate)
        {
            if (!_tails.TryGetValue(line.Event.Plugin, out var tail)) _tails.Add(line.Event.Plugin, tail = new());
            if (tail.Count == capacity) tail.Dequeue();
            tail.Enqueue(line);
            if (_recent.Count == recentCapacity) _recent.Dequeue();
            _recent.Enqueue(line);
            _added++;
        }
    }

    public ImmutableArray<AuditLine> Of(PluginId plugin)
    {
        lock (_gate) return _tails.TryGetValue(plugin, out var tail) ? [.. tail] : [];
    }

    /// <summary>The oldest lines after a cursor: the number of the last line that was read, from 1; 0 for none.</summary>
    public AuditPage After(long cursor, PluginId? plugin, int limit)
    {
        lock (_gate)
        {
            var kept = _added - _recent.Count;
            var from = Math.Clamp(cursor, 0, _added);
            var lines = ImmutableArray.CreateBuilder<AuditLine>();
            var at = Math.Max(from, kept);
            foreach (var line in _recent.Skip((int)(at - kept)))
            {
                if (lines.Count == limit) break;
                at++;
                if (plugin is null || line.Event.Plugin == plugin) lines.Add(line);
            }
            return new AuditPage(lines.DrainToImmutable(), at, Math.Max(0, kept - from));
        }
    }
}
