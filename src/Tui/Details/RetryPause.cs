using LazyOC.Cluster;
using LazyOC.Cluster.Watch;

namespace LazyOC.Tui.Details;

/// <summary>
/// The waits of one loop between its tries: doubling with each failure in a row, and cut short when the connection comes
/// back. Used by one loop at a time.
/// </summary>
internal sealed class RetryPause : IDisposable
{
    private readonly ClusterClient _client;
    private readonly TimeProvider _time;
    private readonly TuiLimits _limits;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private TimeSpan _next;

    public RetryPause(ClusterClient client, TimeProvider time, TuiLimits limits)
    {
        (_client, _time, _limits, _next) = (client, time, limits, limits.FirstRetry);
        _client.StateChanged += OnStateChanged;
    }

    /// <summary>The last try succeeded.</summary>
    public void Reset() => _next = _limits.FirstRetry;

    /// <summary>Ends the present or the next wait at once.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = _next;
        _next = _next * 2 < _limits.LongestRetry ? _next * 2 : _limits.LongestRetry;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var woken = _wake.WaitAsync(end.Token);
        var passed = Task.Delay(wait, _time, end.Token);
        await Task.WhenAny(woken, passed);
        await end.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public void Dispose() => _client.StateChanged -= OnStateChanged;

    private void OnStateChanged(object? sender, EventArgs e)
    {
        if (_client.State.Phase == ConnectionPhase.Connected)
            Wake();
    }
}
