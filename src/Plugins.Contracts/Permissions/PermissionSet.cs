using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>What a plugin may do: the manifest's <c>permissions</c>, a user's grant and an administrator's policy all have this shape.</summary>
/// <remarks>Default deny. The groups listed are those this host version enforces; the list only grows within a major version.</remarks>
public sealed record PermissionSet
{
    /// <summary>Nothing is permitted.</summary>
    public static PermissionSet None { get; } = new();

    /// <summary>Requests to the API server; any rule suffices.</summary>
    public ImmutableArray<KubernetesRule> Kubernetes { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Changes of the user's that the plugin is asked about.</summary>
    public ImmutableArray<HookRule> Hooks { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Log lines that pass through the plugin.</summary>
    public ImmutableArray<LogRule> Logs { get; init => field = value.OrEmpty(); } = [];

    /// <summary>HTTP, through the host.</summary>
    public NetworkPermissions Network { get; init => field = value ?? new(); } = new();

    /// <summary>Folders of the user's; a plugin's own package and <c>/tmp</c> need no permission.</summary>
    public ImmutableArray<FileRule> Files { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Events of the host and of other plugins.</summary>
    public EventPermissions Events { get; init => field = value ?? new(); } = new();

    /// <summary>Services of other plugins.</summary>
    public ServicePermissions Services { get; init => field = value ?? new(); } = new();

    /// <summary>How much the plugin may keep on disk, such as <c>5MiB</c>; nothing when absent.</summary>
    public string? Storage { get; init; }

    /// <summary>Whether it may put text on the clipboard, within a gesture.</summary>
    public ClipboardAccess Clipboard { get; init; }

    /// <summary>Whether it may read what every plugin did and was refused.</summary>
    public AuditAccess Audit { get; init; }

    /// <summary><see cref="Storage"/> in bytes; 0 when it is absent or no size.</summary>
    [JsonIgnore] public long StorageBytes => ByteSize.TryParse(Storage, out var bytes) ? bytes : 0;

    /// <summary>Decides a demand. The permission of the answer is as narrow as the rule that gave it.</summary>
    /// <param name="demand">What is to be done.</param>
    /// <param name="setting">The value of one of the plugin's settings, on which rules with <see cref="ConnectRule.FromSetting"/> depend; without it those give nothing.</param>
    public Decision Decide(Demand demand, Func<string, string?>? setting = null) => demand switch
    {
        Demand.Nothing => Decision.Permitted,
        Demand.Kubernetes k => DecideKubernetes(k),
        Demand.SubscribeEvents e => If(TopicPattern.MatchesAny(Events.Subscribe, e.Topic)),
        Demand.PublishEvents e => If(TopicPattern.MatchesAny(Events.Publish, e.Topic)),
        Demand.Connect c => If(RuleFor(c, setting ?? NoSetting) is not null),
        Demand.Listen l => If(Network.Listen.Contains(l.Port)),
        Demand.MountedFile f => If(Files.Any(rule => rule.Mount == f.Mount && (rule.Access == FileAccess.ReadWrite || !f.IsWrite))),
        Demand.CallService s => If(ServicePermissions.Covers(Services.Call, s.Service)),
        Demand.Store => If(StorageBytes > 0),
        Demand.WriteClipboard => If(Clipboard == ClipboardAccess.Write),
        Demand.ReadAudit => If(Audit == AuditAccess.Read),
        Demand.TransformLogs t => If(Logs.Any(rule => rule.Kinds.Contains(t.Kind))),
        Demand.Hook h => If(Hooks.Any(rule => rule.Covers(h.Kind, h.Verb, h.Effect))),
        _ => throw new InvalidOperationException($"No rule decides {demand}."),
    };

    /// <summary>The rule that gives a connection; null when none does.</summary>
    /// <param name="connect">The server.</param>
    /// <param name="setting">The value of one of the plugin's settings.</param>
    public ConnectRule? RuleFor(Demand.Connect connect, Func<string, string?> setting) =>
        Network.Connect.FirstOrDefault(rule => rule.Resolve(setting)?.Matches(connect.Scheme, connect.Host, connect.Port) == true);

    private static string? NoSetting(string name) => null;

    private static Decision If(bool permitted) => permitted ? Decision.Permitted : Decision.Denied;

    private Decision DecideKubernetes(Demand.Kubernetes demand)
    {
        var decision = Decision.Denied;
        foreach (var rule in Kubernetes)
        {
            if (!rule.Covers(demand)) continue;
            if (!demand.IsWrite || rule.Unattended) return Decision.Permitted;
            decision = Decision.NeedsGesture;
        }
        return decision;
    }

    /// <summary>What this set gives and <paramref name="granted"/> does not: what a user must consent to before an update.</summary>
    /// <remarks>A rule that is only partly new is in the answer whole. <see cref="None"/> when this set is a subset.</remarks>
    public PermissionSet Widening(PermissionSet granted) => new()
    {
        Kubernetes = Kubernetes.RemoveAll(rule => rule.IsWithin(granted.Kubernetes)),
        Hooks = Hooks.RemoveAll(rule => rule.IsWithin(granted.Hooks)),
        Logs = Logs.RemoveAll(rule => rule.Kinds.All(kind => granted.Logs.Any(other => other.Kinds.Contains(kind)))),
        Network = new()
        {
            Connect = Network.Connect.RemoveAll(rule => rule.IsWithin(granted.Network.Connect)),
            Listen = Network.Listen.RemoveAll(granted.Network.Listen.Contains),
        },
        Files = Files.RemoveAll(rule => rule.IsWithin(granted.Files)),
        Events = new()
        {
            Publish = Events.Publish.RemoveAll(topic => TopicPattern.MatchesAny(granted.Events.Publish, topic)),
            Subscribe = Events.Subscribe.RemoveAll(topic => TopicPattern.MatchesAny(granted.Events.Subscribe, topic)),
        },
        Services = new() { Call = Services.Call.RemoveAll(service => ServicePermissions.Covers(granted.Services.Call, service)) },
        Storage = StorageBytes > granted.StorageBytes ? Storage : null,
        Clipboard = Clipboard > granted.Clipboard ? Clipboard : ClipboardAccess.None,
        Audit = Audit > granted.Audit ? Audit : AuditAccess.None,
    };

    /// <summary>Whether everything this set gives is given by <paramref name="granted"/> too.</summary>
    public bool IsWithin(PermissionSet granted) => Widening(granted).IsNone;

    /// <summary>Whether nothing is permitted.</summary>
    [JsonIgnore]
    public bool IsNone => Kubernetes.IsEmpty && Hooks.IsEmpty && Logs.IsEmpty && Network.Connect.IsEmpty && Network.Listen.IsEmpty && Files.IsEmpty
        && Events.Publish.IsEmpty && Events.Subscribe.IsEmpty && Services.Call.IsEmpty && StorageBytes == 0 && Clipboard == ClipboardAccess.None && Audit == AuditAccess.None;

    /// <summary>What is left in a cluster that the set was not granted for: nothing of the cluster's objects, events and credentials.</summary>
    public PermissionSet WithoutCluster() => this with
    {
        Kubernetes = [],
        Hooks = [],
        Logs = [],
        Network = Network with { Connect = Network.Connect.RemoveAll(rule => rule.UsesClusterToken) },
        Events = Events with { Subscribe = Events.Subscribe.RemoveAll(IsOfCluster) },
    };

    // What is on the screen is of the cluster, too.
    private static bool IsOfCluster(string topic) =>
        topic.StartsWith("resource.", StringComparison.Ordinal) || topic.StartsWith("cluster.", StringComparison.Ordinal) || topic.StartsWith("ui.", StringComparison.Ordinal);

    /// <summary>SHA-256 of the canonical form: the same for sets that differ only in the order or repetition of entries.</summary>
    public Digest ComputeDigest() => PermissionDigest.Of(this);

    /// <summary>One sentence a permission for the person who is asked, the most dangerous first.</summary>
    public ImmutableArray<PermissionSentence> InWords() => PermissionSentence.Of(this);
}

/// <summary>Topics a plugin may publish under its own id and subscribe to; a trailing <c>.*</c> is any suffix.</summary>
public sealed record EventPermissions
{
    /// <summary>Topics it publishes, below its own id.</summary>
    public ImmutableArray<string> Publish { get; init => field = value.OrEmpty(); } = [];
    /// <summary>Topics it hears: of the host, and of other plugins.</summary>
    public ImmutableArray<string> Subscribe { get; init => field = value.OrEmpty(); } = [];
}

/// <summary>Matching of dotted topics against patterns.</summary>
public static class TopicPattern
{
    /// <summary>True when <paramref name="topic"/> equals the pattern, or the pattern ends in <c>.*</c> and the topic starts with what precedes the star.</summary>
    public static bool Matches(string pattern, string topic) =>
        pattern.EndsWith(".*", StringComparison.Ordinal)
            ? topic.Length > pattern.Length - 1 && topic.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal)
            : string.Equals(pattern, topic, StringComparison.Ordinal);

    internal static bool MatchesAny(ImmutableArray<string> patterns, string topic)
    {
        foreach (var pattern in patterns)
            if (pattern == topic || Matches(pattern, topic)) return true;
        return false;
    }
}
