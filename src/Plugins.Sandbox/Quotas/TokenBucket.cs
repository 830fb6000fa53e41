namespace LazyOC.Plugins.Sandbox.Quotas;

/// <summary>Starts full, fills at a constant rate, never above its burst.</summary>
internal sealed class TokenBucket(QuotaRate rate, TimeProvider time)
{
    private readonly Lock _gate = new();
    private QuotaRate _rate = rate;
    private double _tokens = rate.Burst;
    private long _filledAt = time.GetTimestamp();
    private QuotaCount _count;

    public QuotaCount Count
    {
        get { lock (_gate) return _count; }
    }

    /// <summary>Fills at another rate from now on; what is in it stays, as far as it fits.</summary>
    public void SetRate(QuotaRate next)
    {
        lock (_gate)
        {
            Fill();
            _rate = next;
            _tokens = Math.Min(_tokens, next.Burst);
        }
    }

    public bool TryTake(double tokens, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            Fill();
            if (_tokens < tokens)
            {
                retryAfter = TimeSpan.FromSeconds((tokens - _tokens) / _rate.PerSecond);
                _count = _count with { Refused = _count.Refused + 1 };
                return false;
            }
            _tokens -= tokens;
            _count = _count with { Taken = _count.Taken + (long)tokens };
            retryAfter = TimeSpan.Zero;
            return true;
        }
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_rate.Burst, _tokens + (time.GetElapsedTime(_filledAt, now).TotalSeconds * _rate.PerSecond));
        _filledAt = now;
    }
}
