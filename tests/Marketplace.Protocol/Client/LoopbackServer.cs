using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Tests.Client;

/// <summary>A request as it came.</summary>
/// <param name="Path">Without the slash in front.</param>
/// <param name="Headers">Names in lower case.</param>
internal sealed record Request(string Path, IReadOnlyDictionary<string, string> Headers)
{
    public string? this[string header] => Headers.GetValueOrDefault(header);
}

/// <summary>
/// A web server over a folder, on this machine: HTTP/1.1 with ranges, ETags and 304, a connection a request. It is honest but
/// for the paths that it is told to lie about.
/// </summary>
internal sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentDictionary<string, Func<Exchange, Task>> _lies = new();
    private readonly ConcurrentQueue<Request> _requests = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly string _folder;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;

    /// <param name="folder">What it serves.</param>
    /// <param name="certificate">For TLS; null for plain HTTP.</param>
    public LoopbackServer(string folder, X509Certificate2? certificate = null)
    {
        (_folder, _certificate) = (folder, certificate);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public int Port { get; }

    public Uri Root => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{Port}/");

    /// <summary>All requests, in the order in which they came.</summary>
    public IReadOnlyCollection<Request> Requests => _requests;

    public Request[] RequestsOf(string path) => [.. _requests.Where(request => request.Path == path)];

    /// <summary>Bytes of bodies that were sent for a path.</summary>
    public ConcurrentDictionary<string, long> BodyBytes { get; } = new();

    /// <summary>Answers a path otherwise than it should, from now on.</summary>
    public void Lie(string path, Func<Exchange, Task> answer) => _lies[path] = answer;

    public void Lie(string path, string head, string body = "") => Lie(path, Encoding.UTF8.GetBytes(body), head);

    public void Lie(string path, byte[] body, params string[] head) => Lie(path, async exchange =>
    {
        await exchange.SendHeadAsync(head);
        await exchange.SendBodyAsync(body);
    });

    public void BeHonest(string path) => _lies.TryRemove(path, out _);

    public async ValueTask DisposeAsync()
    {
        if (_stopped.IsCancellationRequested) return;
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stopped.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                Stream stream = client.GetStream();
                if (_certificate is not null)
                {
                    var tls = new SslStream(stream);
                    stream = tls;
                    await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stopped.Token);
                }
                await using (stream)
                {
                    if (await ReadRequestAsync(stream) is not { } request) return;
                    _requests.Enqueue(request);
                    var exchange = new Exchange(request, stream, this, _stopped.Token);
                    if (_lies.TryGetValue(request.Path, out var lie) || _lies.TryGetValue("*", out lie)) await lie(exchange);
                    else await AnswerAsync(exchange);
                }
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
            {
                // The client has gone, as it does when it has had enough.
            }
        }
    }

    private async Task<Request?> ReadRequestAsync(Stream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head.Count < 16 << 10)
        {
            if (await stream.ReadAsync(one, _stopped.Token) == 0) return null;
            head.Add(one[0]);
            if (head.Count < 4 || !head[^4..].SequenceEqual("\r\n\r\n"u8.ToArray())) continue;
            var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            return new Request(
                lines[0].Split(' ')[1].TrimStart('/'),
                lines[1..].Select(line => line.Split(": ", 2)).ToDictionary(parts => parts[0].ToLowerInvariant(), parts => parts[1]));
        }
        return null;
    }

    /// <summary>As a web server should.</summary>
    public async Task AnswerAsync(Exchange exchange)
    {
        var file = Path.Combine(_folder, exchange.Request.Path);
        if (!File.Exists(file))
        {
            await exchange.SendHeadAsync("404 Not Found");
            return;
        }
        var bytes = await File.ReadAllBytesAsync(file, _stopped.Token);
        var etag = $"\"{Digest.Of(bytes).ToString()[7..23]}\"";
        if (exchange.Request["if-none-match"] == etag)
        {
            await exchange.SendHeadAsync("304 Not Modified", $"ETag: {etag}");
            return;
        }
        var from = exchange.Request["range"] is { } range ? int.Parse(range["bytes=".Length..^1], CultureInfo.InvariantCulture) : 0;
        if (from >= bytes.Length) await exchange.SendHeadAsync("416 Range Not Satisfiable", $"Content-Range: bytes */{bytes.Length}");
        else if (from > 0) await exchange.SendHeadAsync("206 Partial Content", $"Content-Range: bytes {from}-{bytes.Length - 1}/{bytes.Length}", $"Content-Length: {bytes.Length - from}");
        else await exchange.SendHeadAsync("200 OK", $"Content-Length: {bytes.Length}", $"ETag: {etag}");
        if (from < bytes.Length) await exchange.SendBodyAsync(bytes.AsMemory(from));
    }
}

/// <summary>One request while it is answered; the connection ends with the answer.</summary>
internal sealed class Exchange(Request request, Stream stream, LoopbackServer server, CancellationToken stopped)
{
    public Request Request => request;

    public Task AnswerAsync() => server.AnswerAsync(this);

    /// <summary>Status and headers.</summary>
    public async Task SendHeadAsync(params string[] lines) => await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {string.Join("\r\n", lines)}\r\nConnection: close\r\n\r\n"), stopped);

    /// <summary>Bytes that are no answer, or only a part of one.</summary>
    public async Task SendRawAsync(string text) => await stream.WriteAsync(Encoding.ASCII.GetBytes(text), stopped);

    public async Task SendBodyAsync(ReadOnlyMemory<byte> bytes)
    {
        await stream.WriteAsync(bytes, stopped);
        server.BodyBytes.AddOrUpdate(request.Path, bytes.Length, (_, sent) => sent + bytes.Length);
    }

    /// <summary>Waits for a test, but not beyond its end.</summary>
    public Task WaitAsync(Task until) => until.WaitAsync(stopped);

    /// <summary>Waits until the client has closed the connection.</summary>
    public async Task ClosedAsync()
    {
        var one = new byte[1];
        while (await stream.ReadAsync(one, stopped) > 0) { }
    }
}
