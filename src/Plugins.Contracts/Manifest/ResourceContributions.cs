using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What of a kind a view shows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ResourcePart>))]
public enum ResourcePart
{
    /// <summary>All objects of the kind, in the place of the list.</summary>
    [JsonStringEnumMemberName("list")] List,

    /// <summary>One object, in the first tab of its details.</summary>
    [JsonStringEnumMemberName("details")] Details,
}

/// <summary>A view of a kind's list or details, beside the host's or in its place.</summary>
public sealed record ResourceViewContribution : ViewContribution
{
    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>What of the kind it shows.</summary>
    public required ResourcePart Part { get; init; }

    /// <summary>
    /// Whether it is shown first instead of the host's list, or in the place of the overview; the host's list stays a key away.
    /// Otherwise it is one key beside the list, or a first tab.
    /// </summary>
    public bool Replaces { get; init; }
}

/// <summary>Log lines that pass through the plugin before they are shown; needs <c>permissions.logs</c>.</summary>
public sealed record LogTransformContribution : Contribution
{
    /// <summary>Kind of the object whose logs are looked at, <c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string Resource { get; init; }
}

/// <summary>
/// How to get from an object to others: by <see cref="Selector"/>, by <see cref="Name"/> or by <see cref="Owner"/>. Templates hold
/// JSONPaths in braces, <c>app={.metadata.labels.app}</c>; a path to a map of labels gives <c>k=v,…</c>. No plugin code runs.
/// </summary>
public sealed record RelationContribution : Contribution
{
    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string From { get; init; }

    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string To { get; init; }

    /// <summary>Template of a label selector.</summary>
    public string? Selector { get; init; }

    /// <summary>Template of the one object's name.</summary>
    public string? Name { get; init; }

    /// <summary>Template of its namespace; the same as the first object's when absent. Only with <see cref="Name"/>.</summary>
    public string? Namespace { get; init; }

    /// <summary>The objects that name the first one as their owner.</summary>
    public bool Owner { get; init; }
}

/// <summary>When a hook is asked or told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookPhase>))]
public enum HookPhase
{
    /// <summary>Before the change, which waits for the answer.</summary>
    [JsonStringEnumMemberName("before")] Before,

    /// <summary>After the change has been made; nobody waits.</summary>
    [JsonStringEnumMemberName("after")] After,
}

/// <summary>What becomes of a change when a hook does not answer in time or fails.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HookFailure>))]
public enum HookFailure
{
    /// <summary>It goes on; the user is told that the hook did not answer.</summary>
    [JsonStringEnumMemberName("allow")] Allow,

    /// <summary>It is refused; needs the effect <c>deny</c>.</summary>
    [JsonStringEnumMemberName("deny")] Deny,
}

/// <summary>The plugin takes part in changes that the user makes; needs <c>permissions.hooks</c>.</summary>
public sealed record HookContribution : Contribution
{
    /// <summary>Whether it is asked before the change or told after it.</summary>
    public required HookPhase Phase { get; init; }

    /// <summary>Kinds, each <c>Kind</c> or <c>group/Kind</c>.</summary>
    public required ImmutableArray<string> Resources { get; init; }

    /// <summary><c>create</c>, <c>update</c>, <c>scale</c> and <c>delete</c>.</summary>
    public required ImmutableArray<string> Verbs { get; init; }

    /// <summary>What its answers may ask for, none for one that only looks on; always empty for <see cref="HookPhase.After"/>.</summary>
    public ImmutableArray<HookEffect> Effects { get; init => field = value.OrEmpty(); } = [];

    /// <summary>What follows when it does not answer; shown at consent.</summary>
    public HookFailure OnFailure { get; init; }

    /// <summary>What becomes of the user's change when it does not answer, for the person who consents; a sentence without full stop, null when nobody waits for it.</summary>
    public string? FailureInWords() => Phase == HookPhase.After
        ? null
        : $"When it does not answer in time, {string.Join(", ", Verbs)} of {string.Join(", ", Resources)} {(OnFailure == HookFailure.Deny ? "is refused" : "goes on without it")}";
}

/// <summary>YAML of a new object of a kind, which the user edits before it is created.</summary>
public sealed record TemplateContribution : Contribution
{
    /// <summary><c>Kind</c> or <c>group/Kind</c>.</summary>
    public required string Resource { get; init; }

    /// <summary>Path in the package, ending in <c>.yaml</c>.</summary>
    public required string File { get; init; }

    /// <summary>What it is for, one sentence.</summary>
    public string Description { get; init => field = value ?? ""; } = "";
}
