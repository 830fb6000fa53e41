namespace LazyOC.Tui.Screen;

/// <summary>
/// Tells one loop that something on the screen changed, from any thread, without losing or queueing changes. A loop that
/// owns a thread blocks in <see cref="Wait"/>; one that awaits takes <see cref="Next"/>.
/// </summary>
internal sealed class ChangeSignal
{
    private readonly object _gate = new();
    private bool _raised;
    private TaskCompletionSource? _next;

    /// <summary>Take this before reading state; it completes with the first change after that.</summary>
    public Task Next
    {
        get
        {
            lock (_gate)
                return (_next ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    public void Raise()
    {
        TaskCompletionSource? awaited;
        lock (_gate)
        {
            (awaited, _next) = (_next, null);
            _raised = true;
            Monitor.Pulse(_gate);
        }
        awaited?.SetResult();
    }

    /// <summary>Blocks until a change since the last call, at most for a time; false when there was none.</summary>
    /// <param name="atMost">How long; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    public bool Wait(TimeSpan atMost)
    {
        lock (_gate)
        {
            var was = _raised || Monitor.Wait(_gate, atMost);
            _raised = false;
            return was;
        }
    }
}
