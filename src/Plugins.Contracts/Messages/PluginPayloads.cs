using System.Collections.Immutable;
using System.Text.Json;

namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>Payload of <c>settingsChanged</c>: the user has set or unset something; a plugin need not listen.</summary>
public sealed record SettingsChangedPayload
{
    /// <summary>The settings as they are now, as <c>config.get</c> gives them.</summary>
    public required ImmutableSortedDictionary<string, JsonElement> Values { get; init; }

    /// <summary>Names of what is different, secrets included.</summary>
    public required ImmutableArray<string> Changed { get; init; }
}

/// <summary>Payload of <c>service</c>: another plugin asks; the answer is what the service's <c>output</c> schema accepts.</summary>
public sealed record ServicePayload
{
    /// <summary>Name of the service, without the plugin's id.</summary>
    public required string Service { get; init; }

    /// <summary>Which plugin asks, as the host knows it.</summary>
    public required PluginId Caller { get; init; }

    /// <summary>What the service's <c>input</c> schema has accepted.</summary>
    public required JsonElement Input { get; init; }
}
