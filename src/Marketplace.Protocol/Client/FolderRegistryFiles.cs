using LazyOC.Plugins.Contracts;

namespace LazyOC.Marketplace.Protocol.Client;

/// <summary>A registry in a folder: <c>file://</c>, as <c>lazyoc market export-static</c> makes it.</summary>
public sealed class FolderRegistryFiles(string folder) : IRegistryFiles
{
    private const int ChunkBytes = 1 << 16;

    private readonly string _folder = Path.GetFullPath(folder);

    public string Location => new Uri(_folder).AbsoluteUri;

    public async Task<Fetched> FetchAsync(string path, string? etag, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(Path.Combine(_folder, path), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            // What a file says of its length is not believed: a device has none, and no end.
            var bytes = new byte[Math.Min(file.Length, maxBytes) + 1];
            var length = 0;
            for (int read; (read = await file.ReadAsync(bytes.AsMemory(length), cancellationToken)) > 0;)
            {
                length += read;
                if (length > maxBytes) return new Fetched.Refused(new Problem(file.Name, $"is longer than the {maxBytes:N0} bytes it may have", "tell who keeps the registry"));
                if (length == bytes.Length) Array.Resize(ref bytes, (int)Math.Min(2L * length, maxBytes + 1L));
            }
            return new Fetched.File(bytes.AsMemory(0, length), null);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return Directory.Exists(_folder) ? new Fetched.Missing() : new Fetched.Refused(new Problem(_folder, "is not there", "it may be on a disk that is not connected"), IsUnreachable: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Fetched.Refused(Unreadable(path, error), IsUnreachable: true);
        }
    }

    public async Task<Shortfall?> AppendAsync(string path, FileStream target, long size, Action<long> progress, CancellationToken cancellationToken)
    {
        FileStream source;
        try
        {
            source = new FileStream(Path.Combine(_folder, path), FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Shortfall(new Problem(Path.Combine(_folder, path), "is not there, though the registry's index names it", "tell who keeps the registry"), GoesOn: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Shortfall(Unreadable(path, error), GoesOn: true);
        }

        await using (source)
        {
            if (source.Length != size) return new Shortfall(new Problem(source.Name, $"has {source.Length:N0} bytes, not the {size:N0} that its index says", "tell who keeps the registry"), GoesOn: false);
            source.Position = target.Seek(0, SeekOrigin.End);
            var chunk = new byte[ChunkBytes];
            while (target.Length < size)
            {
                int read;
                try
                {
                    read = await source.ReadAsync(chunk, cancellationToken);
                }
                catch (IOException error)
                {
                    return new Shortfall(Unreadable(path, error), GoesOn: true);
                }
                if (read == 0) return new Shortfall(new Problem(source.Name, "became shorter while it was read", "try again"), GoesOn: false);
                await target.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
                progress(target.Length);
            }
            return null;
        }
    }

    private Problem Unreadable(string path, Exception error) => new(Path.Combine(_folder, path), $"cannot be read: {error.Message}");
}
