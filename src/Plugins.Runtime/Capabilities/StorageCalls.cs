using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Capabilities;

/// <summary>The <c>storage.*</c> calls.</summary>
/// <param name="storeOf">What a principal may store in; null when its instance has ended, or this host keeps nothing.</param>
/// <param name="limits">Bounds.</param>
/// <param name="work">Where the disk is waited for.</param>
internal sealed class StorageCalls(Func<PluginPrincipal, StoreFile?> storeOf, RuntimeLimits limits, TaskScheduler work)
{
    private const int DefaultPage = 100;

    private static readonly ImmutableArray<Demand> Demands = [new Demand.Store()];

    public ImmutableArray<HostCallRow> Rows =>
    [
        new HostCallRow<StorageGetRequest, StorageGetAnswer>
        {
            Name = "storage.get",
            Permission = "storage",
            Errors = [ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "The value of a key in the plugin's own store.",
            Request = static () => ContractJson.Default.StorageGetRequest,
            Answer = static () => ContractJson.Default.StorageGetAnswer,
            Check = r => Check("key", r.Key),
            Demands = _ => Demands,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, store => store.Get(r.Key), cancellationToken),
        },
        new HostCallRow<StorageListRequest, StorageListAnswer>
        {
            Name = "storage.list",
            Permission = "storage",
            Errors = [ErrorCode.Unavailable],
            WhileStaged = StagedRule.Allowed,
            Description = "A page of the keys in the plugin's own store, with or without their values.",
            Request = static () => ContractJson.Default.StorageListRequest,
            Answer = static () => ContractJson.Default.StorageListAnswer,
            Check = r => r.Limit is < 1 || r.Limit > limits.StoredKeysListed ? new Problem("limit", $"is {r.Limit}; expected 1 to {limits.StoredKeysListed}") : null,
            Demands = _ => Demands,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, store => store.List(r.Prefix, r.After, r.Limit ?? DefaultPage, r.Values), cancellationToken),
        },
        new HostCallRow<StorageSetRequest, StorageSetAnswer>
        {
            Name = "storage.set",
            Permission = "storage",
            Errors = [ErrorCode.Conflict, ErrorCode.Unavailable],
            Description = "Gives a key in the plugin's own store a value.",
            Request = static () => ContractJson.Default.StorageSetRequest,
            Answer = static () => ContractJson.Default.StorageSetAnswer,
            Check = r => Check("", r),
            Demands = _ => Demands,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, store => Revised(store.Change([Of(r)])), cancellationToken),
        },
        new HostCallRow<StorageDeleteRequest, Nothing>
        {
            Name = "storage.delete",
            Permission = "storage",
            Errors = [ErrorCode.Conflict, ErrorCode.Unavailable],
            Description = "Takes a key out of the plugin's own store.",
            Request = static () => ContractJson.Default.StorageDeleteRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = r => Check("key", r.Key),
            Demands = _ => Demands,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, store => Done(store.Change([Of(r)])), cancellationToken),
        },
        new HostCallRow<StorageBatchRequest, Nothing>
        {
            Name = "storage.batch",
            Permission = "storage",
            Errors = [ErrorCode.Conflict, ErrorCode.Unavailable],
            Description = "Several changes of the plugin's own store, all of them or none.",
            Request = static () => ContractJson.Default.StorageBatchRequest,
            Answer = static () => ContractJson.Default.Nothing,
            Check = Check,
            Demands = _ => Demands,
            Handler = (plugin, r, cancellationToken) => RunAsync(plugin, store => Done(store.Change([.. r.Set.Select(Of), .. r.Delete.Select(Of)])), cancellationToken),
        },
    ];

    private Problem? Check(StorageBatchRequest request)
    {
        var count = request.Set.Length + request.Delete.Length;
        if (count > limits.StoredBatch) return new Problem("", $"the batch has {count} changes; at most {limits.StoredBatch} are made at once");
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < request.Set.Length; i++)
        {
            if (Check($"set[{i}].", request.Set[i]) is { } problem) return problem;
            if (!keys.Add(request.Set[i].Key)) return new Problem($"set[{i}].key", "is there twice");
        }
        for (var i = 0; i < request.Delete.Length; i++)
        {
            if (Check($"delete[{i}].key", request.Delete[i].Key) is { } problem) return problem;
            if (!keys.Add(request.Delete[i].Key)) return new Problem($"delete[{i}].key", "is there twice");
        }
        return null;
    }

    private Problem? Check(string at, StorageSetRequest request)
    {
        if (Check($"{at}key", request.Key) is { } problem) return problem;
        var bytes = Bytes(request.Value).Length;
        return bytes > limits.StoredValueBytes ? new Problem($"{at}value", $"has {bytes:N0} bytes of JSON; at most {limits.StoredValueBytes:N0} are stored under one key") : null;
    }

    private Problem? Check(string at, string key) =>
        key.Length == 0 ? new Problem(at, "is empty")
        : key.Length > limits.StoredKeyChars ? new Problem(at, $"has {key.Length} characters; at most {limits.StoredKeyChars} are allowed")
        // SQLite's texts end there for some of its functions.
        : key.Contains('\0', StringComparison.Ordinal) ? new Problem(at, "has a NUL character")
        : null;

    private static StoreChange Of(StorageSetRequest request) => new(request.Key, Bytes(request.Value), request.IfRevision);

    private static StoreChange Of(StorageDeleteRequest request) => new(request.Key, null, request.IfRevision);

    // As an answer will write it, so that what could be stored can be given back.
    private static byte[] Bytes(JsonElement value) => JsonSerializer.SerializeToUtf8Bytes(value, ContractJson.Default.JsonElement);

    private static CallOutcome<StorageSetAnswer> Revised(CallOutcome<long> outcome) => outcome switch
    {
        CallOutcome<long>.Done done => new StorageSetAnswer { Revision = done.Answer },
        CallOutcome<long>.Failed failed => failed.Error,
        _ => throw new InvalidOperationException($"A change ended in {outcome}."),
    };

    private static CallOutcome<Nothing> Done(CallOutcome<long> outcome) => outcome is CallOutcome<long>.Failed failed ? failed.Error : new Nothing();

    private async ValueTask<CallOutcome<T>> RunAsync<T>(PluginPrincipal plugin, Func<StoreFile, CallOutcome<T>> run, CancellationToken cancellationToken) =>
        storeOf(plugin) is { } store
            ? await Task.Factory.StartNew(() => run(store), cancellationToken, TaskCreationOptions.DenyChildAttach, work)
            : new CallError(ErrorCode.Unavailable, "nothing can be stored now: this plugin instance has ended, or this host keeps nothing");
}
