using System.Collections.Immutable;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>How long a plugin took to answer lately.</summary>
/// <param name="Count">Messages within the window.</param>
/// <param name="P50Ms">Half of them took at most so many milliseconds; 0 without messages.</param>
/// <param name="P99Ms">99 of 100 took at most so many milliseconds; 0 without messages.</param>
public readonly record struct PluginLatency(int Count, double P50Ms, double P99Ms);

/// <summary>How long a plugin took to answer messages of one type lately.</summary>
/// <param name="Type">Such as <c>render</c>.</param>
/// <param name="Latency">Of the messages of this type.</param>
public readonly record struct MessageTiming(string Type, PluginLatency Latency);

/// <summary>The wall times of one plugin's latest messages, waits for the user left out. Thread safe.</summary>
internal sealed class MessageTimes(RuntimeLimits limits, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Queue<Timed> _messages = new();

    public void Add(string type, TimeSpan took)
    {
        lock (_gate)
        {
            if (_messages.Count == limits.TimedMessages) _messages.Dequeue();
            _messages.Enqueue(new Timed(type, time.GetTimestamp(), took));
        }
    }

    /// <summary>Of all types together.</summary>
    public PluginLatency Latency => Of(Recent());

    /// <summary>Of each type, in order of their names.</summary>
    public ImmutableArray<MessageTiming> ByType =>
        [.. Recent().GroupBy(message => message.Type).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => new MessageTiming(group.Key, Of([.. group])))];

    private Timed[] Recent()
    {
        lock (_gate)
        {
            while (_messages.TryPeek(out var oldest) && time.GetElapsedTime(oldest.At) > limits.TimedWindow) _messages.Dequeue();
            return [.. _messages];
        }
    }

    private static PluginLatency Of(Timed[] messages)
    {
        if (messages.Length == 0) return default;
        double[] sorted = [.. messages.Select(message => message.Took.TotalMilliseconds).Order()];
        return new PluginLatency(sorted.Length, Quantile(0.5), Quantile(0.99));

        double Quantile(double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
    }

    private readonly record struct Timed(string Type, long At, TimeSpan Took);
}
