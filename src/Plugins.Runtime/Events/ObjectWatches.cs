using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using LazyOC.Cluster;
using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Capabilities;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>What a plugin watches.</summary>
internal sealed record WatchSubject(ResourceKind Kind, string? Namespace, Selector Selector, ImmutableArray<JsonPath> Paths);

/// <summary>
/// The watches of one instance; they end with it. Those of an instance that has not taken over yet are only noted. Thread safe.
/// </summary>
internal sealed class ObjectWatches(PluginInstance instance, ActorContext context, bool staged, CancellationToken ended) : IAsyncDisposable
{
    // Type, keys and braces around what is counted.
    private const int EventOverhead = 256;

    private readonly Lock _gate = new();
    private readonly List<OpenWatch> _open = [];
    private readonly List<Task> _pumps = [];
    private Signal _arrival = new();
    private bool _staged = staged;
    private long _lastId;
    private int _turn;

    /// <summary>Adds a watch; its id, or why not.</summary>
    public (string? Id, CallError? Error) Add(WatchSubject subject)
    {
        lock (_gate)
        {
            if (ended.IsCancellationRequested) return (null, ClusterAccess.Ended);
            if (_open.Count >= context.Limits.Watches) return (null, new CallError(ErrorCode.QuotaExceeded, $"{context.Limits.Watches} watches are open already: end one with `kubernetes.unwatch`"));
            var id = string.Create(CultureInfo.InvariantCulture, $"w{++_lastId}");
            var watch = new OpenWatch(id, subject, new WatchQueue(context.Limits.WatchEvents, context.Limits.WatchBytes, Arrived), CancellationTokenSource.CreateLinkedTokenSource(ended));
            _open.Add(watch);
            if (!_staged) Begin(watch, resets: false);
            return (id, null);
        }
    }

    /// <summary>Ends a watch; false when there is none of this id.</summary>
    public bool Remove(string id)
    {
        OpenWatch? watch;
        lock (_gate)
        {
            watch = _open.Find(w => w.Id == id);
            if (watch is null) return false;
            _open.Remove(watch);
        }
        watch.Ends.Cancel();
        watch.Ends.Dispose();
        return true;
    }

    /// <summary>Begins what was noted: whoever had state from the instance before is told to forget it.</summary>
    public void TakeOver()
    {
        lock (_gate)
        {
            _staged = false;
            if (ended.IsCancellationRequested) return;
            foreach (var watch in _open) Begin(watch, resets: true);
        }
    }

