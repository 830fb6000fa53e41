using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>Hands the host's own events to those who subscribed; order is kept per topic. Thread safe.</summary>
internal sealed class EventBus(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Hands over from now on what is published under a topic or pattern, on the publisher's thread.</summary>
    public IDisposable Subscribe(string pattern, Action<HostEvent> deliver)
    {
        var subscription = new Subscription(this, pattern, deliver);
        lock (_gate) _subscriptions = _subscriptions.Add(subscription);
        return subscription;
    }

    public void Publish<T>(string topic, T data, JsonTypeInfo<T> type)
    {
        lock (_gate)
        {
            var sequence = _sequences[topic] = _sequences.GetValueOrDefault(topic) + 1;
            var happened = new HostEvent(topic, sequence, time.GetUtcNow(), JsonSerializer.SerializeToElement(data, type), null);
            foreach (var subscription in _subscriptions)
                if (TopicPattern.Matches(subscription.Pattern, topic)) subscription.Deliver(happened);
        }
    }

    private sealed record Subscription(EventBus Bus, string Pattern, Action<HostEvent> Deliver) : IDisposable
    {
        public void Dispose()
        {
            lock (Bus._gate) Bus._subscriptions = Bus._subscriptions.Remove(this);
        }
    }
}
