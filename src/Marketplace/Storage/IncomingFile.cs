using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Storage;

/// <summary>A file that takes bytes in and counts their digest; disposing removes what was not kept.</summary>
internal sealed class IncomingFile(string path) : IAsyncDisposable
{
    private readonly FileStream _file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public string Path => path;

    public long Length { get; private set; }

    public async Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        _hash.AppendData(bytes.Span);
        await _file.WriteAsync(bytes, cancellationToken);
        Length += bytes.Length;
    }

    /// <summary>Sees everything onto the disk; no more is taken in.</summary>
    /// <returns>The digest of all bytes.</returns>
    public async Task<Digest> EndAsync()
    {
        _file.Flush(flushToDisk: true);
        await _file.DisposeAsync();
        return Digest.TryParse("sha256-" + Convert.ToHexStringLower(_hash.GetHashAndReset()), out var digest) ? digest : throw new InvalidOperationException("a SHA-256 digest has no other form");
    }

    public async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync();
        _hash.Dispose();
        File.Delete(path);
    }
}
