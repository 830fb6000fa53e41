using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace LazyOC.Plugins.Runtime.Http;

/// <summary>
/// An HTTP server on one port of the loopback interface. It answers only requests that name this computer and that no page
/// of another origin sent: otherwise any web page could talk to it, by a name of its own that leads here or blindly. On another
/// address, which its operator has chosen, it has names that it does not know; pages are not answered at all there.
/// </summary>
internal sealed class LoopbackServer : IHttpApplication<HttpContext>, IAsyncDisposable
{
    private readonly bool _isLoopback;
    private readonly int _port;
    private readonly Func<HttpContext, Task> _answer;
    private readonly Action<string, Exception> _bug;
    private readonly string[] _names;
    private readonly int _maxOpen;
    private readonly KestrelServer _kestrel;
    private int _open;

    /// <param name="address">Where to listen.</param>
    /// <param name="port">On which port.</param>
    /// <param name="limits">Bounds.</param>
    /// <param name="answer">Answers a request that may be answered.</param>
    /// <param name="bug">Told of what that throws.</param>
    public LoopbackServer(IPAddress address, int port, RuntimeLimits limits, Func<HttpContext, Task> answer, Action<string, Exception> bug)
    {
        _isLoopback = IPAddress.IsLoopback(address);
        _port = port;
        _names = [string.Create(CultureInfo.InvariantCulture, $"localhost:{port}"), string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}")];
        _answer = answer;
        _bug = bug;
        _maxOpen = limits.ListenRequests;
        var options = new KestrelServerOptions { AddServerHeader = false, AllowSynchronousIO = false };
        options.Limits.MaxConcurrentConnections = limits.ListenConnections;
        options.Limits.MaxConcurrentUpgradedConnections = 0;
        options.Limits.MaxRequestBodySize = limits.ListenBodyBytes;
        options.Limits.MaxRequestHeaderCount = limits.ListenHeaders;
        options.Limits.MaxRequestHeadersTotalSize = limits.ListenHeaderBytes;
        options.Limits.MaxRequestLineSize = limits.ListenHeaderBytes;
        options.Limits.RequestHeadersTimeout = limits.HttpRequestDeadline;
        options.Limits.KeepAliveTimeout = limits.ListenIdleTime;
        options.Listen(address, port, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        _kestrel = new KestrelServer(Options.Create(options), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
    }

    /// <exception cref="IOException">The port cannot be listened on.</exception>
    public Task StartAsync() => _kestrel.StartAsync(this, CancellationToken.None);

    /// <summary>Ends every connection at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _kestrel.StopAsync(new CancellationToken(canceled: true));
        _kestrel.Dispose();
    }

    HttpContext IHttpApplication<HttpContext>.CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    async Task IHttpApplication<HttpContext>.ProcessRequestAsync(HttpContext context)
    {
        if (_isLoopback && !NamesThisServer(context.Request.Headers.Host.ToString()))
        {
            await RefuseAsync(context, StatusCodes.Status421MisdirectedRequest, "the Host header does not name this computer and port");
            return;
        }
        if (context.Request.Headers.Origin is { Count: > 0 } origin && !(_isLoopback && Uri.TryCreate(origin.ToString(), UriKind.Absolute, out var page) && page.Scheme == "http" && NamesThisServer(page.Authority)))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "pages of other origins are not answered");
            return;
        }
        try
        {
            if (Interlocked.Increment(ref _open) > _maxOpen) await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "too many requests are open");
            else await _answer(context);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException bad)
        {
            await RefuseAsync(context, bad.StatusCode, "the request is not valid or too large");
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            // Nobody waits for the answer.
        }
#pragma warning disable CA1031 // It is a bug of the host's, is told as one, and must not end the server.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _bug($"a request on port {_port}", bug);
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "LazyOC failed; its log says how");
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    void IHttpApplication<HttpContext>.DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <summary>Answers without asking the plugin, if nothing has been sent yet.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        if (context.Response.HasStarted) return Task.CompletedTask;
        context.Response.Clear();
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync($"{reason}\n", context.RequestAborted);
    }

    private bool NamesThisServer(string authority) => Array.Exists(_names, name => authority.Equals(name, StringComparison.OrdinalIgnoreCase));
}
