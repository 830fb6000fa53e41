using System.Collections.Immutable;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>A demand that a plugin made.</summary>
/// <param name="Demand">What was to be done.</param>
/// <param name="IsUnattended">Whether it is a write without the user's gesture.</param>
public readonly record struct MadeDemand(Demand Demand, bool IsUnattended);

/// <summary>How little would do for what a plugin does: a proposal for its author, never a grant.</summary>
public static class LeastPermissions
{
    /// <summary>Of a set, as much as these demands take. A rule that they take all of is as it was; effects of a hook stay, for which of them it needs no run shows.</summary>
    /// <param name="set">What is declared.</param>
    /// <param name="demands">What was made use of.</param>
    /// <param name="setting">The value of one of the plugin's settings.</param>
    public static PermissionSet Within(PermissionSet set, IReadOnlyCollection<MadeDemand> demands, Func<string, string?> setting)
    {
        var made = demands.Select(one => one.Demand).ToArray();
        return new PermissionSet
        {
            Kubernetes = [.. set.Kubernetes.SelectMany((rule, index) => Within(rule, demands.Where(one => one.Demand is Demand.Kubernetes demand && RuleOf(set, demand, one.IsUnattended) == index).ToArray()))],
            Hooks = [.. set.Hooks.SelectMany(rule => Within(rule, made.OfType<Demand.Hook>()))],
            Logs = [.. set.Logs.Select(rule => new LogRule { Kinds = rule.Kinds.RemoveAll(kind => !made.OfType<Demand.TransformLogs>().Any(one => one.Kind == kind)) }).Where(rule => !rule.Kinds.IsEmpty)],
            Network = new NetworkPermissions
            {
                Connect = set.Network.Connect.RemoveAll(rule => !made.OfType<Demand.Connect>().Any(one => set.RuleFor(one, setting) == rule)),
                Listen = set.Network.Listen.RemoveAll(port => !made.Contains(new Demand.Listen(port))),
            },
            Files = [.. set.Files.Where(rule => Uses(made, rule)).Select(rule => rule with { Access = made.Contains(new Demand.MountedFile(rule.Mount, IsWrite: true)) ? rule.Access : FileAccess.Read })],
            Events = new EventPermissions
            {
                Publish = set.Events.Publish.RemoveAll(topic => !made.OfType<Demand.PublishEvents>().Any(one => Matches(topic, one.Topic))),
                Subscribe = set.Events.Subscribe.RemoveAll(topic => !made.OfType<Demand.SubscribeEvents>().Any(one => Matches(topic, one.Topic))),
            },
            Services = new ServicePermissions { Call = set.Services.Call.RemoveAll(service => !made.OfType<Demand.CallService>().Any(one => ServicePermissions.Covers([service], one.Service))) },
            Storage = made.OfType<Demand.Store>().Any() ? set.Storage : null,
            Clipboard = made.OfType<Demand.WriteClipboard>().Any() ? set.Clipboard : ClipboardAccess.None,
            Audit = made.OfType<Demand.ReadAudit>().Any() ? set.Audit : AuditAccess.None,
        };
    }

