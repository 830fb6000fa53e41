using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.HotSwap;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>How another package comes to run.</content>
internal sealed partial class PluginActor
{
    /// <summary>The instance when it is active, after a start that is going on has ended; null when it is not.</summary>
    public async Task<PluginInstance?> ActiveInstanceAsync()
    {
        Task<Start>? starting;
        lock (_gate) starting = _starting;
        if (starting is not null) await starting;
        lock (_gate) return _state == PluginState.Active ? _instance : null;
    }

    /// <summary>The instance of a principal, be it running or about to take over; null when it has ended.</summary>
    public PluginInstance? InstanceOf(PluginPrincipal principal)
    {
        // A principal is made for one instance: the same object, not an equal one.
        lock (_gate)
            return ReferenceEquals(_instance?.Principal, principal) ? _instance
                : ReferenceEquals(_candidate?.Principal, principal) ? _candidate
                : null;
    }

    /// <summary>An instance of another package, to take over from the active one or to be given up; it has no effect outside until then.</summary>
    public PluginInstance NewCandidate(InstalledPlugin plugin, PluginInstance? from)
    {
        lock (_gate) return _candidate = new PluginInstance(this, plugin, _context, _scope, staged: true, from?.Mailbox);
    }

    /// <summary>Loads a package's code, lets go of it and migrates what is stored; the fault, if one of them fails.</summary>
    public async Task<GuestFault?> TryLoadAsync(InstalledPlugin plugin)
    {
        await using var candidate = NewCandidate(plugin, null);
        var fault = await candidate.LoadAsync() ?? await MigrateAsync(candidate);
        GiveUpCandidate();
        return fault;
    }

    /// <summary>
    /// Loads the package's code, migrates a copy of what is stored and activates it, then throws all of it away; the fault, if
    /// one of them fails. That something it needs was refused or is not there is none: it had no cluster.
    /// </summary>
    public async Task<GuestFault?> TryTakeOverAsync()
    {
        await using var candidate = NewCandidate(_plugin, null);
        try
        {
            if (await candidate.LoadAsync() is { } notLoaded) return notLoaded;
            var (store, notMigrated) = await PrepareStoreAsync(candidate);
            using (store)
            {
                if (notMigrated is not null) return notMigrated;
                if (store is not null) candidate.UseStore(store.File);
                return await candidate.ActivateAsync(Swap.ActivationReason) is { } notActivated && !UncaughtRefusal.Is(notActivated) ? notActivated : null;
            }
        }
        finally
        {
            GiveUpCandidate();
        }
    }

    /// <summary>Makes the epoch that an instance's package needs, if it is not there; the fault, if that fails.</summary>
    private async Task<GuestFault?> MigrateAsync(PluginInstance instance)
    {
        if (!_context.Stores.IsMigrated(instance.Plugin)) return null;
        var (copy, fault) = await new Migration(_context, instance.Plugin, instance.Scope).RunAsync(instance.Ended);
        if (copy is null) return fault;
        using (copy)
        {
            try
            {
                copy.Publish();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new GuestFault(GuestFaultKind.LoadFailed, $"its migrated data cannot be put in place: {error.Message}", InstanceLost: true);
            }
            copy.HandOver();
            instance.UseStore(copy.File);
            return null;
        }
    }

    /// <summary>A copy of what is stored, migrated for an instance that is to take over; null when nothing has to be, or with the fault.</summary>
    public async Task<(StoreCopy? Copy, GuestFault? Fault)> PrepareStoreAsync(PluginInstance candidate) =>
        _context.Stores.IsMigrated(candidate.Plugin) ? await new Migration(_context, candidate.Plugin, candidate.Scope).RunAsync(candidate.Ended) : (null, null);

    /// <summary>A step of its swap is about to be taken.</summary>
    public void Step(string name) => _context.Step(name);

    public void GiveUpCandidate()
    {
        lock (_gate) _candidate = null;
    }

    /// <summary>Lets the candidate take over; false when the instance it should take over from does not run any more.</summary>
    public bool TryCommit(PluginInstance from, PluginInstance to)
    {
        lock (_gate)
        {
            if (_disposed || _instance != from || _state != PluginState.Active) return false;
            (_plugin, _instance, _candidate) = (to.Plugin, to, null);
            UseLimitsOf(to.Plugin);
            _starting = Task.FromResult<Start>(new Start.Running(to));
            _since = _context.Time.GetUtcNow();
            _kept = null;
            _faults.Forget();
            return true;
        }
    }

    /// <summary>Ends an instance that another one has taken over from.</summary>
    public void Retire(PluginInstance replaced)
    {
        lock (_gate) _cleanup = EndAsync(_cleanup, replaced, null, $"{Plugin.Manifest.Version} takes over");
    }

    /// <summary>
    /// Another package, or other rights, from the next start on: the instance is disposed, and so is what was known of the
    /// faults of the package before. A suspension or quarantine stays.
    /// </summary>
    public async Task ReplaceAsync(InstalledPlugin plugin, string reason)
    {
        Transition? moved = null;
        Task cleanup;
        lock (_gate)
        {
            // What it knows by rights that it has no more is not for the next instance.
            if (_plugin.Entry.Digest == plugin.Entry.Digest)
            {
                _kept = null;
                _instance?.Revoke();
            }
            _plugin = plugin;
            UseLimitsOf(plugin);
            StopInstance(reason);
            _faults.Forget();
            if (_state is not (PluginState.Suspended or PluginState.Quarantined or PluginState.Blocked)) moved = Move(PluginState.Enabled, reason, null);
            cleanup = _cleanup;
        }
        Announce(moved);
        await cleanup;
    }
}
