using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace LazyOC.Plugins.Samples.Tests.AuditExporter;

/// <summary>A server that takes audit lines, and fails when a test says so.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private LoopbackHttp _server = null!;

    public string Url => _server.Url;

    public static async Task<Collector> StartAsync()
    {
        var collector = new Collector();
        collector._server = await LoopbackHttp.StartAsync(collector.Take);
        return collector;
    }

    /// <summary>What becomes of the next requests, in order: a status, or 0 for a connection that breaks off after the request was read; 204 when there is none.</summary>
    public ConcurrentQueue<int> Next { get; } = [];

    /// <summary>Every request that was read, refused ones included.</summary>
    public ConcurrentQueue<(string Path, string Type, string Key, string Body, int Status)> Requests { get; } = [];

    /// <summary>The lines that were taken, a repeated batch once, as a receiver that remembers keys has them.</summary>
    public List<JsonElement> Taken => [.. Requests.Where(request => request.Status is 0 or (>= 200 and < 300)).DistinctBy(request => request.Key).SelectMany(request => Lines(request.Body))];

    public static IEnumerable<JsonElement> Lines(string ndjson) => ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonSerializer.Deserialize<JsonElement>(line));

    private (int Status, string Type, string Body) Take(HttpRequest request, string body)
    {
        var status = Next.TryDequeue(out var said) ? said : StatusCodes.Status204NoContent;
        Requests.Enqueue((request.Path, request.ContentType ?? "", request.Headers["Idempotency-Key"].ToString(), body, status));
        return (status, "text/plain", "");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
