using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Messages;
using LazyOC.Plugins.Sandbox.Guests;

namespace LazyOC.Plugins.Runtime.Supervision;

/// <summary>
/// A message that failed because a host call was refused, or what it needs cannot be reached, and the plugin did not catch it.
/// The message fails visibly, but a restart would change nothing: what follows from refusals is for <see cref="Sandbox.Broker.ViolationMonitor"/> to say. Of a
/// failed activation no instance is left, so that one is a fault like any other.
/// </summary>
/// <remarks>
/// Guests name an uncaught refusal by its code, <c>CODE: MESSAGE</c>. A plugin can imitate that, and so keeps an instance
/// that would have been replaced for its own good; nobody else is worse off.
/// </remarks>
internal static class UncaughtRefusal
{
    private static readonly ImmutableArray<string> Codes = [ErrorCode.PermissionDenied, ErrorCode.GestureRequired, ErrorCode.QuotaExceeded, ErrorCode.Unavailable];

    public static bool Is(GuestFault fault) => fault is { Kind: GuestFaultKind.Threw, InstanceLost: false }
        && Codes.Any(code => fault.Message.StartsWith(code, StringComparison.Ordinal) && fault.Message.AsSpan(code.Length).StartsWith(": "));
}
