namespace LazyOC.Plugins.Contracts.Calls;

/// <summary><c>http.fetch</c>: one HTTP request to a server that the plugin may connect to; redirects are followed within its permissions.</summary>
public sealed record HttpFetchRequest
{
    /// <summary>Absolute, <c>http</c> or <c>https</c>, without user name and password.</summary>
    public required string Url { get; init; }

    /// <summary><c>GET</c> when absent; also <c>HEAD</c>, <c>POST</c>, <c>PUT</c>, <c>PATCH</c>, <c>DELETE</c> and <c>OPTIONS</c>.</summary>
    public string Method { get; init => field = value ?? "GET"; } = "GET";

    /// <summary>By name; those that frame the message, such as <c>Host</c> and <c>Content-Length</c>, are the host's.</summary>
    public Dictionary<string, string> Headers { get; init => field = value ?? []; } = [];

    /// <summary>Text or <c>{"base64": …}</c>; not with <c>GET</c> and <c>HEAD</c>.</summary>
    public TextOrBytes? Body { get; init; }

    /// <summary>Wall time for all of it, redirects included; the host's limit when absent or longer.</summary>
    public int? TimeoutMs { get; init; }

    /// <summary>
    /// A file below <c>/tmp</c> or a writable <c>/mnt/NAME</c> that the body of a successful answer (2xx) is streamed into, up to
    /// 16 MiB; it is replaced in one step when all of it has come. Not with <c>HEAD</c>.
    /// </summary>
    public string? SaveTo { get; init; }
}

/// <summary>Answer of <c>http.fetch</c>, whatever its status.</summary>
public sealed record HttpFetchAnswer
{
    public required int Status { get; init; }

    /// <summary>By name in lower case; the values of a repeated header are joined by a comma.</summary>
    public Dictionary<string, string> Headers { get; init => field = value ?? []; } = [];

    /// <summary>Text when it is UTF-8, otherwise <c>{"base64": …}</c>; decompressed, unless the request named its own <c>Accept-Encoding</c>. Absent when it is empty, and when it was saved.</summary>
    public TextOrBytes? Body { get; init; }

    /// <summary>Bytes in the file of <c>saveTo</c>, decompressed as <see cref="Body"/> would be; absent when nothing was saved.</summary>
    public long? SavedBytes { get; init; }
}

/// <summary><c>http.listen</c>: requests to a port of the loopback interface arrive as <c>httpRequest</c> messages, as long as the instance lives. Twice changes nothing.</summary>
public sealed record HttpListenRequest
{
    /// <summary>From 1 to 65535; one of the manifest's <c>network.listen</c>.</summary>
    public required int Port { get; init; }
}

/// <summary>Answer of <c>http.listen</c>.</summary>
public sealed record HttpListenAnswer
{
    /// <summary>
    /// Requests arrive from now on. False while another LazyOC of the same home serves the plugin, and before this instance has
    /// taken over: listening begins by itself when that is over, and the plugin need not ask again.
    /// </summary>
    public required bool Listening { get; init; }
}
