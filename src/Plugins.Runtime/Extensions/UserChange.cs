using System.Collections.Immutable;
using System.Text.Json;
using LazyOC.Cluster.Discovery;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Runtime.Extensions;

/// <summary>A change of one object that the user makes, for hooks.</summary>
public sealed record UserChange
{
    public required ResourceKind Kind { get; init; }

    /// <summary>One of <see cref="HookRule.AllVerbs"/>.</summary>
    public required string Verb { get; init; }

    /// <summary>What is changed; without a name when it is yet to get one.</summary>
    public required ObjectReference Reference { get; init; }

    /// <summary>The object as it would be; null lets the host read what is there, when a plugin may be handed it.</summary>
    public JsonElement? Object { get; init; }

    /// <summary>Of a scaling: how many are to run.</summary>
    public int? Replicas { get; init; }

    /// <summary>Whether a patched object can be written in the place of <see cref="Object"/>.</summary>
    public bool CanBePatched { get; init; }

    internal GroupKind GroupKind => new(Kind.Group, Kind.Kind);

    internal string Target => $"{Verb} {Kind.QualifiedName}/{Reference.Name}{(Reference.Namespace is { } ns ? $" in {ns}" : "")}";
}

/// <summary>What somebody says about a change.</summary>
/// <param name="Plugin">Whose hook it is.</param>
/// <param name="PluginName">Its display name.</param>
/// <param name="Text">The plugin's own words, or the host's about it.</param>
/// <param name="FromHost">Whether they are the host's.</param>
public sealed record HookRemark(PluginId Plugin, string PluginName, string Text, bool FromHost = false);

/// <summary>What the hooks make of a change.</summary>
public sealed record HookVerdict
{
    /// <summary>Nobody says anything.</summary>
    public static HookVerdict Free { get; } = new();

    /// <summary>Why it must not be made; empty when it may.</summary>
    public ImmutableArray<HookRemark> Denials { get; init; } = [];

    /// <summary>What the user is to read before going on.</summary>
    public ImmutableArray<HookRemark> Warnings { get; init; } = [];

    /// <summary>Hooks that did not answer, and that the change goes on without.</summary>
    public ImmutableArray<PluginFailure> Unanswered { get; init; } = [];

    /// <summary>Who would change the object first, in the order of their patches.</summary>
    public ImmutableArray<HookRemark> PatchedBy { get; init; } = [];

    /// <summary>The object before those patches.</summary>
    public JsonElement? Unpatched { get; init; }

    /// <summary>The object after them; null when there are none.</summary>
    public JsonElement? Patched { get; init; }

    /// <summary>Whether there is nothing that the user must see first.</summary>
    public bool IsFree => Denials.IsEmpty && Warnings.IsEmpty && Patched is null;
}
