namespace LazyOC.Tui.Details;

/// <summary>Runs an action on request, at most once in an interval; the last request is never lost. Thread safe.</summary>
internal sealed class Throttle : IDisposable
{
    private readonly Action _action;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private long? _ranAt;
    private bool _waiting;

    public Throttle(Action action, TimeSpan interval, TimeProvider time)
    {
        (_action, _interval, _time) = (action, interval, time);
        _timer = time.CreateTimer(_ => Run(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Request()
    {
        lock (_gate)
        {
            if (_waiting)
                return;
            var wait = _ranAt is { } last ? _interval - _time.GetElapsedTime(last) : TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                _waiting = true;
                _timer.Change(wait, Timeout.InfiniteTimeSpan);
                return;
            }
        }
        Run();
    }

    public void Dispose() => _timer.Dispose();

    private void Run()
    {
        lock (_gate)
        {
            _waiting = false;
            _ranAt = _time.GetTimestamp();
        }
        _action();
    }
}
