using LazyOC.Plugins.Runtime.Extensions;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>What became of a request to a plugin.</summary>
internal abstract record Reply
{
    private Reply() { }

    /// <summary>The instance's answer, and the instance, which is told when the answer is not what was asked for.</summary>
    public sealed record Answered(PluginInstance Instance, ReadOnlyMemory<byte> Json) : Reply;

    public sealed record Failed(PluginFailure Failure) : Reply;
}

/// <summary>A request to a plugin.</summary>
/// <param name="Type">Type of the message.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="Deadline">Wall time for the answer.</param>
/// <param name="NeedsGesture">The user started it: the plugin may write until it ends.</param>
/// <param name="RunsOnce">It may have had an effect when it is interrupted, and is not put to another instance then.</param>
internal readonly record struct Request(string Type, ReadOnlyMemory<byte> Payload, TimeSpan Deadline, bool NeedsGesture = false, bool RunsOnce = false);
