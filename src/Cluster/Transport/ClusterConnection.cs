using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Text.Json;
using LazyOC.Cluster.Auth;
using LazyOC.Cluster.Config;
using LazyOC.Cluster.Errors;
using LazyOC.Cluster.Resources;
using LazyOC.Cluster.Watch;

namespace LazyOC.Cluster.Transport;

/// <summary>Sends requests to one server and explains what goes wrong. Thread-safe.</summary>
internal sealed class ClusterConnection : IDisposable
{
    private readonly ClusterOptions _options;
    private readonly HttpMessageInvoker _http;
    private readonly CredentialSource _credentials;
    private readonly Refusals _refusals;
    private readonly Lock _gate = new();
    private ConnectionState _state;

    public ClusterConnection(ClusterOptions options, ClusterLimits limits, TimeProvider time, BorrowTerminal? terminal)
    {
        _options = options;
        Limits = limits;
        Time = time;
        _refusals = new Refusals(options, time);
        _state = new ConnectionState(ConnectionPhase.Connecting, time.GetUtcNow());
        var transport = new ServerTransport(options, limits);
        _credentials = CredentialSource.For(options, limits, time, terminal);
        _http = new HttpMessageInvoker(new AuthenticatingHandler(options, _credentials, transport.Select, transport.Handler));
    }

    public ClusterLimits Limits { get; }

    public TimeProvider Time { get; }

    /// <summary>The bearer token that requests are sent with now; null when they are sent without one.</summary>
    public async ValueTask<string?> BearerTokenAsync(CancellationToken cancellationToken)
    {
        const string bearer = "Bearer ";
        var authorization = (await _credentials.GetAsync(cancellationToken)).Authorization;
        return authorization?.StartsWith(bearer, StringComparison.Ordinal) == true ? authorization[bearer.Length..] : null;
    }

    public ConnectionState State => Volatile.Read(ref _state);

    public event EventHandler? StateChanged;

    public Refusals Refusals => _refusals;

