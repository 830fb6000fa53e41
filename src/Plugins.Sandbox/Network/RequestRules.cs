using System.Buffers;
using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Permissions;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>What a request of a plugin may look like. The host frames messages; a plugin fills them.</summary>
public static class RequestRules
{
    private static readonly FrozenSet<string> Methods = FrozenSet.Create(StringComparer.Ordinal, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    /// <summary>Headers that frame a message, name its server or belong to one connection.</summary>
    private static readonly FrozenSet<string> Framing = FrozenSet.Create(StringComparer.OrdinalIgnoreCase,
        "Connection", "Content-Length", "Expect", "Host", "HTTP2-Settings", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection",
        "TE", "Trailer", "Transfer-Encoding", "Upgrade");

    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> ValueChars = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c), '\t']);

    /// <summary>What is wrong with a request; null when nothing is.</summary>
    public static Problem? Check(HttpFetchRequest request, SandboxLimits limits)
    {
        if (CheckUrl(request.Url, limits) is { } wrong) return new Problem("url", wrong);
        if (!Methods.Contains(request.Method)) return new Problem("method", $"is none of {string.Join(", ", Methods.Order(StringComparer.Ordinal).Select(method => $"`{method}`"))}");
        if (request.Body is { } body)
        {
            if (!MayHaveBody(request.Method)) return new Problem("body", $"does not go with `{request.Method}`");
            if (body.Bytes.Length > limits.NetworkBodyBytes) return new Problem("body", $"has {body.Bytes.Length:N0} bytes; at most {limits.NetworkBodyBytes:N0} are sent");
        }
        if (request.SaveTo is not null && request.Method == "HEAD") return new Problem("saveTo", "does not go with `HEAD`, whose answers have no body");
        if (request.TimeoutMs is <= 0) return new Problem("timeoutMs", "is not positive");
        return CheckHeaders(request.Headers, limits.NetworkHeaders, limits.NetworkHeadersKiB);
    }

    /// <summary>What is wrong with headers that a plugin gives, of a request or of an answer; null when nothing is.</summary>
    /// <param name="headers">By name.</param>
    /// <param name="max">How many there may be.</param>
    /// <param name="maxKiB">How long they may be together.</param>
    public static Problem? CheckHeaders(IReadOnlyDictionary<string, string> headers, int max, int maxKiB)
    {
        if (headers.Count > max) return new Problem("headers", $"has {headers.Count} entries; at most {max} are sent");
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        long size = 0;
        foreach (var (name, value) in headers)
        {
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(TokenChars)) return new Problem("headers", "has a name that is none of a header");
            if (Framing.Contains(name)) return new Problem($"headers.{name}", "is set by the host");
            if (!names.Add(name)) return new Problem($"headers.{name}", "is there twice, in different case");
            // A header would end at a line break and the next begin; whether a server ends it elsewhere is not to be found out.
            if (value.AsSpan().ContainsAnyExcept(ValueChars)) return new Problem($"headers.{name}", "has characters that no header may have");
            size += name.Length + value.Length + 4;
        }
        return size <= maxKiB * 1024L ? null : new Problem("headers", $"has {size:N0} bytes; at most {maxKiB * 1024:N0} are sent");
    }

    /// <summary>
    /// Whether a URL writes this computer or a link-local address, where clouds tell machines their credentials, as if it were
    /// another: within an IPv6 address, or as fewer numbers than four. Nobody does so by mistake.
    /// </summary>
    public static bool IsDisguised(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || !IPAddress.TryParse(OriginPattern.HostOf(url), out var address)) return false;
        if (AddressClasses.Of(address) is not (AddressClass.Loopback or AddressClass.LinkLocal)) return false;
        if (address.AddressFamily == AddressFamily.InterNetworkV6) return AddressClasses.Unwrap(address).AddressFamily == AddressFamily.InterNetwork;
        var authority = AuthorityOf(text);
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        var port = host.IndexOf(':');
        return !(port < 0 ? host : host[..port]).SequenceEqual(address.ToString());
    }

    /// <summary>Whether a header is not a plugin's to set, nor to see: it is about one connection.</summary>
    public static bool IsFraming(string header) => Framing.Contains(header);

    internal static bool MayHaveBody(string method) => method is not ("GET" or "HEAD");

    /// <summary>What is wrong with a URL, continuing a sentence that begins with it; null when nothing is.</summary>
    public static string? CheckUrl(string text, SandboxLimits limits)
    {
        if (text.Length > limits.NetworkUrlChars) return $"has {text.Length:N0} characters; at most {limits.NetworkUrlChars:N0} are taken";
        foreach (var c in text)
            if (c is <= ' ' or '\x7f') return "has spaces or control characters";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)) return "is not an absolute URL";
        return CheckUrl(url);
    }

    internal static string? CheckUrl(Uri url) =>
        url.Scheme is not ("http" or "https") ? "is neither `http` nor `https`"
        : url.Host.Length == 0 ? "names no host"
        : url.UserInfo.Length > 0 || AuthorityOf(url.OriginalString).Contains('@') ? "has a user name or password"
        : null;

    // An empty user name is none to Uri; to other readers the host begins elsewhere then.
    private static ReadOnlySpan<char> AuthorityOf(string text)
    {
        var start = text.IndexOf("//", StringComparison.Ordinal);
        if (start < 0) return [];
        var rest = text.AsSpan(start + 2);
        var end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }
}
