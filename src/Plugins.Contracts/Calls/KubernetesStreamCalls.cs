using System.Collections.Immutable;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>kubernetes.watch</c>: objects that are there, then what happens to them, as <c>watch</c> messages (<see cref="WatchPayload"/>).</summary>
public sealed record KubernetesWatchRequest
{
    public string Group { get; init => field = value ?? ""; } = "";

    /// <summary>Plural resource name.</summary>
    public required string Resource { get; init; }

    /// <summary>Absent for all namespaces and cluster-scoped resources.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }
    public string? FieldSelector { get; init; }

    /// <summary>JSONPaths to keep of each object, 1 to 32. What one path selects of one object is left out above 64 KiB.</summary>
    public required ImmutableArray<string> Fields { get; init; }
}

/// <summary>Answer of <c>kubernetes.watch</c>.</summary>
public sealed record KubernetesWatchAnswer
{
    /// <summary>Names it in messages and in <c>kubernetes.unwatch</c>; unique within the plugin instance, with which it ends.</summary>
    public required string Watch { get; init; }
}

/// <summary><c>kubernetes.unwatch</c>: ends a watch or a followed log; a message that is on its way still arrives.</summary>
public sealed record KubernetesUnwatchRequest
{
    public required string Watch { get; init; }
}

/// <summary><c>kubernetes.exec</c>: runs a command in a container and waits for its end.</summary>
public sealed record KubernetesExecRequest
{
    public required string Namespace { get; init; }
    public required string Pod { get; init; }

    /// <summary>May be absent when the pod has one container only.</summary>
    public string? Container { get; init; }

    /// <summary>The program and its arguments; no shell reads them.</summary>
    public required ImmutableArray<string> Command { get; init; }

    /// <summary>Its standard input, which ends after this text.</summary>
    public string? Stdin { get; init; }

    /// <summary>Longest wait for the end in milliseconds, 1 to 300,000; the message's own deadline ends it too.</summary>
    public int? TimeoutMs { get; init; }
}

/// <summary>Answer of <c>kubernetes.exec</c>.</summary>
public sealed record KubernetesExecAnswer
{
    public required int ExitCode { get; init; }

    /// <summary>As UTF-8 text; what is none is replaced.</summary>
    public required string Stdout { get; init; }

    public required string Stderr { get; init; }

    /// <summary>Output is missing at the end, because an answer holds no more.</summary>
    public bool Truncated { get; init; }
}

/// <summary>
/// <c>kubernetes.serviceProxy</c>: one HTTP request to a service, through the API server as the session's user. Redirects are
/// answers, not followed.
/// </summary>
public sealed record KubernetesServiceProxyRequest
{
    public required string Namespace { get; init; }
    public required string Service { get; init; }

    /// <summary>Number or name of the service's port.</summary>
    public required string Port { get; init; }

    /// <summary><c>http</c>, which is meant when absent, or <c>https</c>.</summary>
    public string? Scheme { get; init; }

    /// <summary>GET, HEAD, POST, PUT, PATCH or DELETE.</summary>
    public required string Method { get; init; }

    /// <summary>
    /// Begins with a slash and is not escaped: the host does that, so a <c>?</c> or <c>%2F</c> in it is part of a name. Without
    /// empty segments, <c>.</c> and <c>..</c>.
    /// </summary>
    public required string Path { get; init; }

    /// <summary>Parameters, not escaped.</summary>
    public ImmutableDictionary<string, string> Query { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Without those that the host sets or that speak to the API server, such as <c>Authorization</c> and <c>Host</c>.</summary>
    public ImmutableDictionary<string, string> Headers { get; init => field = value ?? ImmutableDictionary<string, string>.Empty; } = ImmutableDictionary<string, string>.Empty;

    public TextOrBytes? Body { get; init; }
}

/// <summary>Answer of <c>kubernetes.serviceProxy</c>: whatever the service says, errors too.</summary>
public sealed record KubernetesServiceProxyAnswer
{
    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>By lower-case name; several of one name are joined by commas.</summary>
    public required ImmutableDictionary<string, string> Headers { get; init; }

    /// <summary>Text when it is UTF-8.</summary>
    public required TextOrBytes Body { get; init; }
}
