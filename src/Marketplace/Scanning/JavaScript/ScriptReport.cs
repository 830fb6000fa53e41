using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace LazyOC.Marketplace.Scanning.JavaScript;

/// <summary>What the analyser says of one script.</summary>
internal sealed record ScriptReport
{
    public ImmutableArray<ScriptCall> Calls { get; init; } = [];

    public ImmutableArray<ScriptFinding> Findings { get; init; } = [];

    /// <summary>Calls and findings beyond those.</summary>
    public int Left { get; init; }

    /// <summary>Why the script could not be parsed; null when it was.</summary>
    public ScriptFailure? Failure { get; init; }
}

/// <summary>A host call that a script makes.</summary>
/// <param name="Name">Such as <c>kubernetes.list</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Certain">Whether this is surely a call of the host, and not something that has the same form.</param>
/// <param name="Group">The argument <c>group</c>, where it is a constant; null when it is not, or is not there.</param>
/// <param name="Resource">The argument <c>resource</c>, alike.</param>
/// <param name="Subresource">The argument <c>subresource</c>, alike.</param>
/// <param name="Path">The argument <c>path</c>, alike.</param>
/// <param name="Method">The argument <c>method</c>, alike.</param>
internal sealed record ScriptCall(string Name, int Line, bool Certain, string? Group = null, string? Resource = null, string? Subresource = null, string? Path = null, string? Method = null);

/// <summary>Something else in a script.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Line">From 1.</param>
/// <param name="Detail">What in the script it is about.</param>
internal sealed record ScriptFinding(string Rule, int Line, string Detail);

/// <summary>Why a script could not be parsed.</summary>
internal sealed record ScriptFailure(string Message, int Line);

/// <summary>What the analyser is told.</summary>
internal sealed record ScriptPiece(string Text);

/// <summary>What the analyser is asked, of the pieces that it was handed.</summary>
/// <param name="IsModule">Whether the script is loaded as a module; another may be a script of old.</param>
/// <param name="KnownCalls">Names of all host calls.</param>
/// <param name="MaxItems">Calls, and findings, that it gives.</param>
/// <param name="EncodedChars">As in <see cref="ScannerLimits.EncodedChars"/>.</param>
internal sealed record ScriptQuestion(bool IsModule, ImmutableArray<string> KnownCalls, int MaxItems, int EncodedChars);

/// <summary>Source-generated JSON of the messages to and from the analyser.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ScriptReport))]
[JsonSerializable(typeof(ScriptPiece))]
[JsonSerializable(typeof(ScriptQuestion))]
internal sealed partial class ScriptJson : JsonSerializerContext;
