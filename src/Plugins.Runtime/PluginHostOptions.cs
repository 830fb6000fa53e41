using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Permissions;
using LazyOC.Plugins.Packages;
using LazyOC.Plugins.Runtime.Settings;
using LazyOC.Plugins.Runtime.Supervision;
using LazyOC.Plugins.Sandbox;
using LazyOC.Plugins.Sandbox.Audit;
using LazyOC.Plugins.Sandbox.Broker;
using LazyOC.Plugins.Sandbox.Files;
using LazyOC.Plugins.Sandbox.Guests;
using LazyOC.Plugins.Sandbox.Network;
using LazyOC.Plugins.Sandbox.Quotas;

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

    /// <summary>What the user has set for the plugins; without it each has its defaults and no secrets.</summary>
    public PluginSettings? Settings { get; init; }

    /// <summary>Where plugins' stores are kept and processes agree which of them works unattended, as <see cref="PluginStore.Data"/>; without it <c>storage.*</c> is <c>unavailable</c>.</summary>
    public string? Data { get; init; }

    /// <summary>Which folders no plugin is given, whatever was granted.</summary>
    public MountRules Mounts { get; init; } = new(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), []);

    public FileLimits Files { get; init; } = new();

    /// <summary>Where the disk is waited for.</summary>
    public TaskScheduler Work { get; init; } = TaskScheduler.Default;

    /// <summary>Told before each step of a swap, and of a store on its way to another epoch: tests end the process there.</summary>
    internal Action<string>? BeforeStep { get; init; }

    /// <summary>Host calls beside those there are, to show what comes of one that is not in the table; nothing but a test may add any.</summary>
    internal ImmutableArray<HostCallRow> MoreCalls { get; init; } = [];

    /// <summary>A switch of the session ends no instance, to show what their end is good for; nothing but a test may.</summary>
    internal bool LeavesInstancesInOtherSessions { get; init; }

    /// <summary>What the administrator lets plugins do, whatever is granted.</summary>
    public PolicyInForce Policy { get; init; } = PolicyInForce.None;

    /// <summary>What the user and the administrator say about plugins' requests to servers.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Where the ports that plugins listen on are opened; on another than the loopback address whoever reaches it may ask, by any name.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Keeps quarantines over restarts; without it they end with the process.</summary>
    public QuarantineFile? Quarantine { get; init; }

    /// <summary>These options with no more than the policy leaves.</summary>
    internal PluginHostOptions Capped()
    {
        var memory = Policy.MemoryBytes ?? long.MaxValue;
        return this with
        {
            GuestLimits = GuestLimits with { MemoryBytes = Math.Min(GuestLimits.MemoryBytes, memory) },
            // A name is refused by the policy itself; what a name leads to, where the connection is made.
            Network = Network with { Blocklist = [.. Network.Blocklist, .. Policy.BlockedServers] },
            Limits = Limits with { MaxGuestMemoryBytes = Math.Min(Limits.MaxGuestMemoryBytes, memory) },
            Sandbox = Sandbox with
            {
                Cpu = Capped(Sandbox.Cpu, Policy.CpuPercent / 100.0, leastBurst: 0),
                HostCalls = Capped(Sandbox.HostCalls, Policy.HostCallsPerSecond),
                Kubernetes = Capped(Sandbox.Kubernetes, Policy.KubernetesCallsPerSecond),
            },
        };
    }

    /// <summary>What one plugin may use: what its user has set for it, or what all may; no more than the policy leaves in either case.</summary>
    internal SandboxLimits SandboxOf(UsageLimits? own) => own is null ? Sandbox : Sandbox with
    {
        Cpu = Own(Sandbox.Cpu, own.CpuPercent / 100.0, Policy.CpuPercent / 100.0, leastBurst: 0),
        HostCalls = Own(Sandbox.HostCalls, own.HostCallsPerSecond, Policy.HostCallsPerSecond),
        Kubernetes = Own(Sandbox.Kubernetes, own.KubernetesCallsPerSecond, Policy.KubernetesCallsPerSecond),
    };

    private static QuotaRate Own(QuotaRate rate, double? own, double? cap, double leastBurst = 1) => Capped(own is { } perSecond ? At(rate, perSecond, leastBurst) : rate, cap, leastBurst);

    private static QuotaRate Capped(QuotaRate rate, double? perSecond, double leastBurst = 1) =>
        perSecond is { } cap && cap < rate.PerSecond ? At(rate, cap, leastBurst) : rate;

    // The burst goes with the rate: it is so many seconds' worth of it. Less than one call would be none at all.
    private static QuotaRate At(QuotaRate rate, double perSecond, double leastBurst) => new(perSecond, Math.Max(rate.Burst * perSecond / rate.PerSecond, leastBurst));
}