    /// <summary>What would give these demands and no others, in every namespace.</summary>
    public static PermissionSet For(IReadOnlyCollection<Demand> demands) => new()
    {
        Kubernetes = Rules(demands.OfType<Demand.Kubernetes>().Select(one => (one.Group, NameOf(one), one.Verb)).ToArray(), ["*"], unattended: false),
        Hooks = [.. demands.OfType<Demand.Hook>().Select(one => new HookRule { Kinds = [one.Kind], Verbs = [one.Verb], Effects = one.Effect is { } effect ? [effect] : [] })],
        Logs = [.. demands.OfType<Demand.TransformLogs>().Select(one => new LogRule { Kinds = [one.Kind] })],
        Network = new NetworkPermissions
        {
            Connect = [.. demands.OfType<Demand.Connect>().Select(one => OriginPattern.TryParse(one.ToString()["connect to ".Length..], out var origin) ? new ConnectRule { Origin = origin } : null).OfType<ConnectRule>()],
            Listen = [.. demands.OfType<Demand.Listen>().Select(one => one.Port)],
        },
        Files =
        [
            .. demands.OfType<Demand.MountedFile>().GroupBy(one => one.Mount, StringComparer.Ordinal)
                .Select(uses => new FileRule { Mount = uses.Key, Access = uses.Any(one => one.IsWrite) ? FileAccess.ReadWrite : FileAccess.Read }),
        ],
        Events = new EventPermissions
        {
            Publish = [.. demands.OfType<Demand.PublishEvents>().Select(one => one.Topic)],
            Subscribe = [.. demands.OfType<Demand.SubscribeEvents>().Select(one => one.Topic)],
        },
        Services = new ServicePermissions { Call = [.. demands.OfType<Demand.CallService>().Select(one => one.Service)] },
        Storage = demands.OfType<Demand.Store>().Any() ? "1MiB" : null,
        Clipboard = demands.OfType<Demand.WriteClipboard>().Any() ? ClipboardAccess.Write : ClipboardAccess.None,
        Audit = demands.OfType<Demand.ReadAudit>().Any() ? AuditAccess.Read : AuditAccess.None,
    };

    /// <summary>The first rule that gives a demand, one that gives it unattended if that is how it was made; -1 for none.</summary>
    private static int RuleOf(PermissionSet set, Demand.Kubernetes demand, bool unattended)
    {
        for (var i = 0; i < set.Kubernetes.Length; i++)
            if (set.Kubernetes[i].Covers(demand) && (set.Kubernetes[i].Unattended || !unattended)) return i;
        return -1;
    }

    private static ImmutableArray<KubernetesRule> Within(KubernetesRule rule, MadeDemand[] demands)
    {
        var made = demands.Select(one => (Demand.Kubernetes)one.Demand).ToArray();
        var namespaces = rule.Namespaces.Contains("*") ? ["*"] : rule.Namespaces.RemoveAll(name => !made.Any(one => one.Namespace == name));
        var least = Rules([.. made.Select(one => (one.Group, NameOf(one), one.Verb))], namespaces, rule.Unattended && demands.Any(one => one.IsUnattended));
        return rule.IsWithin(least) ? [rule] : least;
    }

    /// <summary>A rule for each API group and set of verbs: one for several of them would give their combinations, too.</summary>
    private static ImmutableArray<KubernetesRule> Rules((string Group, string Resource, string Verb)[] uses, ImmutableArray<string> namespaces, bool unattended) =>
    [
        .. uses.GroupBy(use => (use.Group, use.Resource), use => use.Verb)
            .Select(resource => (resource.Key.Group, resource.Key.Resource, Verbs: resource.Distinct().Order(StringComparer.Ordinal).ToImmutableArray()))
            .GroupBy(resource => (resource.Group, Verbs: string.Join(' ', resource.Verbs)))
            .OrderBy(rule => rule.Key.Group, StringComparer.Ordinal).ThenBy(rule => rule.Key.Verbs, StringComparer.Ordinal)
            .Select(rule => new KubernetesRule { ApiGroups = [rule.Key.Group], Resources = [.. rule.Select(one => one.Resource).Order(StringComparer.Ordinal)], Verbs = rule.First().Verbs, Namespaces = namespaces, Unattended = unattended }),
    ];

    private static ImmutableArray<HookRule> Within(HookRule rule, IEnumerable<Demand.Hook> hooks)
    {
        var made = hooks.Where(one => rule.Covers(one.Kind, one.Verb, null)).ToArray();
        return made.Length == 0 ? [] : [rule with { Kinds = rule.Kinds.RemoveAll(kind => !made.Any(one => one.Kind == kind)), Verbs = rule.Verbs.RemoveAll(verb => !made.Any(one => one.Verb == verb)) }];
    }

    private static string NameOf(Demand.Kubernetes demand) => demand.Subresource is null ? demand.Resource : $"{demand.Resource}/{demand.Subresource}";

    private static bool Uses(Demand[] made, FileRule rule) => made.OfType<Demand.MountedFile>().Any(one => one.Mount == rule.Mount);

    private static bool Matches(string pattern, string topic) => pattern == topic || TopicPattern.Matches(pattern, topic);
}
