using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Http;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Quotas;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>What every actor of a host shares.</summary>
internal sealed record ActorContext
{
    public required CapabilityBroker Broker { get; init; }
    public required GestureRegistry Gestures { get; init; }
    public required QuotaLedger Quotas { get; init; }
    public required ViolationMonitor Violations { get; init; }
    public required EventBus Bus { get; init; }
    public required LoopbackPorts Ports { get; init; }
    public required Accounts Accounts { get; init; }
    public required StartGuest StartGuest { get; init; }
    public required TimeProvider Time { get; init; }
    public required RuntimeLimits Limits { get; init; }
    public required GuestLimits GuestLimits { get; init; }
    public required SupervisionLimits Supervision { get; init; }

    /// <summary>Receives a plugin's log lines, within its quota.</summary>
    public required Action<PluginId, PluginLogLevel, string> Log { get; init; }

    /// <summary>Told of a fault of the host's own, with what failed.</summary>
    public required Action<string, Exception> Bug { get; init; }

    /// <summary>Told of every transition, outside of any lock.</summary>
    public required Action<PluginActor, Transition> Moved { get; init; }

    /// <summary>Told when a plugin failed on an event, which has no asker who would see it.</summary>
    public required Action<PluginFailure> EventFailed { get; init; }

    /// <summary>Told when something that a settled frame waits for begins or ends.</summary>
    public required Action PendingChanged { get; init; }
}

/// <summary>A step in a plugin's life.</summary>
/// <param name="From">The state before.</param>
/// <param name="To">The state now.</param>
/// <param name="Reason">Why.</param>
/// <param name="Failure">The failure that caused it, if one did.</param>
internal sealed record Transition(PluginState From, PluginState To, string Reason, PluginFailure? Failure);
