namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>
/// One message from host to guest:
/// <c>{"v":1,"id","type","session","gesture"?,"deadlineMs","payload"}</c>. Bytes inside a payload are <c>{"base64":"…"}</c>.
/// </summary>
/// <remarks>The payload is kept as the UTF-8 JSON it is sent as; at most <see cref="MaxBytes"/> each way, envelope included.</remarks>
public sealed record Envelope
{
    /// <summary>Version of the envelope.</summary>
    public const int Version = 1;

    /// <summary>Largest message in either direction, in bytes.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Unique within the plugin instance; answers and cancellation name it.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="MessageType"/>.</summary>
    public required string Type { get; init; }

    /// <summary>The session (context, user and epoch) that this instance belongs to.</summary>
    public required string Session { get; init; }

    /// <summary>The unforgeable token of the user's live action or command; null when the user started nothing.</summary>
    public string? Gesture { get; init; }

    /// <summary>Wall time for the answer in milliseconds, waits for the user excluded.</summary>
    public required int DeadlineMs { get; init; }

    /// <summary>UTF-8 JSON.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }
}

/// <summary>Types of messages the host sends to a guest.</summary>
public static class MessageType
{
    public const string Activate = "activate";
    public const string Started = "started";
    public const string Deactivate = "deactivate";
    public const string Dehydrate = "dehydrate";
    public const string Hydrate = "hydrate";
    public const string Migrate = "migrate";
    public const string Render = "render";
    public const string Input = "input";
    public const string Action = "action";
    public const string Command = "command";
    public const string Compute = "compute";
    public const string Event = "event";
    public const string Service = "service";
    public const string SettingsChanged = "settingsChanged";
    public const string Timer = "timer";
    public const string Hook = "hook";
    public const string LogLines = "logLines";
    public const string Watch = "watch";
    public const string HttpRequest = "httpRequest";
}

/// <summary>A guest's request to the host, as it arrives at the broker.</summary>
/// <param name="Name">Such as <c>kubernetes.list</c>.</param>
/// <param name="Arguments">UTF-8 JSON object.</param>
/// <param name="Gesture">The token passed on from the message being handled, if any.</param>
public readonly record struct HostCall(string Name, ReadOnlyMemory<byte> Arguments, string? Gesture);

/// <summary>The host's answer to a <see cref="HostCall"/>, or a guest's answer to a message: UTF-8 JSON, or an error.</summary>
public readonly record struct Answer
{
    private Answer(ReadOnlyMemory<byte> ok, CallError? error) => (Ok, Error) = (ok, error);

    /// <summary>UTF-8 JSON; empty when <see cref="Error"/> is set.</summary>
    public ReadOnlyMemory<byte> Ok { get; }

    public CallError? Error { get; }

    public static Answer Success(ReadOnlyMemory<byte> json) => new(json, null);

    public static Answer Failure(string code, string message) => new(default, new CallError(code, message));
}

/// <summary>An expected refusal or failure of a host call.</summary>
/// <param name="Code">One of <see cref="ErrorCode"/>.</param>
/// <param name="Message">For the plugin's author and the user; says what was refused and why.</param>
public sealed record CallError(string Code, string Message);

/// <summary>The closed list of error codes.</summary>
public static class ErrorCode
{
    public const string PermissionDenied = "permission-denied";
    public const string GestureRequired = "gesture-required";
    public const string QuotaExceeded = "quota-exceeded";
    public const string NotFound = "not-found";
    public const string Conflict = "conflict";
    public const string Invalid = "invalid";
    public const string Timeout = "timeout";
    public const string Unavailable = "unavailable";
    public const string TooLarge = "too-large";
    public const string Cancelled = "cancelled";
    public const string Internal = "internal";
}
