using System.Runtime.CompilerServices;
using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Storage;

/// <summary>Packages in a folder: they are flushed, and moved into place in one step.</summary>
internal sealed class PackageFolder : PackageStorage
{
    private readonly string _packages;

    /// <param name="directory">The data folder; made when it is not there.</param>
    public PackageFolder(string directory)
        : base(directory)
    {
        _packages = Path.Combine(directory, "packages");
        Directory.CreateDirectory(_packages);
    }

    public override Task KeepAsync(IncomingFile file, Digest digest, CancellationToken cancellationToken)
    {
        if (!File.Exists(PathOf(digest))) File.Move(file.Path, PathOf(digest), overwrite: true);
        // The name of a file is on the disk when its folder is.
        UserFile.FlushDirectory(_packages);
        return Task.CompletedTask;
    }

    public override async Task<byte[]> ReadAsync(Digest digest, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(digest), cancellationToken);
        }
        catch (IOException error) when (error is not FileNotFoundException)
        {
            throw new StorageException($"package {digest} cannot be read", error);
        }
    }

    public override Stream Open(Digest digest, long size) => new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);

    public override async IAsyncEnumerable<IReadOnlyList<StoredPackage>> ListAsync(int batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var files in new DirectoryInfo(_packages).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal).Chunk(batch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return [.. files.Select(file => new StoredPackage(file.Name, new DateTimeOffset(file.LastWriteTimeUtc)))];
        }
        await Task.CompletedTask;
    }

    public override Task RemoveAsync(string name, CancellationToken cancellationToken)
    {
        File.Delete(Path.Combine(_packages, name));
        return Task.CompletedTask;
    }

    private string PathOf(Digest digest) => Path.Combine(_packages, NameOf(digest));
}
