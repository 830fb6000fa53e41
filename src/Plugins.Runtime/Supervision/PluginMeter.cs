using System.Collections.Immutable;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime.Lifecycle;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>What a plugin used within one interval.</summary>
/// <param name="Time">The end of the interval.</param>
/// <param name="CpuShare">CPU time inside its guest, as a share of one core; 1 is all of it.</param>
/// <param name="MemoryBytes">Linear memory at the end of the interval.</param>
/// <param name="Calls">Host calls within the interval.</param>
/// <param name="Faults">Messages that failed by its doing within the interval.</param>
public readonly record struct PluginSample(DateTimeOffset Time, double CpuShare, long MemoryBytes, long Calls, long Faults);

/// <summary>
/// What each plugin uses over time, for sparklines: a sample a second while somebody looks, and no work otherwise. Thread
/// safe.
/// </summary>
public sealed class PluginMeter
{
    /// <summary>Samples kept of each plugin.</summary>
    public const int MaxSamples = 120;

    /// <summary>Between two samples.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Func<ImmutableArray<PluginStatus>> _read;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Dictionary<PluginId, Course> _courses = [];
    private ImmutableArray<Look> _looks = [];
    private ITimer? _timer;

    internal PluginMeter(Func<ImmutableArray<PluginStatus>> read, TimeProvider time) => (_read, _time) = (read, time);

    /// <summary>Begins to sample, unless somebody else looks already; dispose to look away. What was sampled stays.</summary>
    /// <param name="sampled">Called after each sample, on any thread; must return at once.</param>
    public IDisposable Watch(Action sampled)
    {
        var look = new Look(this, sampled);
        lock (_gate)
        {
            _looks = _looks.Add(look);
            if (_timer is not null) return look;
            // The time in which nobody looked is no interval.
            foreach (var course in _courses.Values) course.Last = null;
            _timer = _time.CreateTimer(_ => Sample(), null, TimeSpan.Zero, Interval);
        }
        return look;
    }

    /// <summary>The samples of a plugin, oldest first, at most <see cref="MaxSamples"/>.</summary>
    public ImmutableArray<PluginSample> HistoryOf(PluginId plugin)
    {
        lock (_gate) return _courses.TryGetValue(plugin, out var course) ? [.. course.Samples] : [];
    }

    private void Sample()
    {
        var statuses = _read();
        var now = _time.GetUtcNow();
        ImmutableArray<Look> looks;
        lock (_gate)
        {
            looks = _looks;
            if (looks.IsEmpty) return;
            foreach (var status in statuses)
            {
                if (!_courses.TryGetValue(status.Id, out var course)) _courses.Add(status.Id, course = new Course());
                course.Add(now, status.Account);
            }
            foreach (var gone in _courses.Keys.Except(statuses.Select(s => s.Id)).ToArray()) _courses.Remove(gone);
        }
        foreach (var look in looks) look.Sampled();
    }

    private void LookAway(Look look)
    {
        lock (_gate)
        {
            _looks = _looks.Remove(look);
            if (!_looks.IsEmpty) return;
            _timer?.Dispose();
            _timer = null;
        }
    }

    private sealed class Look(PluginMeter meter, Action sampled) : IDisposable
    {
        public Action Sampled => sampled;

        public void Dispose() => meter.LookAway(this);
    }

    private sealed class Course
    {
        public Queue<PluginSample> Samples { get; } = new();

        public (DateTimeOffset Time, PluginAccount Account)? Last { get; set; }

        public void Add(DateTimeOffset now, PluginAccount account)
        {
            if (Last is { } last && now > last.Time)
            {
                if (Samples.Count == MaxSamples) Samples.Dequeue();
                // An instance that is being replaced can be counted a moment late.
                var cpu = Math.Max(0, (account.Cpu - last.Account.Cpu) / (now - last.Time));
                Samples.Enqueue(new PluginSample(now, cpu, account.MemoryBytes, Math.Max(0, account.Calls - last.Account.Calls), Math.Max(0, account.Faults - last.Account.Faults)));
            }
            Last = (now, account);
        }
    }
}
