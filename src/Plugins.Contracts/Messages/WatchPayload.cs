using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>
/// Payload of <c>watch</c>: what happened to the objects of one watch, in order. Of one object only the latest matters:
/// changes that the plugin was too slow for become one. Of a followed log, the lines that were written.
/// </summary>
public sealed record WatchPayload
{
    /// <summary>Which watch.</summary>
    public required string Watch { get; init; }

    /// <summary>Empty for a followed log.</summary>
    public required ImmutableArray<WatchEvent> Events { get; init; }

    /// <summary>Of a followed log, in the order they were written; they may hold control characters.</summary>
    public ImmutableArray<string>? Lines { get; init; }

    /// <summary>Lines may be missing before those of this message: the connection was lost, or the container began anew.</summary>
    public bool? Gap { get; init; }

    /// <summary>The followed log has come to its end, because its pod has, and the watch with it: this is its last message.</summary>
    public bool? Ended { get; init; }

    /// <summary>Everything told before is void: the objects, or the lines, follow anew, and those that are not among them are gone.</summary>
    public bool? Reset { get; init; }

    /// <summary>With the events of this message all objects that were there at the beginning have been told.</summary>
    public bool? Synced { get; init; }

    /// <summary>Changes or lines dropped since the last message, because the plugin was too slow: list the objects to be sure.</summary>
    public long? Lost { get; init; }
}

/// <summary>What happened.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WatchEventType>))]
public enum WatchEventType
{
    /// <summary>It is there, or has appeared.</summary>
    [JsonStringEnumMemberName("added")] Added,

    /// <summary>It has changed.</summary>
    [JsonStringEnumMemberName("modified")] Modified,

    /// <summary>It is gone.</summary>
    [JsonStringEnumMemberName("deleted")] Deleted,
}

/// <summary>One change of one object.</summary>
public sealed record WatchEvent
{
    public required WatchEventType Type { get; init; }

    public required ObjectReference Object { get; init; }

    /// <summary>The values at the watch's paths; absent when the object is gone or the plugin may not <c>get</c> it.</summary>
    public JsonElement? Fields { get; init; }

    /// <summary>The values are absent because no message holds them: <c>get</c> fewer of them.</summary>
    public bool? TooLarge { get; init; }
}