    /// <summary>Waits until a message may be due.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_gate) return _arrival.WaitAsync(cancellationToken);
    }

    /// <summary>The next message, each watch in its turn; null when none is due.</summary>
    public WatchPayload? Take()
    {
        OpenWatch[] open;
        lock (_gate)
        {
            // Set anew before looking: what comes meanwhile is seen now or raises it again.
            _arrival = new Signal();
            open = [.. _open];
        }
        for (var i = 0; i < open.Length; i++)
        {
            var watch = open[(_turn + i) % open.Length];
            if (watch.Queue.Take(context.Limits.WatchMessageBytes) is not { } batch) continue;
            _turn = (_turn + i + 1) % open.Length;
            // There may be more, of this watch or of others.
            Arrived();
            return PayloadOf(watch, batch);
        }
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        Task[] pumps;
        lock (_gate) pumps = [.. _pumps];
        await Task.WhenAll(pumps);
        lock (_gate)
        {
            foreach (var watch in _open) watch.Ends.Dispose();
            _open.Clear();
        }
    }

    private void Arrived()
    {
        Signal arrival;
        lock (_gate) arrival = _arrival;
        arrival.Set();
    }

    private void Begin(OpenWatch watch, bool resets)
    {
        _pumps.RemoveAll(pump => pump.IsCompletedSuccessfully);
        // A token outlasts its source.
        var token = watch.Ends.Token;
        _pumps.Add(Task.Run(() => PumpAsync(watch, resets, token), CancellationToken.None));
    }

    // Decided for each object when it is told, not when it was watched.
    private WatchPayload PayloadOf(OpenWatch watch, WatchBatch batch)
    {
        var kind = watch.Subject.Kind;
        return new WatchPayload
        {
            Watch = watch.Id,
            Events =
            [
                .. batch.Changes.Select(change =>
                {
                    var mayGet = context.Broker.MayReceive(instance.Principal, new Demand.Kubernetes(kind.Group, kind.Plural, null, "get", change.Object.Namespace));
                    var isTooLarge = change.Fields is null && change.Type != WatchEventType.Deleted;
                    return new WatchEvent { Type = change.Type, Object = change.Object, Fields = mayGet ? change.Fields : null, TooLarge = mayGet && isTooLarge ? true : null };
                }),
            ],
            Reset = batch.Reset ? true : null,
            Synced = batch.Synced ? true : null,
            Lost = batch.Lost > 0 ? batch.Lost : null,
        };
    }

    private async Task PumpAsync(OpenWatch watch, bool resets, CancellationToken stops)
    {
        var subject = watch.Subject;
        ImmutableArray<ColumnSpec> columns = [.. subject.Paths.Select(path => ColumnSpec.FromPath($"watch:{path.Text}", path.Text, path, ColumnType.Json))];
        try
        {
            using var shared = instance.Scope.Cluster.Client.Watches.Open(subject.Kind, subject.Namespace, columns, subject.Selector);
            await shared.Synced.WaitAsync(stops);
            using var changes = shared.Subscribe(includeJson: true);
            var snapshot = shared.Current;
            ImmutableArray<int> indexes = [.. columns.Select(column => snapshot.IndexOf(column.Id))];
            if (resets) watch.Queue.PostReset();
            foreach (var row in snapshot.Rows)
            {
                await watch.Queue.WaitForRoomAsync(stops);
                watch.Queue.Post(ChangeOf(subject, WatchEventType.Added, row, [.. indexes.Select(i => row[i])]));
            }
            watch.Queue.PostSynced();
            await foreach (var change in changes.ReadAllAsync(stops))
            {
                watch.Queue.AddLost(changes.TakeLost());
                watch.Queue.Post(ChangeOf(subject, TypeOf(change.Type), change.Row, ValuesOf(columns, change.Json)));
            }
        }
        catch (OperationCanceledException) when (stops.IsCancellationRequested)
        {
            // The watch ends, or its instance.
        }
        catch (ClusterException error)
        {
            context.Log(instance.Principal.Id, PluginLogLevel.Error, $"watch {watch.Id} of {subject.Kind.QualifiedName}: {error.Message}");
        }
    }

    private static ImmutableArray<CellValue> ValuesOf(ImmutableArray<ColumnSpec> columns, ReadOnlyMemory<byte>? json)
    {
        if (json is not { } bytes) return [];
        var limits = ClusterLimits.Default;
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.MaxJsonDepth });
        // As the reflector keeps them, so that a value is the same whichever way it comes.
        return [.. columns.Select(column => column.Project(document.RootElement) is { Text.Length: var length } value && length <= limits.MaxJsonCellChars ? value : CellValue.None)];
    }

    private WaitingChange ChangeOf(WatchSubject subject, WatchEventType type, ResourceRow row, ImmutableArray<CellValue> values)
    {
        var reference = new ObjectReference { Group = subject.Kind.Group, Kind = subject.Kind.Kind, Namespace = row.Namespace, Name = row.Name, Uid = row.Uid };
        if (type == WatchEventType.Deleted || values.IsEmpty) return new WaitingChange(type, reference, null, EventOverhead);
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            for (var i = 0; i < values.Length; i++)
            {
                json.WritePropertyName(subject.Paths[i].Text);
                Projection.WriteSelected(json, subject.Paths[i], values[i].Text);
            }
            json.WriteEndObject();
        }
        if (buffer.WrittenCount > context.Limits.WatchMessageBytes) return new WaitingChange(type, reference, null, EventOverhead);
        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = ClusterLimits.Default.MaxJsonDepth + 2 });
        return new WaitingChange(type, reference, JsonElement.ParseValue(ref reader), buffer.WrittenCount + EventOverhead);
    }

    private static WatchEventType TypeOf(ChangeType type) => type switch
    {
        ChangeType.Added => WatchEventType.Added,
        ChangeType.Modified => WatchEventType.Modified,
        ChangeType.Deleted => WatchEventType.Deleted,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "a change of this type has no name"),
    };

    private sealed record OpenWatch(string Id, WatchSubject Subject, WatchQueue Queue, CancellationTokenSource Ends);
}
