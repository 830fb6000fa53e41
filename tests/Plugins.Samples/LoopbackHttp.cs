using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LazyOC.Plugins.Samples.Tests;

/// <summary>An HTTP server on a loopback port whose answers a test decides on.</summary>
internal sealed class LoopbackHttp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackHttp(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/";

    /// <param name="answer">Is given the request and its body; gives status, content type and body. A status of 0 breaks the connection off.</param>
    public static async Task<LoopbackHttp> StartAsync(Func<HttpRequest, string, (int Status, string Type, string Body)> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var (status, type, body) = answer(http.Request, await reader.ReadToEndAsync());
            if (status == 0)
            {
                http.Abort();
                return;
            }
            http.Response.StatusCode = status;
            if (status == StatusCodes.Status204NoContent) return;
            http.Response.ContentType = type;
            await http.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return new LoopbackHttp(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
