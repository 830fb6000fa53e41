using LazyOC.Plugins.Contracts;
using LazyOC.Plugins.Packages.Signing;

namespace LazyOC.Marketplace.Storage;

/// <summary>The packages, each under its digest. What is under a digest is whole: files come in elsewhere, and get there in one step. Thread safe.</summary>
internal abstract class PackageStorage : IDisposable
{
    /// <summary>Ends the name of a package.</summary>
    protected const string Extension = ".lzp";

    private readonly string _incoming;

    /// <param name="directory">The data folder, where files come in; made when it is not there.</param>
    protected PackageStorage(string directory)
    {
        _incoming = Path.Combine(directory, "incoming");
        UserFile.CreateDirectory(directory);
        Directory.CreateDirectory(_incoming);
    }

    /// <summary>The packages that somebody has set up: those at the address, else those in the data folder.</summary>
    public static Outcome<PackageStorage> Open(MarketOptions options)
    {
        if (options.Storage is null) return new PackageFolder(options.DataDirectory);
        return ObjectAddress.Parse(options.Storage).TryGet(out var address, out var problems) ? new PackageBucket(options.DataDirectory, address) : problems;
    }

    /// <summary>A new file that takes bytes in.</summary>
    public IncomingFile Begin() => new(Path.Combine(_incoming, Guid.NewGuid().ToString("N")));

    /// <summary>Keeps what came in, under its digest. Doing so again changes nothing.</summary>
    /// <exception cref="StorageException">It could not be kept.</exception>
    public abstract Task KeepAsync(IncomingFile file, Digest digest, CancellationToken cancellationToken);

    /// <summary>A package whole.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    /// <exception cref="StorageException">It could not be read.</exception>
    public abstract Task<byte[]> ReadAsync(Digest digest, CancellationToken cancellationToken);

    /// <summary>A package from any of its bytes on, for sending it.</summary>
    /// <param name="digest">Which.</param>
    /// <param name="size">Its size, which the records have.</param>
    public abstract Stream Open(Digest digest, long size);

    /// <summary>Lists packages in steps, in the order of their names, with when they were kept.</summary>
    public abstract IAsyncEnumerable<IReadOnlyList<StoredPackage>> ListAsync(int batch, CancellationToken cancellationToken);

    /// <summary>Removes a package, or whatever else is in its place.</summary>
    public abstract Task RemoveAsync(string name, CancellationToken cancellationToken);

    /// <summary>Removes what was coming in when a process ended.</summary>
    /// <param name="before">Files that are as old; younger ones may be another's.</param>
    /// <returns>How many there were.</returns>
    public int RemoveIncoming(DateTimeOffset before)
    {
        var removed = 0;
        foreach (var file in new DirectoryInfo(_incoming).EnumerateFiles().Where(file => new DateTimeOffset(file.LastWriteTimeUtc) <= before))
        {
            file.Delete();
            removed++;
        }
        return removed;
    }

    public virtual void Dispose()
    {
    }

    /// <summary>The name of a package; the digest's form keeps it within its folder.</summary>
    protected static string NameOf(Digest digest) => $"{digest}{Extension}";
}

/// <summary>Something among the packages.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Kept">When it got there.</param>
internal sealed record StoredPackage(string Name, DateTimeOffset Kept)
{
    /// <summary>The digest that it is under; null when it is no package.</summary>
    public Digest? PackageDigest => Digest.TryParse(Path.GetFileNameWithoutExtension(Name), out var digest) ? digest : null;
}

/// <summary>The storage of packages did not do what it was asked to, and may do it later.</summary>
internal sealed class StorageException(string message, Exception inner) : IOException(message, inner);
