using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>Hands the host's own events, and those of plugins, to those who subscribed; order is kept per topic. Thread safe.</summary>
internal sealed class EventBus(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Hands over from now on what is published under a topic or pattern, on the publisher's thread.</summary>
    public IDisposable Subscribe(string pattern, Action<HostEvent> deliver) => Exchange([], [pattern], deliver)[0];

    /// <summary>Puts subscriptions in the place of others: what is published goes to the ones or to the others, never to both or none.</summary>
    public ImmutableArray<IDisposable> Exchange(IEnumerable<IDisposable> ended, IEnumerable<string> patterns, Action<HostEvent> deliver)
    {
        ImmutableArray<Subscription> begun = [.. patterns.Select(pattern => new Subscription(this, pattern, deliver))];
        lock (_gate) _subscriptions = _subscriptions.RemoveRange(ended.OfType<Subscription>()).AddRange(begun);
        return ImmutableArray<IDisposable>.CastUp(begun);
    }

    public void Publish<T>(string topic, T data, JsonTypeInfo<T> type)
    {
        lock (_gate)
        {
            var sequence = _sequences[topic] = _sequences.GetValueOrDefault(topic) + 1;
            Deliver(new HostEvent(topic, sequence, time.GetUtcNow(), JsonSerializer.SerializeToElement(data, type), null));
        }
    }

    /// <summary>Publishes a plugin's event; false when it has published as many different topics as it may.</summary>
    public bool TryPublish(PluginId plugin, string topic, JsonElement data, string? coalesceKey, int maxTopics)
    {
        lock (_gate)
        {
            if (!_sequences.TryGetValue(topic, out var sequence))
            {
                if (_sequences.Keys.Count(known => known.StartsWith($"{plugin}.", StringComparison.Ordinal)) >= maxTopics) return false;
            }
            _sequences[topic] = sequence + 1;
            Deliver(new HostEvent(topic, sequence + 1, time.GetUtcNow(), data, coalesceKey, plugin.ToString()));
            return true;
        }
    }

    private void Deliver(HostEvent happened)
    {
        foreach (var subscription in _subscriptions)
            if (TopicPattern.Matches(subscription.Pattern, happened.Topic)) subscription.Deliver(happened);
    }

    private sealed class Subscription(EventBus bus, string pattern, Action<HostEvent> deliver) : IDisposable
    {
        public string Pattern => pattern;

        public Action<HostEvent> Deliver => deliver;

        public void Dispose()
        {
            lock (bus._gate) bus._subscriptions = bus._subscriptions.Remove(this);
        }
    }
}
