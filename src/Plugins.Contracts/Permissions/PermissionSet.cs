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
    /// <summary>Events of the host and of other plugins.</summary>
    public EventPermissions Events { get; init => field = value ?? new(); } = new();

    /// <summary>Decides a demand. The permission of the answer is as narrow as the rule that gave it.</summary>
    public Decision Decide(Demand demand) => demand switch
    {
        Demand.Nothing => Decision.Permitted,
        Demand.Kubernetes k => DecideKubernetes(k),
        Demand.SubscribeEvents e => TopicPattern.MatchesAny(Events.Subscribe, e.Topic) ? Decision.Permitted : Decision.Denied,
        Demand.PublishEvents e => TopicPattern.MatchesAny(Events.Publish, e.Topic) ? Decision.Permitted : Decision.Denied,
        _ => throw new InvalidOperationException($"No rule decides {demand}."),
    };

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
        Events = new()
        {
            Publish = Events.Publish.RemoveAll(topic => TopicPattern.MatchesAny(granted.Events.Publish, topic)),
            Subscribe = Events.Subscribe.RemoveAll(topic => TopicPattern.MatchesAny(granted.Events.Subscribe, topic)),
        },
    };

    /// <summary>Whether everything this set gives is given by <paramref name="granted"/> too.</summary>
    public bool IsWithin(PermissionSet granted) => Widening(granted).IsNone;

    /// <summary>Whether nothing is permitted.</summary>
    [JsonIgnore] public bool IsNone => Kubernetes.IsEmpty && Events.Publish.IsEmpty && Events.Subscribe.IsEmpty;

    /// <summary>SHA-256 of the canonical form: the same for sets that differ only in the order or repetition of entries.</summary>
    public Digest ComputeDigest() => PermissionDigest.Of(this);

    /// <summary>One sentence a permission for the person who is asked, the most dangerous first.</summary>
    public ImmutableArray<PermissionSentence> InWords() => PermissionSentence.Of(this);
}

/// <summary>Topics a plugin may publish under its own id and subscribe to; a trailing <c>.*</c> is any suffix.</summary>
public sealed record EventPermissions
{
    public ImmutableArray<string> Publish { get; init => field = value.OrEmpty(); } = [];
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
