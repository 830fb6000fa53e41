using System.Collections.Immutable;
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

/// <summary><c>host.info</c> takes nothing.</summary>
public sealed record HostInfoRequest;

/// <summary>Answer of <c>host.info</c>.</summary>
public sealed record HostInfoAnswer
{
    public required string HostApiVersion { get; init; }

    /// <summary>The host's clock, coarsened to 1 ms.</summary>
    public required DateTimeOffset Now { get; init; }
}
