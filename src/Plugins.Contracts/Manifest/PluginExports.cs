using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Schemas;

namespace LazyOC.Plugins.Contracts.Manifest;

/// <summary>What a plugin offers to others.</summary>
public sealed record PluginExports
{
    /// <summary>Services by name; other plugins call them as <c>PLUGIN-ID/NAME</c>, with a permission of theirs and by this plugin's own rights.</summary>
    public ImmutableDictionary<string, ServiceExport> Services { get; init => field = value ?? ImmutableDictionary<string, ServiceExport>.Empty; } = ImmutableDictionary<string, ServiceExport>.Empty;
}

/// <summary>A service: a <c>service</c> message whose payload and answer have these schemas.</summary>
public sealed record ServiceExport
{
    /// <summary>JSON Schema of what it takes.</summary>
    public required JsonSchema Input { get; init; }

    /// <summary>JSON Schema of what it answers.</summary>
    public required JsonSchema Output { get; init; }

    /// <summary>What it does, for the authors who call it.</summary>
    public string? Description { get; init; }
}
