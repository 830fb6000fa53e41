using System.Collections.Immutable;
using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Network;

namespace LazyOC.Plugins.Runtime;

/// <summary>Starts a guest; <see cref="GuestFactory.StartAsync"/> is the one.</summary>
public delegate ValueTask<GuestStart> StartGuest(GuestKind kind, GuestOptions options, CancellationToken cancellationToken);

/// <summary>What a <see cref="PluginHost"/> is made of.</summary>
public sealed record PluginHostOptions
{
    /// <summary>The enabled plugins to begin with; each id once. <see cref="PluginHost.ApplyAsync"/> changes them.</summary>
    public required ImmutableArray<InstalledPlugin> Plugins { get; init; }

    public required ClusterSession Session { get; init; }

    /// <summary>What the plugins do and are refused is written here; belongs to the caller, to be disposed after the host.</summary>
    public required AuditLog Audit { get; init; }

    /// <summary>Told of a fault of the host's own, with what failed; called on any thread, must return at once.</summary>
    public required Action<string, Exception> Bug { get; init; }

    public StartGuest StartGuest { get; init; } = GuestFactory.StartAsync;

    /// <summary>Receives each plugin's log lines; called on any thread, must return at once.</summary>
    public required Action<PluginId, PluginLogLevel, string> Log { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public RandomSource Random { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Bounds of each instance; a manifest may ask for more memory, up to <see cref="RuntimeLimits.MaxGuestMemoryBytes"/>.</summary>
    public GuestLimits GuestLimits { get; init; } = new();

    public RuntimeLimits Limits { get; init; } = new();

    public SupervisionLimits Supervision { get; init; } = new();

    public SandboxLimits Sandbox { get; init; } = new();

    /// <summary>What the user and the administrator say about plugins' requests to servers.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Keeps quarantines over restarts; without it they end with the process.</summary>
    public QuarantineFile? Quarantine { get; init; }
}
