namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>
/// Meters the guest CPU of one turn after the other: <see cref="IsSpent"/> tells a guest whose engine asks; one that does not
/// heed it is trapped a little later.
/// </summary>
/// <remarks><see cref="Begin"/>, <see cref="End"/>, <see cref="Pause"/> and <see cref="Resume"/> are called by the thread that runs the turn.</remarks>
internal sealed class TurnBudget : IDisposable
{
    /// <summary>Timers count whole milliseconds.</summary>
    private static readonly TimeSpan MinimumWait = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly ITimer _watchdog;
    private readonly Action _trap;
    private ThreadCpuClock _clock;
    private TimeSpan _start;
    private TimeSpan _limit;
    private readonly TimeSpan _grace;
    private TimeSpan _translatedBefore;
    private bool _isRunning;
    private bool _isArmed;
    private TimeSpan _armedFor;
    private bool _isPaused;
    private TimeSpan _pausedAt;
    private long _totalTicks;

    /// <param name="time">Makes the timer.</param>
    /// <param name="grace">From the end of the budget to the trap.</param>
    /// <param name="trap">Stops the guest; called on a timer's thread, while a turn runs.</param>
    public TurnBudget(TimeProvider time, TimeSpan grace, Action trap)
    {
        _grace = grace;
        _trap = trap;
        _watchdog = time.CreateTimer(static budget => ((TurnBudget)budget!).OnWatchdog(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Time that the engine took to translate the guest's code, of all turns: not the guest's doing, so no part of a turn's budget or of its share. Bounded by the engine's own limit.</summary>
    public Func<TimeSpan> Translated { get; set; } = static () => TimeSpan.Zero;

    /// <summary>The present turn's budget, in milliseconds.</summary>
    public int LimitMs => (int)_limit.TotalMilliseconds;

    /// <summary>CPU used by all finished turns, without translation.</summary>
    public TimeSpan Total => new(Interlocked.Read(ref _totalTicks));

    /// <summary>CPU used by all finished turns and by the present one so far; asked by the thread that runs it.</summary>
    public TimeSpan Consumed => Total + Used();

    /// <summary>Whether the turn was found to have used its budget.</summary>
    public bool WasSpent { get; private set; }

    /// <summary>Asks whether the turn has used its budget; true from then on.</summary>
    public bool IsSpent() => WasSpent = WasSpent || Used() >= _limit;

    /// <summary>Starts a turn on the calling thread.</summary>
    /// <param name="cpuMs">The turn's budget.</param>
    public void Begin(int cpuMs)
    {
        lock (_gate)
        {
            _clock = ThreadCpuClock.OfCurrentThread();
            _start = _clock.Read();
            _translatedBefore = Translated();
            _limit = TimeSpan.FromMilliseconds(cpuMs);
            _isRunning = true;
            WasSpent = false;
            // A watchdog under way from an earlier turn comes no later than this turn's should, and arms itself anew.
            if (_isArmed && _limit >= _armedFor)
                return;
            _isArmed = true;
            _armedFor = _limit;
            _watchdog.Change(_limit + _grace, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Ends the turn.</summary>
    public void End()
    {
        lock (_gate)
        {
            _isRunning = false;
            Interlocked.Add(ref _totalTicks, Used().Ticks);
        }
    }

    /// <summary>What follows, until <see cref="Resume"/>, is waiting and costs nothing.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _isPaused = true;
            _pausedAt = _clock.Read();
        }
    }

    /// <summary>Ends a <see cref="Pause"/>; the CPU that was used meanwhile.</summary>
    public TimeSpan Resume()
    {
        lock (_gate)
        {
            _isPaused = false;
            var used = _clock.Read() - _pausedAt;
            _start += used;
            return used;
        }
    }

    public void Dispose() => _watchdog.Dispose();

    private TimeSpan Used() => _clock.Read() - _start - (Translated() - _translatedBefore);

    private void OnWatchdog()
    {
        lock (_gate)
        {
            if (!_isRunning)
            {
                _isArmed = false;
                return;
            }
            var left = _isPaused ? _limit + _grace : _limit + _grace - Used();
            if (left > TimeSpan.Zero)
                _watchdog.Change(left < MinimumWait ? MinimumWait : left, Timeout.InfiniteTimeSpan);
            else
                _trap();
        }
    }
}
