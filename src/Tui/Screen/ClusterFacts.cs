using System.Collections.Immutable;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Errors;

namespace LazyOC.Tui.Screen;

/// <summary>What is known of the cluster as a whole: what it serves, which version it is, how many objects there are. Belongs to the loop.</summary>
internal sealed class ClusterFacts : IDisposable
{
    private readonly ScreenSession _session;
    private readonly ChangeSignal _changed;
    private readonly CancellationTokenSource _closing = new();
    private Task<ResourceCatalog> _discovering;
    private long _discoveredAt;
    private Task<ServerInfo>? _server;
    private ObjectCounts? _counts;
    private ImmutableArray<ResourceKind> _counted = [];
    private long _countedAt;

    public ClusterFacts(ScreenSession session, ChangeSignal changed)
    {
        (_session, _changed) = (session, changed);
        _discovering = Discover(refresh: false);
    }

    /// <summary>What the cluster serves; null until it has told.</summary>
    public ResourceCatalog? Catalog { get; private set; }

    /// <summary>Why the cluster tells nothing; null when it has told, or may soon.</summary>
    public ClusterException? Failure => Catalog is null ? Failures.Of(_discovering) : null;

    /// <summary>Version and latency, as last told.</summary>
    public ServerInfo Server
    {
        get => _server is { IsCompletedSuccessfully: true } told ? field = told.Result : field;
    } = ServerInfo.Unknown;

    public IEnumerable<string> Pending =>
    [
        .. Catalog is null ? ["what the cluster serves"] : Array.Empty<string>(),
        .. _counts?.Pending.Select(kind => $"count of {kind.QualifiedName}") ?? [],
        .. _server is { IsCompleted: false } ? ["version of the server"] : Array.Empty<string>(),
    ];

    public ObjectCount CountOf(ResourceKind kind) => _counts?[kind] ?? ObjectCount.Unknown;

    /// <summary>Counts objects of kinds, now and from time to time.</summary>
    /// <param name="kinds">What the navigation shows.</param>
    /// <param name="namespace">Where; null for all namespaces.</param>
    public void Count(ImmutableArray<ResourceKind> kinds, string? @namespace)
    {
        (_counts, _counted) = (new ObjectCounts(_session.Cluster.Client.Resources, @namespace, _changed), kinds);
        CountAgain();
    }

    /// <summary>Takes over what has been answered and asks again for what is old or failed; returns at once.</summary>
    /// <param name="keepsFresh">Whether to ask again at all.</param>
    /// <param name="due">When to look again.</param>
    public void Advance(bool keepsFresh, Due due)
    {
        if (_discovering.IsCompletedSuccessfully)
            Catalog = _discovering.Result;
        else if (Failure is not null && keepsFresh && Passed(_discoveredAt, TuiLimits.Default.RetryInterval, due))
            _discovering = Discover(refresh: true);
        if (Catalog is null)
            return;
        _server ??= Watched(ServerInfo.ReadAsync(_session.Cluster.Client.Resources, _closing.Token));
        if (keepsFresh && _counts is not null && Passed(_countedAt, TuiLimits.Default.CountInterval, due))
            CountAgain();
    }

    /// <summary>Asks anew, whatever is known.</summary>
    public void Refresh()
    {
        _discovering = Discover(refresh: true);
        CountAgain();
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    private static bool Passed(long since, TimeSpan interval, Due due)
    {
        var rest = interval - TimeProvider.System.GetElapsedTime(since);
        due.In(rest > TimeSpan.Zero ? rest : interval);
        return rest <= TimeSpan.Zero;
    }

    private Task<ResourceCatalog> Discover(bool refresh)
    {
        _discoveredAt = TimeProvider.System.GetTimestamp();
        var discovery = _session.Cluster.Client.Discovery;
        return Watched(refresh ? discovery.RefreshAsync(_closing.Token) : discovery.GetAsync(_closing.Token));
    }

    private void CountAgain()
    {
        _countedAt = TimeProvider.System.GetTimestamp();
        _ = _counts?.CountAsync(_counted, TuiLimits.Default, _closing.Token);
        _server = null;
    }

    private T Watched<T>(T task) where T : Task
    {
        _ = task.ContinueWith(_ => _changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return task;
    }
}