    /// <summary>Sends and waits for the headers of a success; the caller reads and disposes the answer.</summary>
    public async Task<HttpResponseMessage> OpenAsync(ClusterRequest request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limits.RequestTimeout, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var response = await SendAsync(request, linked.Token);
            return await AcceptAsync(request, response, linked.Token);
        }
        catch (Exception e) when (e is not ClusterException && !cancellationToken.IsCancellationRequested)
        {
            throw Report(Explain(request, e));
        }
    }

    /// <summary>Sends and reads the whole answer.</summary>
    public async Task<byte[]> ReadAsync(ClusterRequest request, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(request, cancellationToken);
        using var timeout = new CancellationTokenSource(Limits.RequestTimeout, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await ReadBodyAsync(response, Limits.MaxAnswerBytes, linked.Token)
                ?? throw new InvalidAnswerException($"cannot {request.Describe()}: the answer is larger than {Limits.MaxAnswerBytes} bytes", "narrow it with a namespace or a selector");
        }
        catch (Exception e) when (e is not ClusterException && !cancellationToken.IsCancellationRequested)
        {
            throw Report(Explain(request, e));
        }
    }

    /// <summary>Sends and parses the whole answer.</summary>
    public async Task<JsonDocument> ReadJsonAsync(ClusterRequest request, CancellationToken cancellationToken) =>
        ParseJson(request, await ReadAsync(request, cancellationToken));

    /// <summary>Sends to whoever is behind the API server; what that answers is no failure, whatever its status.</summary>
    public async Task<ServiceAnswer> ExchangeAsync(ClusterRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limits.RequestTimeout, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await SendAsync(request, linked.Token);
            var body = await ReadBodyAsync(response, maxBytes, linked.Token);
            ReportAlive();
            if (!response.IsSuccessStatusCode && Refusals.TryReadStatus(response, body ?? []) is { } refused)
                throw _refusals.From(request, response.StatusCode, refused.Reason, refused.Message, retryAfter: null);
            return new ServiceAnswer((int)response.StatusCode, HeadersOf(response), body ?? default(ReadOnlyMemory<byte>?));
        }
        catch (Exception e) when (e is not ClusterException && !cancellationToken.IsCancellationRequested)
        {
            throw Report(Explain(request, e));
        }
    }

    /// <summary>Opens a WebSocket, which belongs to the caller.</summary>
    public async Task<ClientWebSocket> UpgradeAsync(ClusterRequest request, IEnumerable<string> protocols, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limits.RequestTimeout, Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        var socket = new ClientWebSocket();
        try
        {
            socket.Options.CollectHttpResponseDetails = true;
            socket.Options.SetRequestHeader("User-Agent", "lazyoc");
            if (_options.TlsServerName is { } name)
                socket.Options.SetRequestHeader("Host", name);
            foreach (var protocol in protocols)
                socket.Options.AddSubProtocol(protocol);
            var address = request.UriAt(_options.Server);
            await socket.ConnectAsync(new UriBuilder(address) { Scheme = address.Scheme == Uri.UriSchemeHttps ? "wss" : "ws" }.Uri, _http, linked.Token);
            ReportAlive();
            return socket;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            // The answer's body, which would say why, is not given out by the socket.
            if (status is >= HttpStatusCode.OK)
                throw Report(_refusals.From(request, status, reason: null, $"the server answered {(int)status} to a WebSocket", retryAfter: null));
            throw e as ClusterException ?? Report(Explain(request, e));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public JsonDocument ParseJson(ClusterRequest request, ReadOnlyMemory<byte> answer)
    {
        try
        {
            var document = JsonDocument.Parse(answer, new JsonDocumentOptions { MaxDepth = Limits.MaxJsonDepth });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                return document;
            document.Dispose();
            throw new JsonException("an object is expected");
        }
        catch (JsonException e)
        {
            throw Garbled(request, e);
        }
    }

    public InvalidAnswerException Garbled(ClusterRequest request, Exception inner) =>
        new($"cannot {request.Describe()}: the answer is not valid JSON: {inner.Message}", "repeat; if it stays, something between here and the API server changes its answers", inner);

    /// <summary>What a failure below HTTP means.</summary>
    public ClusterException Explain(ClusterRequest request, Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
            if (e is ClusterException known)
                return known;

        var server = _options.Server.Authority;
        return failure switch
        {
            OperationCanceledException => new ClusterTimeoutException($"cannot {request.Describe()}: `{server}` did not answer within {Limits.RequestTimeout.TotalSeconds:0} seconds", "check the network or the VPN; it is tried again", failure),
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => new UnreachableException($"cannot reach `{server}`: the name is not known", "check the network, the VPN and `server` in the kubeconfig", failure),
            HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => new UnreachableException($"cannot reach `{server}`: the proxy refuses: {failure.Message}", "check `proxy-url` or `HTTPS_PROXY`", failure),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError, InnerException: IOException or AuthenticationException { InnerException: null or IOException } } => _refusals.NotACluster("does not speak TLS", inner: failure),
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => SecureConnection(server, failure),
            HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => _refusals.NotACluster("does not speak HTTP", inner: failure),
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => new UnreachableException($"cannot reach `{server}`: connection refused", "check that the cluster runs and that `server` names its port", failure),
            _ => new UnreachableException($"cannot {request.Describe()}: the connection to `{server}` broke: {Innermost(failure).Message}", "check the network or the VPN; it is tried again", failure),
        };
    }

    /// <summary>Remembers that the server cannot be reached; answers the same exception.</summary>
    public ClusterException Report(ClusterException failure)
    {
        if (failure is UnreachableException or CertificateException or NotAClusterException or ClusterTimeoutException { Status: null })
            Become(ConnectionPhase.Reconnecting, failure);
        return failure;
    }

    public void ReportAlive() => Become(ConnectionPhase.Connected, null);

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(ClusterRequest request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, request.UriAt(_options.Server))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        // SocketsHttpHandler takes the name for SNI and validation from here; SslOptions.TargetHost is overwritten.
        message.Headers.Host = _options.TlsServerName;
        if (request.IsForAnother)
            message.Options.Set(AuthenticatingHandler.IsForAnother, true);
        if (request.Body is { } body)
            message.Content = new ReadOnlyMemoryContent(body);
        foreach (var (name, value) in request.Headers)
            if (!message.Headers.TryAddWithoutValidation(name, value))
                message.Content?.Headers.TryAddWithoutValidation(name, value);
        if (!message.Headers.Contains("Accept"))
            message.Headers.TryAddWithoutValidation("Accept", request.Accept);
        if (!message.Headers.Contains("User-Agent"))
            message.Headers.TryAddWithoutValidation("User-Agent", "lazyoc");
        if (message.Content is { } content && !content.Headers.Contains("Content-Type"))
            content.Headers.TryAddWithoutValidation("Content-Type", request.ContentType);

        return await _http.SendAsync(message, cancellationToken);
    }

    private async Task<HttpResponseMessage> AcceptAsync(ClusterRequest request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (!response.IsSuccessStatusCode)
            {
                var body = await ReadBodyAsync(response, Limits.MaxErrorBytes, cancellationToken) ?? [];
                var refusal = _refusals.From(request, response, body);
                if (refusal is not NotAClusterException)
                    ReportAlive();
                throw Report(refusal);
            }

            if (!request.WantsText && response.Content.Headers.ContentType?.MediaType is { } type && !type.Contains("json", StringComparison.OrdinalIgnoreCase))
                throw Report(_refusals.NotACluster($"answered `{type}` where JSON was asked for", response.StatusCode));
            ReportAlive();
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    private static IReadOnlyList<(string Name, string Value)> HeadersOf(HttpResponseMessage response) =>
        [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated).SelectMany(header => header.Value.Select(value => (header.Key, value)))];

    /// <summary>The body; null when it is larger than allowed.</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpResponseMessage response, long maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var chunk = new byte[16 * 1024];
        while (await stream.ReadAsync(chunk, cancellationToken) is var read and > 0)
        {
            if (body.Length + read > maxBytes)
                return null;
            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }

    private CertificateException SecureConnection(string server, Exception failure) =>
        _options.ClientCertificatePem is null
            ? new CertificateException($"no secure connection to `{server}`: {Innermost(failure).Message}", "check the address and this machine's TLS settings", failure)
            : new CertificateException($"no secure connection to `{server}`: {Innermost(failure).Message}", "the client certificate may have expired; log in again", failure);

    private void Become(ConnectionPhase phase, ClusterException? cause)
    {
        lock (_gate)
        {
            if (_state.Phase == phase)
                return;
            _state = new ConnectionState(phase, Time.GetUtcNow(), cause);
        }

        StateChanged?.Invoke(this, EventArgs.Empty);
    }

    private static Exception Innermost(Exception e) => e.InnerException is { } inner ? Innermost(inner) : e;
}
