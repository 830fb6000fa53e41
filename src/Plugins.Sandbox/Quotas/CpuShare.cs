namespace LazyOC.Plugins.Sandbox.Quotas;

/// <summary>
/// The guest CPU of one plugin against its share of a core. CPU can only be counted when it has been used, so the share may
/// be overdrawn; then messages wait until what is missing has flowed in. Not thread safe.
/// </summary>
/// <param name="rate">Seconds of guest CPU.</param>
/// <param name="maxPause">Longest wait, whatever is missing.</param>
/// <param name="time">The clock.</param>
public sealed class CpuShare(QuotaRate rate, TimeSpan maxPause, TimeProvider time)
{
    private QuotaRate _rate = rate;
    private double _seconds = rate.Burst;
    private long _filledAt = time.GetTimestamp();
    private TimeSpan _counted;

    /// <summary>The share, as it is now. A new one begins with what is left of the old.</summary>
    public QuotaRate Rate
    {
        get => _rate;
        set
        {
            Fill();
            _rate = value;
            _seconds = Math.Min(_seconds, value.Burst);
        }
    }

    /// <summary>Counts what was used since the last time.</summary>
    /// <param name="total">Guest CPU of all the plugin's instances since the host started.</param>
    /// <returns>How long its messages must wait; zero while it keeps to its share.</returns>
    public TimeSpan Charge(TimeSpan total)
    {
        Fill();
        // An instance that is being replaced can be counted a moment late: less than before is no refund.
        if (total > _counted)
        {
            _seconds -= (total - _counted).TotalSeconds;
            _counted = total;
        }
        if (_seconds >= 0) return TimeSpan.Zero;
        var missing = TimeSpan.FromSeconds(-_seconds / _rate.PerSecond);
        return missing < maxPause ? missing : maxPause;
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _seconds = Math.Min(_rate.Burst, _seconds + (time.GetElapsedTime(_filledAt, now).TotalSeconds * _rate.PerSecond));
        _filledAt = now;
    }
}
