using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>A line that a plugin logged.</summary>
/// <param name="Time">When.</param>
/// <param name="Level">How important its author finds it.</param>
/// <param name="Message">The plugin's own text: to be drawn, never to be written to a terminal as it is.</param>
public sealed record PluginLogLine(DateTimeOffset Time, PluginLogLevel Level, string Message);

/// <summary>The latest log lines of each plugin. Thread safe.</summary>
internal sealed class LogTails(int capacity, TimeProvider time)
{
    private readonly ConcurrentDictionary<PluginId, Queue<PluginLogLine>> _tails = new();

    public void Add(PluginId plugin, PluginLogLevel level, string message)
    {
        var tail = _tails.GetOrAdd(plugin, static _ => new());
        lock (tail)
        {
            if (tail.Count == capacity) tail.Dequeue();
            tail.Enqueue(new PluginLogLine(time.GetUtcNow(), level, message));
        }
    }

    public ImmutableArray<PluginLogLine> Of(PluginId plugin)
    {
        if (!_tails.TryGetValue(plugin, out var tail)) return [];
        lock (tail) return [.. tail];
    }
}
