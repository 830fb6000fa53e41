using System.Security.Cryptography;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Storage;

/// <summary>
/// The packages, each under its digest. What is under a digest is whole: files come in elsewhere, are flushed, and are moved
/// into place in one step. Thread safe.
/// </summary>
internal sealed class PackageFolder
{
    private readonly string _packages;
    private readonly string _incoming;

    /// <param name="directory">The data folder; made when it is not there.</param>
    public PackageFolder(string directory)
    {
        (_packages, _incoming) = (Path.Combine(directory, "packages"), Path.Combine(directory, "incoming"));
        Directory.CreateDirectory(_packages);
        Directory.CreateDirectory(_incoming);
    }

    /// <summary>A new file that takes bytes in.</summary>
    public IncomingFile Begin() => new(Path.Combine(_incoming, Guid.NewGuid().ToString("N")));

    /// <summary>Where a package is; the digest's form keeps it within the folder.</summary>
    public string PathOf(Digest digest) => Path.Combine(_packages, $"{digest}.lzp");

    /// <summary>Keeps what came in, under its digest. Doing so again changes nothing.</summary>
    public void Keep(IncomingFile file, Digest digest)
    {
        if (!File.Exists(PathOf(digest))) File.Move(file.Path, PathOf(digest), overwrite: true);
        // The name of a file is on the disk when its folder is.
        UserFile.FlushDirectory(_packages);
    }

    public Task<byte[]> ReadAsync(Digest digest, CancellationToken cancellationToken) => File.ReadAllBytesAsync(PathOf(digest), cancellationToken);

    /// <summary>Removes what a process that ended in the middle of it has left. Nobody may be publishing.</summary>
    /// <param name="isKnown">Whether a digest is in the records.</param>
    /// <returns>How many files were removed.</returns>
    public int Sweep(Func<Digest, bool> isKnown)
    {
        var removed = 0;
        foreach (var file in Directory.EnumerateFiles(_incoming).Concat(Directory.EnumerateFiles(_packages).Where(file => !(Digest.TryParse(Path.GetFileNameWithoutExtension(file), out var digest) && isKnown(digest)))))
        {
            File.Delete(file);
            removed++;
        }
        return removed;
    }
}

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
