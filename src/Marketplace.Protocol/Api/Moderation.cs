using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>What a person decides about a version that is held, or was rejected and is appealed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HumanDecision>))]
public enum HumanDecision
{
    /// <summary>What the checks held it for is in order. On an appeal, what they rejected it for, too. It does not stand for a check that has failed or has not run.</summary>
    [JsonStringEnumMemberName("pass")] Pass,

    [JsonStringEnumMemberName("reject")] Reject,
}

/// <summary>A person's verdict about a version.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewVerdict
{
    public required HumanDecision Decision { get; init; }

    /// <summary>A sentence on one line, which the author sees.</summary>
    public required string Reason { get; init; }
}

/// <summary>What waits for a moderator, the oldest first.</summary>
public sealed record ModerationQueue
{
    /// <summary>Versions that are held.</summary>
    public required ImmutableArray<Submission> Versions { get; init; }

    /// <summary>Versions that were rejected and whose publisher has appealed.</summary>
    public required ImmutableArray<Submission> Appeals { get; init; }

    /// <summary>Reviews that somebody has reported and nobody has judged.</summary>
    public required ImmutableArray<ReportedReview> Reviews { get; init; }
}

/// <summary>A review that somebody has reported.</summary>
/// <param name="Review">The review.</param>
/// <param name="Reasons">What those who reported it say, the oldest first.</param>
public sealed record ReportedReview(Review Review, ImmutableArray<string> Reasons);

/// <summary>What was done with special rights, the newest first.</summary>
public sealed record AuditLog(ImmutableArray<AuditRecord> Records, string? Next = null);

/// <summary>Something that was done.</summary>
/// <param name="At">When.</param>
/// <param name="Account">Who; <c>server</c> when it was no person.</param>
/// <param name="Action">What, a stable name such as <c>version.quarantine</c>.</param>
/// <param name="Subject">To what.</param>
/// <param name="Reason">Why; empty when it takes no reason.</param>
public sealed record AuditRecord(DateTimeOffset At, string Account, string Action, string Subject, string Reason);
