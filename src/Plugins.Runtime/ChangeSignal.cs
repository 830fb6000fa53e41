namespace LazyOC.Plugins.Runtime;

/// <summary>A number that only grows, and a way to wait until it does. Thread safe.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private Signal _next = new();
    private long _version;

    public long Version
    {
        get { lock (_gate) return _version; }
    }

    public void Raise()
    {
        Signal passed;
        lock (_gate)
        {
            _version++;
            passed = _next;
            _next = new Signal();
        }
        passed.Set();
    }

    public Task WaitAsync(long version, CancellationToken cancellationToken)
    {
        lock (_gate) return _version > version ? Task.CompletedTask : _next.WaitAsync(cancellationToken);
    }
}
