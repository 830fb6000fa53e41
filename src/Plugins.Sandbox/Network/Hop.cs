using System.Net;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>One request on the way to an answer: the plugin's own, or what a redirect made of it.</summary>
internal sealed record Hop
{
    public required Uri Url { get; init; }
    public required string Method { get; init; }
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
    public TextOrBytes? Body { get; init; }

    /// <summary>The request has not left the server that the plugin asked: only there does it carry credentials.</summary>
    public bool IsAtHome { get; init; } = true;

    /// <summary>Whether the plugin itself decides on the compression of the answer, and so reads it as it comes.</summary>
    public bool NamesEncoding => Headers.Keys.Any(name => name.Equals("Accept-Encoding", StringComparison.OrdinalIgnoreCase));

    /// <summary>What the audit says of it.</summary>
    public string Target => NetworkGateway.TargetOf(Url);

    public static Hop First(HttpFetchRequest request) => new() { Url = new Uri(request.Url), Method = request.Method, Headers = request.Headers, Body = request.Body };

    /// <summary>Where an answer leads; null when it is the one to give. By the Fetch standard.</summary>
    /// <exception cref="NetworkRefusalException">It leads where no request goes.</exception>
    public Hop? Follow(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
            || !response.Headers.TryGetValues("Location", out var locations)) return null;
        var next = Locate(string.Join(", ", locations));
        var becomesGet = response.StatusCode == HttpStatusCode.SeeOther ? Method != "HEAD" : Method == "POST" && response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found;
        var staysHome = next.Scheme == Url.Scheme && next.IdnHost == Url.IdnHost && next.Port == Url.Port;
        bool IsKept(string name) =>
            (staysHome || !(name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)))
            && !(becomesGet && name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase));
        return this with
        {
            Url = next,
            Method = becomesGet ? "GET" : Method,
            Body = becomesGet ? null : Body,
            Headers = Headers.Where(header => IsKept(header.Key)).ToDictionary(),
            IsAtHome = IsAtHome && staysHome,
        };
    }

    private Uri Locate(string location)
    {
        // Text that begins with a slash is the name of a file to Uri on some systems.
        var kind = location.StartsWith('/') ? UriKind.Relative : UriKind.RelativeOrAbsolute;
        if (!Uri.TryCreate(location, kind, out var given) || !Uri.TryCreate(Url, given, out var next)) throw new NetworkRefusalException(ErrorCode.Unavailable, $"`{Url.Host}` redirects to what is no URL");
        if (RequestRules.CheckUrl(next) is { } wrong) throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"`{Url.Host}` redirects to a URL that {wrong}");
        if (Url.Scheme == "https" && next.Scheme == "http") throw new NetworkRefusalException(ErrorCode.PermissionDenied, $"`{Url.Host}` redirects from https to http, which is not followed");
        return next;
    }
}
