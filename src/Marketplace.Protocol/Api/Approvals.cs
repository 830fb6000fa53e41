using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Protocol.Api;

/// <summary>Whether what a publisher publishes waits for a second owner.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record ApprovalRule
{
    [JsonPropertyName("needed")] public required bool IsNeeded { get; init; }
}

/// <summary>Asks for a person to look at what the checks made of a version.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewAppeal
{
    /// <summary>Which rule is wrong, and why.</summary>
    public required string Text { get; init; }
}

/// <summary>What a publisher says to a verdict.</summary>
/// <param name="Account">Who says it.</param>
/// <param name="Text">Which rule is wrong, and why.</param>
/// <param name="At">When.</param>
/// <param name="Decided">When a person has decided about it; null while nobody has.</param>
public sealed record Appeal(string Account, string Text, DateTimeOffset At, DateTimeOffset? Decided = null);

/// <summary>What a person made of a version.</summary>
/// <param name="Decision">Whether it passes.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When.</param>
public sealed record HumanVerdict(HumanDecision Decision, string Reason, DateTimeOffset At);

/// <summary>Has live versions looked at again.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record NewRescan
{
    /// <summary>All, as after new advisories; otherwise those only that the present rules have not seen.</summary>
    [JsonPropertyName("all")] public bool IsOfAll { get; init; }
}

/// <summary>How many versions will be looked at.</summary>
public sealed record RescanResult(int Versions);
