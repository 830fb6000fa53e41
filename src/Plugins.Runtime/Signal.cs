namespace LazyOC.Plugins.Runtime;

/// <summary>
/// Something that happens once and that many may wait for. Who waits goes on in its own context, never within
/// <see cref="Set"/>. Thread safe.
/// </summary>
internal sealed class Signal
{
    private readonly Lock _gate = new();
    private List<TaskCompletionSource>? _waiting = [];

    public bool IsSet
    {
        get { lock (_gate) return _waiting is null; }
    }

    public void Set()
    {
        List<TaskCompletionSource>? waiting;
        lock (_gate) (waiting, _waiting) = (_waiting, null);
        foreach (var waiter in waiting ?? []) waiter.TrySetResult();
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_waiting is null) return;
            _waiting.Add(waiter);
        }
        using var cancels = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter);
        try
        {
            await waiter.Task;
        }
        finally
        {
            lock (_gate) _waiting?.Remove(waiter);
        }
    }
}
