using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Marketplace.Tests.Webhooks;

/// <summary>A real server on this machine that webhooks are sent to.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private int _count;

    private Receiver(WebApplication app) => _app = app;

    /// <summary>What it answers; 200 when it does nothing.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = _ => Task.CompletedTask;

    public string Url => $"{_app.Urls.First()}/hook";

    /// <summary>How many requests have come.</summary>
    public int Count => Volatile.Read(ref _count);

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        MarketFixture.Quiet(builder);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(async context =>
        {
            Interlocked.Increment(ref receiver._count);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            receiver._received.Writer.TryWrite(new Received(context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            await receiver.Answer(context);
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>The next request that comes.</summary>
    public async Task<Received> NextAsync() => await _received.Reader.ReadAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

/// <summary>A request that came.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);
