namespace LazyOC.Plugins.Sandbox.Guests;

/// <summary>A timer whose time can be stopped. Guarded by its owner's gate.</summary>
internal sealed class DeadlineTimer
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private TimeSpan _left;
    private long _runsSince;

    public DeadlineTimer(TimeProvider time, TimeSpan left, bool isPaused, Action expired)
    {
        _time = time;
        _left = left;
        _timer = time.CreateTimer(static expired => ((Action)expired!)(), expired, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (!isPaused) Resume();
    }

    /// <summary>Keeps what is left.</summary>
    public void Pause()
    {
        _left -= _time.GetElapsedTime(_runsSince);
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Goes on with what is left.</summary>
    public void Resume()
    {
        _runsSince = _time.GetTimestamp();
        _timer.Change(_left > TimeSpan.Zero ? _left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Ends it for good.</summary>
    public void Stop() => _timer.Dispose();
}
