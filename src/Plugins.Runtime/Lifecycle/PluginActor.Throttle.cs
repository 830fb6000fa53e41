using System.Globalization;
using LazyOC.Plugins.Packages;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>How messages are held back from a plugin that takes too much.</content>
internal sealed partial class PluginActor
{
    private static readonly TimeSpan ThrottleTime = TimeSpan.FromMinutes(1);

    private TimeSpan _pause;
    private long _throttledAt;
    private TimeSpan _cpuPause;
    private bool _isOverdrawn;

    /// <summary>Waits as long as the plugin's next message must, because of calls it was refused or of CPU it used.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        TimeSpan spacing;
        lock (_gate) spacing = Spacing;
        if (spacing > TimeSpan.Zero) await Task.Delay(spacing, _context.Time, cancellationToken);
        while (ChargeCpu() is { Ticks: > 0 } missing) await Task.Delay(missing, _context.Time, cancellationToken);
    }

    private TimeSpan Spacing => _pause > TimeSpan.Zero && _context.Time.GetElapsedTime(_throttledAt) < ThrottleTime ? _pause : TimeSpan.Zero;

    /// <summary>Holds it to what its user lets it use from now on. Under the gate.</summary>
    private void UseLimitsOf(InstalledPlugin plugin)
    {
        var sandbox = _context.SandboxOf(plugin.Entry.Limits);
        _cpu.Rate = sandbox.Cpu;
        _context.Quotas.SetRates(plugin.Manifest.Id, sandbox);
    }

    /// <summary>Why messages are held back, for the user; null when none are. Under the gate.</summary>
    private string? ThrottledFor =>
        _cpuPause > TimeSpan.Zero ? OverdrawnReason
        : Spacing is { Ticks: > 0 } spacing ? string.Create(CultureInfo.InvariantCulture, $"throttled: it was refused too many calls; {spacing.TotalSeconds:0.#} s between its messages")
        : null;

    private string OverdrawnReason => string.Create(
        CultureInfo.InvariantCulture,
        $"throttled: it used more CPU than its share, {_cpu.Rate.PerSecond:P0} of a core with {_cpu.Rate.Burst:0.#} s at once");

    private TimeSpan ChargeCpu()
    {
        bool begins;
        TimeSpan missing;
        lock (_gate)
        {
            missing = _cpuPause = _cpu.Charge(_context.Accounts.PastOf(Id).Cpu + (_instance?.Usage.Cpu ?? TimeSpan.Zero));
            begins = missing > TimeSpan.Zero && !_isOverdrawn;
            _isOverdrawn = missing > TimeSpan.Zero;
        }
        if (begins) _context.Throttled(this, OverdrawnReason);
        return missing;
    }
}
