using System.Collections.Concurrent;
using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;

namespace LazyOC.Tui.Screen;

/// <summary>How many objects there are of each kind: one page of one object each, and what the server says remains.</summary>
internal sealed class ObjectCounts
{
    private readonly ConcurrentDictionary<ResourceKind, ObjectCount> _counts = new();
    private readonly ResourceClient _resources;
    private readonly string? _namespace;
    private readonly ChangeSignal _changed;

    public ObjectCounts(ResourceClient resources, string? @namespace, ChangeSignal changed) => (_resources, _namespace, _changed) = (resources, @namespace, changed);

    /// <summary>Kinds that have not been counted yet.</summary>
    public IEnumerable<ResourceKind> Pending => _counts.Where(c => c.Value.IsPending).Select(c => c.Key);

    public ObjectCount this[ResourceKind kind] => _counts.GetValueOrDefault(kind, ObjectCount.Unknown);

    /// <summary>Counts all of <paramref name="kinds"/>; ends when cancelled.</summary>
    public Task CountAsync(ImmutableArray<ResourceKind> kinds, TuiLimits limits, CancellationToken cancellationToken)
    {
        var counted = kinds.Take(limits.CountedKinds).ToList();
        foreach (var kind in counted)
            _counts.TryAdd(kind, ObjectCount.Pending); // an old count stays until the new one is there
        var options = new ParallelOptions { MaxDegreeOfParallelism = limits.ParallelCounts, CancellationToken = cancellationToken };
        return Parallel.ForEachAsync(counted, options, async (kind, cancel) =>
        {
            _counts[kind] = await CountAsync(kind, cancel);
            _changed.Raise();
        });
    }

    private async Task<ObjectCount> CountAsync(ResourceKind kind, CancellationToken cancellationToken)
    {
        try
        {
            using var page = await _resources.ListAsync(kind, kind.Namespaced ? _namespace : null, new ListOptions { Limit = 1 }, cancellationToken);
            var here = page.Items.Count();
            return page.Remaining is { } remaining ? new ObjectCount(here + remaining)
                : page.Continue is null ? new ObjectCount(here)
                : ObjectCount.Unknown;
        }
        catch (ForbiddenException)
        {
            return ObjectCount.Denied;
        }
        catch (ClusterException)
        {
            return ObjectCount.Unknown; // the header says what is wrong with the connection; a count is not worth a message
        }
    }
}
