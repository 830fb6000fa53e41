using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>A registry on a server: <c>https://</c>, or <c>http://</c> on this machine.</summary>
/// <remarks>
/// The server may be anybody's: answers are bounded in bytes and time, redirects in number and never to plain HTTP, and the
/// token goes to the registry's own origin only.
/// </remarks>
public sealed class HttpRegistryFiles : IRegistryFiles, IDisposable
{
    private readonly Uri _root;
    private readonly string? _token;
    private readonly RegistryClientLimits _limits;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;

    /// <param name="root">Address of the registry.</param>
    /// <param name="token">Sent as a bearer token; null for none.</param>
    /// <param name="limits"><see cref="RegistryClientLimits.Default"/> when null.</param>
    /// <param name="time">The clock.</param>
    /// <param name="userAgent">Name and version of the program that asks.</param>
    public HttpRegistryFiles(Uri root, string? token, RegistryClientLimits? limits, TimeProvider time, ProductInfoHeaderValue userAgent)
    {
        _root = root.AbsoluteUri.EndsWith('/') ? root : new Uri(root.AbsoluteUri + "/");
        (_token, _limits, _time) = (token, limits ?? RegistryClientLimits.Default, time);
        UserAgent = userAgent;
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = _limits.ConnectTimeout,
            // Bytes are counted as they come; what they unpack to would not be.
            AutomaticDecompression = DecompressionMethods.None,
        });
    }

    public string Location => _root.AbsoluteUri;

    private ProductInfoHeaderValue UserAgent { get; }

    /// <summary>Whether an address may be a registry's: TLS, or this machine.</summary>
    public static bool IsAllowed(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    public void Dispose() => _http.Dispose();

    public Task<Fetched> FetchAsync(string path, string? etag, int maxBytes, CancellationToken cancellationToken) => TryAsync(async Task<(Fetched, TimeSpan?)> () =>
    {
        using var answer = await AskAsync(path, request =>
        {
            if (etag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", etag);
        }, cancellationToken);
        switch (answer.Response?.StatusCode)
        {
            case null:
                return (new Fetched.Refused(answer.Why!, answer.IsUnreachable), answer.MayPass);
            case HttpStatusCode.NotModified when etag is not null:
                return (new Fetched.NotModified(), null);
            case HttpStatusCode.NotFound:
                return (new Fetched.Missing(), null);
            case HttpStatusCode.OK:
                var body = new MemoryStream();
                if (await CopyAsync(answer.Response, body, path, maxBytes, _ => { }, cancellationToken) is { } cut) return (new Fetched.Refused(cut.Why), cut.GoesOn ? TimeSpan.Zero : null);
                return IsWebPage(answer.Response, body) is { } page ? (new Fetched.Refused(page), null) : (new Fetched.File(body.ToArray(), answer.Response.Headers.ETag?.ToString()), null);
            default:
                var (why, pause) = Explain(answer.Response, path);
                return (new Fetched.Refused(why), pause);
        }
    }, cancellationToken);

    public Task<Shortfall?> AppendAsync(string path, FileStream target, long size, Action<long> progress, CancellationToken cancellationToken) => TryAsync(async Task<(Shortfall?, TimeSpan?)> () =>
    {
        var here = target.Seek(0, SeekOrigin.End);
        using var answer = await AskAsync(path, request =>
        {
            if (here > 0) request.Headers.Range = new RangeHeaderValue(here, null);
        }, cancellationToken);
        if (answer.Response is not { } response) return (new Shortfall(answer.Why!, GoesOn: true), answer.MayPass);
        if (response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From != here)
            return (new Shortfall(new Problem(path, "was sent in another part than the one asked for", "tell who keeps the registry"), GoesOn: false), null);
        if (response.StatusCode == HttpStatusCode.OK && here > 0) target.SetLength(here = 0);
        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.PartialContent))
        {
            var (why, pause) = Explain(response, path);
            return (new Shortfall(why, GoesOn: pause is not null), pause);
        }
        var cut = await CopyAsync(response, target, path, size - here, length => progress(here + length), cancellationToken);
        if (cut is null && target.Length < size) cut = new Shortfall(new Problem(path, string.Create(CultureInfo.InvariantCulture, $"was cut off after {target.Length:N0} of {size:N0} bytes"), "run it again: it goes on from there"), GoesOn: true);
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

    private async Task<Answer> AskAsync(string path, Action<HttpRequestMessage> prepare, CancellationToken cancellationToken)
    {
        var address = new Uri(_root, path);
        if (!IsAllowed(address)) return Answer.Refused(new Problem(path, "is not protected by TLS", "tell who keeps the registry"));
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.UserAgent.Add(UserAgent);
            if (_token is not null && IsSameOrigin(address, _root)) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token);
            prepare(request);
            var (response, refused) = await SendAsync(request, path, cancellationToken);
            if (response is null) return refused!;
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)) return new Answer(response);
            using (response)
            {
                if (response.Headers.Location is not { } location) return Answer.Refused(new Problem(path, "is redirected without saying where to", "tell who keeps the registry"));
                address = new Uri(address, location);
                if (redirects == _limits.MaxRedirects) return Answer.Refused(new Problem(path, $"is redirected more than {_limits.MaxRedirects} times", "tell who keeps the registry"));
                if (!IsAllowed(address)) return Answer.Refused(new Problem(path, $"is redirected to {address.GetLeftPart(UriPartial.Authority)}, which is not protected by TLS", "tell who keeps the registry"));
            }
        }
    }

    private async Task<(HttpResponseMessage? Response, Answer? Refused)> SendAsync(HttpRequestMessage request, string path, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_limits.AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            return (await _http.SendAsync(request, either.Token), null);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, Answer.Unreachable(new Problem("", $"{Location} does not answer", "check your connection, or try again later"), mayPass: true));
        }
        catch (HttpRequestException error) when (error.InnerException is AuthenticationException tls)
        {
            return (null, Answer.Refused(new Problem("", $"{Location} cannot be trusted: {tls.Message.TrimEnd('.')}", "its certificate has to be valid for its name, and issued by someone this machine trusts")));
        }
        catch (HttpRequestException error)
        {
            return (null, Answer.Unreachable(new Problem("", $"{Location} cannot be reached: {error.Message.TrimEnd('.')}", "check the address and your connection"), mayPass: true));
        }
        catch (IOException error)
        {
            return (null, Answer.Unreachable(new Problem("", $"{Location} did not finish its answer about {path}: {error.Message.TrimEnd('.')}", "try again later"), mayPass: true));
        }
    }

    /// <summary>Copies a body of at most so many bytes.</summary>
    private async Task<Shortfall?> CopyAsync(HttpResponseMessage response, Stream target, string path, long maxBytes, Action<long> progress, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentLength > maxBytes) return TooLong();
        using var slow = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(slow.Token, cancellationToken);
        var (copied, before) = (0L, 0L);
        using var watch = _time.CreateTimer(_ =>
        {
            var now = Interlocked.Read(ref copied);
            if (now - before < _limits.MinBytesPerSecond * _limits.RateWindow.TotalSeconds) slow.Cancel();
            before = now;
        }, null, _limits.RateWindow, _limits.RateWindow);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var chunk = new byte[1 << 16];
            for (int read; (read = await ReadAsync(body, chunk, either.Token)) > 0;)
            {
                if (copied + read > maxBytes) return TooLong();
                await target.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
                progress(Interlocked.Add(ref copied, read));
            }
            return null;
        }
        catch (OperationCanceledException) when (slow.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new Shortfall(new Problem(path, string.Create(CultureInfo.InvariantCulture, $"comes too slowly: less than {_limits.MinBytesPerSecond} bytes a second"), "try again later"), GoesOn: true);
        }
        catch (CutOffException cut)
        {
            return new Shortfall(new Problem(path, $"was cut off: {cut.Message.TrimEnd('.')}", "try again"), GoesOn: true);
        }

        Shortfall TooLong() => new(new Problem(path, string.Create(CultureInfo.InvariantCulture, $"is longer than the {maxBytes:N0} bytes it may have"), "tell who keeps the registry"), GoesOn: false);
    }

    // Told apart from what goes wrong with the target.
    private static async Task<int> ReadAsync(Stream body, byte[] chunk, CancellationToken cancellationToken)
    {
        try
        {
            return await body.ReadAsync(chunk, cancellationToken);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            throw new CutOffException(error.Message, error);
        }
    }

    private static Problem? IsWebPage(HttpResponseMessage response, MemoryStream body)
    {
        var isPage = response.Content.Headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml" || (body.TryGetBuffer(out var bytes) && bytes.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("<"u8));
        return isPage ? new Problem("", $"{response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Authority)} sent a web page in place of a registry's file", "check the address; a proxy may be asking you to sign in") : null;
    }

    private (Problem Why, TimeSpan? Pause) Explain(HttpResponseMessage response, string path)
    {
        var status = (int)response.StatusCode;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => (new Problem("", $"{Location} asks who you are", _token is null ? "give it a token: `lazyoc registry login NAME`" : "its token is not accepted any more: `lazyoc registry login NAME`"), null),
            HttpStatusCode.Forbidden => (new Problem("", $"{Location} does not let you read {path}", "ask who keeps the registry"), null),
            HttpStatusCode.NotFound => (new Problem("", $"{Location} has no {path}, though its index names it", "tell who keeps the registry"), null),
            HttpStatusCode.Gone => (new Problem("", $"{Location} has {path} no more: it was taken down", "choose another version"), null),
            HttpStatusCode.TooManyRequests => (new Problem("", $"{Location} has had too many requests{(PauseOf(response) is { } wait ? string.Create(CultureInfo.InvariantCulture, $" and asks to wait {wait.TotalSeconds:0} s") : "")}", "try again later"), PauseOf(response) ?? TimeSpan.Zero),
            >= HttpStatusCode.InternalServerError => (new Problem("", string.Create(CultureInfo.InvariantCulture, $"{Location} fails: it answered {status}"), "try again later"), PauseOf(response) ?? TimeSpan.Zero),
            _ => (new Problem("", string.Create(CultureInfo.InvariantCulture, $"{Location} answered {status} to {path}"), "check the address"), null),
        };
    }

    private TimeSpan? PauseOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > _time.GetUtcNow() => date - _time.GetUtcNow(),
        _ => null,
    };

    private static bool IsSameOrigin(Uri a, Uri b) => a.Scheme == b.Scheme && a.Host == b.Host && a.Port == b.Port;

    private sealed class CutOffException(string message, Exception inner) : Exception(message, inner);

    /// <summary>What a request came to: a response, or why there is none.</summary>
    private sealed record Answer(HttpResponseMessage? Response, Problem? Why = null, bool IsUnreachable = false, TimeSpan? MayPass = null) : IDisposable
    {
        public static Answer Refused(Problem why) => new(null, why);

        public static Answer Unreachable(Problem why, bool mayPass) => new(null, why, IsUnreachable: true, MayPass: mayPass ? TimeSpan.Zero : null);

        public void Dispose() => Response?.Dispose();
    }
}
