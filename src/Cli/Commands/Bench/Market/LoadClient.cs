using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace LazyOC.Cli.Commands.Bench.Market;

/// <summary>Asks a server of this machine as fast as it answers, and expects how: an answer of another status is no figure.</summary>
internal sealed class LoadClient(Uri root, IEnumerable<int> processes) : IDisposable
{
    /// <summary>Connections of a load; more than a small machine has cores, so that none is idle.</summary>
    private const int Connections = 16;

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = Connections, UseCookies = false }) { BaseAddress = root, Timeout = TimeSpan.FromMinutes(5) };

    public Uri Root => root;

    /// <summary>Milliseconds of each of some requests, one after another.</summary>
    public async Task<List<double>> LatenciesAsync(IReadOnlyList<string> addresses, int count, CancellationToken cancellationToken)
    {
        var latencies = new List<double>(count);
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await GetAsync(addresses[i % addresses.Count], null, HttpStatusCode.OK, cancellationToken);
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return latencies;
    }

    /// <summary>Requests, and bytes of their bodies, in a second under full load.</summary>
    /// <param name="addresses">What is asked for, in turns.</param>
    /// <param name="span">For how long.</param>
    /// <param name="isKnown">Whether the client has each already, and asks only whether it has changed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(double Requests, double Bytes)> RateAsync(IReadOnlyList<string> addresses, TimeSpan span, bool isKnown, CancellationToken cancellationToken)
    {
        var tags = new EntityTagHeaderValue?[addresses.Count];
        if (isKnown)
            for (var i = 0; i < tags.Length; i++) tags[i] = (await GetAsync(addresses[i], null, HttpStatusCode.OK, cancellationToken)).Tag ?? throw Failed(addresses[i], "gives no ETag");
        var (next, requests, bytes) = (0, 0L, 0L);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < span)
            {
                var i = Interlocked.Increment(ref next) % addresses.Count;
                var (_, length) = await GetAsync(addresses[i], tags[i], isKnown ? HttpStatusCode.NotModified : HttpStatusCode.OK, cancellationToken);
                Interlocked.Increment(ref requests);
                Interlocked.Add(ref bytes, length);
            }
        }, cancellationToken)));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return (requests / seconds, bytes / seconds);
    }

    /// <summary>Sends a body, and expects that it is taken.</summary>
    public async Task PutAsync(string address, HttpContent content, CancellationToken cancellationToken)
    {
        using var response = await _http.PutAsync(new Uri(address, UriKind.Relative), content, cancellationToken);
        if (!response.IsSuccessStatusCode) throw Failed(address, $"answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
    }

    /// <summary>Resident memory of the server's processes, in MiB.</summary>
    public double Memory()
    {
        var bytes = 0L;
        foreach (var id in processes)
        {
            using var process = Process.GetProcessById(id);
            bytes += process.WorkingSet64;
        }
        return bytes / 1048576.0;
    }

    public void Dispose() => _http.Dispose();

    private async Task<(EntityTagHeaderValue? Tag, long Bytes)> GetAsync(string address, EntityTagHeaderValue? known, HttpStatusCode expected, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative));
        if (known is not null) request.Headers.IfNoneMatch.Add(known);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != expected) throw Failed(address, $"answered {(int)response.StatusCode}, and {(int)expected} was expected");
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var count = new CountingStream();
        await body.CopyToAsync(count, cancellationToken);
        return (response.Headers.ETag, count.Bytes);
    }

    private UserError Failed(string address, string why) => new(ExitCode.Failed, $"{new Uri(root, address)} {why}");

    /// <summary>Keeps nothing but the count.</summary>
    private sealed class CountingStream : Stream
    {
        public long Bytes { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Bytes;

        public override long Position { get => Bytes; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Bytes += count;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return ValueTask.CompletedTask;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
