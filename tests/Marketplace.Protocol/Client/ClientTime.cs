using System.Collections.Concurrent;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>
/// A clock that stands still. Pauses between attempts are over at once and remembered; the long waits, for an answer or of a
/// slow body, are over when a test says so, and never otherwise.
/// </summary>
internal sealed class ClientTime(DateTimeOffset now) : TimeProvider
{
    /// <summary>From here on it is one of the long waits.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private readonly ConcurrentQueue<TimeSpan> _pauses = new();
    private readonly ConcurrentDictionary<TimeSpan, Wait> _waits = new();

    public DateTimeOffset Now { get; set; } = now;

    /// <summary>The pauses that were asked for.</summary>
    public IReadOnlyCollection<TimeSpan> Pauses => _pauses;

    public override DateTimeOffset GetUtcNow() => Now;

    /// <summary>Waits until somebody waits for so long, and ends it.</summary>
    public async Task ElapseAsync(TimeSpan dueTime)
    {
        var wait = _waits.GetOrAdd(dueTime, _ => new Wait());
        await wait.Begun.WaitAsync();
        while (wait.Timers.TryTake(out var timer)) timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < Long)
        {
            if (dueTime != Timeout.InfiniteTimeSpan) _pauses.Enqueue(dueTime);
            return System.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
        }
        var timer = new HeldTimer(callback, state);
        var wait = _waits.GetOrAdd(dueTime, _ => new Wait());
        wait.Timers.Add(timer);
        wait.Begun.Release();
        return timer;
    }

    private sealed class Wait
    {
        public SemaphoreSlim Begun { get; } = new(0);

        public ConcurrentBag<HeldTimer> Timers { get; } = [];
    }

    private sealed class HeldTimer(TimerCallback callback, object? state) : ITimer
    {
        private volatile bool _isOver;

        public void Fire()
        {
            if (!_isOver) callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _isOver = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
