using LazyOC.Plugins.Contracts;

namespace LazyOC.Plugins.Packages.Signing;

/// <summary>Small files that only this user may read, each replaced as a whole or not at all. The caller keeps others out.</summary>
public static class UserFile
{
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file's bytes; null when it is not there.</summary>
    /// <exception cref="IOException">It cannot be read, or is longer.</exception>
    public static byte[]? Read(string path, int maxBytes)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // One byte more than may be read: a file that grows while it is read is told too.
            var bytes = new byte[Math.Min(file.Length, maxBytes + 1L)];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length <= maxBytes ? bytes[..length] : throw new IOException($"`{path}` has more than {maxBytes:N0} bytes");
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Makes a directory that only this user may enter.</summary>
    public static void CreateDirectory(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, OnlyUser | UnixFileMode.UserExecute);
    }

    /// <summary>The turn to change the files of a directory, which is there; refused when another process has it for long.</summary>
    public static Outcome<IDisposable> Lock(string directory) => StoreLock.Acquire(directory, TimeSpan.FromSeconds(5));

    /// <summary>Puts a file in place and sees it onto the disk; its directory is there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content) => Write(path, content, new StoreFiles());

    /// <summary>Sees the names of a directory's files onto the disk.</summary>
    /// <exception cref="IOException">It cannot be flushed.</exception>
    public static void FlushDirectory(string path) => new StoreFiles().FlushDirectory(path);

    internal static void Write(string path, ReadOnlySpan<byte> content, StoreFiles files)
    {
        var next = path + ".next";
        // Left by a process that was killed, it may be open to others.
        files.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OnlyUser;
        using (var file = new FileStream(next, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        files.Replace(next, path);
        files.FlushDirectory(Path.GetDirectoryName(path)!);
    }
}
