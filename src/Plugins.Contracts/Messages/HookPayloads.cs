using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using LazyOC.Plugins.Contracts.Manifest;
using LazyOC.Plugins.Contracts.Views;

namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>Payload of <c>hook</c>: a change that the user makes; the answer is a <see cref="HookAnswer"/>, which only counts before it.</summary>
public sealed record HookPayload
{
    /// <summary>Id of the contribution.</summary>
    public required string Hook { get; init; }

    public required HookPhase Phase { get; init; }

    /// <summary><c>create</c>, <c>update</c>, <c>scale</c> or <c>delete</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>What is changed. A new object may have no name yet: it is empty then.</summary>
    public required ObjectReference Reference { get; init; }

    /// <summary>The whole object as it would be, or as it is when it is deleted; absent when the plugin may not <c>get</c> it.</summary>
    public JsonElement? Object { get; init; }

    /// <summary>The whole object before an update or a scaling; absent when the plugin may not <c>get</c> it.</summary>
    public JsonElement? OldObject { get; init; }

    /// <summary>As whom it is done.</summary>
    public required string User { get; init; }

    /// <summary>Where; absent for what has no namespace.</summary>
    public string? Namespace { get; init; }
}

/// <summary>Answer to <c>hook</c> before a change. An effect that was not granted is refused, and counts as no answer.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "outcome", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(Allow), "allow")]
[JsonDerivedType(typeof(Warn), "warn")]
[JsonDerivedType(typeof(Deny), "deny")]
[JsonDerivedType(typeof(Change), "patch")]
public abstract record HookAnswer
{
    private HookAnswer() { }

    /// <summary>Nothing is wrong with it.</summary>
    public sealed record Allow : HookAnswer;

    /// <summary>The user reads a text before going on.</summary>
    public sealed record Warn : HookAnswer
    {
        public required string Text { get; init; }
    }

    /// <summary>It is not done.</summary>
    public sealed record Deny : HookAnswer
    {
        public required string Reason { get; init; }
    }

    /// <summary>The object is changed first, which the user sees as a difference and confirms.</summary>
    public sealed record Change : HookAnswer
    {
        /// <summary>JSON Patch (RFC 6902) on <see cref="HookPayload.Object"/>.</summary>
        public required ImmutableArray<PatchOperation> Patch { get; init; }
    }
}

/// <summary>What an operation of a JSON Patch does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PatchOp>))]
public enum PatchOp
{
    [JsonStringEnumMemberName("add")] Add,
    [JsonStringEnumMemberName("remove")] Remove,
    [JsonStringEnumMemberName("replace")] Replace,
    [JsonStringEnumMemberName("move")] Move,
    [JsonStringEnumMemberName("copy")] Copy,
    [JsonStringEnumMemberName("test")] Test,
}

/// <summary>An operation of a JSON Patch, RFC 6902.</summary>
public sealed record PatchOperation
{
    public required PatchOp Op { get; init; }

    /// <summary>JSON Pointer, RFC 6901.</summary>
    public required string Path { get; init; }

    /// <summary>JSON Pointer; of <c>move</c> and <c>copy</c>.</summary>
    public string? From { get; init; }

    /// <summary>Of <c>add</c>, <c>replace</c> and <c>test</c>; undefined when absent.</summary>
    public JsonElement Value { get; init; }
}

/// <summary>Payload of <c>logLines</c>: a batch of lines of one container; the answer is a <see cref="LogLinesAnswer"/>.</summary>
public sealed record LogLinesPayload
{
    /// <summary>Id of the contribution.</summary>
    public required string Transform { get; init; }

    /// <summary>Whose logs are looked at.</summary>
    public required ObjectReference Object { get; init; }

    /// <summary>Name of the pod that wrote the lines.</summary>
    public string? Pod { get; init; }

    /// <summary>Name of its container.</summary>
    public string? Container { get; init; }

    /// <summary>Without time and line end.</summary>
    public required ImmutableArray<string> Lines { get; init; }
}

/// <summary>Answer to <c>logLines</c>: one a line, in order.</summary>
public sealed record LogLinesAnswer
{
    /// <summary>Null hides the line.</summary>
    public required ImmutableArray<LogLineView?> Lines { get; init; }
}

/// <summary>A line as it is shown.</summary>
public readonly record struct LogLineView
{
    public required ImmutableArray<Span> Spans { get; init; }
}
