using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Runtime.Events;
using LazyOC.Plugins.Runtime.Extensions;
using LazyOC.Plugins.Runtime.Http;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.State;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;
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

    /// <summary>Whether this process is the one that works unattended for a plugin and listens for it.</summary>
    public required Func<PluginId, bool> Leads { get; init; }

    public required Accounts Accounts { get; init; }
    public required StartGuest StartGuest { get; init; }
    public required TimeProvider Time { get; init; }
    public required RuntimeLimits Limits { get; init; }
    public required GuestLimits GuestLimits { get; init; }
    public required SupervisionLimits Supervision { get; init; }
    public required StoreFolder Stores { get; init; }

    /// <summary>Told before each step of a swap.</summary>
    public required Action<string> Step { get; init; }
    public required MountRules Mounts { get; init; }
    public required FileLimits Files { get; init; }

    /// <summary>Where the disk is waited for.</summary>
    public required TaskScheduler Work { get; init; }

    /// <summary>Told the WASI function and each path below <c>/mnt</c> that a guest opens or changes by itself, and whether it may change it.</summary>
    public required Action<PluginPrincipal, string, string, bool> FileUsed { get; init; }

    /// <summary>Told what a plugin wants to do and what becomes of that.</summary>
    public required Action<PluginPrincipal, Demand, DemandOutcome> Demanded { get; init; }

    /// <summary>Told a path by which a guest tried to get out of its files by itself.</summary>
    public required Action<PluginPrincipal, string> Escaped { get; init; }

    /// <summary>What one plugin may use, with what its user has set for it.</summary>
    public required Func<UsageLimits?, SandboxLimits> SandboxOf { get; init; }

    public required PolicyInForce Policy { get; init; }

    public required StartImages Images { get; init; }

    /// <summary>Asked from time to time to let a plugin <see cref="PluginActor.RestAsync">rest</see>, between other changes.</summary>
    public required Func<PluginActor, Task> Rest { get; init; }

    /// <summary>Whether a view of a plugin is open.</summary>
    public required Func<PluginId, bool> HasViews { get; init; }

    /// <summary>Receives a plugin's log lines, within its quota.</summary>
    public required Action<PluginId, PluginLogLevel, string> Log { get; init; }

    /// <summary>A plugin's settings as they are now.</summary>
    public required Func<PluginManifest, SettingValues> Settings { get; init; }

    /// <summary>Takes a plugin's secrets out of a text.</summary>
    public required Func<PluginId, string, string> Redact { get; init; }

    /// <summary>Told of a fault of the host's own, with what failed.</summary>
    public required Action<string, Exception> Bug { get; init; }

    /// <summary>Told of every transition, outside of any lock.</summary>
    public required Action<PluginActor, Transition> Moved { get; init; }

    /// <summary>Told of every message that failed by a guest's doing, and of every guest that is gone, outside of any lock.</summary>
    public required Action<PluginActor, GuestFault> Faulted { get; init; }

    /// <summary>Told when a plugin's messages begin to be held back, with the reason.</summary>
    public required Action<PluginActor, string> Throttled { get; init; }

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
