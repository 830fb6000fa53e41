using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>
/// What the administrator of a computer lets plugins do, whatever their users grant: the content of a <c>policy.json</c>.
/// What is absent is not restricted.
/// </summary>
public sealed record HostPolicy
{
    /// <summary>Most that any plugin may be permitted, group by group.</summary>
    public PermissionCaps Permissions { get; init => field = value ?? new(); } = new();

    /// <summary>Which plugins may run.</summary>
    public PluginPolicy Plugins { get; init => field = value ?? new(); } = new();

    /// <summary>Servers that no plugin may talk to.</summary>
    public NetworkPolicy Network { get; init => field = value ?? new(); } = new();

    /// <summary>Most that any plugin may use.</summary>
    public UsageLimits Limits { get; init => field = value ?? new(); } = new();
}

/// <summary>Caps on permissions. A group that is absent is not capped; an empty one permits nothing of it.</summary>
public sealed record PermissionCaps
{
    public ImmutableArray<KubernetesRule>? Kubernetes { get; init; }
    public ImmutableArray<HookRule>? Hooks { get; init; }
    public ImmutableArray<LogRule>? Logs { get; init; }
    public NetworkCaps? Network { get; init; }
    public ImmutableArray<FileRule>? Files { get; init; }
    public EventCaps? Events { get; init; }
    public ServicePermissions? Services { get; init; }
    public string? Storage { get; init; }
    public ClipboardAccess? Clipboard { get; init; }
    public AuditAccess? Audit { get; init; }

    /// <summary>Decides a demand; permitted where nothing is capped.</summary>
    internal Decision Decide(Demand demand) => demand switch
    {
        Demand.Kubernetes => Of(Kubernetes is { } rules ? new PermissionSet { Kubernetes = rules } : null, demand),
        Demand.Hook => Of(Hooks is { } rules ? new PermissionSet { Hooks = rules } : null, demand),
        Demand.TransformLogs => Of(Logs is { } rules ? new PermissionSet { Logs = rules } : null, demand),
        Demand.Connect => Of(Network?.Connect is { } rules ? new PermissionSet { Network = new() { Connect = [.. rules.Select(origin => new ConnectRule { Origin = origin })] } } : null, demand),
        Demand.Listen => Of(Network?.Listen is { } ports ? new PermissionSet { Network = new() { Listen = ports } } : null, demand),
        Demand.MountedFile => Of(Files is { } rules ? new PermissionSet { Files = rules } : null, demand),
        Demand.SubscribeEvents => Of(Events?.Subscribe is { } topics ? new PermissionSet { Events = new() { Subscribe = topics } } : null, demand),
        Demand.PublishEvents => Of(Events?.Publish is { } topics ? new PermissionSet { Events = new() { Publish = topics } } : null, demand),
        Demand.CallService => Of(Services is { } services ? new PermissionSet { Services = services } : null, demand),
        Demand.Store => Of(Storage is { } storage ? new PermissionSet { Storage = storage } : null, demand),
        Demand.WriteClipboard => Of(Clipboard is { } clipboard ? new PermissionSet { Clipboard = clipboard } : null, demand),
        Demand.ReadAudit => Of(Audit is { } audit ? new PermissionSet { Audit = audit } : null, demand),
        Demand.Nothing => Decision.Permitted,
        _ => throw new InvalidOperationException($"No cap decides {demand}."),
    };

    /// <summary>What of a set is beyond the caps; a rule that is only partly beyond them is in the answer whole.</summary>
    internal PermissionSet Beyond(PermissionSet permissions) => permissions.Widening(new PermissionSet
    {
        Kubernetes = Kubernetes ?? permissions.Kubernetes,
        Hooks = Hooks ?? permissions.Hooks,
        Logs = Logs ?? permissions.Logs,
        Network = new()
        {
            // Whose credentials are sent, and which setting names the server, is between the user and the plugin.
            Connect = Network?.Connect is { } origins
                ? [.. permissions.Network.Connect.Where(rule => rule.Origin is { } origin && origins.Any(cap => cap.Covers(origin)))]
                : permissions.Network.Connect,
            Listen = Network?.Listen ?? permissions.Network.Listen,
        },
        Files = Files ?? permissions.Files,
        Events = new() { Publish = Events?.Publish ?? permissions.Events.Publish, Subscribe = Events?.Subscribe ?? permissions.Events.Subscribe },
        Services = Services ?? permissions.Services,
        Storage = Storage ?? permissions.Storage,
        Clipboard = Clipboard ?? permissions.Clipboard,
        Audit = Audit ?? permissions.Audit,
    });

    private static Decision Of(PermissionSet? cap, Demand demand) => cap?.Decide(demand) ?? Decision.Permitted;
}

/// <summary>Caps on the network.</summary>
public sealed record NetworkCaps
{
    /// <summary>Servers that may be talked to, as <c>https://*.example.com</c>.</summary>
    public ImmutableArray<OriginPattern>? Connect { get; init; }

    /// <summary>Ports that may be listened on.</summary>
    public ImmutableArray<int>? Listen { get; init; }
}

/// <summary>Caps on events.</summary>
public sealed record EventCaps
{
    public ImmutableArray<string>? Publish { get; init; }
    public ImmutableArray<string>? Subscribe { get; init; }
}

/// <summary>Which plugins may run: those that <see cref="Allow"/> names, all when it is absent, but none that <see cref="Deny"/> names.</summary>
public sealed record PluginPolicy
{
    /// <summary>Plugin ids; <c>*</c> is any characters, as in <c>acme.*</c>.</summary>
    public ImmutableArray<string>? Allow { get; init; }

    /// <summary>Plugin ids, as in <see cref="Allow"/>.</summary>
    public ImmutableArray<string> Deny { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>Servers that no plugin may talk to.</summary>
public sealed record NetworkPolicy
{
    /// <summary>Origins; globs as in permissions.</summary>
    public ImmutableArray<OriginPattern> Block { get; init => field = value.OrEmpty(); } = [];
}
