using System.Text.Json;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>
/// The topics that one instance subscribed to; they end with it. Those of an instance that has not taken over yet are only
/// noted. Thread safe.
/// </summary>
internal sealed class Subscriptions(PluginInstance instance, ActorContext context, bool staged, CancellationToken ended) : IAsyncDisposable
{
    private static readonly ColumnSpec Phase = ColumnSpec.FromPath("event.phase", "PHASE", JsonPath.Parse(".status.phase"));

    private readonly Lock _gate = new();
    private readonly Lock _posting = new();
    private readonly Dictionary<string, ResourceKind?> _topics = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IDisposable> _busShares = new(StringComparer.Ordinal);
    private readonly Dictionary<string, CancellationTokenSource> _pumpEnds = new(StringComparer.Ordinal);
    private readonly List<Task> _pumps = [];
    private bool _staged = staged;
    private bool _retired;
    private int _catchingUp;

    /// <summary>Whether objects that were there at the beginning of a subscription have still to be told.</summary>
    public bool IsCatchingUp => Volatile.Read(ref _catchingUp) > 0;

    /// <summary>Whether nothing is subscribed to.</summary>
    public bool IsEmpty
    {
        get { lock (_gate) return _topics.Count == 0; }
    }

    /// <summary>Whether it is told of a topic.</summary>
    public bool Hears(string topic)
    {
        lock (_gate) return _topics.Keys.Any(pattern => TopicPattern.Matches(pattern, topic));
    }

    /// <summary>Adds a topic; null, or why not. Adding one twice changes nothing.</summary>
    public async Task<CallError?> AddAsync(string topic, CancellationToken cancellationToken)
    {
        ResourceKind? kind = null;
        if (topic.StartsWith(HostTopics.ResourcePrefix, StringComparison.Ordinal))
        {
            var catalog = await instance.Scope.Cluster.Client.Discovery.GetAsync(cancellationToken);
            kind = Resolve(catalog, topic[HostTopics.ResourcePrefix.Length..]);
            if (kind is null) return new CallError(ErrorCode.NotFound, $"`{topic}`: the cluster serves no such resource; name one, such as `resource.pods` or `resource.deployments.apps`");
        }
        else if (!HostTopics.Has(topic) && !IsOfPlugin(topic))
        {
            return new CallError(ErrorCode.NotFound, $"there is no topic `{topic}`");
        }
        lock (_gate)
        {
            if (ended.IsCancellationRequested || _topics.ContainsKey(topic)) return null;
            if (_topics.Count >= context.Limits.Subscriptions) return new CallError(ErrorCode.QuotaExceeded, $"at most {context.Limits.Subscriptions} topics can be subscribed to");
            _topics.Add(topic, kind);
            if (_staged) return null;
            if (kind is null) _busShares.Add(topic, context.Bus.Subscribe(topic, Receive));
            else BeginPump(topic, kind, restarts: false);
        }
        return null;
    }

    /// <summary>Ends a topic; what waits of it is not delivered. One that was not added changes nothing.</summary>
    public void Remove(string topic)
    {
        lock (_gate)
        {
            if (!_topics.Remove(topic)) return;
            if (_busShares.Remove(topic, out var share)) share.Dispose();
            if (_pumpEnds.Remove(topic, out var pump))
            {
                // What waits for the cancellation goes on elsewhere, and not under these locks.
                lock (_posting) _ = pump.CancelAsync();
            }
            // Events may match another pattern, too; a resource's have the very topic.
            instance.Mailbox.Drop(happened => TopicPattern.Matches(topic, happened.Topic) && !_topics.Keys.Any(other => TopicPattern.Matches(other, happened.Topic)));
        }
    }

    /// <summary>
    /// Begins what was noted in the place of another instance's subscriptions, whose mailbox this one has: an event of the
    /// bus that waits there, or comes now, is delivered once. Objects are told anew.
    /// </summary>
    /// <param name="before">The subscriptions that end.</param>
    /// <param name="hasState">This instance knows what was told before.</param>
    public void TakeOver(Subscriptions before, bool hasState)
    {
        lock (before._posting) before._retired = true;
        lock (_gate)
        {
            _staged = false;
            // Who has the state of the one before knows what that was told.
            bool IsNew(string pattern) => !hasState || !before._topics.ContainsKey(pattern);
            string[] patterns = ended.IsCancellationRequested ? [] : [.. _topics.Where(t => t.Value is null).Select(t => t.Key)];
            foreach (var (pattern, share) in patterns.Zip(context.Bus.Exchange(before.TakeBusShares(), patterns, Receive, IsNew))) _busShares.Add(pattern, share);
            instance.Mailbox.Keep(happened => Array.Exists(patterns, pattern => TopicPattern.Matches(pattern, happened.Topic)));
            if (ended.IsCancellationRequested) return;
            foreach (var (topic, kind) in _topics)
                if (kind is not null) BeginPump(topic, kind, restarts: hasState && before._topics.ContainsKey(topic));
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task[] pumps;
        lock (_gate)
        {
            foreach (var share in _busShares.Values) share.Dispose();
            pumps = [.. _pumps];
        }
        await Task.WhenAll(pumps);
        foreach (var pump in _pumpEnds.Values) pump.Dispose();
    }

    private IDisposable[] TakeBusShares()
    {
        lock (_gate)
        {
            IDisposable[] shares = [.. _busShares.Values];
            _busShares.Clear();
            return shares;
        }
    }

    private void BeginPump(string topic, ResourceKind kind, bool restarts)
    {
        Interlocked.Increment(ref _catchingUp);
        var unsubscribed = new CancellationTokenSource();
        _pumpEnds.Add(topic, unsubscribed);
        var token = unsubscribed.Token;
        _pumps.RemoveAll(pump => pump.IsCompleted);
        _pumps.Add(Task.Run(() => PumpAsync(topic, kind, restarts, token), CancellationToken.None));
    }

    /// <summary>Takes an event of the bus, if the plugin may still be told of it: the door has two sides.</summary>
    private void Receive(HostEvent happened)
    {
        if (happened.About == instance.Principal.Id) return;
        foreach (var demand in HostTopics.DemandsOf(happened.Topic))
            if (!context.Broker.MayReceive(instance.Principal, demand)) return;
        instance.Mailbox.Post(happened);
    }

    private void Post(HostEvent happened, CancellationToken unsubscribed)
    {
        lock (_posting)
        {
            if (!_retired && !unsubscribed.IsCancellationRequested) instance.Mailbox.Post(happened);
        }
    }

    /// <summary>Whether a topic or pattern is below a plugin's id: <c>acme.prometheus.alert</c>, <c>acme.prometheus.*</c>.</summary>
    private static bool IsOfPlugin(string topic) => topic.Split('.') is [var publisher, var name, _, ..] && PluginId.TryParse($"{publisher}.{name}", out _);

    /// <summary>The kind that the rest of a topic names: <c>pods</c>, or <c>deployments.apps</c>.</summary>
    private static ResourceKind? Resolve(ResourceCatalog catalog, string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot > 0) return catalog.FindPlural(name[(dot + 1)..], name[..dot]);
        return catalog.FindPlural("", name) ?? catalog.Kinds.FirstOrDefault(k => k.Plural == name);
    }

