using System.Buffers;
using System.IO.Compression;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Contracts.Calls;
using LazyOC.Plugins.Contracts.Messages;

namespace LazyOC.Plugins.Sandbox.Network;

/// <summary>Takes the next bytes of a body, which are the reader's again afterwards; an error ends the request.</summary>
public delegate ValueTask<CallError?> SaveBody(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

/// <summary>Reads an answer within its limits: headers, bytes on the wire, bytes after decompression.</summary>
internal sealed class AnswerReader(SandboxLimits limits, Action<PluginId, long> spend)
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>What requests ask for that do not name an encoding themselves.</summary>
    public const string AcceptedEncodings = "gzip, br";

    /// <summary>Reads an answer; the body of a successful one goes into <paramref name="save"/>, if there is one.</summary>
    /// <exception cref="NetworkRefusalException">It is larger than it may be, not what it says it is, or cannot be saved.</exception>
    public async Task<HttpFetchAnswer> ReadAsync(PluginId plugin, Hop hop, HttpResponseMessage response, SaveBody? save, CancellationToken cancellationToken)
    {
        var headers = HeadersOf(response);
        spend(plugin, headers.Sum(header => header.Key.Length + header.Value.Length + 4L));
        if (hop.Method == "HEAD") return new HttpFetchAnswer { Status = (int)response.StatusCode, Headers = headers };
        // What a server says of its failure must not replace what was fetched before.
        if (!response.IsSuccessStatusCode) save = null;
        var (wireBytes, decodedBytes) = save is null ? (limits.NetworkBodyBytes, limits.NetworkDecodedBytes) : (limits.NetworkSavedBytes, limits.NetworkSavedBytes);
        NetworkRefusalException TooLarge(int limit) => new(ErrorCode.TooLarge, $"the answer has more than {limit:N0} bytes{(save is null ? $"\nhint: `saveTo` takes up to {limits.NetworkSavedBytes:N0} bytes into a file" : "")}");
        if (response.Content.Headers.ContentLength > wireBytes) throw TooLarge(wireBytes);
        await using var wire = new MeteredStream(await response.Content.ReadAsStreamAsync(cancellationToken), wireBytes, TooLarge, bytes => spend(plugin, bytes));
        await using var decoder = hop.NamesEncoding ? null : DecoderOf(headers, wire);
        if (decoder is not null)
        {
            headers.Remove("content-encoding");
            headers.Remove("content-length");
        }
        var answer = new HttpFetchAnswer { Status = (int)response.StatusCode, Headers = headers };
        if (save is not null) return answer with { SavedBytes = await CopyAsync(decoder ?? wire, save, decodedBytes, TooLarge, cancellationToken) };
        var body = new ArrayBufferWriter<byte>();
        ValueTask<CallError?> Keep(ReadOnlyMemory<byte> bytes, CancellationToken _)
        {
            body.Write(bytes.Span);
            return ValueTask.FromResult<CallError?>(null);
        }
        await CopyAsync(decoder ?? wire, Keep, decoder is null ? wireBytes : decodedBytes, TooLarge, cancellationToken);
        return answer with { Body = body.WrittenCount == 0 ? null : new TextOrBytes(body.WrittenMemory) };
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

    private static async Task<long> CopyAsync(Stream stream, SaveBody save, int limit, Func<int, NetworkRefusalException> tooLarge, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            var copied = 0L;
            while (await stream.ReadAsync(buffer.AsMemory(0, ChunkBytes), cancellationToken) is > 0 and var read)
            {
                copied += read;
                if (copied > limit) throw tooLarge(limit);
                if (await save(buffer.AsMemory(0, read), cancellationToken) is { } error) throw new NetworkRefusalException(error.Code, error.Message);
            }
            return copied;
        }
        catch (Exception garbled) when (garbled is InvalidDataException or InvalidOperationException)
        {
            // The one is GZipStream's, the other BrotliStream's.
            throw new NetworkRefusalException(ErrorCode.Unavailable, "the answer cannot be decompressed");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What comes from the server, counted as it comes.</summary>
    private sealed class MeteredStream(Stream inner, int limit, Func<int, NetworkRefusalException> tooLarge, Action<long> spend) : Stream
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
            if (_read > limit) throw tooLarge(limit);
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
