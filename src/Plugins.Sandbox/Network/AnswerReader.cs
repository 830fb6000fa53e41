using System.Buffers;
using System.IO.Compression;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>Reads an answer within its limits: headers, bytes on the wire, bytes after decompression.</summary>
internal sealed class AnswerReader(SandboxLimits limits, Action<PluginId, long> spend)
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>What requests ask for that do not name an encoding themselves.</summary>
    public const string AcceptedEncodings = "gzip, br";

    /// <exception cref="NetworkRefusalException">It is larger than it may be, or not what it says it is.</exception>
    public async Task<HttpFetchAnswer> ReadAsync(PluginId plugin, Hop hop, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var headers = HeadersOf(response);
        spend(plugin, headers.Sum(header => header.Key.Length + header.Value.Length + 4L));
        if (hop.Method == "HEAD") return new HttpFetchAnswer { Status = (int)response.StatusCode, Headers = headers };
        if (response.Content.Headers.ContentLength > limits.NetworkBodyBytes) throw TooLarge(limits.NetworkBodyBytes);
        await using var wire = new MeteredStream(await response.Content.ReadAsStreamAsync(cancellationToken), limits.NetworkBodyBytes, bytes => spend(plugin, bytes));
        await using var decoder = hop.NamesEncoding ? null : DecoderOf(headers, wire);
        if (decoder is not null)
        {
            headers.Remove("content-encoding");
            headers.Remove("content-length");
        }
        var body = await ReadAsync(decoder ?? wire, decoder is null ? limits.NetworkBodyBytes : limits.NetworkDecodedBytes, cancellationToken);
        return new HttpFetchAnswer { Status = (int)response.StatusCode, Headers = headers, Body = body.IsEmpty ? null : new TextOrBytes(body) };
    }

    private static Dictionary<string, string> HeadersOf(HttpResponseMessage response)
    {
        var headers = new Dictionary<string, string>();
        foreach (var (name, values) in response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated))
            if (!RequestRules.IsFraming(name) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)) headers[name.ToLowerInvariant()] = string.Join(", ", values);
        return headers;
    }

    private static Stream? DecoderOf(Dictionary<string, string> headers, Stream wire) => headers.GetValueOrDefault("content-encoding")?.ToLowerInvariant() switch
    {
        "gzip" or "x-gzip" => new GZipStream(wire, CompressionMode.Decompress),
        "br" => new BrotliStream(wire, CompressionMode.Decompress),
        _ => null,
    };

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(Stream stream, int limit, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        try
        {
            while (await stream.ReadAsync(body.GetMemory(ChunkBytes), cancellationToken) is > 0 and var read)
            {
                body.Advance(read);
                if (body.WrittenCount > limit) throw TooLarge(limit);
            }
        }
        catch (Exception garbled) when (garbled is InvalidDataException or InvalidOperationException)
        {
            // The one is GZipStream's, the other BrotliStream's.
            throw new NetworkRefusalException(ErrorCode.Unavailable, "the answer cannot be decompressed");
        }
        return body.WrittenMemory;
    }

    private static NetworkRefusalException TooLarge(int limit) => new(ErrorCode.TooLarge, $"the answer has more than {limit:N0} bytes");

    /// <summary>What comes from the server, counted as it comes.</summary>
    private sealed class MeteredStream(Stream inner, int limit, Action<long> spend) : Stream
    {
        private long _read;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            _read += read;
            if (_read > limit) throw TooLarge(limit);
            spend(read);
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
