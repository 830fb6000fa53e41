using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>A registry on a server: <c>https://</c>, or <c>http://</c> on this machine.</summary>
/// <remarks>
/// The server may be anybody's: answers are bounded in bytes and time, redirects in number and never out of TLS, and the token
/// goes to the registry's own origin only.
/// </remarks>
public sealed class HttpRegistryFiles : IRegistryFiles, IDisposable
{
    private const string KeeperHint = "tell who keeps the registry";

    private readonly Uri _root;
    private readonly string? _token;
    private readonly RegistryClientLimits _limits;
    private readonly TimeProvider _time;
    private readonly RegistryRequests _requests;
    private readonly BodyCopy _copy;

    /// <param name="root">Address of the registry.</param>
    /// <param name="token">Sent as a bearer token; null for none.</param>
    /// <param name="limits"><see cref="RegistryClientLimits.Default"/> when null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="userAgent">Name and version of the program that asks.</param>
    /// <param name="connect">Makes connections, to those places only that may be reached; anywhere when null.</param>
    public HttpRegistryFiles(
        Uri root, string? token, RegistryClientLimits? limits, TimeProvider time, ProductInfoHeaderValue userAgent, Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>>? connect = null)
    {
        _root = root.AbsoluteUri.EndsWith('/') ? root : new Uri(root.AbsoluteUri + "/");
        (_token, _limits, _time) = (token, limits ?? RegistryClientLimits.Default, time);
        _requests = new RegistryRequests(_root, token, _limits, time, userAgent, connect);
        _copy = new BodyCopy(_limits, time);
    }

    public string Location => _root.AbsoluteUri;

    /// <summary>Whether an address may be a registry's: TLS, or this machine.</summary>
    public static bool IsAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    public void Dispose() => _requests.Dispose();

