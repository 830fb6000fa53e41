namespace LazyOC.Fuzz.Plugins.Simulation;

/// <summary>
/// Runs asynchronous code on one thread, and what is ready to run in an order that a seed decides; time passes when nothing
/// is ready. The same seed gives the same order.
/// </summary>
internal sealed class SeededScheduler(int seed) : SynchronizationContext
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Random _random = new(seed);
    private readonly List<(SendOrPostCallback Callback, object? State)> _ready = [];
    private int _thread;

    public SimulatedTime Time { get; } = new();

    /// <summary>Callbacks that came from other threads, whose order no seed decides.</summary>
    public int Foreign { get; private set; }

    /// <summary>Steps taken.</summary>
    public int Steps { get; private set; }

    /// <summary>Told before each step.</summary>
    public Action<int>? BeforeStep { get; set; }

    public int Next(int max) => _random.Next(max);

    /// <summary>Lets others run, up to so many times.</summary>
    public async Task WaverAsync(int max)
    {
        for (var i = _random.Next(max + 1); i > 0; i--) await Task.Yield();
    }

    public void Run(Func<Task> main)
    {
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            _thread = Environment.CurrentManagedThreadId;
            var done = main();
            while (!done.IsCompleted) Step();
            done.GetAwaiter().GetResult();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_ready)
        {
            if (Environment.CurrentManagedThreadId != _thread) Foreign++;
            _ready.Add((d, state));
            Monitor.Pulse(_ready);
        }
    }

    private void Step()
    {
        (SendOrPostCallback Callback, object? State) next;
        lock (_ready)
        {
            if (_ready.Count == 0)
            {
                if (Time.Pass() || Monitor.Wait(_ready, Patience)) return;
                throw new InvalidOperationException("nothing is left to run, and it has not ended");
            }
            var index = _random.Next(_ready.Count);
            next = _ready[index];
            _ready.RemoveAt(index);
        }
        BeforeStep?.Invoke(++Steps);
        next.Callback(next.State);
    }
}

/// <summary>Time that passes from one timer to the next.</summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(50);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Goes to the next timer and runs it; false when there is none.</summary>
    public bool Pass()
    {
        Timer? next;
        lock (_gate)
        {
            next = _timers.Where(t => t.Due is not null).MinBy(t => t.Due);
            if (next is null) return false;
            if (next.Due > _now) _now = next.Due.Value;
            next.Due = next.Period > TimeSpan.Zero ? _now + next.Period : null;
            if (next.Due is null) _timers.Remove(next);
        }
        next.Fire();
        return true;
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                Period = period;
                Due = dueTime < TimeSpan.Zero ? null : time._now + dueTime;
                time._timers.Remove(this);
                if (Due is not null) time._timers.Add(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
