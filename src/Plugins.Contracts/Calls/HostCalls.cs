using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary>The answer of a call that returns nothing.</summary>
public sealed record Nothing;

[JsonConverter(typeof(JsonStringEnumConverter<PluginLogLevel>))]
public enum PluginLogLevel
{
    [JsonStringEnumMemberName("debug")] Debug,
    [JsonStringEnumMemberName("info")] Info,
    [JsonStringEnumMemberName("warn")] Warn,
    [JsonStringEnumMemberName("error")] Error,
}

/// <summary><c>log.write</c>: a line in the plugin's own log, at level info when none is given.</summary>
public sealed record LogWriteRequest
{
    public PluginLogLevel? Level { get; init; }
    public required string Message { get; init; }
}

/// <summary><c>events.subscribe</c>: topics, each exact or ending in <c>.*</c>; matching events arrive as <c>event</c> messages.</summary>
public sealed record EventsSubscribeRequest
{
    public required ImmutableArray<string> Topics { get; init; }
}

/// <summary><c>events.unsubscribe</c>: topics as they were subscribed to; one that was not changes nothing.</summary>
public sealed record EventsUnsubscribeRequest
{
    public required ImmutableArray<string> Topics { get; init; }
}

/// <summary><c>events.publish</c>: an event of a topic below the plugin's own id, such as <c>acme.prometheus.alert</c>.</summary>
public sealed record EventsPublishRequest
{
    public required string Topic { get; init; }

    /// <summary>What it carries; at most 64 KiB of JSON.</summary>
    public required JsonElement Data { get; init; }

    /// <summary>Of waiting events with one topic and key only the latest is delivered; absent when each matters.</summary>
    public string? Key { get; init; }
}

/// <summary><c>config.get</c> takes nothing.</summary>
public sealed record ConfigGetRequest;

/// <summary>Answer of <c>config.get</c>.</summary>
public sealed record ConfigGetAnswer
{
    /// <summary>The settings by name: what the user has set, else their defaults. Those with neither, and secrets, are not among them.</summary>
    public required ImmutableSortedDictionary<string, JsonElement> Values { get; init; }
}

/// <summary><c>services.call</c>: asks another plugin.</summary>
public sealed record ServicesCallRequest
{
    /// <summary><c>PLUGIN-ID/NAME</c>, such as <c>acme.timeseries/downsample</c>.</summary>
    public required string Service { get; init; }

    /// <summary>What the service's <c>input</c> schema accepts.</summary>
    public required JsonElement Input { get; init; }

    /// <summary>How long to wait in milliseconds; as long as a service may take when absent.</summary>
    public int? TimeoutMs { get; init; }
}

/// <summary>Answer of <c>services.call</c>.</summary>
public sealed record ServicesCallAnswer
{
    /// <summary>The service's answer, which its <c>output</c> schema accepts.</summary>
    public required JsonElement Output { get; init; }
}

/// <summary><c>host.info</c> takes nothing.</summary>
public sealed record HostInfoRequest;

/// <summary>Answer of <c>host.info</c>.</summary>
public sealed record HostInfoAnswer
{
    public required string HostApiVersion { get; init; }

    /// <summary>The host's clock, coarsened to 1 ms.</summary>
    public required DateTimeOffset Now { get; init; }
}
