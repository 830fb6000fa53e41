using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Manifest;

namespace LazyOC.Plugins.Contracts.Permissions;

/// <summary>What a hook may bring about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookEffect>))]
public enum HookEffect
{
    /// <summary>A text that the user reads before going on.</summary>
    [JsonStringEnumMemberName("warn")] Warn,

    /// <summary>The change is refused, with a reason.</summary>
    [JsonStringEnumMemberName("deny")] Deny,

    /// <summary>The object is changed first, which the user sees as a difference and confirms; never Secrets, RBAC or what enters a container.</summary>
    [JsonStringEnumMemberName("patch")] Patch,
}

/// <summary>Which changes of the user's a plugin takes part in, and how.</summary>
public sealed record HookRule
{
    /// <summary>Kinds, each <c>Kind</c> or <c>group/Kind</c>.</summary>
    public required ImmutableArray<string> Kinds { get; init; }

    /// <summary><c>create</c>, <c>update</c>, <c>scale</c> and <c>delete</c>.</summary>
    public required ImmutableArray<string> Verbs { get; init; }

    /// <summary>Empty for one that is only told.</summary>
    public ImmutableArray<HookEffect> Effects { get; init => field = value.OrEmpty(); } = [];

    /// <summary>Verbs there are.</summary>
    public static ImmutableArray<string> AllVerbs { get; } = ["create", "update", "scale", "delete"];

    /// <summary>Whether any hook may change objects of a kind: never Secrets and what decides on rights.</summary>
    public static bool MayBePatched(GroupKind kind) => kind != new GroupKind("", "Secret") && !KubernetesRule.DecidesOnRights(kind.Group);

    internal bool Covers(string kind, string verb, HookEffect? effect) =>
        Kinds.Contains(kind) && Verbs.Contains(verb) && (effect is null || Effects.Contains(effect.Value));

    internal bool IsWithin(ImmutableArray<HookRule> others)
    {
        foreach (var kind in Kinds)
            foreach (var verb in Verbs)
            {
                if (!others.Any(other => other.Covers(kind, verb, null))) return false;
                foreach (var effect in Effects)
                    if (!others.Any(other => other.Covers(kind, verb, effect))) return false;
            }
        return true;
    }
}

/// <summary>Kinds whose log lines pass through the plugin.</summary>
public sealed record LogRule
{
    /// <summary>Each <c>Kind</c> or <c>group/Kind</c>.</summary>
    public required ImmutableArray<string> Kinds { get; init; }
}
