namespace LazyOC.Plugins.Runtime;

/// <summary>A number that only grows, and a way to wait until it does. Thread safe.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = New();
    private long _version;

    public long Version
    {
        get { lock (_gate) return _version; }
    }

    public void Raise()
    {
        TaskCompletionSource passed;
        lock (_gate)
        {
            _version++;
            passed = _next;
            _next = New();
        }
        passed.TrySetResult();
    }

    public Task WaitAsync(long version, CancellationToken cancellationToken)
    {
        lock (_gate) return _version > version ? Task.CompletedTask : _next.Task.WaitAsync(cancellationToken);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
