using System.Collections.Frozen;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Lifecycle;

/// <summary>Messages that ask for nothing are answered by nothing: <c>{}</c> or <c>null</c>. Anything else says that guest and host do not mean the same.</summary>
internal static class NothingAnswer
{
    private static readonly FrozenSet<string> Types = FrozenSet.Create(
        StringComparer.Ordinal,
        MessageType.Activate, MessageType.Started, MessageType.Deactivate, MessageType.Hydrate, MessageType.SettingsChanged,
        MessageType.Event, MessageType.Timer, MessageType.Watch, MessageType.Action, MessageType.Command);

    /// <summary>Whether a type of message asks for nothing.</summary>
    public static bool IsOf(string type) => Types.Contains(type);

    /// <summary>The reply to a message, a fault when it should be nothing and is something.</summary>
    public static GuestReply Check(string type, GuestReply reply) =>
        reply is GuestReply.Answered answered && IsOf(type) && !Is(answered.Json.Span)
            ? new GuestReply.Failed(new GuestFault(GuestFaultKind.InvalidAnswer, $"the answer to `{type}` is not one: at its root, expected `{{}}` or `null`"))
            : reply;

    /// <summary>Whether an answer, of valid JSON, is nothing.</summary>
    public static bool Is(ReadOnlySpan<byte> json)
    {
        var text = json.Trim(" \t\r\n"u8);
        return text.SequenceEqual("null"u8) || (text is [(byte)'{', .., (byte)'}'] && text[1..^1].Trim(" \t\r\n"u8).IsEmpty);
    }
}
