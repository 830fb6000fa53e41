using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>
/// Hands the host's own events, and those of plugins, to those who subscribed; order is kept per topic. Of topics that tell how
/// things are, who subscribes is told the latest event first. Thread safe.
/// </summary>
internal sealed class EventBus(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _sequences = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, HostEvent> _present = new(StringComparer.Ordinal);
    private ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>Hands over how things are, and from now on what is published, under a topic or pattern; on the publisher's thread.</summary>
    public IDisposable Subscribe(string pattern, Action<HostEvent> deliver) => Exchange([], [pattern], deliver, static _ => true)[0];

    /// <summary>Puts subscriptions in the place of others: what is published goes to the ones or to the others, never to both or none.</summary>
    /// <param name="ended">The others.</param>
    /// <param name="patterns">Of the ones.</param>
    /// <param name="deliver">Where to.</param>
    /// <param name="isNew">Whether those of a pattern have not been told how things are.</param>
    public ImmutableArray<IDisposable> Exchange(IEnumerable<IDisposable> ended, IEnumerable<string> patterns, Action<HostEvent> deliver, Func<string, bool> isNew)
    {
        ImmutableArray<Subscription> begun = [.. patterns.Select(pattern => new Subscription(this, pattern, deliver))];
        lock (_gate)
        {
            _subscriptions = _subscriptions.RemoveRange(ended.OfType<Subscription>()).AddRange(begun);
            foreach (var present in _present.Values)
                if (begun.Any(subscription => TopicPattern.Matches(subscription.Pattern, present.Topic) && isNew(subscription.Pattern))) deliver(present);
        }
        return ImmutableArray<IDisposable>.CastUp(begun);
    }

    /// <summary>Whether anybody hears of a topic.</summary>
    public bool IsHeard(string topic)
    {
        lock (_gate) return _subscriptions.Any(subscription => TopicPattern.Matches(subscription.Pattern, topic));
    }

    /// <summary>Publishes an event of the host's.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="data">What it carries.</param>
    /// <param name="type">Of the data.</param>
    /// <param name="key">Of waiting events with one topic and key only the latest is delivered.</param>
    /// <param name="about">The plugin that it tells of, if that is not to hear it.</param>
    public void Publish<T>(string topic, T data, JsonTypeInfo<T> type, string? key = null, PluginId? about = null)
    {
        lock (_gate)
        {
            var sequence = _sequences[topic] = _sequences.GetValueOrDefault(topic) + 1;
            var happened = new HostEvent(topic, sequence, time.GetUtcNow(), JsonSerializer.SerializeToUtf8Bytes(data, type), key) { About = about };
            if (HostTopics.StateOf(topic) is { } state) _present[state] = happened;
            Deliver(happened);
        }
    }

    /// <summary>Nobody is told any more how things were.</summary>
    /// <param name="states">As <see cref="HostTopics.StateOf"/> names them.</param>
    public void Forget(params ReadOnlySpan<string> states)
    {
        lock (_gate)
        {
            foreach (var state in states) _present.Remove(state);
        }
    }

    /// <summary>Publishes a plugin's event, of UTF-8 JSON; false when it has published as many different topics as it may.</summary>
    public bool TryPublish(PluginId plugin, string topic, ReadOnlyMemory<byte> data, string? coalesceKey, int maxTopics)
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
