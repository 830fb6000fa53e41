using System.Text.Json;

namespace LazyOC.Plugins.Runtime.Events;

/// <summary>An event, the host's own or a plugin's, on its way to one plugin.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Sequence">Counts up per topic.</param>
/// <param name="Time">When it was published.</param>
/// <param name="Data">What it carries.</param>
/// <param name="CoalesceKey">Of events with one topic and key only the latest matters; null when each does.</param>
/// <param name="Publisher">Id of the plugin that publishes it; <see cref="Host"/> for the host's own.</param>
internal sealed record HostEvent(string Topic, long Sequence, DateTimeOffset Time, JsonElement Data, string? CoalesceKey, string Publisher = HostEvent.Host)
{
    /// <summary>Who publishes the host's own topics.</summary>
    public const string Host = "lazyoc";
}

/// <summary>Data of <c>resource.PLURAL</c>.</summary>
/// <param name="Change"><c>added</c>, <c>modified</c> or <c>deleted</c>; objects that are there already are told as added.</param>
/// <param name="Object">The object.</param>
internal sealed record ResourceEvent(string Change, ResourceSummary Object);

/// <summary>What an event tells of an object; a plugin that may not <c>get</c> it is told its identity only.</summary>
internal sealed record ResourceSummary
{
    public required string Group { get; init; }
    public required string Kind { get; init; }
    public string? Namespace { get; init; }
    public required string Name { get; init; }
    public required string Uid { get; init; }

    /// <summary><c>.status.phase</c>.</summary>
    public string? Phase { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset? Created { get; init; }
}

/// <summary>Data of <c>plugin.STATE</c>.</summary>
internal sealed record PluginEvent(string Plugin, string Version, string From, string To, string? Reason);

/// <summary>Data of <c>events.lost</c>.</summary>
/// <param name="Count">Events that this plugin was too slow for.</param>
internal sealed record EventsLost(long Count);

/// <summary>Data of <c>events.reset</c>.</summary>
/// <param name="Topic">What follows of it begins anew.</param>
internal sealed record EventsReset(string Topic);
