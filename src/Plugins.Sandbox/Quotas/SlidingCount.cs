namespace LazyOC.Plugins.Sandbox.Quotas;

/// <summary>Counts what happened within the last while, up to one above a threshold. Not thread safe.</summary>
public sealed class SlidingCount(int threshold, TimeSpan window, TimeProvider time)
{
    private readonly Queue<long> _moments = new();

    /// <summary>Counts one more; true when more than the threshold happened within the window.</summary>
    public bool AddExceeds()
    {
        var now = time.GetTimestamp();
        _moments.Enqueue(now);
        while (_moments.Count > threshold + 1 || time.GetElapsedTime(_moments.Peek(), now) > window)
            _moments.Dequeue();
        return _moments.Count > threshold;
    }

    /// <summary>Forgets everything counted.</summary>
    public void Clear() => _moments.Clear();
}
