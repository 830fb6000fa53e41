using LazyOC.Cluster.Columns;
using LazyOC.Cluster.Discovery;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Transport;

namespace LazyOC.Cluster.Watch;

/// <summary>Live views of collections: one reflector per (kind, namespace, selector), shared by all who look. Thread-safe.</summary>
public sealed class Watches
{
    private readonly ClusterConnection _connection;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Dictionary<WatchTarget, (Reflector Reflector, ReflectorAudience Audience)> _running = [];
    private readonly List<Task> _ending = [];
    private bool _closed;

    internal Watches(ClusterConnection connection, Random random)
    {
        _connection = connection;
        _random = random;
    }

    /// <summary>How many reflectors run.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _running.Count;
        }
    }

    /// <summary>
    /// Starts watching, or joins a running watch. Columns that a running reflector does not keep yet make it list once more;
    /// its rows stay until then.
    /// </summary>
    /// <param name="kind">What to watch; must support list and watch.</param>
    /// <param name="namespace">Where; null for all namespaces.</param>
    /// <param name="columns">What to keep of each object.</param>
    /// <param name="selector">Narrowed to what; null for everything.</param>
    public ResourceWatch Open(ResourceKind kind, string? @namespace, IEnumerable<ColumnSpec> columns, Selector? selector = null)
    {
        var target = new WatchTarget(kind, kind.Namespaced ? @namespace : null, selector ?? Selector.All);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var isNew = !_running.TryGetValue(target, out var running);
            if (isNew)
            {
                var audience = new ReflectorAudience(_connection.Time);
                _running[target] = running = (new Reflector(_connection, target, audience, _random), audience);
            }

            var watch = new ResourceWatch(target, [.. columns.Distinct()], running.Audience, _connection.Limits, Leave);
            running.Audience.Join(watch);
            if (isNew)
                running.Reflector.Start();
            return watch;
        }

        void Leave(ResourceWatch watch)
        {
            lock (_gate)
            {
                if (!_running.TryGetValue(target, out var running) || !running.Audience.Leave(watch))
                    return;
                _running.Remove(target);
                _ending.RemoveAll(t => t.IsCompletedSuccessfully);
                _ending.Add(running.Reflector.DisposeAsync().AsTask());
            }
        }
    }

    /// <summary>Stops every reflector and waits for their end; a reflector that died of a bug says so here.</summary>
    internal async Task CloseAsync()
    {
        Task[] ending;
        lock (_gate)
        {
            _closed = true;
            ending = [.. _ending, .. _running.Values.Select(r => r.Reflector.DisposeAsync().AsTask())];
            _running.Clear();
        }

        await Task.WhenAll(ending);
    }
}
