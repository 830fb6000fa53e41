using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>What follows from a fault.</summary>
internal abstract record FaultVerdict
{
    private FaultVerdict() { }

    /// <summary>The message failed; the instance goes on.</summary>
    public sealed record GoOn : FaultVerdict;

    /// <summary>The instance is replaced after a pause.</summary>
    public sealed record Restart(TimeSpan Pause) : FaultVerdict;

    /// <summary>The plugin is stopped until the user lifts it.</summary>
    public sealed record Quarantine(string Reason) : FaultVerdict;
}

/// <summary>
/// The faults of one plugin over all its instances: three in five minutes, or a lost instance, mean a restart, each pause
/// twice the one before; one more after five restarts in half an hour means quarantine. Not thread safe.
/// </summary>
internal sealed class FaultHistory(SupervisionLimits limits, TimeProvider time)
{
    private readonly SlidingCount _faults = new(limits.FaultsBeforeRestart - 1, limits.FaultWindow, time);
    private readonly SlidingCount _restarts = new(limits.RestartsBeforeQuarantine, limits.RestartWindow, time);
    private TimeSpan _pause;
    private long _restartedAt = time.GetTimestamp();

    public FaultVerdict Add(bool instanceLost)
    {
        if (!_faults.AddExceeds() && !instanceLost) return new FaultVerdict.GoOn();
        _faults.Clear();
        if (_restarts.AddExceeds())
            return new FaultVerdict.Quarantine($"failed again after {limits.RestartsBeforeQuarantine} restarts within {limits.RestartWindow.TotalMinutes:0} minutes");
        var calm = time.GetElapsedTime(_restartedAt) > limits.RestartWindow;
        _pause = calm || _pause == TimeSpan.Zero ? limits.MinBackoff : TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, limits.MaxBackoff.Ticks));
        _restartedAt = time.GetTimestamp();
        return new FaultVerdict.Restart(_pause);
    }

    /// <summary>Begins anew, when the user lifts a quarantine.</summary>
    public void Forget()
    {
        _faults.Clear();
        _restarts.Clear();
        _pause = TimeSpan.Zero;
    }
}

/// <summary>When a failing plugin is restarted and when it is given up.</summary>
public sealed record SupervisionLimits
{
    /// <summary>Faults within <see cref="FaultWindow"/> that make a restart.</summary>
    public int FaultsBeforeRestart { get; init; } = 3;

    public TimeSpan FaultWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Restarts within <see cref="RestartWindow"/> after which the next failure means quarantine.</summary>
    public int RestartsBeforeQuarantine { get; init; } = 5;

    public TimeSpan RestartWindow { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Pause before the first restart; doubles up to <see cref="MaxBackoff"/>.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(60);
}
