namespace LazyOC.Tui.Details.Logs;

/// <summary>
/// Puts what several logs hold when they are opened into a buffer in the order of its times: once all have told, or after
/// <see cref="TuiLimits.LogMergeTime"/> those that have. Thread safe.
/// </summary>
internal sealed class LogOpening
{
    private readonly LogBuffer _buffer;
    private readonly Lock _gate = new();
    private readonly List<LogLine> _lines = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing;

    public LogOpening(int logs, LogBuffer buffer, TuiLimits limits, TimeProvider time)
    {
        (_missing, _buffer) = (logs, buffer);
        if (logs == 0)
            _done.SetResult();
        else
            _ = Task.Delay(limits.LogMergeTime, time).ContinueWith(_ => Finish(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Whether the first lines are in the buffer.</summary>
    public bool IsDone => _done.Task.IsCompleted;

    /// <summary>Takes the first lines of one log; completes when they are in the buffer and newer ones may follow.</summary>
    public Task AddAsync(IReadOnlyCollection<LogLine> lines)
    {
        bool last;
        lock (_gate)
        {
            if (IsDone)
            {
                _buffer.Append([.. lines]);
                return Task.CompletedTask;
            }
            _lines.AddRange(lines);
            last = --_missing == 0;
        }
        if (last)
            Finish();
        return _done.Task;
    }

    private void Finish()
    {
        lock (_gate)
        {
            if (IsDone)
                return;
            _buffer.Append([.. _lines.OrderBy(line => line.Time)]); // stable: lines of one log keep their order
            _lines.Clear();
            _done.SetResult();
        }
    }
}
