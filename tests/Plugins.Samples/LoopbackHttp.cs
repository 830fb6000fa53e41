using System.Net;
using System.Text;
using LazyOC.Plugins.Samples.Tests.Prometheus;

namespace LazyOC.Plugins.Samples.Tests;

/// <summary>An HTTP server on a loopback port whose answers a test decides on.</summary>
internal sealed class LoopbackHttp : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerRequest, (int Status, string Type, string Body)> _answer;
    private readonly Task _serving;

    private LoopbackHttp(Func<HttpListenerRequest, (int Status, string Type, string Body)> answer)
    {
        _answer = answer;
        Url = $"http://127.0.0.1:{PrometheusServer.FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Url { get; }

    /// <param name="answer">Gives status, content type and body; a status of 0 breaks the connection off.</param>
    public static LoopbackHttp Start(Func<HttpListenerRequest, (int Status, string Type, string Body)> answer) => new(answer);

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            try
            {
                var (status, type, body) = _answer(context.Request);
                if (status == 0)
                {
                    context.Response.Abort();
                    continue;
                }
                context.Response.StatusCode = status;
                context.Response.ContentType = type;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
            catch (HttpListenerException)
            {
                // The client has gone.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }
}
