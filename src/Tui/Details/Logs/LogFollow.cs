using System.Collections.Immutable;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;
using LazyOC.Tui.Screen;

namespace LazyOC.Tui.Details.Logs;

/// <summary>What of the logs is read.</summary>
/// <param name="Container">One container of each pod by its name; null is each pod's default.</param>
/// <param name="AllContainers">Every container of each pod.</param>
/// <param name="Previous">The runs before the present ones.</param>
/// <param name="Since">Only lines younger than this.</param>
internal sealed record LogChoice(string? Container = null, bool AllContainers = false, bool Previous = false, TimeSpan? Since = null);

/// <summary>
/// Follows the logs of the pods that a selector finds, of those that come later too, into one buffer. Loop only; its
/// tails run on the pool.
/// </summary>
internal sealed class LogFollow : IDisposable
{
    private readonly ScreenSession _session;
    private readonly LogChoice _choice;
    private readonly TuiLimits _limits;
    private readonly ResourceWatch _pods;
    private readonly EventHandler _onChange;
    private readonly Dictionary<(string Uid, string Container), LogTail> _tails = [];
    private readonly List<LogTail> _ending = [];
    private readonly Dictionary<string, ResourceRow> _rows = new(StringComparer.Ordinal);
    private LogOpening? _opening;
    private long _version = -1;
    private int _colors;

    /// <param name="session">What the screen looks at.</param>
    /// <param name="namespace">Namespace of the pods.</param>
    /// <param name="pods">Finds them.</param>
    /// <param name="choice">What of the logs is read.</param>
    /// <param name="changed">Raised when there is something new to show.</param>
    /// <param name="limits">Limits.</param>
    /// <param name="passage">Makes the way through plugins, given where it ends; null when none transforms the lines.</param>
    public LogFollow(ScreenSession session, string @namespace, Selector pods, LogChoice choice, ChangeSignal changed, TuiLimits limits, Func<Action<LogLine[]>, LogPassage>? passage = null)
    {
        (_session, _choice, _limits) = (session, choice, limits);
        Buffer = new LogBuffer(limits, changed);
        Buffer.Through = passage?.Invoke(lines =>
        {
            Buffer.AppendShown(lines);
            Buffer.Wake(); // also when every line is hidden: somebody may wait for the log to be open
        });
        _pods = session.Cluster.Client.Watches.Open(LogPods.Kind, @namespace, LogPods.Columns, pods);
        _onChange = (_, _) => changed.Raise();
        _pods.Changed += _onChange;
        _ = _pods.Synced.ContinueWith(_ => changed.Raise(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public LogBuffer Buffer { get; }

    /// <summary>Containers one may choose, over all pods.</summary>
    public ImmutableArray<string> Containers { get; private set; } = [];

    /// <summary>How many pods there are.</summary>
    public int Pods => _rows.Count;

    /// <summary>Containers that are not followed because they are too many.</summary>
    public int NotFollowed { get; private set; }

    /// <summary>Whether the pods and what their logs held at first are known, or will not be.</summary>
    public bool IsOpen => Refusal is not null || (_opening is { IsDone: true } && Buffer.Through is not { IsIdle: false });

    /// <summary>Why the pods cannot be found; null when they can.</summary>
    public ClusterException? Refusal => !_pods.Synced.IsCompletedSuccessfully && _pods.State.Cause is { IsTransient: false } cause ? cause : null;

    /// <summary>Whether the list of pods is old, since when and why.</summary>
    public ConnectionState? Stale => _pods.State is { Phase: ConnectionPhase.Reconnecting, Cause: not null } state ? state : null;

    /// <summary>Logs that cannot be read just now, and why.</summary>
    public IEnumerable<(LogSource Source, ClusterException Cause)> Troubles => _tails.Values.Where(t => t.Trouble is not null).Select(t => (t.Source, t.Trouble!));

    /// <summary>Starts and ends tails as pods come and go.</summary>
    public void Advance()
    {
        if (!_pods.Synced.IsCompletedSuccessfully || _pods.Version == _version)
            return;
        _version = _pods.Version;
        var pods = LogPods.In(_pods.Current).ToList();
        Containers = [.. pods.SelectMany(p => p.Containers).Distinct(StringComparer.Ordinal)];
        var wanted = pods.SelectMany(pod => ContainersOf(pod).Select(container => (Pod: pod, Container: container))).ToList();
        NotFollowed = Math.Max(0, wanted.Count - _limits.LogStreams);
        _opening ??= new LogOpening(wanted.Count - NotFollowed, Buffer, _limits, _session.Clock);
        EndTails(pods);
        foreach (var (pod, container) in wanted)
            Follow(pod, container);
        WakeTails(pods);
    }

    public void Dispose()
    {
        _pods.Changed -= _onChange;
        _pods.Dispose();
        foreach (var tail in _tails.Values.Concat(_ending))
            tail.Dispose();
        Buffer.Through?.Dispose();
    }

    private IEnumerable<string> ContainersOf(LogPod pod) => _choice switch
    {
        { AllContainers: true } => pod.Containers,
        { Container: { } only } => pod.Containers.Where(c => c == only),
        _ => pod.Default is { } first ? [first] : [],
    };

    private void Follow(LogPod pod, string container)
    {
        if (_tails.Count >= _limits.LogStreams || _tails.ContainsKey((pod.Row.Uid, container)))
            return;
        var siblings = _tails.FirstOrDefault(t => t.Key.Uid == pod.Row.Uid).Value;
        var source = new LogSource(pod.Row.Name, container, siblings?.Source.Color ?? _colors++);
        var request = new LogRequest(pod.Row.Namespace ?? "", source, _choice.Previous, _choice.Since);
        _tails[(pod.Row.Uid, container)] = new LogTail(request, _session.Cluster.Client, Buffer, _opening!, _session.Clock, _limits);
    }

    /// <summary>A tail whose pod is gone ends by itself, after what the pod wrote last.</summary>
    private void EndTails(List<LogPod> pods)
    {
        var there = pods.Select(p => p.Row.Uid).ToHashSet(StringComparer.Ordinal);
        foreach (var (key, tail) in _tails.Where(t => !there.Contains(t.Key.Uid)).ToList())
        {
            tail.Finish();
            _ending.Add(tail);
            _tails.Remove(key);
            _rows.Remove(key.Uid);
        }
    }

    private void WakeTails(List<LogPod> pods)
    {
        foreach (var pod in pods)
        {
            var isKnown = _rows.TryGetValue(pod.Row.Uid, out var row);
            _rows[pod.Row.Uid] = pod.Row;
            if (isKnown && ReferenceEquals(row, pod.Row) && !pod.IsFinished)
                continue;
            foreach (var tail in _tails.Where(t => t.Key.Uid == pod.Row.Uid).Select(t => t.Value))
            {
                if (pod.IsFinished)
                    tail.Finish();
                else if (isKnown)
                    tail.Wake();
            }
        }
    }
}
