using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Runtime;
using LazyOC.Plugins.Runtime.Lifecycle;
using LazyOC.Plugins.Runtime.Supervision;

namespace LazyOC.Cli.Control;

/// <summary>What a running LazyOC is asked to do.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ControlVerb>))]
internal enum ControlVerb
{
    /// <summary>Run the plugins that are installed now.</summary>
    [JsonStringEnumMemberName("reload")] Reload,

    /// <summary>Tell what the plugins do and use.</summary>
    [JsonStringEnumMemberName("status")] Status,

    /// <summary>Run a package in the place of the installed one, until the connection ends.</summary>
    [JsonStringEnumMemberName("dev")] Dev,

    /// <summary>Show, in a plugin's own views, that its next version cannot be built.</summary>
    [JsonStringEnumMemberName("devError")] DevError,

    /// <summary>Read a plugin's settings again and tell it what is different.</summary>
    [JsonStringEnumMemberName("settings")] Settings,

    /// <summary>Tell a plugin's latest log lines.</summary>
    [JsonStringEnumMemberName("logs")] Logs,

    /// <summary>Record which permissions a plugin uses, from the first time on, and tell what is recorded.</summary>
    [JsonStringEnumMemberName("permissions")] Permissions,

    /// <summary>Record what a plugin does for a while.</summary>
    [JsonStringEnumMemberName("profile")] Profile,
}

/// <summary>One line from a client.</summary>
internal sealed record ControlRequest
{
    public required ControlVerb Verb { get; init; }

    /// <summary>Of <c>devError</c>, <c>settings</c>, <c>logs</c>, <c>permissions</c> and <c>profile</c>: which plugin. Of <c>reload</c>: the one whose quarantine the user has lifted.</summary>
    public PluginId? Plugin { get; init; }

    /// <summary>Of <c>dev</c>: the package's absolute path.</summary>
    public string? File { get; init; }

    /// <summary>Of <c>devError</c>: what went wrong; absent when it no longer does.</summary>
    public string? Message { get; init; }

    /// <summary>Of <c>logs</c>: only lines after this moment.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Of <c>profile</c>: how long.</summary>
    public int? Seconds { get; init; }
}

/// <summary>One line to a client.</summary>
internal sealed record ControlAnswer
{
    /// <summary>The process that answers.</summary>
    public int Pid { get; init; } = Environment.ProcessId;

    /// <summary>Why nothing was done; absent when it was.</summary>
    public string? Error { get; init; }

    /// <summary>Of <c>reload</c> and <c>dev</c>: what became of each plugin that is not as it was.</summary>
    public ImmutableArray<ControlChange> Changes { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Of <c>status</c>.</summary>
    public ImmutableArray<PluginStatus> Plugins { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Of <c>logs</c>.</summary>
    public ImmutableArray<PluginLogLine> Lines { get; init => field = value.IsDefault ? [] : value; } = [];

    /// <summary>Of <c>permissions</c>.</summary>
    public RecordedPermissions? Permissions { get; init; }

    /// <summary>Of <c>profile</c>; absent when the plugin does not run here.</summary>
    public PluginProfile? Profile { get; init; }

    public static ControlAnswer Failed(string error) => new() { Error = error };
}

/// <summary>What became of one plugin in a running LazyOC.</summary>
/// <param name="Plugin">Which.</param>
/// <param name="Failed">The package could not take over; the one before goes on.</param>
/// <param name="What">In words, such as <c>swapped 1.0.0 → 1.1.0</c>.</param>
/// <param name="Stack">The guest's stack, when it failed with one.</param>
internal sealed record ControlChange(PluginId Plugin, bool Failed, string What, string? Stack = null)
{
    /// <summary>Null for a plugin that is as it was.</summary>
    public static ControlChange? Of(PluginChange change) => change switch
    {
        PluginChange.Unchanged => null,
        PluginChange.Added added => new(added.Plugin, false, $"started {added.Version}"),
        PluginChange.Removed removed => new(removed.Plugin, false, $"stopped {removed.Version}"),
        PluginChange.Swapped swapped => new(swapped.Plugin, false, $"swapped {swapped.From} → {swapped.To}"),
        PluginChange.Regranted regranted => new(regranted.Plugin, false, $"restarted {regranted.Version} with its new permissions"),
        PluginChange.Limited limited => new(limited.Plugin, false, $"restarted {limited.Version} with its new limits"),
        PluginChange.SwapFailed failed => new(failed.Plugin, true, $"goes on with {failed.From}, because {failed.To} could not take over: {failed.Reason}", failed.Stack),
        _ => throw new InvalidOperationException($"No words for {change}."),
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlAnswer))]
internal sealed partial class ControlJson : JsonSerializerContext;