    public Task<Fetched> FetchAsync(string path, string? etag, int maxBytes, CancellationToken cancellationToken) => TryAsync(async Task<(Fetched, TimeSpan?)> () =>
    {
        var address = new Uri(_root, path);
        using var answer = await _requests.AskAsync(address, request =>
        {
            if (etag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }, cancellationToken);
        switch (answer.Response)
        {
            case null:
                return (new Fetched.Refused(answer.Why!, answer.IsUnreachable), answer.IsUnreachable ? TimeSpan.Zero : null);
            case { StatusCode: HttpStatusCode.NotModified } when etag is not null:
                return (new Fetched.NotModified(), null);
            case { StatusCode: HttpStatusCode.NotFound }:
                return (new Fetched.Missing(), null);
            case { StatusCode: HttpStatusCode.OK } response:
                if (IsWebPage(response)) return (new Fetched.Refused(WebPage(response)), null);
                var body = new MemoryStream();
                var end = await _copy.ToAsync(body, response, maxBytes, _ => { }, cancellationToken);
                if (Explain(end, address, maxBytes, $"{body.Length:N0}") is { } cut) return (new Fetched.Refused(cut.Why), cut.GoesOn ? TimeSpan.Zero : null);
                return IsWebPage(body) ? (new Fetched.Refused(WebPage(response)), null) : (new Fetched.File(body.ToArray(), response.Headers.ETag?.ToString()), null);
            case var response:
                var (why, pause) = Explain(response, address);
                return (new Fetched.Refused(why), pause);
        }
    }, cancellationToken);

    public Task<Shortfall?> AppendAsync(string path, FileStream target, long size, Action<long> progress, CancellationToken cancellationToken) => TryAsync(async Task<(Shortfall?, TimeSpan?)> () =>
    {
        var address = new Uri(_root, path);
        var here = target.Seek(0, SeekOrigin.End);
        using var answer = await _requests.AskAsync(address, request =>
        {
            if (here > 0) request.Headers.Range = new RangeHeaderValue(here, null);
        }, cancellationToken);
        switch (answer.Response)
        {
            case null:
                return (new Shortfall(answer.Why!, GoesOn: true), answer.IsUnreachable ? TimeSpan.Zero : null);
            case { StatusCode: HttpStatusCode.OK } response:
                if (IsWebPage(response)) return (new Shortfall(WebPage(response), GoesOn: false), null);
                if (here > 0) target.SetLength(here = 0);
                break;
            case { StatusCode: HttpStatusCode.PartialContent } response:
                if (response.Content.Headers.ContentRange is { } range && range.From == here && range.To == size - 1) break;
                return (new Shortfall(new Problem(address.AbsoluteUri, "was sent in another part than the one asked for", KeeperHint), GoesOn: false), null);
            case { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable }:
                return (new Shortfall(new Problem(address.AbsoluteUri, $"is shorter than the {size:N0} bytes that its index says", KeeperHint), GoesOn: false), null);
            case var response:
                var (why, pause) = Explain(response, address);
                return (new Shortfall(why, GoesOn: pause is not null), pause);
        }
        if (answer.Response.Content.Headers.ContentLength is { } length && here + length != size)
            return (new Shortfall(new Problem(address.AbsoluteUri, $"has {here + length:N0} bytes, not the {size:N0} that its index says", KeeperHint), GoesOn: false), null);
        var end = await _copy.ToAsync(target, answer.Response, size - here, copied => progress(here + copied), cancellationToken);
        // Without a length, the end of the connection is all there is to tell.
        if (end == BodyEnd.Complete && target.Length < size) end = BodyEnd.CutOff;
        var cut = Explain(end, address, size, $"{target.Length:N0} of {size:N0}");
        return (cut, cut is { GoesOn: true } ? TimeSpan.Zero : null);
    }, cancellationToken);

    /// <summary>Makes attempts until one succeeds or fails for good.</summary>
    /// <param name="attempt">Gives what came of it, and how long to wait before another; null for no other.</param>
    /// <param name="cancellationToken">Ends it.</param>
    private async Task<T> TryAsync<T>(Func<Task<(T Result, TimeSpan? Pause)>> attempt, CancellationToken cancellationToken)
    {
        for (var number = 1; ; number++)
        {
            var (result, pause) = await attempt();
            if (pause is not { } wait || number == _limits.Attempts || wait > _limits.MaxPause) return result;
            var own = _limits.Pause * (1 << (number - 1));
            await Task.Delay(wait > own ? wait : own, _time, cancellationToken);
        }
    }

    private Shortfall? Explain(BodyEnd end, Uri address, long maxBytes, string copied) => end switch
    {
        BodyEnd.Complete => null,
        BodyEnd.CutOff => new Shortfall(new Problem(address.AbsoluteUri, $"was cut off after {copied} bytes", "try again; a download goes on from there") { MayPass = true }, GoesOn: true),
        BodyEnd.TooLong => new Shortfall(new Problem(address.AbsoluteUri, $"is longer than the {maxBytes:N0} bytes it may have", KeeperHint), GoesOn: false),
        BodyEnd.TooSlow => new Shortfall(new Problem(address.AbsoluteUri, $"comes too slowly: less than {_limits.MinBytesPerSecond} bytes a second", "try again later") { MayPass = true }, GoesOn: true),
        _ => throw new InvalidOperationException($"a body ended as {end}"),
    };

    private (Problem Why, TimeSpan? Pause) Explain(HttpResponseMessage response, Uri address)
    {
        var (who, status) = (_requests.NameOf(response.RequestMessage?.RequestUri), (int)response.StatusCode);
        var isOwn = who == Location;
        var pause = PauseOf(response);
        return response.StatusCode switch
        {
            HttpStatusCode.NotModified => (new Problem(address.AbsoluteUri, "was said to be as before, though all of it was asked for", KeeperHint), null),
            HttpStatusCode.Unauthorized => (new Problem("", $"{who} asks who you are", !isOwn ? KeeperHint : _token is null ? "give it a token: `lazyoc registry login NAME`" : "its token is not accepted any more: `lazyoc registry login NAME`"), null),
            HttpStatusCode.Forbidden => (new Problem(address.AbsoluteUri, $"may not be read: {who} does not let you", "ask who keeps the registry"), null),
            HttpStatusCode.NotFound => (new Problem(address.AbsoluteUri, "is not there, though the registry's index names it", KeeperHint), null),
            HttpStatusCode.Gone => (new Problem(address.AbsoluteUri, "is not there any more: it was taken down", "choose another version"), null),
            HttpStatusCode.TooManyRequests => (new Problem("", $"{who} has had too many requests{(pause is { } wait ? string.Create(CultureInfo.InvariantCulture, $" and asks to wait {wait.TotalSeconds:0} s") : "")}", "try again later") { MayPass = true }, pause ?? TimeSpan.Zero),
            >= HttpStatusCode.InternalServerError => (new Problem("", $"{who} fails: it answered {status}", "try again later") { MayPass = true }, pause ?? TimeSpan.Zero),
            _ => (new Problem(address.AbsoluteUri, $"was answered with {status}", "check the address"), null),
        };
    }

    private TimeSpan? PauseOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };

    private Problem WebPage(HttpResponseMessage response) =>
        new("", $"{_requests.NameOf(response.RequestMessage?.RequestUri)} sent a web page in place of a registry's file", "check the address; a proxy may be asking you to sign in");

    private static bool IsWebPage(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml";

    private static bool IsWebPage(MemoryStream body) => body.GetBuffer().AsSpan(0, (int)body.Length).TrimStart(" \t\r\n"u8).StartsWith("<"u8);
}
