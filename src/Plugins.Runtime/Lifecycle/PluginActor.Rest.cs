using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>What an instance with nothing to do leaves behind: its state for the next one, and the memory it had.</content>
internal sealed partial class PluginActor
{
    private KeptState? _kept;

    /// <summary>
    /// Keeps the state of an instance that handles no message now, and ends the instance when nothing has been needed of it for
    /// long. Not while it is replaced by another.
    /// </summary>
    public async Task RestAsync()
    {
        PluginInstance? instance;
        lock (_gate) instance = _state == PluginState.Active ? _instance : null;
        if (instance is null || !instance.TryRest()) return;
        var hibernates = _context.Limits.HibernateAfter > TimeSpan.Zero && instance.IdleFor >= _context.Limits.HibernateAfter && !instance.IsNeeded && !_context.HasViews(Id);
        try
        {
            if (hibernates || instance.HasUnkept) hibernates &= await KeepStateAsync(instance);
        }
        finally
        {
            if (!hibernates || !TryHibernate(instance)) instance.Resume();
        }
    }

    /// <summary>The next instance begins with the state of this one, if it gives one; false when it does not say.</summary>
    private async Task<bool> KeepStateAsync(PluginInstance instance)
    {
        var (state, failure) = await instance.DehydrateAsync();
        if (failure is not null)
        {
            _context.Log(Id, PluginLogLevel.Warn, $"nothing is kept for the next start: {failure.Reason}\n{failure.Stack}".TrimEnd());
            return false;
        }
        lock (_gate)
        {
            if (_instance == instance) _kept = state;
        }
        return true;
    }

    private bool TryHibernate(PluginInstance instance)
    {
        Transition moved;
        lock (_gate)
        {
            // A guest that called the host while it gave its state has something going on still.
            if (_disposed || _instance != instance || _state != PluginState.Active || instance.IsNeeded) return false;
            instance.SendAway();
            StopInstance("it hibernates");
            moved = Move(PluginState.Hibernated, $"nothing needed it for {_context.Limits.HibernateAfter:g}; the next message starts it", null);
        }
        Announce(moved);
        return true;
    }

    /// <summary>What the next instance begins with, which is given once: state that breaks an instance must not break the next. Under the gate.</summary>
    private KeptState? TakeKept()
    {
        var kept = _kept;
        _kept = null;
        return kept;
    }

    private void LookForRest(bool looks)
    {
        var limits = _context.Limits;
        var interval = limits.StateInterval == Timeout.InfiniteTimeSpan ? limits.HibernateAfter
            : limits.HibernateAfter != Timeout.InfiniteTimeSpan && limits.HibernateAfter < limits.StateInterval ? limits.HibernateAfter
            : limits.StateInterval;
        _rest.Change(looks ? interval : Timeout.InfiniteTimeSpan, interval);
    }
}
