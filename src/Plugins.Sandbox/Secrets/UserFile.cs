namespace LazyOC.Plugins.Sandbox.Secrets;

/// <summary>Small files that only this user may read, each replaced as a whole or not at all.</summary>
/// <remarks>Of two processes that replace one at the same moment one wins; nobody ever reads a half of one.</remarks>
public static class UserFile
{
    private const UnixFileMode OnlyUser = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The file's bytes; null when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">A longer one is refused.</param>
    /// <exception cref="IOException">It cannot be read, or is too long.</exception>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's.</exception>
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

    /// <summary>Removes a file, if it is there.</summary>
    public static void Delete(string path)
    {
        if (File.Exists(path)) File.Delete(path);
    }

    /// <summary>Puts a file in place, and the directory too when it is not there.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">What it holds from now on.</param>
    /// <param name="overwrite">False leaves a file that is there, and throws.</param>
    /// <exception cref="IOException">It cannot be written, or is there.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not write there.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool overwrite = true)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(directory);
        else Directory.CreateDirectory(directory, OnlyUser | UnixFileMode.UserExecute);
        var next = $"{path}.{Environment.ProcessId}.next";
        // Left by a process that was killed, it may be open to others.
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OnlyUser;
        using (var file = new FileStream(next, options))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(next, path, overwrite);
        }
        catch (IOException)
        {
            File.Delete(next);
            throw;
        }
    }
}