    private async Task PumpAsync(string topic, ResourceKind kind, bool restarts, CancellationToken unsubscribed)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, unsubscribed);
        var ends = either.Token;
        var caughtUp = new CatchUp(this, context.PendingChanged);
        using var timer = context.Time.CreateTimer(_ => caughtUp.End(), null, context.Limits.InitialEventsDeadline, Timeout.InfiniteTimeSpan);
        try
        {
            var everywhere = !kind.Namespaced || (await instance.Scope.Cluster.Client.Access.CanIAsync("watch", kind, null, cancellationToken: ends)).Allowed;
            using var watch = instance.Scope.Cluster.Client.Watches.Open(kind, everywhere ? null : instance.Scope.Cluster.Namespace, [Phase]);
            await watch.Synced.WaitAsync(ends);
            using var changes = watch.Subscribe(includeJson: true);
            var teller = new Teller(instance, context, topic, kind);
            var snapshot = watch.Current;
            var column = snapshot.IndexOf(Phase.Id);
            if (restarts) Post(new HostEvent(HostTopics.Reset, 0, context.Time.GetUtcNow(), JsonSerializer.SerializeToUtf8Bytes(new EventsReset { Topic = topic }, ContractJson.Default.EventsReset), null), unsubscribed);
            foreach (var row in snapshot.Rows)
            {
                await instance.Mailbox.WaitForRoomAsync(ends);
                Post(teller.Tell("added", row, () => row[column].Text), unsubscribed);
            }
            instance.Mailbox.PostMark(caughtUp.End);
            await foreach (var change in changes.ReadAllAsync(ends))
            {
                instance.Mailbox.AddLost(changes.TakeLost());
                Post(teller.Tell(NameOf(change.Type), change.Row, () => PhaseOf(change.Json)), unsubscribed);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The instance ends, or the topic does.
        }
        catch (ClusterException error)
        {
            context.Log(instance.Principal.Id, PluginLogLevel.Error, $"{topic}: {error.Message}");
        }
        finally
        {
            caughtUp.End();
        }
    }

    // A row's values are in the order of whatever columns were kept when it was made; the object says it itself.
    private static string? PhaseOf(ReadOnlyMemory<byte>? json)
    {
        if (json is not { } bytes) return null;
        using var document = JsonDocument.Parse(bytes);
        return Phase.Project(document.RootElement).Text;
    }

    private static string NameOf(ChangeType type) => type switch
    {
        ChangeType.Added => "added",
        ChangeType.Modified => "modified",
        ChangeType.Deleted => "deleted",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "a change of this type has no name"),
    };

    private sealed class Teller(PluginInstance instance, ActorContext context, string topic, ResourceKind kind)
    {
        private long _sequence;

        public HostEvent Tell(string change, ResourceRow row, Func<string?> phase)
        {
            var summary = new ResourceSummary { Group = kind.Group, Kind = kind.Kind, Namespace = row.Namespace, Name = row.Name, Uid = row.Uid };
            var get = new Demand.Kubernetes(kind.Group, kind.Plural, null, "get", row.Namespace);
            if (context.Broker.MayReceive(instance.Principal, get)) summary = summary with { Phase = phase(), Created = row.Created };
            var data = JsonSerializer.SerializeToUtf8Bytes(new ResourceEvent { Change = change, Object = summary }, ContractJson.Default.ResourceEvent);
            return new HostEvent(topic, ++_sequence, context.Time.GetUtcNow(), data, row.Uid);
        }
    }

    private sealed class CatchUp(Subscriptions owner, Action pendingChanged)
    {
        private int _done;

        public void End()
        {
            if (Interlocked.Exchange(ref _done, 1) != 0) return;
            Interlocked.Decrement(ref owner._catchingUp);
            pendingChanged();
        }
    }
}
