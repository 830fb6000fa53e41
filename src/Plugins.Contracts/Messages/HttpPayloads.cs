using LazyOC.Plugins.Contracts.Calls;

namespace LazyOC.Plugins.Contracts.Messages;

/// <summary>Payload of <c>httpRequest</c>: a program on this computer asks the plugin; the answer is an <see cref="HttpRequestAnswer"/>.</summary>
public sealed record HttpRequestPayload
{
    /// <summary>The port that the plugin listens on.</summary>
    public required int Port { get; init; }

    public required string Method { get; init; }

    /// <summary>As it was sent, percent-encoding kept; begins with a slash.</summary>
    public required string Path { get; init; }

    /// <summary>What follows the question mark, as it was sent; empty when there is none.</summary>
    public required string Query { get; init; }

    /// <summary>By name in lower case; the values of a repeated header are joined by a comma.</summary>
    public required Dictionary<string, string> Headers { get; init; }

    /// <summary>Text when it is UTF-8, otherwise <c>{"base64": …}</c>; absent when it is empty.</summary>
    public TextOrBytes? Body { get; init; }
}

/// <summary>Answer to <c>httpRequest</c>.</summary>
public sealed record HttpRequestAnswer
{
    /// <summary>From 200 to 599.</summary>
    public required int Status { get; init; }

    /// <summary>By name; those that frame the message, such as <c>Content-Length</c>, are the host's.</summary>
    public Dictionary<string, string> Headers { get; init => field = value ?? []; } = [];

    /// <summary>Text or <c>{"base64": …}</c>.</summary>
    public TextOrBytes? Body { get; init; }
}
