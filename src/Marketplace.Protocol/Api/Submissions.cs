using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>How far a version has come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VersionState>))]
public enum VersionState
{
    /// <summary>The package is stored and waits for its checks.</summary>
    [JsonStringEnumMemberName("accepted")] Accepted,

    [JsonStringEnumMemberName("scanning")] Scanning,

    /// <summary>It has passed its checks, and a second owner of its publisher has to approve it.</summary>
    [JsonStringEnumMemberName("staged")] Staged,

    /// <summary>Everybody can have it.</summary>
    [JsonStringEnumMemberName("live")] Live,

    /// <summary>A check did not pass, and a person has to look or the check has to be made again.</summary>
    [JsonStringEnumMemberName("held")] Held,

    /// <summary>It never goes live.</summary>
    [JsonStringEnumMemberName("rejected")] Rejected,

    /// <summary>It was live, and its author has taken it back; the version is used up.</summary>
    [JsonStringEnumMemberName("unpublished")] Unpublished,
}

/// <summary>How a version that was published fares.</summary>
public sealed record Submission
{
    public required PluginId Id { get; init; }

    public required string Version { get; init; }

    public required Digest Digest { get; init; }

    public required VersionState State { get; init; }

    /// <summary>Why it is in this state; empty when there is nothing to say.</summary>
    public required ImmutableArray<string> Reasons { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    /// <summary>When the state was reached.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>What the checks found so far, one entry each.</summary>
    public required ImmutableArray<ScanReport> Scans { get; init; }

    /// <summary>What a person made of it; null when none was asked.</summary>
    public HumanVerdict? Verdict { get; init; }

    /// <summary>What its publisher says to that, or to the checks.</summary>
    public Appeal? Appeal { get; init; }

    /// <summary>Whether nothing happens any more unless a person does something.</summary>
    [JsonIgnore] public bool IsDecided => State is not (VersionState.Accepted or VersionState.Scanning);
}

/// <summary>What one check made of a version.</summary>
public sealed record ScanReport
{
    public required string Scanner { get; init; }

    /// <summary><c>pass</c>, <c>hold</c>, <c>reject</c>, <c>error</c>, <c>timeout</c>, or <c>missing</c> for one that has not run.</summary>
    public required string Verdict { get; init; }

    public required int RulesVersion { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ImmutableArray<ScanFinding> Findings { get; init; }
}

/// <summary>One thing that a check found.</summary>
public sealed record ScanFinding
{
    public required string Rule { get; init; }

    public string? File { get; init; }

    /// <summary>From 1.</summary>
    public int? Line { get; init; }

    public required string Message { get; init; }

    public string? Hint { get; init; }
}

/// <summary>Versions that somebody sees because of his role, the newest first.</summary>
public sealed record SubmissionList(ImmutableArray<Submission> Submissions);

/// <summary>Says that nobody looks after a plugin any more.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewDeprecation
{
    /// <summary>A sentence on one line.</summary>
    public required string Reason { get; init; }

    /// <summary>The plugin that takes its place.</summary>
    public PluginId? Successor { get; init; }
}
