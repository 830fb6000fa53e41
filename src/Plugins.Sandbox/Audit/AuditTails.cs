using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Sandbox.Audit;

/// <summary>A line of the audit, as it was written.</summary>
public readonly record struct AuditLine(DateTimeOffset Time, AuditEvent Event);

/// <summary>The latest lines of each plugin. Thread safe.</summary>
internal sealed class AuditTails(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PluginId, Queue<AuditLine>> _tails = [];

    public void Add(AuditLine line)
    {
        lock (_gate)
        {
            if (!_tails.TryGetValue(line.Event.Plugin, out var tail)) _tails.Add(line.Event.Plugin, tail = new());
            if (tail.Count == capacity) tail.Dequeue();
            tail.Enqueue(line);
        }
    }

    public ImmutableArray<AuditLine> Of(PluginId plugin)
    {
        lock (_gate) return _tails.TryGetValue(plugin, out var tail) ? [.. tail] : [];
    }
}
