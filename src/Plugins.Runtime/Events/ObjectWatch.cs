using System.Buffers;
using System.Collections.Immutable;
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

/// <summary>The objects that a plugin watches.</summary>
internal sealed record WatchSubject(ResourceKind Kind, string? Namespace, Selector Selector, ImmutableArray<JsonPath> Paths);

/// <summary>A watch of objects: those that are there, then what happens to them.</summary>
internal sealed class ObjectWatch(string id, WatchSubject subject, PluginInstance instance, ActorContext context, Action arrived) : OpenWatch(id, instance.Ended)
{
    // Type, keys and braces around what is counted.
    private const int EventOverhead = 256;

    private readonly WatchQueue _queue = new(context.Limits.WatchEvents, context.Limits.WatchBytes, arrived);

    public override WatchPayload? Take() => _queue.Take(context.Limits.WatchMessageBytes) is { } batch ? PayloadOf(batch) : null;

    public override async Task RunAsync(bool resets, CancellationToken stops)
    {
        ImmutableArray<ColumnSpec> columns = [.. subject.Paths.Select(path => ColumnSpec.FromPath($"watch:{path.Text}", path.Text, path, ColumnType.Json))];
        try
        {
            using var shared = instance.Scope.Cluster.Client.Watches.Open(subject.Kind, subject.Namespace, columns, subject.Selector);
            await shared.Synced.WaitAsync(stops);
            using var changes = shared.Subscribe(includeJson: true);
            var snapshot = shared.Current;
            ImmutableArray<int> indexes = [.. columns.Select(column => snapshot.IndexOf(column.Id))];
            if (resets) _queue.PostReset();
            foreach (var row in snapshot.Rows)
            {
                await _queue.WaitForRoomAsync(stops);
                _queue.Post(ChangeOf(WatchEventType.Added, row, [.. indexes.Select(i => row[i])]));
            }
            _queue.PostSynced();
            await foreach (var change in changes.ReadAllAsync(stops))
            {
                _queue.AddLost(changes.TakeLost());
                _queue.Post(ChangeOf(TypeOf(change.Type), change.Row, ValuesOf(columns, change.Json)));
            }
        }
        catch (OperationCanceledException) when (stops.IsCancellationRequested)
        {
            // The watch ends, or its instance.
        }
        catch (ClusterException error)
        {
            context.Log(instance.Principal.Id, PluginLogLevel.Error, $"watch {Id} of {subject.Kind.QualifiedName}: {error.Message}");
        }
    }

    // Decided for each object when it is told, not when it was watched.
    private WatchPayload PayloadOf(WatchBatch batch)
    {
        var kind = subject.Kind;
        return new WatchPayload
        {
            Watch = Id,
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

    private static ImmutableArray<CellValue> ValuesOf(ImmutableArray<ColumnSpec> columns, ReadOnlyMemory<byte>? json)
    {
        if (json is not { } bytes) return [];
        var limits = ClusterLimits.Default;
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = limits.MaxJsonDepth });
        // As the reflector keeps them, so that a value is the same whichever way it comes.
        return [.. columns.Select(column => column.Project(document.RootElement) is { Text.Length: var length } value && length <= limits.MaxJsonCellChars ? value : CellValue.None)];
    }

    private WaitingChange ChangeOf(WatchEventType type, ResourceRow row, ImmutableArray<CellValue> values)
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
}
