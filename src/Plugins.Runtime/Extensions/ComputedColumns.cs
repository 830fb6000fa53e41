using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Json;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>Asks plugins for the cells of their computed columns.</summary>
internal sealed class ComputedColumns(Func<SessionScope> scope, RuntimeLimits limits, TimeProvider time)
{
    /// <summary>The envelope around a payload.</summary>
    private const int EnvelopeBytes = 1024;

    public async Task<ComputeResult> ComputeAsync(PluginActor actor, ColumnContribution column, ImmutableArray<ComputeRow> rows, CancellationToken cancellationToken)
    {
        var cells = ImmutableArray.CreateBuilder<ComputedCell>(rows.Length);
        var permitted = await WithoutForbiddenAsync(actor, rows, cancellationToken);
        for (var start = 0; start < permitted.Length;)
        {
            var batch = permitted.AsSpan(start, Math.Min(limits.ComputeBatchRows, permitted.Length - start)).ToImmutableArray();
            var json = Serialize(column, batch);
            while (json.Length > Envelope.MaxBytes - EnvelopeBytes && batch.Length > 1)
            {
                batch = batch[..(batch.Length / 2)];
                json = Serialize(column, batch);
            }
            var reply = await actor.AskAsync($"onColumn:{column.Id}", new Request(MessageType.Compute, json, limits.ComputeDeadline), cancellationToken);
            if (Read(reply, batch.Length, cells) is { } failure) return new ComputeResult.Faulted(failure);
            start += batch.Length;
        }
        return new ComputeResult.Computed(cells.MoveToImmutable());
    }

    private static PluginFailure? Read(Reply reply, int rows, ImmutableArray<ComputedCell>.Builder cells)
    {
        switch (reply)
        {
            case Reply.Failed failed:
                return failed.Failure;
            case Reply.Answered answered:
                if (!StrictJson.Read(answered.Json.Span, ContractJson.Default.ComputeAnswer).TryGet(out var answer, out var problems))
                    return answered.Instance.Reject($"the answer to `compute` is not one: {problems[0]}");
                if (answer.Cells.Length != rows)
                    return answered.Instance.Reject($"the answer to `compute` has {answer.Cells.Length} cells for {rows} rows");
                cells.AddRange(answer.Cells);
                return null;
            default:
                throw new InvalidOperationException($"A request ended in {reply}.");
        }
    }

    private ReadOnlyMemory<byte> Serialize(ColumnContribution column, ImmutableArray<ComputeRow> rows) =>
        JsonSerializer.SerializeToUtf8Bytes(new ComputePayload { Column = column.Id, Now = time.GetUtcNow(), Rows = rows }, ContractJson.Default.ComputePayload);

    /// <summary>Takes out the values of objects that the plugin could not <c>get</c> itself.</summary>
    private async Task<ImmutableArray<ComputeRow>> WithoutForbiddenAsync(PluginActor actor, ImmutableArray<ComputeRow> rows, CancellationToken cancellationToken)
    {
        var catalog = await CatalogAsync(cancellationToken);
        var decisions = new Dictionary<(string Group, string Kind, string? Namespace), bool>();
        var result = ImmutableArray.CreateBuilder<ComputeRow>(rows.Length);
        foreach (var row in rows)
        {
            var key = (row.Object.Group, row.Object.Kind, row.Object.Namespace);
            if (!decisions.TryGetValue(key, out var permitted))
                decisions.Add(key, permitted = MayGet(actor, catalog?.FindKind(key.Group, key.Kind), key.Namespace));
            result.Add(permitted ? row : row with { Values = [] });
        }
        return result.MoveToImmutable();
    }

    private static bool MayGet(PluginActor actor, ResourceKind? kind, string? @namespace) =>
        kind is not null && actor.May(new Demand.Kubernetes(kind.Group, kind.Plural, null, "get", kind.Namespaced ? @namespace : null));

    // Without a catalog nobody knows what a kind's permissions are called: nothing is permitted.
    private async Task<ResourceCatalog?> CatalogAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await scope().Cluster.Client.Discovery.GetAsync(cancellationToken);
        }
        catch (ClusterException)
        {
            return null;
        }
    }
}
