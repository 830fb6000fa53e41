using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Broker;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <content>What stops it until somebody lets it run again.</content>
internal sealed partial class PluginActor
{
    /// <summary>Does what must follow from violations; false when it goes on already, or nothing can follow any more.</summary>
    public bool Apply(Consequence consequence)
    {
        Transition? moved = null;
        var begins = false;
        lock (_gate)
        {
            switch (consequence)
            {
                case Consequence.Throttle throttle:
                    (_pause, _throttledAt) = (throttle.Pause, _context.Time.GetTimestamp());
                    begins = throttle.Begins;
                    break;
                case Consequence.Suspend suspend:
                    moved = Stop(PluginState.Suspended, suspend.Reason, Failure(ErrorCode.PermissionDenied, $"suspended: {suspend.Reason}"));
                    break;
                case Consequence.Quarantine quarantine:
                    moved = Stop(PluginState.Quarantined, quarantine.Reason, Failure(ErrorCode.PermissionDenied, $"quarantined until `lazyoc plugin enable {Id}` lifts it: {quarantine.Reason}"));
                    break;
            }
        }
        Announce(moved);
        return begins || moved is not null;
    }

    /// <summary>Goes on with a quarantine from before the host started; what keeps it from running.</summary>
    public PluginFailure Restore(QuarantineEntry kept)
    {
        lock (_gate)
        {
            var failure = Failure(ErrorCode.PermissionDenied, $"quarantined until `lazyoc plugin enable {Id}` lifts it: {kept.Reason}");
            Move(PluginState.Quarantined, kept.Reason, failure);
            _since = kept.Since;
            return failure;
        }
    }

    /// <summary>Keeps it from running as long as the host lives, which the user cannot lift; what he is told.</summary>
    public PluginFailure Block(string reason)
    {
        Transition moved;
        var failure = Failure(ErrorCode.PermissionDenied, reason);
        lock (_gate) moved = Move(PluginState.Blocked, reason, failure);
        Announce(moved);
        return failure;
    }

    /// <summary>Ends a suspension or quarantine; false when there was none.</summary>
    public bool Lift()
    {
        Transition? moved;
        lock (_gate)
        {
            if (_state is not (PluginState.Suspended or PluginState.Quarantined)) return false;
            _faults.Forget();
            _kept = null;
            _context.Violations.Forgive(Id);
            moved = Move(PluginState.Enabled, "lifted by the user", null);
        }
        Announce(moved);
        return true;
    }
}
